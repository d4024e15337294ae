//! What must be done before what, from parents and references on both sides.

use super::acyclic::{Dependencies, is_acyclic};
use crate::plan::migrate::{MigrationGraph, SchemaUsage, is_ordered_by_steps, migration_steps};
use crate::plan::model::{Action, Change, Edge, Positions, Preparation, WriteId};

/// Sets `waits_for` of every change and returns the writes that prepare others.
///
/// Creates and updates wait for their parent and for what they reference; a delete waits until nothing
/// live references it; metadata schemas in use change in steps. The result has no cycle.
pub(in crate::plan) fn set_dependencies(
    changes: &mut [Change],
    usages: &[SchemaUsage],
) -> Vec<Preparation> {
    let positions = Positions::new(changes);
    let mut graph = Graph::build(changes, &positions, usages, false);
    if !graph.add_soft_edges() {
        graph = Graph::build(changes, &positions, usages, true);
        graph.add_soft_edges();
    }
    let ordering_edges = std::mem::take(&mut graph.ordering_edges);
    graph.add_if_acyclic(&ordering_edges);
    let mut preparations = graph.preparations;
    let (of_changes, of_preparations) = graph.dependencies.into_parts();
    let targets = changes
        .iter_mut()
        .map(|change| &mut change.waits_for)
        .zip(of_changes)
        .chain(
            preparations
                .iter_mut()
                .map(|preparation| &mut preparation.waits_for)
                .zip(of_preparations),
        );
    for (target, mut waits_for) in targets {
        waits_for.sort_unstable();
        waits_for.dedup();
        *target = waits_for;
    }
    preparations
}

/// The writes that each write waits for.
struct Graph {
    dependencies: Dependencies,
    /// Edges of migrations that are kept if they make no cycle.
    soft_edges: Vec<Edge>,
    /// Edges that only keep a good order; dropped together if they make a cycle.
    ordering_edges: Vec<Edge>,
    preparations: Vec<Preparation>,
}

impl Graph {
    fn build(
        changes: &[Change],
        positions: &Positions,
        usages: &[SchemaUsage],
        clear_all: bool,
    ) -> Self {
        let MigrationGraph {
            preparations,
            edges,
            soft_edges,
        } = migration_steps(changes, positions, usages, clear_all);
        let mut graph = Self {
            dependencies: Dependencies::filled(Vec::new(), changes.len(), preparations.len()),
            soft_edges,
            ordering_edges: Vec::new(),
            preparations,
        };
        for (i, change) in changes.iter().enumerate() {
            if change.blocked.is_none() {
                graph.wait_for_needs(i, changes, positions, usages);
                graph.wait_for_release(i, changes, positions, usages);
            }
        }
        let service = positions
            .service()
            .filter(|&i| is_write(&changes[i]))
            .map(WriteId::Change);
        for (p, preparation) in graph.preparations.iter().enumerate() {
            let id = WriteId::Preparation(p);
            let carrier = WriteId::Change(positions.carrier(changes, preparation.change));
            graph.dependencies[id].extend(service);
            graph.dependencies[carrier].push(id);
        }
        for edge in edges {
            graph.dependencies[edge.later].push(edge.earlier);
        }
        graph
    }

    fn add_soft_edges(&mut self) -> bool {
        let soft_edges = std::mem::take(&mut self.soft_edges);
        self.add_if_acyclic(&soft_edges)
    }

    /// Adds edges unless they make a cycle; returns whether there is none.
    fn add_if_acyclic(&mut self, edges: &[Edge]) -> bool {
        let mut extended = self.dependencies.clone();
        for edge in edges {
            extended[edge.later].push(edge.earlier);
        }
        let is_acyclic = is_acyclic(&extended);
        if is_acyclic {
            self.dependencies = extended;
        }
        is_acyclic
    }

    fn wait_for_needs(
        &mut self,
        i: usize,
        changes: &[Change],
        positions: &Positions,
        usages: &[SchemaUsage],
    ) {
        let change = &changes[i];
        let Some(after) = change.after() else { return };
        let parent = change.address.parent();
        let referenced = after
            .references
            .iter()
            .filter(|address| !is_ordered_by_steps(usages, changes, address));
        let needed = parent
            .iter()
            .chain(referenced)
            .filter_map(|address| positions.get(address))
            .chain(positions.service().filter(|service| *service != i))
            .filter(|&j| is_write(&changes[j]))
            .map(WriteId::Change);
        self.dependencies[WriteId::Change(i)].extend(needed);
    }

    /// What this change stops referencing may be deleted or shrink only after it.
    fn wait_for_release(
        &mut self,
        i: usize,
        changes: &[Change],
        positions: &Positions,
        usages: &[SchemaUsage],
    ) {
        let change = &changes[i];
        let Some(before) = change.before() else {
            return;
        };
        let releasing = positions.carrier(changes, i);
        let referenced = before
            .references
            .iter()
            .filter(|address| !is_ordered_by_steps(usages, changes, address));
        for address in referenced {
            let Some(j) = positions.get(address) else {
                continue;
            };
            let released = positions.carrier(changes, j);
            if released == releasing {
                continue;
            }
            let edge = Edge {
                later: WriteId::Change(released),
                earlier: WriteId::Change(releasing),
            };
            let is_kept = change
                .after()
                .is_some_and(|after| after.references.contains(address));
            match changes[released].action() {
                Action::Delete => self.dependencies[edge.later].push(edge.earlier),
                Action::Update if !is_kept => self.ordering_edges.push(edge),
                _ => {}
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
