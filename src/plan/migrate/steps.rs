//! The writes between two states that take metadata schemas in use through their changes, and what
//! waits for what because of them.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::{
    clear, copy_value, holds, is_schema, named_by, optional_for, required, requiring, value_of,
};
use super::usage::{Fate, InUse};
use crate::model::{Address, Resource};
use crate::plan::model::{Action, Change, Positions, Preparation, Purpose};

/// Preparations, and edges from each write to one that must be done before it. Writes are numbered:
/// changes by their position, then preparations.
#[derive(Debug, Default)]
pub(in crate::plan) struct Interim {
    pub(in crate::plan) preparations: Vec<Preparation>,
    pub(in crate::plan) edges: Vec<(usize, usize)>,
    /// Edges without which a live value may meet choices that it is not among.
    pub(in crate::plan) careful: Vec<(usize, usize)>,
}

/// Finds them. `eager` clears every value by a write of its own, which leaves no circle; otherwise
/// only those that are set again, which takes fewer writes.
pub(in crate::plan) fn find(
    changes: &[Change],
    positions: &Positions,
    cases: &[InUse],
    eager: bool,
) -> Interim {
    let mut builder = Builder {
        changes,
        positions,
        cases,
        eager,
        cleared: BTreeMap::new(),
        clears: BTreeMap::new(),
        interim: Interim::default(),
    };
    builder.choose_cleared();
    let writes: Vec<SchemaWrites> = cases
        .iter()
        .map(|case| builder.write_schema(case))
        .collect();
    builder.write_cleared(&writes);
    for (case, writes) in cases.iter().zip(&writes) {
        builder.connect(case, writes);
    }
    builder.interim
}

/// The writes of one schema, in this order: `relax`, `define`, the change itself.
struct SchemaWrites {
    /// Entities that stop being required by `relax`.
    relaxed: BTreeSet<String>,
    relax: Option<usize>,
    define: Option<usize>,
    /// The write after which values can be set; `None` where they always can.
    defined: Option<usize>,
}

struct Builder<'a> {
    changes: &'a [Change],
    positions: &'a Positions,
    cases: &'a [InUse],
    eager: bool,
    /// The changes that need a write which clears values, and the schemas of these values.
    cleared: BTreeMap<usize, BTreeSet<&'a Address>>,
    /// The number of that write.
    clears: BTreeMap<usize, usize>,
    interim: Interim,
}

impl<'a> Builder<'a> {
    fn choose_cleared(&mut self) {
        let holders = || {
            let all = self.cases.iter();
            all.flat_map(|case| case.holders.iter().map(move |holder| (case, holder)))
        };
        let needing = holders().filter(|(_, holder)| self.eager || holder.fate == Fate::Reset);
        let needing: BTreeSet<usize> = needing.map(|(_, holder)| holder.change).collect();
        let mut cleared: BTreeMap<usize, BTreeSet<&Address>> = BTreeMap::new();
        for (case, holder) in holders().filter(|(_, holder)| needing.contains(&holder.change)) {
            let schema = &self.changes[case.schema].address;
            cleared.entry(holder.change).or_default().insert(schema);
        }
        self.cleared = cleared;
    }

    fn write_schema(&mut self, case: &InUse) -> SchemaWrites {
        let change = &self.changes[case.schema];
        let relaxed = self.relaxed(case);
        let mut present = change.before().cloned();
        let mut relax = None;
        if let (false, Some(before)) = (relaxed.is_empty(), &mut present) {
            before.body = optional_for(&before.body, &relaxed);
            relax = Some(self.prepare(case.schema, Purpose::Relax, before.clone()));
        }
        let late = self.late(case);
        let mut writes = SchemaWrites {
            relaxed,
            relax,
            define: None,
            defined: Some(case.schema),
        };
        let (false, Some(after)) = (late.is_empty(), change.after()) else {
            return writes;
        };
        let mut defined = after.clone();
        defined.body = optional_for(&after.body, &late);
        writes.defined = relax;
        if present.is_none_or(|present| present.body != defined.body) {
            writes.define = Some(self.prepare(case.schema, Purpose::Define, defined));
            writes.defined = writes.define;
        }
        writes
    }

    /// The entities for which a schema must stop being required before its values go.
    fn relaxed(&self, case: &InUse) -> BTreeSet<String> {
        let change = &self.changes[case.schema];
        let Some(before) = change.before().filter(|_| !case.holders.is_empty()) else {
            return BTreeSet::new();
        };
        let schema = &change.address;
        let is_written_without = |entity: &str| {
            let mut written = self.written(entity);
            written.any(|(_, after)| !holds(after, schema))
                || self.cleared_without(schema).any(|other| other == entity)
        };
        let mut entities = requiring(&before.body);
        entities.retain(|entity| is_written_without(entity));
        entities
    }

    /// The entities that a schema may require only once others are written.
    fn late(&self, case: &InUse) -> BTreeSet<String> {
        let change = &self.changes[case.schema];
        let Some(after) = change.after() else {
            return BTreeSet::new();
        };
        let filled = case.filled.iter();
        let mut late: BTreeSet<String> = filled
            .filter_map(|&i| self.changes[i].address.kind().entity)
            .chain(self.cleared_without(&change.address))
            .map(str::to_owned)
            .collect();
        late.retain(|entity| required(&after.body, entity));
        late
    }

