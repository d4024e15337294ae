//! Custom properties that the service holds as another type than their metadata schema asks for.

use std::borrow::Cow;

use serde_json::Value;

use crate::kinds;
use crate::manifest::wants_text;
use crate::model::view::{CustomProperties, MetadataSchemaView};
use crate::model::{Address, DesiredState, LiveState};

/// The live state with numbers, `true` and `false` as the texts that manifests give, where the live schema
/// asks for text. Nobody can declare them as anything else, so they do not count as a difference.
pub(super) fn as_text<'a>(desired: &DesiredState, live: Cow<'a, LiveState>) -> Cow<'a, LiveState> {
    let mut read: Vec<(Address, String, Value)> = Vec::new();
    for (address, declared) in &desired.resources {
        let Some(current) = live.resources.get(address) else {
            continue;
        };
        let held = CustomProperties::of(&current.resource.body).values();
        let wanted = CustomProperties::of(&declared.resource.body);
        for (name, value) in held.into_iter().flatten() {
            let Some(wanted) = wanted.get(name).filter(|wanted| *wanted != value) else {
                continue;
            };
            if schema(&live, name).is_some_and(|schema| read_by(schema, value) == *wanted) {
                read.push((address.clone(), name.clone(), wanted.clone()));
            }
        }
    }
    if read.is_empty() {
        return live;
    }
    let mut live = live.into_owned();
    for (address, name, value) in read {
        if let Some(current) = live.resources.get_mut(&address) {
            CustomProperties::insert(&mut current.resource.body, &name, value);
        }
    }
    Cow::Owned(live)
}

fn schema<'a>(live: &'a LiveState, name: &str) -> Option<&'a Value> {
    let address = Address::top(&kinds::METADATA_SCHEMA.info, name);
    let current = live.resources.get(&address)?;
    MetadataSchemaView::of(&current.resource.body).schema()
}

/// The value that a manifest gives for this one.
fn read_by(schema: &Value, value: &Value) -> Value {
    match value {
        Value::Number(_) | Value::Bool(_) if wants_text(schema) => Value::from(value.to_string()),
        Value::Array(items) => items
            .iter()
            .map(|item| read_by(&schema["items"], item))
            .collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), read_by(&schema["properties"][key], value)))
            .collect(),
        other => other.clone(),
    }
}
