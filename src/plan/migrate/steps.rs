//! The writes that take metadata schemas in use from their live to their declared form, and what waits
//! for what because of them.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::{
    clear, copy_value, has_value, is_schema, optional_for, referenced_by, required, requiring,
    value_of,
};
use super::usage::{SchemaUsage, ValueFate, ValueUser};
use crate::model::{Address, Resource};
use crate::plan::model::{Action, Change, Edge, Positions, Preparation, Purpose, WriteId};

/// Writes that prepare others, and the edges that they add to the order.
#[derive(Debug, Default)]
pub(in crate::plan) struct MigrationGraph {
    pub(in crate::plan) preparations: Vec<Preparation>,
    /// Edges that the service demands.
    pub(in crate::plan) edges: Vec<Edge>,
    /// Edges without which a live value may be checked against a schema that no longer allows it.
    pub(in crate::plan) soft_edges: Vec<Edge>,
}

/// Computes the steps of all schemas that change while they are in use.
///
/// With `clear_all`, each value is cleared by a write of its own, which leaves no cycle; otherwise only
/// values that are set again, which takes fewer writes.
pub(in crate::plan) fn migration_steps(
    changes: &[Change],
    positions: &Positions,
    usages: &[SchemaUsage],
    clear_all: bool,
) -> MigrationGraph {
    let mut builder = Builder {
        changes,
        positions,
        usages,
        clear_all,
        cleared: BTreeMap::new(),
        clears: BTreeMap::new(),
        graph: MigrationGraph::default(),
    };
    builder.choose_cleared();
    let writes: Vec<SchemaWrites> = usages
        .iter()
        .map(|usage| builder.write_schema(usage))
        .collect();
    builder.write_cleared(&writes);
    for (usage, writes) in usages.iter().zip(&writes) {
        builder.connect(usage, writes);
    }
    builder.graph
}

/// Whether the edges between a schema and its users come from [`migration_steps`].
pub(in crate::plan) fn is_ordered_by_steps(
    usages: &[SchemaUsage],
    changes: &[Change],
    schema: &Address,
) -> bool {
    is_schema(schema)
        && usages
            .iter()
            .any(|usage| changes[usage.schema].address == *schema)
}

/// The writes of one schema, in this order: `relax`, `define`, the change itself.
struct SchemaWrites {
    /// Entities that stop being required by `relax`.
    relaxed: BTreeSet<String>,
    relax: Option<WriteId>,
    define: Option<WriteId>,
    /// The write after which values can be set; `None` if they always can.
    defined: Option<WriteId>,
}

struct Builder<'a> {
    changes: &'a [Change],
    positions: &'a Positions,
    usages: &'a [SchemaUsage],
    clear_all: bool,
    /// The changes that need a write that clears values, and the schemas of these values.
    cleared: BTreeMap<usize, BTreeSet<&'a Address>>,
    /// The preparation that clears the values of a change.
    clears: BTreeMap<usize, usize>,
    graph: MigrationGraph,
}

impl<'a> Builder<'a> {
    fn choose_cleared(&mut self) {
        let users = || {
            self.usages
                .iter()
                .flat_map(|usage| usage.users.iter().map(move |user| (usage, user)))
        };
        let needs_clear = |user: &ValueUser| self.clear_all || user.fate == ValueFate::Reset;
        let needing: BTreeSet<usize> = users()
            .filter(|(_, user)| needs_clear(user))
            .map(|(_, user)| user.change)
            .collect();
        let mut cleared: BTreeMap<usize, BTreeSet<&Address>> = BTreeMap::new();
        for (usage, user) in users().filter(|(_, user)| needing.contains(&user.change)) {
            let schema = &self.changes[usage.schema].address;
            cleared.entry(user.change).or_default().insert(schema);
        }
        self.cleared = cleared;
    }

    fn write_schema(&mut self, usage: &SchemaUsage) -> SchemaWrites {
        let change = &self.changes[usage.schema];
        let relaxed = self.relaxed(usage);
        let mut present = change.before().cloned();
        let mut relax = None;
        if let (false, Some(before)) = (relaxed.is_empty(), &mut present) {
            before.body = optional_for(&before.body, &relaxed);
            relax = Some(self.prepare(usage.schema, Purpose::Relax, before.clone()));
        }
        let late = self.late(usage);
        let mut writes = SchemaWrites {
            relaxed,
            relax,
            define: None,
            defined: Some(WriteId::Change(usage.schema)),
        };
        let (false, Some(after)) = (late.is_empty(), change.after()) else {
            return writes;
        };
        let mut defined = after.clone();
        defined.body = optional_for(&after.body, &late);
        writes.defined = relax;
        if present.is_none_or(|present| present.body != defined.body) {
            writes.define = Some(self.prepare(usage.schema, Purpose::Define, defined));
            writes.defined = writes.define;
        }
        writes
    }

