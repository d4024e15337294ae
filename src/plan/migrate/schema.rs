//! What a metadata schema demands, and which resources have a value of it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::{Address, Body, Resource};

/// The kind of metadata schemas.
const KIND: &str = "MetadataSchema";

/// The field that holds values.
const PROPERTIES: &str = "customProperties";

pub(in crate::plan) fn is_schema(address: &Address) -> bool {
    address.kind().name == KIND
}

/// Whether an entity (`api`, …) must have a value.
pub(in crate::plan) fn required(schema: &Body, entity: &str) -> bool {
    assignment(schema, entity).is_some_and(|item| item.get("required") == Some(&Value::Bool(true)))
}

/// Whether an entity can have a value.
pub(in crate::plan) fn assigned(schema: &Body, entity: &str) -> bool {
    assignment(schema, entity).is_some()
}

/// The entities that must have a value, in lower case.
pub(in crate::plan) fn requiring(schema: &Body) -> BTreeSet<String> {
    let items = schema.get("assignedTo").and_then(Value::as_array);
    let entities = items.into_iter().flatten().filter_map(entity_of);
    entities
        .map(str::to_ascii_lowercase)
        .filter(|entity| required(schema, entity))
        .collect()
}

/// The same schema, optional for these entities.
pub(in crate::plan) fn optional_for(schema: &Body, entities: &BTreeSet<String>) -> Body {
    let mut body = schema.clone();
    let items = body.get_mut("assignedTo").and_then(Value::as_array_mut);
    for item in items.into_iter().flatten() {
        let is_one = entity_of(item).is_some_and(|e| entities.contains(&e.to_ascii_lowercase()));
        if let (true, Some(item)) = (is_one, item.as_object_mut()) {
            item.shift_remove("required");
        }
    }
    body
}

/// Whether values of the old schema are invalid under the new one: the type differs, or that of a list's
/// items.
pub(in crate::plan) fn retyped(before: &Body, after: &Body) -> bool {
    fn types(body: &Body) -> (Option<&Value>, Option<&Value>) {
        let schema = body.get("schema");
        let own = schema.and_then(|schema| schema.get("type"));
        let items = schema.and_then(|schema| schema.get("items")?.get("type"));
        (own, items)
    }
    types(before) != types(after)
}

/// Whether a resource has a value of a schema.
pub(in crate::plan) fn has_value(resource: &Resource, schema: &Address) -> bool {
    key_of(resource, schema).is_some()
}

/// The value of a schema and its key in the resource.
pub(in crate::plan) fn value_of<'a>(
    resource: &'a Resource,
    schema: &Address,
) -> Option<(&'a String, &'a Value)> {
    let properties = resource.body.get(PROPERTIES)?.as_object()?;
    properties
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(schema.name()))
}

fn key_of<'a>(resource: &'a Resource, schema: &Address) -> Option<&'a String> {
    resource.address.kind().entity?;
    value_of(resource, schema).map(|(key, _)| key)
}

/// Removes the value of a schema from a resource.
pub(in crate::plan) fn clear(resource: &mut Resource, schema: &Address) {
    let Some(key) = key_of(resource, schema).cloned() else {
        return;
    };
    if let Some(Value::Object(properties)) = resource.body.get_mut(PROPERTIES) {
        properties.shift_remove(&key);
        if properties.is_empty() {
            resource.body.shift_remove(PROPERTIES);
        }
    }
    resource.references.remove(schema);
}

/// Copies the value of a schema from another form of the same resource.
pub(in crate::plan) fn copy_value(into: &mut Resource, from: &Resource, schema: &Address) {
    let Some((key, value)) = value_of(from, schema) else {
        return;
    };
    let properties = into
        .body
        .entry(PROPERTIES)
        .or_insert_with(|| Body::new().into());
    if let Value::Object(properties) = properties {
        properties.insert(key.clone(), value.clone());
        into.references.insert(schema.clone());
    }
}

/// The schemas that a resource references and has a value of.
pub(in crate::plan) fn referenced_by(resource: &Resource) -> impl Iterator<Item = &Address> {
    resource
        .references
        .iter()
        .filter(|address| is_schema(address) && has_value(resource, address))
}

fn assignment<'a>(schema: &'a Body, entity: &str) -> Option<&'a Value> {
    let items = schema.get("assignedTo")?.as_array()?;
    items
        .iter()
        .find(|item| entity_of(item).is_some_and(|e| e.eq_ignore_ascii_case(entity)))
}

fn entity_of(item: &Value) -> Option<&str> {
    item.get("entity")?.as_str()
}
