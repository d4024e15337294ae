//! The confirmation of cascading deletes, in addition to the approval of the plan.

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use crate::model::{Address, Patterns};
use crate::plan::Plan;

/// Deletes of the plan that also remove other resources and are not allowed yet.
pub(super) fn missing<'a>(plan: &'a Plan, allowed: &Patterns) -> Vec<&'a Address> {
    plan.cascades()
        .map(|change| &change.address)
        .filter(|address| allowed.is_empty() || !allowed.matches(address))
        .collect()
}

/// The refusal of an apply that cannot ask.
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
            "deleting {} also removes other resources, which must be confirmed; nothing was sent",
            all.join(", ")
        ),
    )
    .help(format!("to confirm, add {}", flags.join(" ")))
}

/// Asks for a confirmation of each, by its address.
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
            format!("\nDeleting {address} also removes {taken}.\nType its address to confirm:");
        if !console.confirms(&question, &address.to_string()).await {
            return Err(Failure::error("not approved; nothing was sent"));
        }
    }
    Ok(())
}
