//! Custom metadata: values whose types the organisation declares as metadata schemas.

use std::collections::BTreeMap;

use serde_json::Value;

use super::METADATA_SCHEMA;
use super::kind::Reference;
use crate::model::{Address, Body, Redirection, view};

/// Custom metadata by the name of its schema.
pub(super) type CustomProperties = BTreeMap<String, Value>;

/// Each custom property needs its metadata schema.
pub(super) fn references(body: &Body) -> Vec<Reference> {
    view::CustomProperties::of(body)
        .values()
        .into_iter()
        .flat_map(|properties| properties.keys())
        .map(|name| {
            let field = format!("{}.{name}", view::CustomProperties::FIELD);
            Reference::new(field, Address::top(&METADATA_SCHEMA.info, name))
        })
        .collect()
}

/// Values of a metadata schema that has another name now get that name.
pub(super) fn redirect(to: Redirection<'_>, body: &mut Body) {
    let Some(Value::Object(properties)) = body.get_mut(view::CustomProperties::FIELD) else {
        return;
    };
    let entries = std::mem::take(properties).into_iter();
    properties.extend(entries.map(|(name, value)| {
        let schema = Address::top(&METADATA_SCHEMA.info, name.as_str());
        let present = to.renames.present(&schema);
        (
            present.map_or(name, |schema| schema.name().to_owned()),
            value,
        )
    }));
}
