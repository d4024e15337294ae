//! Custom metadata: values whose types the organisation declares as metadata schemas.

use std::collections::BTreeMap;

use serde_json::Value;

use super::METADATA_SCHEMA;
use super::kind::Reference;
use crate::model::{Address, Body, view};

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
