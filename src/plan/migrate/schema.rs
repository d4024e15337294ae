//! What a metadata schema demands, and which resources have a value of it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::view::{CustomProperties, MetadataSchemaView};
use crate::model::{Address, Body, Resource, Role};

pub(in crate::plan) fn is_schema(address: &Address) -> bool {
    address.kind().role == Role::MetadataSchema
}

/// Whether an entity (`api`, …) must have a value.
pub(in crate::plan) fn required(schema: &Body, entity: &str) -> bool {
    MetadataSchemaView::of(schema)
        .assignment(entity)
        .is_some_and(|assignment| assignment.required)
}

/// Whether an entity can have a value.
pub(super) fn assigned(schema: &Body, entity: &str) -> bool {
    MetadataSchemaView::of(schema).assignment(entity).is_some()
}

/// The entities that must have a value, in lower case.
pub(super) fn requiring(schema: &Body) -> BTreeSet<String> {
    MetadataSchemaView::of(schema)
        .assignments()
        .map(|assignment| assignment.entity.to_ascii_lowercase())
        .filter(|entity| required(schema, entity))
        .collect()
}

/// The same schema, optional for these entities.
pub(super) fn optional_for(schema: &Body, entities: &BTreeSet<String>) -> Body {
    MetadataSchemaView::of(schema).optional_for(entities)
}

/// Whether values of the old schema are invalid under the new one: the type differs, or that of a list's
/// items.
pub(in crate::plan) fn retyped(before: &Body, after: &Body) -> bool {
    /// The type of values and that of a list's items, as JSON Schema writes them.
    fn types(body: &Body) -> (Option<&Value>, Option<&Value>) {
        let schema = MetadataSchemaView::of(body).schema();
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
pub(super) fn value_of<'a>(
    resource: &'a Resource,
    schema: &Address,
) -> Option<(&'a String, &'a Value)> {
    CustomProperties::of(&resource.body).find(schema.name())
}

fn key_of<'a>(resource: &'a Resource, schema: &Address) -> Option<&'a String> {
    resource.address.kind().entity?;
    value_of(resource, schema).map(|(key, _)| key)
}

/// Removes the value of a schema from a resource.
pub(super) fn clear(resource: &mut Resource, schema: &Address) {
    if let Some(key) = key_of(resource, schema).cloned() {
        CustomProperties::remove(&mut resource.body, &key);
        resource.references.remove(schema);
    }
}

/// Copies the value of a schema from another form of the same resource.
pub(super) fn copy_value(into: &mut Resource, from: &Resource, schema: &Address) {
    if let Some((key, value)) = value_of(from, schema) {
        CustomProperties::insert(&mut into.body, key, value.clone());
        into.references.insert(schema.clone());
    }
}

/// The schemas that a resource references and has a value of.
pub(super) fn referenced_by(resource: &Resource) -> impl Iterator<Item = &Address> {
    resource
        .references
        .iter()
        .filter(|address| is_schema(address) && has_value(resource, address))
}
