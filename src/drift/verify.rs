//! Whether the edits do what they are for: the project is read and planned again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fields::overlap;
use crate::model::view::{self, DefinitionView};
use crate::model::{Address, Diagnostic, Document, LiveState, Severity};
use crate::plan::{Change, Plan, PlanOptions};
use crate::project::{LoadedProject, OpenError};

/// Fields of resources that stay different, because they are not written.
pub(super) type Remaining = BTreeMap<Address, Vec<String>>;

/// A project with what a plan makes of it.
pub(super) struct State {
    pub(super) plan: Plan,
    errors: usize,
}

impl State {
    pub(super) fn of(project: &LoadedProject, live: &LiveState, options: &PlanOptions) -> Self {
        Self {
            plan: project.plan(live, options),
            errors: errors(project).count(),
        }
    }
}

fn errors(project: &LoadedProject) -> impl Iterator<Item = &Diagnostic> {
    let all = project.diagnostics.iter();
    all.filter(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Reads the project's files again. Documents that were fetched from elsewhere are kept.
pub(super) fn reload(project: &mut LoadedProject, live: &LiveState) -> Result<(), OpenError> {
    let fetched: Vec<(Address, Arc<Document>, Option<serde_json::Value>)> = project
        .desired
        .links
        .keys()
        .filter_map(|address| {
            let declared = project.desired.resources.get(address)?;
            let document = Arc::clone(declared.document.as_ref()?);
            let view = DefinitionView::of(&declared.resource.body);
            Some((address.clone(), document, view.specification().cloned()))
        })
        .collect();
    project.reload()?;
    for (address, document, specification) in fetched {
        if !project.desired.links.contains_key(&address) {
            continue;
        }
        let Some(declared) = project.desired.resources.get_mut(&address) else {
            continue;
        };
        let body = &mut Arc::make_mut(&mut declared.resource).body;
        if let Some(specification) = specification {
            view::set(body, DefinitionView::SPECIFICATION, specification);
        }
        view::set(body, DefinitionView::SOURCE, document.digest.clone());
        declared.document = Some(document);
    }
    project.downgrade_held(live);
    Ok(())
}

/// What is wrong after edits that should leave nothing of `done` but the remaining fields, and everything else as it
/// was. `None` if nothing is.
pub(super) fn problem(
    project: &LoadedProject,
    (before, after): (&State, &State),
    done: &BTreeSet<Address>,
    remaining: &Remaining,
) -> Option<String> {
    if after.errors > before.errors {
        let worst = errors(project).last();
        let message = worst.map_or("an error", |error| error.message.as_str());
        return Some(format!("the manifests would have an error: {message}"));
    }
    let known: BTreeMap<&Address, &Change> = before
        .plan
        .changes
        .iter()
        .map(|change| (&change.address, change))
        .collect();
    for change in &after.plan.changes {
        let address = &change.address;
        if done.contains(address) {
            let left = remaining.get(address);
            let is_left = |path: &str| {
                let mut left = left.into_iter().flatten();
                left.any(|one| one.is_empty() || overlap(one, path))
            };
            let stays = change.fields.iter().find(|field| !is_left(&field.path));
            if let Some(field) = stays {
                return Some(format!("`{}` would still differ", field.path));
            }
            if change.fields.is_empty() {
                return Some("it would still differ".to_owned());
            }
        } else if known.get(address).is_none_or(|one| !is_same(one, change)) {
            return Some(format!("{address} would differ, too"));
        }
    }
    let earlier: BTreeSet<&Address> = before.plan.unmanaged.iter().collect();
    for address in &after.plan.unmanaged {
        if done.contains(address) {
            return Some("it would still not be declared".to_owned());
        }
        let is_below = || address.ancestors().any(|above| done.contains(&above));
        if !earlier.contains(address) && !is_below() {
            return Some(format!("{address} would no longer be declared"));
        }
    }
    None
}

/// Whether two changes have the same differences. Where they are declared does not count: edits in front of them move that.
fn is_same(one: &Change, other: &Change) -> bool {
    let mut pairs = one.fields.iter().zip(&other.fields);
    one.fields.len() == other.fields.len()
        && pairs.all(|(one, other)| {
            (&one.path, &one.before, &one.after) == (&other.path, &other.before, &other.after)
        })
}
