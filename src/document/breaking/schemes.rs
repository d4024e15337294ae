//! What a way to sign in is, whatever it is called.

use serde_json::Value;

use super::tree::{entries, text};

/// What distinguishes a scheme from others: its definition, or its name if that cannot be found.
pub(super) fn identity(name: &str, definition: Option<&Value>) -> String {
    let Some(scheme) = definition else {
        return format!("name {name}");
    };
    let word = |key| text(scheme, key).unwrap_or_default();
    match word("type") {
        "basic" => "http basic".to_owned(),
        "http" => format!("http {}", word("scheme").to_ascii_lowercase()),
        // Names of headers have no case; those of parameters and cookies do.
        "apiKey" | "httpApiKey" if word("in") == "header" => {
            format!("key header {}", word("name").to_ascii_lowercase())
        }
        "apiKey" | "httpApiKey" => format!("key {} {}", word("in"), word("name")),
        other => other.to_owned(),
    }
}

/// One flow of OAuth: what it is called, and its addresses.
pub(super) struct Flow<'a> {
    pub(super) name: &'a str,
    pub(super) addresses: Vec<&'a str>,
}

/// The flows of a scheme; Swagger has one of them, under other names.
pub(super) fn flows(scheme: &Value) -> Vec<Flow<'_>> {
    let flow = |name, value| Flow {
        name,
        addresses: ["authorizationUrl", "tokenUrl", "deviceAuthorizationUrl"]
            .iter()
            .filter_map(|key| text(value, key))
            .collect(),
    };
    if let Some(name) = text(scheme, "flow") {
        let name = match name {
            "application" => "clientCredentials",
            "accessCode" => "authorizationCode",
            name => name,
        };
        return vec![flow(name, scheme)];
    }
    let mut all: Vec<Flow<'_>> = entries(scheme, "flows")
        .filter(|(name, _)| !name.starts_with("x-"))
        .map(|(name, value)| flow(name, value))
        .collect();
    if let Some(address) = text(scheme, "openIdConnectUrl") {
        all.push(Flow {
            name: "openIdConnect",
            addresses: vec![address],
        });
    }
    all
}
