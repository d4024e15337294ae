//! What an instance offers to those who bring APIs in.

use serde_json::Value;

use crate::emulator::core::handler::{HandlerError, HandlerResult};
use crate::emulator::providers::api_management::export::ApiDescription;
use crate::emulator::providers::api_management::path::ApimPath;
use crate::emulator::providers::api_management::{export, records, samples};
use crate::emulator::store::{Changes, StoreError};

/// A current revision of an API.
pub(in crate::emulator) struct PublishedApi {
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
    place: &ApimPath,
) -> Result<Option<Vec<PublishedApi>>, StoreError> {
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
            ApiDescription::of(view, place, &api)?.native()
        } else {
            let graphql = records::graphql(view, &api)?;
            graphql.map(|text| ("graphql", String::new(), text))
        };
        found.push(PublishedApi {
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
fn written(outcome: HandlerResult<()>) -> Result<(), StoreError> {
    match outcome {
        Err(HandlerError::Store(error)) => Err(error),
        Ok(()) | Err(HandlerError::Response(_)) => Ok(()),
    }
}
