//! What must be done before what, from parents and references on both sides.

use std::collections::BTreeMap;

use super::change::{Action, Change, Step};
use crate::model::Address;

/// Fills `waits_for` of every change.
///
/// Creates and updates wait for their parent and for what they name; a delete waits until nothing
/// live names it any more. The result has no cycle.
pub(super) fn set_dependencies(changes: &mut [Change]) {
    let index: BTreeMap<Address, usize> = changes
        .iter()
        .enumerate()
        .map(|(i, change)| (change.address.clone(), i))
        .collect();
    let mut edges = vec![Vec::new(); changes.len()];
    let mut released = vec![Vec::new(); changes.len()];
    let mut shrunk = vec![Vec::new(); changes.len()];
    for (i, change) in changes.iter().enumerate() {
        if change.blocked.is_some() {
            continue;
        }
        wait_for_needs(i, change, changes, &index, &mut edges);
        wait_for_release(i, change, changes, &index, &mut released, &mut shrunk);
    }
    for (i, more) in released.into_iter().enumerate() {
        edges[i].extend(more);
    }
    let mut all = edges.clone();
    for (i, more) in shrunk.into_iter().enumerate() {
        all[i].extend(more);
    }
    let chosen = if is_acyclic(&all) { all } else { edges };
    for (change, mut waits_for) in changes.iter_mut().zip(chosen) {
        waits_for.sort_unstable();
        waits_for.dedup();
        change.waits_for = waits_for;
    }
}

fn wait_for_needs(
    i: usize,
    change: &Change,
    changes: &[Change],
    index: &BTreeMap<Address, usize>,
    edges: &mut [Vec<usize>],
) {
    let Some(after) = change.after() else { return };
    let service = index
        .keys()
        .next()
        .filter(|a| a.kind().name == "Service" && index[*a] != i);
    for needed in change
        .address
        .parent()
        .iter()
        .chain(&after.references)
        .chain(service)
    {
        if let Some(&j) = index.get(needed).filter(|&&j| is_write(&changes[j])) {
            edges[i].push(j);
        }
    }
}

/// Whatever this change takes a reference from may go only after it.
fn wait_for_release(
    i: usize,
    change: &Change,
    changes: &[Change],
    index: &BTreeMap<Address, usize>,
    released: &mut [Vec<usize>],
    shrunk: &mut [Vec<usize>],
) {
    let Some(before) = change.before() else {
        return;
    };
    let from = representative(i, changes, index);
    for named in &before.references {
        let kept = change
            .after()
            .is_some_and(|after| after.references.contains(named));
        let Some(&j) = index.get(named) else { continue };
        let to = representative(j, changes, index);
        let goes = changes[to].action() == Action::Delete;
        let shrinks = !kept && changes[to].action() == Action::Update;
        if to != from && goes {
            released[to].push(from);
        }
        if to != from && shrinks {
            shrunk[to].push(from);
        }
    }
}

/// The change that carries this one out: its own, or that of the resource with which it vanishes.
fn representative(i: usize, changes: &[Change], index: &BTreeMap<Address, usize>) -> usize {
    match &changes[i].step {
        Step::Delete {
            with: Some(top), ..
        } => index.get(top).copied().unwrap_or(i),
        _ => i,
    }
}

fn is_write(change: &Change) -> bool {
    matches!(
        change.action(),
        Action::Create | Action::Update | Action::Replace
    )
}

fn is_acyclic(edges: &[Vec<usize>]) -> bool {
    let mut open: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut dependents = vec![Vec::new(); edges.len()];
    for (i, waits_for) in edges.iter().enumerate() {
        for &j in waits_for {
            dependents[j].push(i);
        }
    }
    let mut ready: Vec<usize> = (0..edges.len()).filter(|&i| open[i] == 0).collect();
    let mut done = 0;
    while let Some(j) = ready.pop() {
        done += 1;
        for &i in &dependents[j] {
            open[i] -= 1;
            if open[i] == 0 {
                ready.push(i);
            }
        }
    }
    done == edges.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_however_long() {
        assert!(is_acyclic(&[]));
        assert!(is_acyclic(&[vec![], vec![0], vec![0, 1], vec![2, 0]]));
        assert!(!is_acyclic(&[vec![0]]));
        assert!(!is_acyclic(&[vec![], vec![0, 3], vec![1], vec![2]]));
    }
}
