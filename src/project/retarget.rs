//! What the service of one target has, as the project declares it for another target: values that variables and overlays
//! give each target do not count as a difference.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::loaded::LoadedProject;
use crate::kinds;
use crate::model::{
    Address, Body, DesiredResource, DesiredState, FieldPlaces, LiveState, Resource, Role, Span,
};

/// Replaces what is as `from` declares it for its target by what `to` declares for its own. Both are the same project.
/// `live` is the state of the target of `to`.
pub fn retarget(
    wanted: &mut DesiredState,
    live: &LiveState,
    (from, to): (&LoadedProject, &LoadedProject),
) {
    let pairs = Pairs::of(from, to);
    for (address, mut held) in std::mem::take(&mut wanted.resources) {
        if let Some((before, after)) = pairs.0.get(&address) {
            translate_resource(&mut held, before, after);
        }
        let address = pairs.renamed(&address);
        let resource = Arc::make_mut(&mut held.resource);
        let references = references(&address, &resource.body);
        resource.references = match references.is_empty() {
            true => renamed_all(&pairs, resource),
            false => references,
        };
        resource.within = resource.within.as_ref().map(|above| pairs.renamed(above));
        resource.address = address.clone();
        wanted.resources.insert(address, held);
    }
    keep_what_only_one_declares(wanted, live, (&from.desired, &to.desired), &pairs);
}

/// What only one of the two targets has by the project's own word stays as it is in the other one.
fn keep_what_only_one_declares(
    wanted: &mut DesiredState,
    live: &LiveState,
    (from, to): (&DesiredState, &DesiredState),
    pairs: &Pairs<'_>,
) {
    for address in from.resources.keys() {
        if !pairs.0.contains_key(address) && !live.resources.contains_key(address) {
            wanted.resources.remove(address);
        }
    }
    let paired: Vec<&Address> = pairs
        .0
        .values()
        .map(|(_, to)| &to.resource.address)
        .collect();
    for address in to.resources.keys() {
        let current = live.resources.get(address);
        let is_only_here = !paired.contains(&address) && !address.is(Role::Service);
        if let Some(current) = current.filter(|_| is_only_here) {
            let kept = || DesiredResource {
                resource: Arc::new(current.resource.clone()),
                place: None,
                places: FieldPlaces::default(),
                document: None,
            };
            wanted.resources.entry(address.clone()).or_insert_with(kept);
        }
    }
}

/// The declarations of both targets that are the same in the manifests, by the address for the first target.
struct Pairs<'a>(BTreeMap<&'a Address, (&'a DesiredResource, &'a DesiredResource)>);

impl<'a> Pairs<'a> {
    fn of(from: &'a LoadedProject, to: &'a LoadedProject) -> Self {
        let by_place: HashMap<(&str, usize), &DesiredResource> = to
            .desired
            .resources
            .values()
            .filter_map(|declared| Some((place(to, declared.place?), declared)))
            .collect();
        let declared = from.desired.resources.iter();
        let pairs = declared.filter_map(|(address, before)| {
            let same_place = before
                .place
                .and_then(|span| by_place.get(&place(from, span)));
            // A name may have a variable in it; a place is another one where an overlay adds a resource.
            let same_kind = same_place
                .copied()
                .filter(|after| after.resource.address.kind() == address.kind());
            let after = to.desired.resources.get(address).or(same_kind)?;
            Some((address, (before, after)))
        });
        Self(pairs.collect())
    }

    /// The address of a resource of the first target in the second one.
    fn renamed(&self, address: &Address) -> Address {
        if let Some((_, after)) = self.0.get(address) {
            return after.resource.address.clone();
        }
        match address.parent() {
            Some(parent) => self
                .renamed(&parent)
                .child(address.kind(), address.own_name()),
            None => address.clone(),
        }
    }
}

fn place(project: &LoadedProject, span: Span) -> (&str, usize) {
    let source = project.sources.get(span.source);
    (source.name.as_str(), span.start)
}

fn references(address: &Address, body: &Body) -> BTreeSet<Address> {
    kinds::of(address)
        .restored(address.clone(), body, &Body::new(), None)
        .references
}

fn renamed_all(pairs: &Pairs<'_>, resource: &Resource) -> BTreeSet<Address> {
    let references = resource.references.iter();
    references.map(|address| pairs.renamed(address)).collect()
}

/// Replaces what is as declared in `before` by what is declared in `after`.
fn translate_resource(
    held: &mut DesiredResource,
    before: &DesiredResource,
    after: &DesiredResource,
) {
    let bodies = (&before.resource.body, &after.resource.body);
    translate_fields(&mut Arc::make_mut(&mut held.resource).body, bodies);
    let content = after.resource.address.kind().content_fields;
    let is_same = |field: &&str| held.resource.body.get(*field) == after.resource.body.get(*field);
    if !content.is_empty() && content.iter().all(is_same) && after.document.is_some() {
        held.document.clone_from(&after.document);
    }
}

fn translate_fields(held: &mut Body, (before, after): (&Body, &Body)) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        match (held.get_mut(name), before.get(name), after.get(name)) {
            (_, None, None) => {}
            (Some(value), Some(before), Some(after)) => translate(value, before, after),
            (Some(value), Some(before), None) if value == before => {
                held.shift_remove(name);
            }
            (None, None, Some(after)) => {
                held.insert(name.clone(), after.clone());
            }
            _ => {}
        }
    }
}

fn translate(held: &mut Value, before: &Value, after: &Value) {
    if before == after {
        return;
    }
    if held == before {
        held.clone_from(after);
        return;
    }
    match (held, before, after) {
        (Value::Object(held), Value::Object(before), Value::Object(after)) => {
            translate_fields(held, (before, after));
        }
        (Value::Array(held), Value::Array(before), Value::Array(after))
            if held.len() == before.len() && before.len() == after.len() =>
        {
            for ((held, before), after) in held.iter_mut().zip(before).zip(after) {
                translate(held, before, after);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_as_declared_is_translated() {
        let before = json!({"host": "dev", "contacts": [{"name": "a", "mail": "d@x"}], "only": 1, "same": 1});
        let after = json!({"host": "prod", "contacts": [{"name": "a", "mail": "p@x"}], "more": 2, "same": 1});
        for (held, expected) in [
            (before.clone(), after.clone()),
            (
                json!({"host": "dev2", "contacts": [{"name": "b", "mail": "d@x"}], "only": 3, "same": 4}),
                json!({"host": "dev2", "contacts": [{"name": "b", "mail": "p@x"}], "only": 3, "same": 4, "more": 2}),
            ),
            (
                json!({"host": "prod", "contacts": [], "more": 5}),
                json!({"host": "prod", "contacts": [], "more": 5}),
            ),
        ] {
            let mut value = held;
            translate(&mut value, &before, &after);
            assert_eq!(value, expected);
        }
    }
}
