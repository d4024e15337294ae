//! The ownership marker: declared and set by the program itself on everything that can carry it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::project::Project;
use crate::kinds::{self, CUSTOM_PROPERTIES};
use crate::model::{
    Address, Body, DesiredResource, DesiredState, Diagnostic, Diagnostics, Resource, code,
    field_path,
};

/// Marks every declared resource, and declares the marker's metadata schema unless a manifest does.
pub(super) fn mark(project: &Project, desired: &mut DesiredState, diagnostics: &mut Diagnostics) {
    let Some(ownership) = &project.spec.ownership else {
        return;
    };
    let place = project.place(&["ownership", "owner"]);
    let schema = Address::top(&kinds::METADATA_SCHEMA.info, &ownership.property);
    let path = field_path(CUSTOM_PROPERTIES, &ownership.property);
    for declared in desired.resources.values_mut() {
        if *declared.resource.address.kind() == kinds::ROLE_ASSIGNMENT.info {
            mark_description(
                &mut declared.resource,
                &ownership.property,
                &ownership.owner,
            );
        }
        if declared.resource.address.kind().entity.is_none() {
            continue;
        }
        if let Some(span) = declared.keys.get(&path) {
            diagnostics.push(
                Diagnostic::error(
                    code::CUSTOM_PROPERTY_RESERVED,
                    format!("`{}` is the ownership marker", ownership.property),
                )
                .at(*span, "set by this program alone")
                .help(
                    "remove it here; spec.ownership.owner in apicenter.yaml is what it is set to",
                ),
            );
        }
        let properties = declared
            .resource
            .body
            .entry(CUSTOM_PROPERTIES)
            .or_insert_with(|| Value::Object(Body::new()));
        if let Value::Object(properties) = properties {
            properties.insert(ownership.property.clone(), json!(ownership.owner));
        }
        declared.resource.references.insert(schema.clone());
        if let Some(place) = place {
            declared.places.entry(path.clone()).or_insert(place);
        }
    }
    desired
        .resources
        .entry(schema.clone())
        .or_insert_with(|| DesiredResource {
            resource: kinds::METADATA_SCHEMA.declared(schema, marker_schema()),
            place: project.place(&["ownership", "property"]),
            places: BTreeMap::new(),
            keys: BTreeMap::new(),
            document: None,
        });
}

/// A role assignment has no custom metadata: its description ends with `[PROPERTY: OWNER/NAME]`.
fn mark_description(assignment: &mut Resource, property: &str, owner: &str) {
    let marker = format!("[{property}: {owner}/{}]", assignment.address.name());
    let text = assignment.body.get("description").and_then(Value::as_str);
    let marked = match text {
        Some(text) => format!("{text} {marker}"),
        None => marker,
    };
    assignment
        .body
        .insert("description".to_owned(), Value::String(marked));
}

fn marker_schema() -> Body {
    let assigned: Vec<Value> = kinds::metadata_schema::ENTITIES
        .into_iter()
        .map(|entity| json!({ "entity": entity }))
        .collect();
    let schema = json!({ "type": "string", "title": "Managed by" });
    Body::from_iter([
        ("schema".to_owned(), schema),
        ("assignedTo".to_owned(), assigned.into()),
    ])
}
