//! `exportMetadataSchema`: the properties of an entity as one JSON Schema, built-in ones and custom
//! ones.

use serde_json::{Value, json};

use crate::emulator::core::field::described;
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, refused};
use crate::emulator::providers::api_center::action::{PostAction, Run};
use crate::emulator::providers::api_center::kinds::KINDS;
use crate::emulator::providers::api_center::metadata;
use crate::emulator::providers::api_center::namespace::STABLE_ON;
use crate::emulator::providers::api_center::path::ResourcePath;
use crate::emulator::store::View;

pub(super) const ACTION: PostAction = PostAction {
    on: "",
    name: "exportMetadataSchema",
    api_versions: STABLE_ON,
    run: Run::Read(export),
};

/// Observed: format `json-schema`, the schema as a string, the custom properties closed to others.
fn export(
    _context: &HandlerContext,
    view: View<'_>,
    path: &ResourcePath,
    request: &HandlerRequest,
) -> HandlerResult {
    let entity = request
        .body
        .as_ref()
        .and_then(|body| body.get("assignedTo"))
        .and_then(Value::as_str);
    let entity = entity.ok_or_else(|| refused("The AssignedTo field is required."))?;
    let kind = KINDS
        .iter()
        .find(|kind| kind.entity() == Some(entity))
        .ok_or_else(|| {
            refused(format!(
                "The entity '{entity}' is not supported in 'assignedTo'."
            ))
        })?;
    let mut properties = described(kind.fields());
    let custom = metadata::exported(view, path.service.key.as_str(), entity)?;
    properties.insert("customProperties".to_owned(), custom);
    let required: Vec<&str> = kind
        .fields()
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name)
        .collect();
    let schema = json!({"type": "object", "properties": properties, "required": required});
    Ok(HandlerResponse::ok(
        json!({"format": "json-schema", "value": schema.to_string()}),
    ))
}
