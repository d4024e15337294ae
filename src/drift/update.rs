//! A resource that was edited in the portal.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::document;
use super::fields::{Deed, FieldEdit, FieldEdits, Layer, Spot, Unwritten, overlap};
use super::home::{Home, homes};
use super::key_order::keys_before;
use super::texts::Texts;
use crate::export::readable_schema;
use crate::kinds;
use crate::model::view::MetadataSchemaView;
use crate::model::{Address, LiveState, Role};
use crate::plan::Change;
use crate::project::LoadedProject;
use crate::yaml::Edit;

/// Writes the live values of a resource's fields where the declared ones are written. `declared_by` is the
/// declaration. Returns the fields that were not written, and why.
pub(super) fn update(
    project: &LoadedProject,
    (change, declared_by): (&Change, &Address),
    live: &LiveState,
    texts: &mut Texts<'_>,
) -> Vec<Unwritten> {
    let homes = homes(project, texts, declared_by);
    if homes.is_empty() {
        return vec![(String::new(), "its manifest cannot be edited".to_owned())];
    }
    let mut unwritten = fields(project, (change, declared_by), &homes, texts);
    unwritten.extend(document::write(project, change, &homes, live, texts));
    unwritten
}

fn fields(
    project: &LoadedProject,
    (change, declared_by): (&Change, &Address),
    homes: &[Home],
    texts: &mut Texts<'_>,
) -> Vec<Unwritten> {
    let (Some(live), Some(declared)) = (change.before(), change.after()) else {
        return Vec::new();
    };
    let content = change.address.kind().content_fields;
    let without = |body: &Map<String, Value>| -> Map<String, Value> {
        let fields = body.iter();
        let fields = fields.filter(|(key, _)| !content.contains(&key.as_str()));
        fields
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    let none = BTreeMap::new();
    let values = project.target.spec.variables.as_ref().unwrap_or(&none);
    let mut bodies = [without(&declared.body), without(&live.body)];
    let differing = change.fields.iter().map(|field| field.path.as_str());
    let mut differing: Vec<&str> = differing.collect();
    if change.address.is(Role::MetadataSchema) {
        as_written(homes, &mut bodies);
        // Choices have other paths in the form in which they are written.
        for path in &mut differing {
            if overlap(path, MetadataSchemaView::SCHEMA) {
                *path = MetadataSchemaView::SCHEMA;
            }
        }
    }
    let mut found = FieldEdits::new(Some(values), differing);
    let layers = layers(homes);
    found.maps(&bodies[0], &bodies[1], &layers, &Spot::top());
    let FieldEdits {
        edits,
        mut unwritten,
        ..
    } = found;
    let schema = (kinds::of(declared_by).schema)();
    for edit in edits {
        if !make(&edit, homes, schema, texts) {
            let path = &homes[edit.home].path;
            let why = format!("{path} shares its value with other fields");
            unwritten.push((edit.path, why));
        }
    }
    unwritten
}

/// Gives metadata schemas the form in which the manifest has them: choices are a list of values there, or of constants
/// as the service has them.
fn as_written(homes: &[Home], bodies: &mut [Map<String, Value>; 2]) {
    let field = MetadataSchemaView::SCHEMA;
    let holder = homes.iter().rev().find_map(|home| home.node.get(field));
    let written = holder.map(|node| node.to_json());
    if written.as_ref() == bodies[0].get(field) {
        return;
    }
    for schema in bodies.iter_mut().filter_map(|body| body.get_mut(field)) {
        *schema = readable_schema(schema);
    }
}

/// The mapping of a resource in each of its homes.
pub(super) fn layers(homes: &[Home]) -> Vec<Layer<'_>> {
    let homes = homes.iter().enumerate();
    let layers = homes.map(|(home, one)| Layer {
        home,
        node: &one.node,
    });
    layers.collect()
}

/// Makes one edit; `false` if it cannot be made.
fn make(edit: &FieldEdit, homes: &[Home], schema: &Value, texts: &mut Texts<'_>) -> bool {
    let home = &homes[edit.home];
    let after = keys_before(schema, &edit.steps);
    match &edit.deed {
        Deed::Set(value) => {
            let after = &after;
            home.edit(texts, &edit.steps, Edit::Set { value, after })
        }
        Deed::Insert(value) => home.edit(texts, &edit.steps, Edit::Insert(value)),
        Deed::Remove => home.edit(texts, &edit.steps, Edit::Remove),
    }
}
