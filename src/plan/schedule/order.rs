//! What must be done before what, from parents and references on both sides.

use super::acyclic::is_acyclic;
use crate::plan::migrate::{self, InUse, Interim};
use crate::plan::model::{Action, Change, Positions, Preparation};

/// Fills `waits_for` of every change, and finds the writes that make way for others.
///
/// Creates and updates wait for their parent and for what they name; a delete waits until nothing
/// live names it any more; metadata schemas in use change in steps. The result has no cycle.
pub(in crate::plan) fn set_dependencies(
    changes: &mut [Change],
    cases: &[InUse],
) -> Vec<Preparation> {
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
        } = migrate::find_steps(changes, positions, cases, eager);
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
            .filter(|named| !migrate::handles(cases, changes, named));
        let needed = parent.iter().chain(named).filter_map(|a| positions.get(a));
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
            .filter(|named| !migrate::handles(cases, changes, named));
        for named in named {
            let kept = change
                .after()
                .is_some_and(|after| after.references.contains(named));
            let Some(&j) = positions.get(named) else {
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
