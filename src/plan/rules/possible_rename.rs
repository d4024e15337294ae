//! Warns about a new resource that is nearly the same as one that is deleted: it may only have another name.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Address, Body, Diagnostic, KindInfo, Resource, code};
use crate::plan::compare::diff;
use crate::plan::model::{Action, Change, Step};

/// How much of two resources must be equal, in percent (chosen here).
const ALIKE: usize = 90;

/// Pairs that are compared, at most: a warning is not worth minutes.
const MOST_PAIRS: usize = 250_000;

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    let mut deleted: BTreeMap<Beside, Vec<&Change>> = BTreeMap::new();
    for change in &input.plan.changes {
        if change.action() == Action::Delete && is_top(change) {
            let beside = Beside::of(&change.address);
            deleted.entry(beside).or_default().push(change);
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
        let likeness = candidates.iter().enumerate().filter_map(|(i, candidate)| {
            let before = candidate.before()?;
            let likeness = likeness(before, after, input);
            (likeness >= ALIKE).then_some((likeness, std::cmp::Reverse(i)))
        });
        if let Some((percent, std::cmp::Reverse(i))) = likeness.max() {
            let former = candidates.remove(i);
            findings.warn(warning(change, &former.address, percent));
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

/// How much of two resources is equal, in percent: their own fields, and the names of what is below them.
fn likeness(before: &Resource, after: &Resource, input: &PlanInput<'_>) -> usize {
    let kind = after.address.kind();
    let mut differing = differing(&before.body, &after.body, kind);
    let mut all = values(&before.body, kind).max(values(&after.body, kind));
    let below = |address: &Address, names: &mut dyn Iterator<Item = &Address>| -> Vec<String> {
        let top = address.to_string().len();
        let below = names.filter(|other| other.is_below(address));
        let mut below: Vec<String> = below
            .map(|other| other.to_string()[top..].to_ascii_lowercase())
            .collect();
        below.sort();
        below
    };
    let live = input.live.resources.range(&before.address..);
    let live = live.map(|(address, _)| address);
    let mut live = live.take_while(|one| **one == before.address || one.is_below(&before.address));
    let old = below(&before.address, &mut live);
    let desired = input.desired.resources.range(&after.address..);
    let desired = desired.map(|(address, _)| address);
    let mut desired =
        desired.take_while(|one| **one == after.address || one.is_below(&after.address));
    let new = below(&after.address, &mut desired);
    let common = old.iter().filter(|name| new.binary_search(name).is_ok());
    let most = old.len().max(new.len());
    differing += most - common.count();
    all += most;
    match all {
        // Nothing says that they are the same.
        0 => 0,
        _ => 100 - (100 * differing.min(all)).div_ceil(all),
    }
}

fn differing(before: &Body, after: &Body, kind: &KindInfo) -> usize {
    diff(before, after, kind).len()
}

/// How many values a body has.
fn values(body: &Body, kind: &KindInfo) -> usize {
    diff(&Body::new(), body, kind).len()
}
