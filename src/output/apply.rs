//! An apply while it runs and when it is over.

use std::fmt::Write as _;

use super::migration;
use super::styles::Styles;
use crate::apply::{Event, Outcome, Report};
use crate::plan::{Action, Plan};

/// One line about an event; `None` where the event is not worth one.
#[must_use]
pub fn event_line(plan: &Plan, event: &Event, styles: Styles) -> Option<String> {
    let address = |i: &usize| plan.changes[*i].address.to_string();
    Some(match event {
        Event::Started { .. } => return None,
        Event::Prepared {
            preparation,
            elapsed,
        } => {
            let preparation = &plan.preparations[*preparation];
            format!(
                "~ {}: {} ({:.1}s)",
                preparation.resource.address,
                styles.changed(&migration::prepared(plan, preparation)),
                elapsed.as_secs_f64()
            )
        }
        Event::Finished { change, elapsed } => {
            let action = plan.changes[*change].action();
            let verb = match action {
                Action::Create => styles.added("created"),
                Action::Update => styles.changed("updated"),
                Action::Replace => styles.changed("replaced"),
                Action::Delete => styles.removed("deleted"),
                Action::Blocked => return None,
            };
            format!(
                "{} {}: {verb} ({:.1}s)",
                action.symbol(),
                address(change),
                elapsed.as_secs_f64()
            )
        }
        Event::Failed { change, message } => {
            format!(
                "{} {}: {message}",
                styles.removed("failed"),
                address(change)
            )
        }
        Event::Skipped { change, because } => {
            format!(
                "{} {}: it needs {}",
                styles.changed("skipped"),
                address(change),
                address(because)
            )
        }
    })
}

/// What an apply did: everything that is not done by name, then the counts.
#[must_use]
pub fn apply_summary(plan: &Plan, report: &Report, styles: Styles) -> String {
    let mut out = String::new();
    let tally = report.tally(plan);
    let counts = format!(
        "Resources: {} added, {} changed, {} destroyed.",
        tally.added, tally.changed, tally.destroyed
    );
    for (change, outcome) in plan.changes.iter().zip(&report.outcomes) {
        if matches!(outcome, Outcome::Remains) {
            let address = &change.address;
            let _ = writeln!(out, "{address} is still in the service: it did not vanish");
        }
    }
    if report.is_complete() {
        let title = styles.strong(&styles.added("Apply complete!"));
        let _ = writeln!(out, "{title} {counts}");
        return out;
    }
    let _ = writeln!(out, "{}", styles.strong("Not done:"));
    for (i, (change, outcome)) in plan.changes.iter().zip(&report.outcomes).enumerate() {
        let symbol = change.action().symbol();
        let why = match outcome {
            Outcome::Done | Outcome::Blocked | Outcome::Remains => continue,
            Outcome::Failed { error, half: false } => error.to_string(),
            Outcome::Failed { error, half: true } => {
                format!("written, but its document was not imported: {error}")
            }
            Outcome::Skipped(because) => format!("needs {}", plan.changes[*because].address),
            Outcome::NotStarted => "not started".to_owned(),
        };
        let left = report.left_by(plan, i).map_or(String::new(), |done| {
            format!("{}, then: ", migration::prepared(plan, done))
        });
        let _ = writeln!(out, "  {symbol} {}: {left}{why}", change.address);
    }
    let title = if report.interrupted {
        "Apply interrupted."
    } else {
        "Apply incomplete."
    };
    let _ = writeln!(out, "\n{} {counts}", styles.strong(&styles.removed(title)));
    let _ = writeln!(
        out,
        "Fix the errors, if any, and run apply again: it makes a new plan and does what is left."
    );
    out
}