    /// The entities of which one is written without a value while its others are cleared.
    fn cleared_without<'s>(
        &'s self,
        schema: &'s Address,
    ) -> impl Iterator<Item = &'static str> + 's {
        self.cleared.iter().filter_map(|(&i, schemas)| {
            let change = &self.changes[i];
            let lacked = change.before().is_none_or(|before| !holds(before, schema));
            change
                .address
                .kind()
                .entity
                .filter(|_| lacked || schemas.contains(schema))
        })
    }

    /// The resources of a kind that the plan writes, as they are to be in the end.
    fn written(&self, entity: &str) -> impl Iterator<Item = (usize, &'a Resource)> {
        let changes = self.changes.iter().enumerate();
        changes
            .filter(|(_, change)| change.blocked.is_none())
            .filter(move |(_, change)| change.address.kind().entity == Some(entity))
            .filter_map(|(i, change)| Some((i, change.after()?)))
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
            let waits = self.adopt_final_values(&mut resource, i, writes);
            let number = self.prepare(i, Purpose::Clear, resource);
            self.clears.insert(i, number);
            let edges = waits.into_iter().map(|earlier| (number, earlier));
            self.interim.edges.extend(edges);
        }
    }

    /// Gives a resource whose values are cleared its other final values as far as they are valid
    /// already: the live ones may not be. Returns what that has to wait for.
    fn adopt_final_values(
        &self,
        resource: &mut Resource,
        i: usize,
        writes: &[SchemaWrites],
    ) -> Vec<usize> {
        let (Some(after), Some(entity)) = (self.changes[i].after(), resource.address.kind().entity)
        else {
            return Vec::new();
        };
        let changing: BTreeMap<&Address, usize> = self
            .cases
            .iter()
            .enumerate()
            .map(|(at, case)| (&self.changes[case.schema].address, at))
            .collect();
        let named: BTreeSet<Address> = named_by(resource).chain(named_by(after)).cloned().collect();
        let mut waits = Vec::new();
        for schema in named {
            let Some(&at) = changing.get(&schema) else {
                clear(resource, &schema);
                copy_value(resource, after, &schema);
                continue;
            };
            let change = &self.changes[self.cases[at].schema];
            let requires =
                |side: Option<&Resource>| side.is_some_and(|r| required(&r.body, entity));
            let stays_required = requires(change.before()) && requires(change.after());
            if stays_required && !holds(resource, &schema) && self.cases[at].holders.is_empty() {
                copy_value(resource, after, &schema);
                waits.extend(writes[at].defined);
            }
        }
        waits
    }

    fn prepare(&mut self, change: usize, purpose: Purpose, resource: Resource) -> usize {
        self.interim.preparations.push(Preparation {
            change,
            purpose,
            resource,
            waits_for: Vec::new(),
        });
        self.changes.len() + self.interim.preparations.len() - 1
    }

    fn connect(&mut self, case: &InUse, writes: &SchemaWrites) {
        let (mut edges, mut careful) = (Vec::new(), Vec::new());
        let last = case.schema;
        if let (Some(define), Some(relax)) = (writes.define, writes.relax) {
            edges.push((define, relax));
        }
        let gate = writes.define.unwrap_or(last);
        for holder in &case.holders {
            let released = match self.clears.get(&holder.change) {
                Some(&clear) => clear,
                None => self.positions.carrier(self.changes, holder.change),
            };
            edges.push((gate, released));
        }
        edges.extend(case.filled.iter().map(|&filled| (last, filled)));
        let schema = &self.changes[case.schema].address;
        for (i, change) in self.changes.iter().enumerate() {
            let (Some(entity), Some(after)) = (change.address.kind().entity, change.after()) else {
                continue;
            };
            if change.blocked.is_none() {
                let earlier = if holds(after, schema) {
                    writes.defined
                } else {
                    self.lets_lack(case, writes, entity)
                };
                edges.extend(earlier.map(|earlier| (i, earlier)));
            }
        }
        for &number in self.clears.values() {
            let resource = &self.interim.preparations[number - self.changes.len()].resource;
            let entity = resource.address.kind().entity.unwrap_or_default();
            if let Some((_, kept)) = value_of(resource, schema) {
                let change = self.interim.preparations[number - self.changes.len()].change;
                let after = self.changes[change].after();
                let last = after.and_then(|after| value_of(after, schema));
                if last.is_none_or(|(_, last)| last != kept) {
                    careful.push((gate, number));
                }
            } else {
                let earlier = self.lets_lack(case, writes, entity);
                edges.extend(earlier.map(|earlier| (number, earlier)));
                let after = self.changes[case.schema].after();
                if after.is_some_and(|after| required(&after.body, entity)) {
                    edges.push((last, number));
                }
            }
        }
        self.interim.edges.extend(edges);
        self.interim.careful.extend(careful);
    }

    /// The write after which an entity without a value is accepted; `None` where it is already, or
    /// never.
    fn lets_lack(&self, case: &InUse, writes: &SchemaWrites, entity: &str) -> Option<usize> {
        let change = &self.changes[case.schema];
        if !required(&change.before()?.body, entity) {
            return None;
        }
        if writes.relaxed.contains(entity) {
            return writes.relax;
        }
        let is_free = case.holders.is_empty();
        match change.action() {
            Action::Delete => is_free.then_some(case.schema),
            _ if required(&change.after()?.body, entity) => None,
            _ => writes.defined.filter(|_| is_free),
        }
    }
}

/// Whether an edge from a change to a schema is among those of [`find`].
pub(in crate::plan) fn handles(cases: &[InUse], changes: &[Change], schema: &Address) -> bool {
    is_schema(schema)
        && cases
            .iter()
            .any(|case| changes[case.schema].address == *schema)
}
