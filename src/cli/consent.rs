//! The confirmation of cascading deletes, in addition to the approval of the plan.

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use crate::model::Patterns;
use crate::output::Text;
use crate::plan::{Change, Plan};

/// Changes of the plan that also remove other resources and are not allowed yet.
pub(super) fn missing<'a>(plan: &'a Plan, allowed: &Patterns) -> Vec<&'a Change> {
    plan.cascades()
        .filter(|change| allowed.is_empty() || !allowed.matches(&change.address))
        .collect()
}

/// What such a change does.
fn what(change: &Change) -> String {
    match change.after() {
        None => format!("deleting {}", change.address),
        Some(_) if change.former().is_some() => format!("renaming {}", change.address),
        Some(_) => format!("another gateway for {}", change.address),
    }
}

/// The refusal of an apply that cannot ask.
pub(super) fn refusal(missing: &[&Change]) -> Failure {
    let all: Vec<String> = missing.iter().copied().map(what).collect();
    let flags: Vec<String> = missing
        .iter()
        .map(|change| format!("--allow-destroy {}", change.address))
        .collect();
    Failure::new(
        Exit::Refused,
        format!(
            "{} also removes other resources, which must be confirmed; nothing was sent",
            all.join(", ")
        ),
    )
    .help(format!("to confirm, add {}", flags.join(" ")))
}

/// The refusal of an apply that would let everybody read the catalogue.
pub(super) fn not_public(openings: &[&Change]) -> Failure {
    let all: Vec<String> = openings
        .iter()
        .map(|change| change.address.to_string())
        .collect();
    Failure::new(
        Exit::Refused,
        format!(
            "{} opens the catalogue to anonymous readers, which must be confirmed; nothing was sent",
            all.join(", ")
        ),
    )
    .help("to confirm, add --allow-public")
}

/// Asks for a confirmation of each, by its address.
pub(super) async fn ask(
    missing: &[&Change],
    plan: &Plan,
    console: &Console,
) -> Result<(), Failure> {
    for change in missing {
        let address = &change.address;
        let brought = plan.resynchronised.get(address).copied();
        let taken = match brought.unwrap_or_else(|| plan.taken_with(address).count()) {
            1 => "one resource".to_owned(),
            taken => format!("{taken} resources"),
        };
        let what = what(change);
        let question = format!(
            "\n{}{} also removes {taken}.\nType its address to confirm:",
            what[..1].to_uppercase(),
            &what[1..]
        );
        if !console
            .confirms(Text::lines(&question), &address.to_string())
            .await
        {
            return Err(Failure::error("not approved; nothing was sent"));
        }
    }
    Ok(())
}
