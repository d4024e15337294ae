//! The consent that a cascade needs besides the approval of the plan.

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use crate::model::{Address, Patterns};
use crate::plan::Plan;

/// Deletes of the plan that take others along and that nobody has allowed yet.
pub(super) fn missing<'a>(plan: &'a Plan, allowed: &Patterns) -> Vec<&'a Address> {
    plan.cascades()
        .map(|change| &change.address)
        .filter(|address| allowed.is_empty() || !allowed.matches(address))
        .collect()
}

/// Why an apply that cannot ask does not go on.
pub(super) fn refusal(missing: &[&Address]) -> Failure {
    let all: Vec<String> = missing
        .iter()
        .map(std::string::ToString::to_string)
        .collect();
    let flags: Vec<String> = all
        .iter()
        .map(|address| format!("--allow-destroy {address}"))
        .collect();
    Failure::new(
        Exit::Refused,
        format!(
            "deleting {} takes others with it, which needs a consent of its own; nothing was sent",
            all.join(", ")
        ),
    )
    .help(format!("if that is meant: {}", flags.join(" ")))
}

/// Asks for each, by its address.
pub(super) async fn ask(
    missing: &[&Address],
    plan: &Plan,
    console: &Console,
) -> Result<(), Failure> {
    for address in missing {
        let taken = match plan.taken_with(address).count() {
            1 => "one resource".to_owned(),
            taken => format!("{taken} resources"),
        };
        let question =
            format!("\nDeleting {address} takes {taken} with it.\nType its address to allow that:");
        if !console.confirms(&question, &address.to_string()).await {
            return Err(Failure::error("not approved; nothing was sent"));
        }
    }
    Ok(())
}
