//! What must be done before what, from parents and references on both sides.

use super::acyclic::{Dependencies, is_acyclic};
use crate::model::view::IntegrationView;
use crate::model::{Address, Role};
use crate::plan::migrate::{MigrationGraph, SchemaUsage, is_ordered_by_steps, migration_steps};
use crate::plan::model::{Action, Change, Edge, Positions, Preparation, WriteId};
use crate::plan::rename::{RenameGraph, Renaming, rename_steps};

/// Sets `waits_for` of every change and returns the writes that prepare others.
///
/// Creates and updates wait for their parent and for what they reference; a delete waits until nothing
/// live references it; metadata schemas in use change in steps. The result has no cycle.
pub(in crate::plan) fn set_dependencies(
    changes: &mut [Change],
    usages: &[SchemaUsage],
    renaming: &Renaming<'_>,
) -> Vec<Preparation> {
    let positions = Positions::new(changes);
    let build = |clear_all| Graph::build(changes, &positions, (usages, clear_all), renaming);
    let mut graph = build(false);
    if !graph.add_soft_edges() {
        graph = build(true);
        graph.add_soft_edges();
    }
    let replaced = graph.before_replaced(changes, &positions);
    graph.add_if_acyclic(&replaced);
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
        (usages, clear_all): (&[SchemaUsage], bool),
        renaming: &Renaming<'_>,
    ) -> Self {
        let MigrationGraph {
            mut preparations,
            mut edges,
            soft_edges,
        } = migration_steps(changes, positions, usages, clear_all);
        let mut renames: RenameGraph = rename_steps(changes, positions, renaming, &preparations);
        preparations.append(&mut renames.preparations);
        edges.append(&mut renames.edges);
        let mut graph = Self {
            dependencies: Dependencies::filled(Vec::new(), changes.len(), preparations.len()),
            soft_edges,
            ordering_edges: renames.ordering_edges,
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

    /// What is replaced is missing for a moment: whatever prepares a write of what refers to it comes before that.
    fn before_replaced(&self, changes: &[Change], positions: &Positions) -> Vec<Edge> {
        let mut edges = Vec::new();
        for (p, preparation) in self.preparations.iter().enumerate() {
            let referenced = preparation.resource.references.iter();
            let written = referenced.filter_map(|address| positions.get(address));
            let replaced = written.filter(|&j| changes[j].action() == Action::Replace);
            edges.extend(replaced.map(|j| Edge {
                later: WriteId::Change(j),
                earlier: WriteId::Preparation(p),
            }));
        }
        edges
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
            .chain(linked_environment(change, changes))
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
                Action::Update | Action::Rename if !is_kept => self.ordering_edges.push(edge),
                _ => {}
            }
        }
    }
}

/// The environment of a deleted integration, if it is deleted, too: the service refuses that as long as
/// the link exists (observed). Integrations do not reference environments that the service made for them.
fn linked_environment<'a>(change: &Change, changes: &'a [Change]) -> Option<&'a Address> {
    let integration = change
        .before()
        .filter(|_| change.after().is_none() && change.address.is(Role::Integration))?;
    let name = IntegrationView::of(&integration.body).target_environment()?;
    let deleted = changes.iter().filter(|other| other.after().is_none());
    deleted
        .map(|other| &other.address)
        .find(|other| other.is(Role::Environment) && other.name().eq_ignore_ascii_case(name))
}