    /// The entities for which a schema must stop being required before its values are cleared.
    fn relaxed(&self, usage: &SchemaUsage) -> BTreeSet<String> {
        let change = &self.changes[usage.schema];
        let Some(before) = change.before().filter(|_| !usage.users.is_empty()) else {
            return BTreeSet::new();
        };
        let schema = &change.address;
        let is_written_without = |entity: &str| {
            self.written(entity).any(|after| !has_value(after, schema))
                || self.cleared_without(schema).any(|other| other == entity)
        };
        let mut entities = requiring(&before.body);
        entities.retain(|entity| is_written_without(entity));
        entities
    }

    /// The entities that a schema may require only after others are written.
    fn late(&self, usage: &SchemaUsage) -> BTreeSet<String> {
        let change = &self.changes[usage.schema];
        let Some(after) = change.after() else {
            return BTreeSet::new();
        };
        let mut late: BTreeSet<String> = usage
            .filled
            .iter()
            .filter_map(|&i| self.changes[i].address.kind().entity)
            .chain(self.cleared_without(&change.address))
            .map(str::to_owned)
            .collect();
        late.retain(|entity| required(&after.body, entity));
        late
    }

    /// The entities of which one is written without a value while its other values are cleared.
    fn cleared_without<'s>(
        &'s self,
        schema: &'s Address,
    ) -> impl Iterator<Item = &'static str> + 's {
        self.cleared.iter().filter_map(|(&i, schemas)| {
            let change = &self.changes[i];
            let was_without = change
                .before()
                .is_none_or(|before| !has_value(before, schema));
            change
                .address
                .kind()
                .entity
                .filter(|_| was_without || schemas.contains(schema))
        })
    }

    /// The resources of a kind that the plan writes, in their declared form.
    fn written(&self, entity: &str) -> impl Iterator<Item = &'a Resource> {
        self.changes
            .iter()
            .filter(|change| change.blocked.is_none())
            .filter(move |change| change.address.kind().entity == Some(entity))
            .filter_map(Change::after)
    }

    fn write_cleared(&mut self, writes: &[SchemaWrites]) {
        for (i, schemas) in std::mem::take(&mut self.cleared) {
            let Some(before) = self.changes[i].before() else {
                continue;
            };
            let mut resource = before.clone();
            for schema in schemas {
                clear(&mut resource, schema);
            }
            let waits_for = self.adopt_final_values(&mut resource, i, writes);
            self.clears.insert(i, self.graph.preparations.len());
            let later = self.prepare(i, Purpose::Clear, resource);
            for earlier in waits_for {
                self.graph.edges.push(Edge { later, earlier });
            }
        }
    }

    /// Gives a resource whose values are cleared its other final values where they are valid already:
    /// the live ones may not be. Returns what that has to wait for.
    fn adopt_final_values(
        &self,
        resource: &mut Resource,
        i: usize,
        writes: &[SchemaWrites],
    ) -> Vec<WriteId> {
        let (Some(after), Some(entity)) = (self.changes[i].after(), resource.address.kind().entity)
        else {
            return Vec::new();
        };
        let changing: BTreeMap<&Address, usize> = self
            .usages
            .iter()
            .enumerate()
            .map(|(at, usage)| (&self.changes[usage.schema].address, at))
            .collect();
        let schemas: BTreeSet<Address> = referenced_by(resource)
            .chain(referenced_by(after))
            .cloned()
            .collect();
        let mut waits_for = Vec::new();
        for schema in schemas {
            let Some(&at) = changing.get(&schema) else {
                clear(resource, &schema);
                copy_value(resource, after, &schema);
                continue;
            };
            let change = &self.changes[self.usages[at].schema];
            let requires =
                |side: Option<&Resource>| side.is_some_and(|schema| required(&schema.body, entity));
            let stays_required = requires(change.before()) && requires(change.after());
            let is_unused = self.usages[at].users.is_empty();
            if stays_required && is_unused && !has_value(resource, &schema) {
                copy_value(resource, after, &schema);
                waits_for.extend(writes[at].defined);
            }
        }
        waits_for
    }

    fn prepare(&mut self, change: usize, purpose: Purpose, resource: Resource) -> WriteId {
        let id = WriteId::Preparation(self.graph.preparations.len());
        self.graph.preparations.push(Preparation {
            change,
            purpose,
            resource,
            carried: None,
            waits_for: Vec::new(),
        });
        id
    }

    /// Adds the edges of one schema.
    fn connect(&mut self, usage: &SchemaUsage, writes: &SchemaWrites) {
        let last = WriteId::Change(usage.schema);
        let mut edges = Vec::new();
        if let (Some(later), Some(earlier)) = (writes.define, writes.relax) {
            edges.push(Edge { later, earlier });
        }
        let later = writes.define.unwrap_or(last);
        for user in &usage.users {
            let earlier = match self.clears.get(&user.change) {
                Some(&clear) => WriteId::Preparation(clear),
                None => WriteId::Change(self.positions.carrier(self.changes, user.change)),
            };
            edges.push(Edge { later, earlier });
        }
        for &filled in &usage.filled {
            let earlier = WriteId::Change(filled);
            edges.push(Edge {
                later: last,
                earlier,
            });
        }
        self.graph.edges.extend(edges);
        self.connect_written(usage, writes);
        self.connect_cleared(usage, writes);
    }

    /// Resources are written when the schema takes them: with a value once it is defined, without one
    /// once it is optional.
    fn connect_written(&mut self, usage: &SchemaUsage, writes: &SchemaWrites) {
        let schema = &self.changes[usage.schema].address;
        for (i, change) in self.changes.iter().enumerate() {
            let (Some(entity), Some(after)) = (change.address.kind().entity, change.after()) else {
                continue;
            };
            if change.blocked.is_some() {
                continue;
            }
            let earlier = if has_value(after, schema) {
                writes.defined
            } else {
                self.optional_after(usage, writes, entity)
            };
            let later = WriteId::Change(i);
            self.graph
                .edges
                .extend(earlier.map(|earlier| Edge { later, earlier }));
        }
    }

    fn connect_cleared(&mut self, usage: &SchemaUsage, writes: &SchemaWrites) {
        let last = WriteId::Change(usage.schema);
        let schema = &self.changes[usage.schema].address;
        for &p in self.clears.values() {
            let id = WriteId::Preparation(p);
            let preparation = &self.graph.preparations[p];
            let resource = &preparation.resource;
            if let Some((_, kept)) = value_of(resource, schema) {
                let after = self.changes[preparation.change].after();
                let declared = after.and_then(|after| value_of(after, schema));
                if declared.is_none_or(|(_, declared)| declared != kept) {
                    self.graph.soft_edges.push(Edge {
                        later: writes.define.unwrap_or(last),
                        earlier: id,
                    });
                }
                continue;
            }
            let entity = resource.address.kind().entity.unwrap_or_default();
            let earlier = self.optional_after(usage, writes, entity);
            self.graph
                .edges
                .extend(earlier.map(|earlier| Edge { later: id, earlier }));
            let after = self.changes[usage.schema].after();
            if after.is_some_and(|after| required(&after.body, entity)) {
                self.graph.edges.push(Edge {
                    later: last,
                    earlier: id,
                });
            }
        }
    }

    /// The write after which an entity without a value is accepted; `None` if it is accepted already,
    /// or never.
    fn optional_after(
        &self,
        usage: &SchemaUsage,
        writes: &SchemaWrites,
        entity: &str,
    ) -> Option<WriteId> {
        let change = &self.changes[usage.schema];
        if !required(&change.before()?.body, entity) {
            return None;
        }
        if writes.relaxed.contains(entity) {
            return writes.relax;
        }
        let is_unused = usage.users.is_empty();
        match change.action() {
            Action::Delete => is_unused.then_some(WriteId::Change(usage.schema)),
            _ if required(&change.after()?.body, entity) => None,
            _ => writes.defined.filter(|_| is_unused),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::LiveState;
    use crate::plan::migrate::find_usages;
    use crate::plan::model::PlanOptions;
    use crate::plan::tests::{create, delete, live, update};

    fn schema(kind: &str, required: bool) -> Value {
        json!({"schema": {"type": kind}, "assignedTo": [{"entity": "api", "required": required}]})
    }

    fn with(values: Value) -> Value {
        json!({"title": "A", "customProperties": values})
    }

    fn steps_of(changes: &[Change], live: &LiveState, clear_all: bool) -> MigrationGraph {
        let (usages, conflicts) = find_usages(changes, live, &PlanOptions::default());
        assert!(conflicts.is_empty(), "{conflicts:?}");
        migration_steps(changes, &Positions::new(changes), &usages, clear_all)
    }

    /// Each preparation: its purpose and the resource that it writes.
    fn purposes(graph: &MigrationGraph) -> Vec<String> {
        graph
            .preparations
            .iter()
            .map(|p| format!("{:?} {}", p.purpose, p.resource.address))
            .collect()
    }

    fn waits(graph: &MigrationGraph, later: WriteId, earlier: WriteId) -> bool {
        graph.edges.contains(&Edge { later, earlier })
    }

    #[test]
    fn a_required_schema_becomes_optional_first_and_required_last() {
        use WriteId::{Change, Preparation};
        let changes = [
            update(
                "metadata-schema/rank",
                schema("string", true),
                schema("number", true),
            ),
            update(
                "api/a",
                with(json!({"rank": "x"})),
                with(json!({"rank": 1})),
            ),
        ];
        let state = live(&[("api/a", with(json!({"rank": "x"})))]);
        let graph = steps_of(&changes, &state, false);
        assert_eq!(
            purposes(&graph),
            [
                "Relax metadata-schema/rank",
                "Define metadata-schema/rank",
                "Clear api/a"
            ]
        );
        let (relax, define, clear) = (Preparation(0), Preparation(1), Preparation(2));
        for (later, earlier) in [
            (clear, relax),
            (define, clear),
            (Change(1), define),
            (Change(0), Change(1)),
        ] {
            assert!(waits(&graph, later, earlier), "{later:?} after {earlier:?}");
        }
        let cleared = &graph.preparations[2].resource;
        assert!(cleared.body.get("customProperties").is_none() && cleared.references.is_empty());
        let assigned = |p: usize| &graph.preparations[p].resource.body["assignedTo"][0];
        assert_eq!(assigned(0), &json!({"entity": "api"}));
        assert_eq!(assigned(1), &json!({"entity": "api"}));
        let kinds = [0, 1].map(|p: usize| &graph.preparations[p].resource.body["schema"]["type"]);
        assert_eq!(kinds, ["string", "number"]);
    }

    #[test]
    fn an_optional_schema_takes_one_clear_for_each_value_that_is_set_again() {
        let changes = [
            update(
                "metadata-schema/rank",
                schema("string", false),
                schema("number", false),
            ),
            update(
                "api/a",
                with(json!({"rank": "x"})),
                with(json!({"rank": 1})),
            ),
            update("api/b", with(json!({"rank": "x"})), json!({"title": "A"})),
        ];
        let state = live(&[
            ("api/a", with(json!({"rank": "x"}))),
            ("api/b", with(json!({"rank": "x"}))),
        ]);
        let graph = steps_of(&changes, &state, false);
        assert_eq!(purposes(&graph), ["Clear api/a"]);
        // What is dropped needs no write of its own: its change clears it, before the schema changes.
        assert!(waits(&graph, WriteId::Change(0), WriteId::Change(2)));

        let graph = steps_of(&changes, &state, true);
        assert_eq!(purposes(&graph), ["Clear api/a", "Clear api/b"]);
    }

    #[test]
    fn a_schema_goes_after_what_vanishes_with_another_resource() {
        let value = || json!({"customProperties": {"rank": "x"}});
        let changes = [
            delete("metadata-schema/rank", schema("string", false), None),
            delete("api/a", json!({}), None),
            delete("api/a/deployment/eu", value(), Some("api/a")),
        ];
        let state = live(&[("api/a", json!({})), ("api/a/deployment/eu", value())]);
        let graph = steps_of(&changes, &state, false);
        assert!(graph.preparations.is_empty());
        // The request that deletes the deployment is that of its API.
        assert!(waits(&graph, WriteId::Change(0), WriteId::Change(1)));
    }

    #[test]
    fn clearing_one_value_keeps_the_others() {
        let both = json!({"one": "x", "two": "x"});
        let changes = [
            update(
                "metadata-schema/one",
                schema("string", false),
                schema("number", false),
            ),
            update(
                "api/a",
                with(both.clone()),
                with(json!({"one": 1, "two": "y"})),
            ),
        ];
        let graph = steps_of(&changes, &live(&[("api/a", with(both))]), false);
        let cleared = &graph.preparations[0].resource;
        // A value whose schema stays gets its final form at once.
        assert_eq!(cleared.body["customProperties"], json!({"two": "y"}));
    }

    #[test]
    fn a_resource_without_a_value_waits_until_the_schema_is_optional() {
        let changes = [
            update(
                "metadata-schema/rank",
                schema("string", true),
                schema("string", false),
            ),
            create("api/new", json!({"title": "A"})),
            create("api/ranked", with(json!({"rank": "x"}))),
        ];
        let graph = steps_of(&changes, &live(&[]), false);
        assert!(graph.preparations.is_empty());
        assert!(waits(&graph, WriteId::Change(1), WriteId::Change(0)));
    }

    #[test]
    fn a_schema_that_nothing_uses_needs_no_steps() {
        let changes = [update(
            "metadata-schema/rank",
            schema("string", true),
            schema("number", true),
        )];
        let graph = steps_of(&changes, &live(&[("api/a", json!({"title": "A"}))]), true);
        assert!(graph.preparations.is_empty() && graph.edges.is_empty());
        assert!(graph.soft_edges.is_empty());
    }
}
