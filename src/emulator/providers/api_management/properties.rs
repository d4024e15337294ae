//! APIs as they are written: the description that comes with one, and its properties.

use serde_json::{Map, Value, json};

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::providers::api_management::errors::refused;
use crate::emulator::providers::api_management::openapi;

/// A description that a body brings.
pub(super) struct Import<'a> {
    pub(super) format: &'a str,
    pub(super) text: &'a str,
}

impl<'a> Import<'a> {
    /// The format and the text of a description, if a body brings one.
    pub(super) fn sent(sent: &'a Map<String, Value>) -> Option<(&'a str, &'a str)> {
        let text = |name: &str| sent.get(name).and_then(Value::as_str);
        text("format").zip(text("value"))
    }

    /// Chosen here: descriptions by link are refused, the emulator fetches nothing for an instance.
    pub(super) fn read(sent: &'a Map<String, Value>) -> HandlerResult<Option<Self>> {
        let Some((format, text)) = Self::sent(sent) else {
            return Ok(None);
        };
        let read = match format {
            "openapi" | "openapi+json" | "swagger-json" => openapi::parsed(text).is_some(),
            "wsdl" | "wadl-xml" => true,
            other => {
                let message = format!("The emulator does not import the format '{other}'.");
                return Err(refused("format", &message).into());
            }
        };
        if read {
            return Ok(Some(Self { format, text }));
        }
        let message =
            format!("Parsing error(s): the value is not a description in the format '{format}'.");
        Err(refused("representation", &message).into())
    }
}

/// All properties of an API in the provider's order, null where nothing is set (observed). What is
/// not sent stays as it was.
pub(super) fn properties(
    id: &str,
    sent: &Map<String, Value>,
    old: Option<&Map<String, Value>>,
) -> HandlerResult<Map<String, Value>> {
    let given = |name: &str| {
        let kept = || old.and_then(|old| old.get(name));
        let value = sent.get(name).filter(|value| !value.is_null());
        value.or_else(kept).cloned()
    };
    let path = given("path").ok_or_else(|| refused("path", "Path is required."))?;
    // Observed: a slash at the start is cut off.
    let path = path.as_str().map_or(path.clone(), |text| {
        json!(text.strip_prefix('/').unwrap_or(text))
    });
    let number = id.split_once(";rev=").map_or("1", |(_, number)| number);
    let mut properties = Map::new();
    for (name, default) in defaults(id, number) {
        let value = match name {
            "backendId" => None,
            "type" => sent.get("apiType").cloned().or_else(|| given(name)),
            "path" => Some(path.clone()),
            "authenticationSettings" => given(name).map(|sent| filled(&default, &sent)),
            "protocols" => given(name).map(|protocols| json!(lower_case(&protocols))),
            _ => given(name),
        };
        properties.insert(name.to_owned(), value.unwrap_or(default));
    }
    for name in ["apiVersion", "apiVersionDescription"] {
        properties.extend(given(name).map(|value| (name.to_owned(), value)));
    }
    if let Some(set) = given("apiVersionSetId") {
        let name = set.as_str().and_then(|id| id.rsplit('/').next());
        properties.insert("apiVersionSetId".to_owned(), json!(name));
    }
    Ok(properties)
}

/// Members that were not sent are null (observed).
fn filled(default: &Value, sent: &Value) -> Value {
    let members = [default, sent].into_iter().filter_map(Value::as_object);
    members
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Protocols, which may be sent in any case (observed).
fn lower_case(protocols: &Value) -> Vec<String> {
    let texts = protocols
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    texts.map(str::to_ascii_lowercase).collect()
}

/// What a new API has, in order.
fn defaults(id: &str, revision: &str) -> [(&'static str, Value); 16] {
    let keys = json!({"header": "Ocp-Apim-Subscription-Key", "query": "subscription-key"});
    [
        ("displayName", json!(id)),
        ("apiRevision", json!(revision)),
        ("description", Value::Null),
        ("subscriptionRequired", json!(true)),
        ("serviceUrl", Value::Null),
        ("backendId", Value::Null),
        ("type", json!("http")),
        ("path", Value::Null),
        ("protocols", json!(["https"])),
        (
            "authenticationSettings",
            json!({"oAuth2": null, "openid": null}),
        ),
        ("subscriptionKeyParameterNames", keys),
        ("isOnline", json!(true)),
        ("termsOfServiceUrl", Value::Null),
        ("contact", Value::Null),
        ("license", Value::Null),
        ("apiRevisionDescription", Value::Null),
    ]
}
