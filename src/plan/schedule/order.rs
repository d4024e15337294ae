//! What must be done before what, from parents and references on both sides.

use std::collections::BTreeMap;

use super::change::{Action, Change, Step};
use super::in_use::InUse;
use super::interim::{self, Interim};
use super::migration::Preparation;
use crate::model::Address;

/// Where each resource's change stands in the plan.
pub(super) struct Positions(BTreeMap<Address, usize>);

impl Positions {
    fn new(changes: &[Change]) -> Self {
        let pairs = changes.iter().enumerate();
        Self(
            pairs
                .map(|(i, change)| (change.address.clone(), i))
                .collect(),
        )
    }

    /// The change that carries this one out: its own, or that of the resource with which it vanishes.
    pub(super) fn carrier(&self, changes: &[Change], i: usize) -> usize {
        match &changes[i].step {
            Step::Delete {
                with: Some(top), ..
            } => self.0.get(top).copied().unwrap_or(i),
            _ => i,
        }
    }

    /// The service's own change.
    fn service(&self) -> Option<usize> {
        let (address, position) = self.0.first_key_value()?;
        (address.kind().name == "Service").then_some(*position)
    }
}

/// Fills `waits_for` of every change, and finds the writes that make way for others.
///
/// Creates and updates wait for their parent and for what they name; a delete waits until nothing
/// live names it any more; metadata schemas in use change in steps. The result has no cycle.
pub(super) fn set_dependencies(changes: &mut [Change], cases: &[InUse]) -> Vec<Preparation> {
    let positions = Positions::new(changes);
    let mut graph = Graph::build(changes, &positions, cases, false);
    if !graph.take_careful() {
        graph = Graph::build(changes, &positions, cases, true);
        graph.take_careful();
    }
    let shrunk = std::mem::take(&mut graph.shrunk);
    graph.take(&shrunk);
    let mut preparations = graph.preparations;
    let own = changes.iter_mut().map(|change| &mut change.waits_for);
    let places = own.chain(preparations.iter_mut().map(|p| &mut p.waits_for));
    for (place, mut waits_for) in places.zip(graph.edges) {
        waits_for.sort_unstable();
        waits_for.dedup();
        *place = waits_for;
    }
    preparations
}

/// Which write waits for which: changes by their position, then preparations.
struct Graph {
    edges: Vec<Vec<usize>>,
    /// Edges, from the later to the earlier, that are better kept.
    careful: Vec<(usize, usize)>,
    /// Edges that only keep good order.
    shrunk: Vec<(usize, usize)>,
    preparations: Vec<Preparation>,
}

impl Graph {
    fn build(changes: &[Change], positions: &Positions, cases: &[InUse], eager: bool) -> Self {
        let Interim {
            preparations,
            edges,
            careful,
        } = interim::find(changes, positions, cases, eager);
        let count = changes.len() + preparations.len();
        let mut graph = Self {
            edges: vec![Vec::new(); count],
            careful,
            shrunk: Vec::new(),
            preparations,
        };
        for (i, change) in changes.iter().enumerate() {
            if change.blocked.is_none() {
                graph.wait_for_needs(i, changes, positions, cases);
                graph.wait_for_release(i, changes, positions, cases);
            }
        }
        let service = positions.service().filter(|&i| is_write(&changes[i]));
        for (p, preparation) in graph.preparations.iter().enumerate() {
            let number = changes.len() + p;
            graph.edges[number].extend(service);
            graph.edges[positions.carrier(changes, preparation.change)].push(number);
        }
        for (later, earlier) in edges {
            graph.edges[later].push(earlier);
        }
        graph
    }

    fn take_careful(&mut self) -> bool {
        let careful = std::mem::take(&mut self.careful);
        self.take(&careful)
    }

    /// Adds edges unless that makes a circle, and says whether there is none.
    fn take(&mut self, more: &[(usize, usize)]) -> bool {
        let mut all = self.edges.clone();
        for &(later, earlier) in more {
            all[later].push(earlier);
        }
        let is_acyclic = is_acyclic(&all);
        if is_acyclic {
            self.edges = all;
        }
        is_acyclic
    }

    fn wait_for_needs(
        &mut self,
        i: usize,
        changes: &[Change],
        positions: &Positions,
        cases: &[InUse],
    ) {
        let change = &changes[i];
        let Some(after) = change.after() else { return };
        let parent = change.address.parent();
        let named = after
            .references
            .iter()
            .filter(|named| !interim::handles(cases, changes, named));
        let needed = parent
            .iter()
            .chain(named)
            .filter_map(|a| positions.0.get(a));
        let service = positions.service().filter(|service| *service != i);
        let needed = needed.copied().chain(service);
        self.edges[i].extend(needed.filter(|&j| is_write(&changes[j])));
    }

    /// Whatever this change takes a reference from may go only after it.
    fn wait_for_release(
        &mut self,
        i: usize,
        changes: &[Change],
        positions: &Positions,
        cases: &[InUse],
    ) {
        let change = &changes[i];
        let Some(before) = change.before() else {
            return;
        };
        let from = positions.carrier(changes, i);
        let named = before
            .references
            .iter()
            .filter(|named| !interim::handles(cases, changes, named));
        for named in named {
            let kept = change
                .after()
                .is_some_and(|after| after.references.contains(named));
            let Some(&j) = positions.0.get(named) else {
                continue;
            };
            let to = positions.carrier(changes, j);
            let goes = changes[to].action() == Action::Delete;
            let shrinks = !kept && changes[to].action() == Action::Update;
            if to != from && goes {
                self.edges[to].push(from);
            }
            if to != from && shrinks {
                self.shrunk.push((to, from));
            }
        }
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
