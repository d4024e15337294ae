//! What an instance offers to those who bring APIs in.

use serde_json::Value;

use super::export::{self, Description};
use super::path::{Place, Spot};
use super::{records, samples};
use crate::emulator::core::response::{Outcome, Refusal};
use crate::emulator::store::{Changes, StoreError};

/// A current revision of an API.
pub(in crate::emulator) struct Published {
    pub(in crate::emulator) id: String,
    /// The version set it is in.
    pub(in crate::emulator) set: Option<String>,
    pub(in crate::emulator) version: Option<String>,
    pub(in crate::emulator) title: String,
    pub(in crate::emulator) description: Option<String>,
    /// `http`, `soap`, `graphql`, `websocket`, `mcp`, …
    pub(in crate::emulator) kind: String,
    /// Where the gateway serves it.
    pub(in crate::emulator) runtime_uri: String,
    /// Name and version of the specification and its text; `None` for types that have no
    /// description.
    pub(in crate::emulator) document: Option<(&'static str, String, String)>,
}

/// The current revisions of the instance's APIs; `None` when there is no such instance. The sample
/// instance is made by being asked.
pub(in crate::emulator) fn published(
    changes: &Changes<'_>,
    place: &Place,
) -> Result<Option<Vec<Published>>, StoreError> {
    if place.is_sample() {
        written(samples::ensure(changes, place))?;
    }
    let view = changes.view();
    if view.resource(&place.instance_key())?.is_none() {
        return Ok(None);
    }
    let mut found = Vec::new();
    for api in records::apis(view, place)? {
        if !records::is_current(&api.record) {
            continue;
        }
        let text = |name: &str| {
            let value = api.record.properties.get(name).and_then(Value::as_str);
            value.map(str::to_owned)
        };
        let document = if export::is_exportable(&api) {
            Description::of(view, place, &api)?.native()
        } else {
            let graphql = records::graphql(view, &api)?;
            graphql.map(|text| ("graphql", String::new(), text))
        };
        found.push(Published {
            id: api.record.name.clone(),
            set: text("apiVersionSetId"),
            version: text("apiVersion"),
            title: text("displayName").unwrap_or_else(|| api.record.name.clone()),
            description: text("description").filter(|text| !text.is_empty()),
            kind: export::kind(&api).to_owned(),
            runtime_uri: export::runtime_uri(view, place, &api)?,
            document,
        });
    }
    Ok(Some(found))
}

/// Nothing is refused of the samples.
fn written(outcome: Outcome<()>) -> Result<(), StoreError> {
    match outcome {
        Err(Refusal::Store(error)) => Err(error),
        Ok(()) | Err(Refusal::Answer(_)) => Ok(()),
    }
}

impl Place {
    /// The API that is meant, if it is one.
    pub(in crate::emulator) fn api(&self) -> Option<&str> {
        match &self.spot {
            Spot::Api(id) => Some(id),
            _ => None,
        }
    }

    /// Whether the instance itself is meant.
    pub(in crate::emulator) fn is_instance(&self) -> bool {
        self.spot == Spot::Service
    }
}
