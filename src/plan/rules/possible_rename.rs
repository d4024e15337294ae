//! Warns about a new resource that is nearly the same as one that is deleted: it may only have another name.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Address, Body, Diagnostic, Resource, code};
use crate::plan::compare::diff;
use crate::plan::model::{Action, Change, Step};

/// How much of two resources must be equal, in percent (chosen here).
const ALIKE: usize = 90;

/// Pairs that are compared, at most: a warning is not worth minutes.
const MOST_PAIRS: usize = 50_000;

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    let mut deleted: BTreeMap<Beside, Vec<Side<'_>>> = BTreeMap::new();
    for change in &input.plan.changes {
        if change.action() == Action::Delete
            && is_top(change)
            && let Some(before) = change.before()
        {
            let beside = Beside::of(&change.address);
            let side = Side::of(before, &input.live.resources);
            deleted.entry(beside).or_default().push(side);
        }
    }
    if deleted.is_empty() {
        return;
    }
    let mut pairs = 0;
    for change in &input.plan.changes {
        let (Action::Create, Some(after)) = (change.action(), change.after()) else {
            continue;
        };
        let candidates = deleted.get_mut(&Beside::of(&change.address));
        let Some(candidates) = candidates.filter(|candidates| !candidates.is_empty()) else {
            continue;
        };
        pairs += candidates.len();
        if pairs > MOST_PAIRS {
            return;
        }
        let after = Side::of(after, &input.desired.resources);
        let likeness = candidates.iter().enumerate().filter_map(|(i, before)| {
            let likeness = likeness(before, &after);
            (likeness >= ALIKE).then_some((likeness, Reverse(i)))
        });
        if let Some((percent, Reverse(i))) = likeness.max() {
            let former = candidates.remove(i);
            findings.warn(warning(change, &former.resource.address, percent));
        }
    }
}

fn is_top(change: &Change) -> bool {
    matches!(change.step, Step::Delete { with: None, .. })
}

/// What two resources have in common of which one may be the other under another name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Beside {
    kind: &'static str,
    parent: Option<Address>,
}

impl Beside {
    fn of(address: &Address) -> Self {
        Self {
            kind: address.kind().name,
            parent: address.parent(),
        }
    }
}

fn warning(change: &Change, former: &Address, percent: usize) -> Diagnostic {
    let address = &change.address;
    let message =
        format!("{address} is new and {former} is deleted, and {percent}% of the two is equal");
    let help = match address.parent() {
        Some(_) => format!(
            "if it only gets another name, add `previously: [{}]` below its name",
            former.own_name()
        ),
        None => format!(
            "if it only gets another name, write `metadata: {{name: {}, previously: [{}]}}`",
            address.own_name(),
            former.own_name()
        ),
    };
    Diagnostic::warning(code::POSSIBLE_RENAME, message)
        .help(help)
        .of(address)
        .at_opt(change.place, "declared here")
}

/// One of two resources that are compared, with what is needed for every pair.
struct Side<'a> {
    resource: &'a Resource,
    /// How many values its body has.
    values: usize,
    /// The names of what is below it, sorted and without case.
    below: Vec<String>,
}

impl<'a> Side<'a> {
    fn of<T>(resource: &'a Resource, state: &BTreeMap<Address, T>) -> Self {
        let Resource { address, body, .. } = resource;
        let top = address.to_string().len();
        let from_here = state.range(address..).map(|(other, _)| other);
        let from_here = from_here.take_while(|other| *other == address || other.is_below(address));
        let below = from_here.filter(|other| other.is_below(address));
        let mut below: Vec<String> = below
            .map(|other| other.to_string()[top..].to_ascii_lowercase())
            .collect();
        below.sort();
        Self {
            resource,
            values: diff(&Body::new(), body, address.kind()).len(),
            below,
        }
    }
}

/// How much of two resources is equal, in percent: their own fields, and the names of what is below them.
fn likeness(before: &Side<'_>, after: &Side<'_>) -> usize {
    let kind = after.resource.address.kind();
    let old = before.below.iter();
    let common = old.filter(|name| after.below.binary_search(name).is_ok());
    let most = before.below.len().max(after.below.len());
    let all = before.values.max(after.values) + most;
    let differing =
        diff(&before.resource.body, &after.resource.body, kind).len() + most - common.count();
    match all {
        // Nothing says that they are the same.
        0 => 0,
        _ => 100 - (100 * differing.min(all)).div_ceil(all),
    }
}
