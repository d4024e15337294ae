//! The ownership marker: declared and set by the program itself on everything that can carry it.

use std::sync::Arc;

use serde_json::{Map, json};

use super::project::Project;
use crate::kinds;
use crate::model::view::{CustomProperties, MetadataSchemaView, RoleAssignmentView};
use crate::model::{
    Address, Body, DesiredResource, DesiredState, Diagnostic, Diagnostics, FieldPlaces,
    OwnershipMarker, Resource, Role, SharedPaths, Span, code,
};

/// Marks every declared resource, and declares the marker's metadata schema unless a manifest does.
pub(super) fn mark(
    project: &Project,
    desired: &mut DesiredState,
    paths: &mut SharedPaths,
    diagnostics: &mut Diagnostics,
) {
    let Some(ownership) = &project.spec.ownership else {
        return;
    };
    let place = project.place(&["ownership", "owner"]);
    let schema = schema_of(&ownership.property);
    let path = CustomProperties::path(&ownership.property);
    let marker = OwnershipMarker {
        property: ownership.property.clone(),
        owner: ownership.owner.clone(),
    };
    for declared in desired.resources.values_mut() {
        if declared.resource.address.is(Role::RoleAssignment) {
            mark_description(Arc::make_mut(&mut declared.resource), &marker);
        }
        if declared.resource.address.kind().entity.is_none() {
            continue;
        }
        if let Some(span) = declared.places.key(&path) {
            diagnostics.push(
                Diagnostic::error(
                    code::CUSTOM_PROPERTY_RESERVED,
                    format!("`{}` is the ownership marker", ownership.property),
                )
                .at(span, "set by this program alone")
                .help(
                    "remove it here; spec.ownership.owner in apicenter.yaml is what it is set to",
                ),
            );
        }
        let resource = Arc::make_mut(&mut declared.resource);
        let body = &mut resource.body;
        CustomProperties::insert(body, &ownership.property, json!(ownership.owner));
        resource.references.insert(schema.clone());
        if let Some(place) = place {
            declared.places.add(&path, place, paths);
        }
    }
    desired
        .resources
        .entry(schema.clone())
        .or_insert_with(|| DesiredResource {
            resource: Arc::new(kinds::METADATA_SCHEMA.declared(schema, marker_schema())),
            place: place_of_schema(project),
            places: FieldPlaces::default(),
            document: None,
        });
}

/// The marker's metadata schema and where the project file names it, if there is a marker.
pub(super) fn declared_schema(project: &Project) -> Option<(Address, Option<Span>)> {
    let ownership = project.spec.ownership.as_ref()?;
    Some((schema_of(&ownership.property), place_of_schema(project)))
}

fn schema_of(property: &str) -> Address {
    Address::top(&kinds::METADATA_SCHEMA.info, property)
}

fn place_of_schema(project: &Project) -> Option<Span> {
    project.place(&["ownership", "property"])
}

/// A role assignment has no custom metadata: the marker is in its description.
fn mark_description(assignment: &mut Resource, marker: &OwnershipMarker) {
    let text = RoleAssignmentView::of(&assignment.body).description();
    let marked = marker.append_to(text, assignment.address.name());
    RoleAssignmentView::set_description(&mut assignment.body, &marked);
}

fn marker_schema() -> Body {
    let schema = Map::from_iter([
        ("type".to_owned(), json!("string")),
        ("title".to_owned(), json!("Managed by")),
    ]);
    MetadataSchemaView::body(schema, kinds::metadata_schema::ENTITIES)
}
