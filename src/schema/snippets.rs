//! Snippets: whole documents with tab stops, one for every kind and some more for the common cases.

use serde_json::{Map, Value, json};

use crate::kinds::{self, Kind};
use crate::manifest;

/// The snippets, in the form that yaml-language-server takes (`${1:name}` is a tab stop).
pub(super) fn all() -> Vec<Value> {
    [project(), exemption()]
        .into_iter()
        .chain(kinds::declarable().flat_map(of_kind))
        .collect()
}

/// The snippets of a kind, or the smallest document if it has none.
fn of_kind(kind: &Kind) -> Vec<Value> {
    let name = kind.info.name;
    if kind.snippets.is_empty() {
        return vec![smallest(name, (kind.schema)())];
    }
    kind.snippets
        .iter()
        .map(|own| {
            let label = match own.label {
                "" => name.to_owned(),
                label => format!("{name}: {label}"),
            };
            let spec = serde_json::from_str(own.spec).expect("every snippet is JSON");
            snippet(&label, own.description, name, &spec)
        })
        .collect()
}

fn snippet(label: &str, description: &str, kind: &str, spec: &Value) -> Value {
    json!({
        "label": label,
        "description": description,
        "body": {
            "apiVersion": manifest::API_VERSION,
            "kind": kind,
            "metadata": {"name": "${1:name}"},
            "spec": spec,
        },
    })
}

fn project() -> Value {
    snippet(
        "Project",
        "The project file apicenter.yaml: an emulator to try things, and the real service",
        "Project",
        &json!({
            "defaultTarget": "local",
            "targets": {
                "local": {"emulator": "{}"},
                "${2:prod}": {
                    "subscriptionId": "${3:00000000-0000-0000-0000-000000000000}",
                    "resourceGroup": "${4:rg-apis}",
                    "service": "${5:my-api-center}",
                },
            },
        }),
    )
}

fn exemption() -> Value {
    snippet(
        manifest::EXEMPTION_KIND,
        "Findings that are accepted for now: they are counted instead of reported",
        manifest::EXEMPTION_KIND,
        &json!({
            "findings": [{
                "address": "${2:api/orders}",
                "code": "${3:custom-property-required}",
                "reason": "${4:why it is accepted}",
                "until": "${5:2027-12-31}",
                "by": "${6:who accepts it}",
            }],
        }),
    )
}

/// A document with the required fields, for a kind without a snippet of its own.
fn smallest(kind: &str, schema: &Value) -> Value {
    let description = schema["description"].as_str().unwrap_or_default();
    let mut stop = 1;
    let spec = placeholder("", schema, &mut stop);
    snippet(kind, description, kind, &spec)
}

fn placeholder(name: &str, schema: &Value, stop: &mut usize) -> Value {
    if let Some(field) = schema.get("x-shorthand").and_then(Value::as_str) {
        return placeholder(field, &schema["properties"][field], stop);
    }
    match schema["type"].as_str() {
        Some("object") => Value::Object(fields(schema, stop)),
        Some("array") => json!([placeholder(name, &schema["items"], stop)]),
        Some("boolean") => choice(&["true", "false"], stop),
        _ => {
            let known: Vec<&str> = texts(&schema["x-known-values"]);
            let example = texts(&schema["examples"]).first().copied();
            if known.is_empty() {
                *stop += 1;
                json!(format!("${{{stop}:{}}}", example.unwrap_or(name)))
            } else {
                choice(&known, stop)
            }
        }
    }
}

fn texts(list: &Value) -> Vec<&str> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).collect()
}

fn choice(values: &[&str], stop: &mut usize) -> Value {
    *stop += 1;
    let values: Vec<String> = values.iter().map(|v| v.replace(',', "\\,")).collect();
    json!(format!("${{{stop}|{}|}}", values.join(",")))
}

fn fields(schema: &Value, stop: &mut usize) -> Map<String, Value> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let mut wanted = texts(&schema["required"]);
    if wanted.is_empty() && schema.get("x-one-required").is_some() {
        wanted.extend(texts(&schema["x-exclusive"]).first());
    }
    wanted
        .into_iter()
        .filter_map(|name| {
            let schema = properties?.get(name)?;
            Some((name.to_owned(), placeholder(name, schema, stop)))
        })
        .collect()
}
