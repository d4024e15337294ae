//! An apply while it runs and when it is over.

use super::migration;
use super::outline::caption_for_name;
use super::styles::{added, changed, removed, strong};
use super::text::{Line, Text, styled};
use crate::apply::{Event, Outcome, Report};
use crate::plan::{Action, Change, Plan};

/// One line about an event; `None` where the event is not worth one.
#[must_use]
pub fn event_line(plan: &Plan, event: &Event) -> Option<Line> {
    let address = |i: &usize| name(&plan.changes[*i]);
    Some(match event {
        Event::Started { .. } => return None,
        Event::Prepared {
            preparation,
            elapsed,
        } => {
            let preparation = &plan.preparations[*preparation];
            let symbol = migration::symbol(preparation);
            styled![
                format!("{symbol} {}: ", preparation.resource.address),
                changed(migration::prepared(plan, preparation)),
                format!(" ({:.1}s)", elapsed.as_secs_f64())
            ]
        }
        Event::Finished { change, elapsed } => {
            let action = plan.changes[*change].action();
            let verb = match action {
                Action::Create => added("created"),
                Action::Update => changed("updated"),
                Action::Replace => changed("replaced"),
                Action::Rename => changed("renamed"),
                Action::Delete => removed("deleted"),
                Action::Blocked => return None,
            };
            styled![
                format!("{} {}: ", action.symbol(), address(change)),
                verb,
                format!(" ({:.1}s)", elapsed.as_secs_f64())
            ]
        }
        Event::Failed { change, message } => {
            styled![
                removed("failed"),
                format!(" {}: {message}", address(change))
            ]
        }
        Event::Skipped { change, because } => {
            let (address, parent) = (address(change), address(because));
            styled![changed("skipped"), format!(" {address}: it needs {parent}")]
        }
    })
}

/// The address of a resource, and its title if its name is a number that the service has made up.
fn name(change: &Change) -> String {
    let address = &change.address;
    match caption_for_name(change) {
        Some(caption) => format!("{address} {caption}"),
        None => address.to_string(),
    }
}

/// What an apply did: everything that is not done by name, then the counts.
#[must_use]
pub fn apply_summary(plan: &Plan, report: &Report) -> Text {
    let mut out = Text::default();
    let tally = report.tally(plan);
    let mut counts = format!(
        "Resources: {} added, {} changed, {} destroyed.",
        tally.added, tally.changed, tally.destroyed
    );
    if tally.renamed > 0 {
        counts.push_str(&format!(" {} renamed.", tally.renamed));
    }
    for (change, outcome) in plan.changes.iter().zip(&report.outcomes) {
        if matches!(outcome, Outcome::Remains) {
            let address = name(change);
            out.push(format!(
                "{address} is still in the service: it did not vanish"
            ));
        }
    }
    if report.is_complete() {
        out.push(styled![added("Apply complete!").strong(), " ", counts]);
        return out;
    }
    out.push(strong("Not done:"));
    for (i, (change, outcome)) in plan.changes.iter().zip(&report.outcomes).enumerate() {
        let symbol = change.action().symbol();
        let why = match outcome {
            Outcome::Done | Outcome::Blocked | Outcome::Remains => continue,
            Outcome::Failed { error, half: false } => error.to_string(),
            Outcome::Failed { error, half: true } => {
                format!("written, but its document was not imported: {error}")
            }
            Outcome::Skipped(because) => format!("needs {}", name(&plan.changes[*because])),
            Outcome::NotStarted => "not started".to_owned(),
        };
        let left = report.left_by(plan, i).map_or(String::new(), |done| {
            format!("{}, then: ", migration::prepared(plan, done))
        });
        out.push(format!("  {symbol} {}: {left}{why}", name(change)));
    }
    let title = if report.interrupted {
        "Apply interrupted."
    } else {
        "Apply incomplete."
    };
    out.blank();
    out.push(styled![removed(title).strong(), " ", counts]);
    out.push(
        "Fix the errors, if any, and run apply again: it makes a new plan and does what is left.",
    );
    out
}
