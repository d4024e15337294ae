//! OpenAPI descriptions: what an import takes out of one, and the one that is made of an API
//! without.

use serde_json::{Map, Value, json};

use crate::emulator::providers::api_management::yaml;
use crate::emulator::store::{Record, StoredResource};

/// The methods that a path may have.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What an import takes out of a description.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) service_url: Option<String>,
    pub(super) operations: Vec<(String, Map<String, Value>)>,
}

/// A description in JSON or YAML.
pub(super) fn parsed(text: &str) -> Option<Value> {
    let read = serde_json::from_str(text).ok().or_else(|| yaml::read(text));
    read.filter(|value: &Value| value.get("openapi").is_some() || value.get("swagger").is_some())
}

pub(super) fn taken(description: &Value) -> Taken {
    let text = |pointer: &str| {
        let found = description.pointer(pointer).and_then(Value::as_str);
        found.map(str::to_owned)
    };
    let swagger_url = || {
        let scheme = text("/schemes/0").unwrap_or_else(|| "https".to_owned());
        let host = text("/host")?;
        Some(format!(
            "{scheme}://{host}{}",
            text("/basePath").unwrap_or_default()
        ))
    };
    Taken {
        title: text("/info/title"),
        description: text("/info/description"),
        service_url: text("/servers/0/url").or_else(swagger_url),
        operations: operations(description),
    }
}

fn operations(description: &Value) -> Vec<(String, Map<String, Value>)> {
    let paths = description.get("paths").and_then(Value::as_object);
    let mut found = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                found.push(operation_of(path, method, operation));
            }
        }
    }
    found
}

fn operation_of(path: &str, method: &str, operation: &Value) -> (String, Map<String, Value>) {
    let text = |name: &str| operation.get(name).and_then(Value::as_str);
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '-'
        }
    };
    let made_up = || format!("{method}{}", path.chars().map(plain).collect::<String>());
    let name = text("operationId").map_or_else(made_up, str::to_owned);
    let title = text("summary").unwrap_or(&name);
    let properties = operation_properties(title, method, path, text("description"));
    (name, properties)
}

/// The properties of an operation, nulls where nothing is known (observed style).
pub(super) fn operation_properties(
    title: &str,
    method: &str,
    template: &str,
    description: Option<&str>,
) -> Map<String, Value> {
    let parameters: Vec<Value> = template
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| json!({"name": name, "type": "string", "required": true, "values": []}))
        .collect();
    let entries = [
        ("displayName", json!(title)),
        ("method", json!(method.to_ascii_uppercase())),
        ("urlTemplate", json!(template)),
        ("templateParameters", json!(parameters)),
        ("description", json!(description)),
        ("request", Value::Null),
        ("responses", json!([])),
        ("policies", Value::Null),
    ];
    entries
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect()
}

/// A description of an API from its operations, the way the provider makes one for every export.
pub(super) fn described(api: &Record, operations: &[StoredResource], gateway: &str) -> Value {
    let text = |name: &str| api.properties.get(name).and_then(Value::as_str);
    let version = text("apiVersion")
        .or_else(|| text("apiRevision"))
        .unwrap_or("1.0");
    let mut info = json!({"title": text("displayName").unwrap_or(&api.name)});
    if let Some(description) = text("description") {
        info["description"] = json!(description);
    }
    info["version"] = json!(version);
    let mut paths = Map::new();
    for operation in operations {
        let text = |name: &str| {
            operation
                .record
                .properties
                .get(name)
                .and_then(Value::as_str)
        };
        let template = text("urlTemplate").unwrap_or("/").to_owned();
        let method = text("method").unwrap_or("GET").to_ascii_lowercase();
        let described = json!({
            "summary": text("displayName"),
            "operationId": operation.record.name,
            "responses": {"200": {"description": ""}},
        });
        let item = paths.entry(template).or_insert_with(|| json!({}));
        item[method] = described;
    }
    json!({
        "openapi": "3.0.1",
        "info": info,
        "servers": [{"url": gateway}],
        "paths": paths,
    })
}

/// The same in the older form, without what has no counterpart there.
pub(super) fn as_swagger(openapi: &Value) -> Value {
    let url = openapi
        .pointer("/servers/0/url")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    json!({
        "swagger": "2.0",
        "info": openapi.get("info"),
        "host": host,
        "basePath": format!("/{path}"),
        "schemes": [scheme],
        "paths": openapi.get("paths"),
    })
}
