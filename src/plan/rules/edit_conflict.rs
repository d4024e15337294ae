//! What was edited in the portal and in the repository, in other ways.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::plan::model::{Author, Change, Step};

/// The most fields that a refusal names (chosen here).
const MOST: usize = 5;

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    let Some(base) = input.options.base.as_deref() else {
        return;
    };
    let is_open = |change: &&Change| {
        // Whatever goes with another delete is decided with that.
        let goes_along = matches!(change.step, Step::Delete { with: Some(_), .. });
        change.is_conflict() && !goes_along && !input.options.ours.covers(&change.address)
    };
    for change in input.plan.changes.iter().filter(is_open) {
        let address = &change.address;
        let what = match change.step {
            Step::Create { .. } => "deleted in the portal and edited in the repository".to_owned(),
            Step::Delete { .. } => {
                "edited in the portal and removed from the repository".to_owned()
            }
            _ => format!(
                "{} edited in the portal and in the repository",
                fields(change)
            ),
        };
        findings.refuse(
            format!("{address}: {what} since {}", base.name),
            format!(
                "--ours {address} applies what the manifests say, --theirs {address} leaves it as it is live"
            ),
            change.place,
        );
    }
}

fn fields(change: &Change) -> String {
    let both = change.fields.iter();
    let both = both.filter(|field| field.author == Some(Author::Both));
    let paths: Vec<String> = both.map(|field| format!("`{}`", field.path)).collect();
    match paths.len() > MOST {
        true => format!("{} fields", paths.len()),
        false => paths.join(", "),
    }
}