fn is_write(change: &Change) -> bool {
    matches!(
        change.action(),
        Action::Create | Action::Update | Action::Rename | Action::Replace
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::plan::model::Block;
    use crate::plan::rename::rename;
    use crate::plan::tests::{create, delete, update};

    /// For each change, the positions of the changes that it waits for.
    fn waits(mut changes: Vec<Change>) -> Vec<Vec<usize>> {
        let (desired, live, options) = Default::default();
        let renaming = rename(&desired, &live, &options);
        assert!(set_dependencies(&mut changes, &[], &renaming).is_empty());
        let position = |id: &WriteId| match *id {
            WriteId::Change(i) => i,
            WriteId::Preparation(_) => panic!("nothing is prepared here"),
        };
        changes
            .iter()
            .map(|change| change.waits_for.iter().map(position).collect())
            .collect()
    }

    fn at(environment: &str) -> Value {
        json!({"environment": environment})
    }

    #[test]
    fn a_create_waits_for_its_parent_its_references_and_the_service() {
        let changes = vec![
            create("service", json!({})),
            create("environment/prod", json!({})),
            create("api/a", json!({})),
            create("api/a/deployment/eu", at("prod")),
        ];
        assert_eq!(waits(changes), [vec![], vec![0], vec![0], vec![0, 1, 2]]);
    }

    #[test]
    fn a_delete_waits_until_nothing_references_it() {
        let changes = vec![
            delete("environment/prod", json!({}), None),
            delete("api/a", json!({}), None),
            delete("api/a/deployment/eu", at("prod"), Some("api/a")),
            update("api/b/deployment/eu", at("prod"), at("test")),
        ];
        assert_eq!(waits(changes)[0], [1, 3]);
    }

    #[test]
    fn a_blocked_change_waits_for_nothing_and_nothing_waits_for_it() {
        let mut blocked = create("environment/prod", json!({}));
        blocked.blocked = Some(Block {
            code: "foreign-owner".into(),
            reason: String::new(),
        });
        let changes = vec![blocked, create("api/a/deployment/eu", at("prod"))];
        assert_eq!(waits(changes), [vec![0_usize; 0], vec![]]);
    }

    #[test]
    fn what_shrinks_waits_for_what_lets_it_go_unless_that_is_a_cycle() {
        let moves = |from: &str, to: &str| update("api/a/deployment/eu", at(from), at(to));
        let environment = |name: &str| update(name, json!({"title": "A"}), json!({"title": "B"}));
        let changes = vec![environment("environment/prod"), moves("prod", "test")];
        assert_eq!(waits(changes), [vec![1], vec![]]);

        // Two deployments swap two environments that change as well.
        let changes = vec![
            environment("environment/prod"),
            environment("environment/test"),
            moves("prod", "test"),
            update("api/b/deployment/eu", at("test"), at("prod")),
        ];
        assert_eq!(waits(changes), [vec![], vec![], vec![1], vec![0]]);
    }

    #[test]
    fn the_delete_of_what_carries_a_reference_is_not_waited_for_by_itself() {
        let changes = vec![
            delete("environment/prod", json!({}), None),
            delete("environment/other", at("prod"), Some("environment/prod")),
        ];
        assert_eq!(waits(changes), [vec![0_usize; 0], vec![]]);
    }

    proptest! {
        /// Whatever moves where, every change can be written after those that it waits for, and the
        /// same changes give the same order.
        #[test]
        fn any_moves_have_an_order(moves in proptest::collection::vec((0..4_usize, 0..4_usize), 0..8)) {
            let mut changes: Vec<Change> = (0..4)
                .map(|i| {
                    let name = format!("environment/e{i}");
                    update(&name, json!({"title": "A"}), json!({"title": "B"}))
                })
                .collect();
            for (i, (from, to)) in moves.iter().enumerate() {
                let name = format!("api/a{i}/deployment/eu");
                changes.push(update(&name, at(&format!("e{from}")), at(&format!("e{to}"))));
            }
            let waits_for = waits(changes.clone());
            prop_assert_eq!(&waits_for, &waits(changes));
            let mut done: Vec<usize> = Vec::new();
            while done.len() < waits_for.len() {
                let next = (0..waits_for.len())
                    .find(|i| !done.contains(i) && waits_for[*i].iter().all(|j| done.contains(j)));
                prop_assert!(next.is_some(), "a cycle among {:?}", waits_for);
                done.extend(next);
            }
        }
    }
}
