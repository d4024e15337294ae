//! `exportMetadataSchema`: the properties of an entity as one JSON Schema, built-in ones and custom
//! ones.

use serde_json::{Value, json};

use super::{Action, Context, Run};
use crate::emulator::core::field::described;
use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Answer, Outcome, refused};
use crate::emulator::providers::api_center::kinds::{KINDS, STABLE_ON};
use crate::emulator::providers::api_center::metadata;
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::View;

pub(super) const ACTION: Action = Action {
    on: "",
    name: "exportMetadataSchema",
    api_versions: STABLE_ON,
    run: Run::Look(export),
};

/// Observed: format `json-schema`, the schema as a string, the custom properties closed to others.
fn export(_context: &Context, view: View<'_>, at: &At, call: &Call) -> Outcome {
    let entity = call
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
    let custom = metadata::exported(view, at.service.key.as_str(), entity)?;
    properties.insert("customProperties".to_owned(), custom);
    let required: Vec<&str> = kind
        .fields()
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name)
        .collect();
    let schema = json!({"type": "object", "properties": properties, "required": required});
    Ok(Answer::ok(
        json!({"format": "json-schema", "value": schema.to_string()}),
    ))
}
