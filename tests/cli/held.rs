//! Everything that a service holds.

use serde_json::{Value, json};

use super::service_fixture::ServiceFixture;

/// Everything that a service holds, without times and generated names.
pub(crate) fn held(center: &ServiceFixture) -> Value {
    let apis = names(center, "apis").into_iter();
    let apis: Vec<Value> = apis.map(|name| api(center, &name)).collect();
    let rulesets = names(center, "analyzerConfigs").into_iter().map(|name| {
        let path = format!("analyzerConfigs/{name}/exportRuleset");
        center.post(&path, Value::Null)
    });
    plain(&json!({
        "service": center.get(""),
        "metadataSchemas": list(center, "metadataSchemas"),
        "environments": list(center, "environments"),
        "apiSources": list(center, "apiSources"),
        "apis": apis,
        "analyzers": list(center, "analyzerConfigs"),
        "rulesets": rulesets.collect::<Vec<_>>(),
        "roleAssignments": center.assignments(),
    }))
}

fn list(center: &ServiceFixture, path: &str) -> Value {
    center.get(path)["value"].clone()
}

fn names(center: &ServiceFixture, path: &str) -> Vec<String> {
    let list = list(center, path);
    let items = list.as_array().expect("a list");
    let name = |item: &Value| item["name"].as_str().expect("a name").to_owned();
    items.iter().map(name).collect()
}

fn api(center: &ServiceFixture, name: &str) -> Value {
    let api = format!("apis/{name}");
    let versions = names(center, &format!("{api}/versions")).into_iter();
    let versions: Vec<Value> = versions
        .map(|version| {
            let version = format!("{api}/versions/{version}");
            let definitions = names(center, &format!("{version}/definitions"));
            let definitions = definitions.into_iter().map(|definition| {
                let definition = format!("{version}/definitions/{definition}");
                json!([center.get(&definition), center.document(&definition)])
            });
            json!({
                "version": center.get(&version),
                "definitions": definitions.collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "api": center.get(&api),
        "versions": versions,
        "deployments": list(center, &format!("{api}/deployments")),
    })
}

/// Without what differs from run to run: times, etags and generated numbers; lists in one order.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| {
                ![
                    "systemData",
                    "etag",
                    "lastUpdatedOn",
                    "createdOn",
                    "updatedOn",
                ]
                .contains(&key.as_str())
            })
            .map(|(key, value)| (key.clone(), plain(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(plain).collect();
            items.sort_by_key(ToString::to_string);
            items.into()
        }
        Value::String(text) => {
            let generated = regex::Regex::new(r"\b\d{15,20}\b").expect("a constant");
            generated.replace_all(text, "N").into_owned().into()
        }
        other => other.clone(),
    }
}
