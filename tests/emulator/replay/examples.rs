//! The published examples of the service, sent to the emulator where they lie beside the project:
//! each is answered with a status it names, and a body of the same shape.

use std::collections::BTreeMap;
use std::path::Path;

use reqwest::Client;
use serde_json::{Map, Value};

use super::{Exchange, Player};
use crate::emulator::harness::{ReceivedResponse, reference};

/// Examples that are answered otherwise in every version: what the difference contains, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "DeletedServices_Delete",
        "not supported on deleted services",
        "observed in the field: purging is not offered",
    ),
    (
        "ApiSources_CreateOrUpdate",
        "The 'targetEnvironmentId' is in an incorrect format",
        "observed in the field: only the relative environment is taken",
    ),
    (
        "MetadataSchemas_CreateOrUpdate",
        "The field Schema must be a valid JSON schema.",
        "the schema of the example is not JSON",
    ),
    (
        "MetadataSchemas_Get",
        "status 404 Not Found",
        "the schema of the example is not JSON",
    ),
    (
        "MetadataSchemas_List",
        "items at /value",
        "the schema of the example is not JSON",
    ),
    (
        "Deployments_List",
        "items at /value",
        "the ids of the example leave the API out",
    ),
    (
        "Workspaces_Delete",
        "The default workspace cannot be deleted.",
        "chosen here: the default workspace stays",
    ),
];

/// Properties that the examples show and the service never does, and why.
const NEVER_SHOWN: &[(&str, &str)] = &[
    ("createdAt", "observed: not in the answer to an update"),
    ("lastModifiedAt", "observed: a new environment has none"),
    ("provisioningState", "observed: never returned"),
    ("state", "observed: a deployment's state is dropped"),
    (
        "lifecycleStage",
        "observed: an API without versions has none",
    ),
    ("specification", "observed: only there after an import"),
];

/// Some examples answer with ids in another subscription than they ask in.
const OTHER_SUBSCRIPTION: &str = "a200340d-6b82-494d-9dbf-687ba6e33f9e";
const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";

/// The operations of a description: id to method and path.
fn operations(description: &Value) -> BTreeMap<String, (String, String)> {
    let mut found = BTreeMap::new();
    for (path, item) in description["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(id) = operation["operationId"].as_str() {
                found.insert(id.to_owned(), (method.to_ascii_uppercase(), path.clone()));
            }
        }
    }
    found
}

/// An example as an exchange, as if its first documented answer had been recorded.
fn exchange(
    name: &str,
    example: &Value,
    (method, template): &(String, String),
) -> Option<Exchange> {
    let parameters = example["parameters"].as_object()?;
    let mut path = template.clone();
    let mut request = None;
    for (name, value) in parameters {
        match value {
            Value::String(text) => path = path.replace(&format!("{{{name}}}"), text),
            Value::Object(_) => request = Some(with_plan(value, template).to_string()),
            _ => {}
        }
    }
    let version = parameters["api-version"].as_str()?;
    let (status, answer) = example["responses"].as_object()?.iter().next()?;
    let mut body = answer.get("body").cloned();
    body.iter_mut().for_each(made_relative);
    Some(Exchange {
        test: name.to_owned(),
        method: method.clone(),
        uri: format!("{path}?api-version={version}"),
        request,
        status: status.parse().ok()?,
        headers: BTreeMap::new(),
        response: body.map(|body| body.to_string().replace(OTHER_SUBSCRIPTION, SUBSCRIPTION)),
    })
}

/// The body of an example. No published version knows the plan of a service, which a PUT must send
/// (observed).
fn with_plan(body: &Value, template: &str) -> Value {
    let mut body = body.clone();
    if template.ends_with("/services/{serviceName}") && body.get("location").is_some() {
        body["sku"] = serde_json::json!({"name": "Free"});
    }
    body
}

/// Environments of sources are relative to the service, whatever the examples say (observed in the
/// field).
fn made_relative(body: &mut Value) {
    match body {
        Value::Object(object) => {
            if let Some(Value::String(id)) = object.get_mut("targetEnvironmentId")
                && let Some(at) = id.find("/workspaces/")
            {
                *id = id[at..].to_owned();
            }
            object.values_mut().for_each(made_relative);
        }
        Value::Array(items) => items.iter_mut().for_each(made_relative),
        _ => {}
    }
}

fn difference(example: &Value, exchange: &Exchange, heard: &ReceivedResponse) -> Option<String> {
    let documented = example["responses"].as_object()?;
    let Some(answer) = documented.get(heard.status.as_str()) else {
        let known: Vec<&String> = documented.keys().collect();
        return Some(format!(
            "status {}, documented {known:?}: {}",
            heard.status, heard.text
        ));
    };
    for header in answer["headers"]
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
    {
        if heard.header(header).is_none() {
            return Some(format!("no header {header}"));
        }
    }
    match answer.get("body") {
        None => (!heard.text.is_empty()).then(|| format!("a body: {}", heard.text)),
        Some(_) => shape_difference(&exchange.answer(), &heard.json(), ""),
    }
}

/// The first place where ours is of another shape; it may hold more.
fn shape_difference(documented: &Value, ours: &Value, path: &str) -> Option<String> {
    match (documented, ours) {
        (Value::Object(documented), Value::Object(ours)) => {
            documented.iter().find_map(|(key, value)| {
                let path = format!("{path}/{key}");
                match ours.get(key) {
                    Some(ours) => shape_difference(value, ours, &path),
                    None if NEVER_SHOWN.iter().any(|(name, _)| name == key) => None,
                    None => Some(format!("nothing at {path}")),
                }
            })
        }
        (Value::Array(documented), Value::Array(ours)) => {
            let (Some(documented), Some(ours)) = (documented.first(), ours.first()) else {
                return (documented.is_empty() != ours.is_empty())
                    .then(|| format!("items at {path}"));
            };
            shape_difference(documented, ours, &format!("{path}/0"))
        }
        (documented, ours) => {
            let alike = std::mem::discriminant(documented) == std::mem::discriminant(ours);
            (!alike).then(|| format!("{ours} at {path} instead of {documented}"))
        }
    }
}

/// What became of one example.
enum Outcome {
    AsDocumented,
    Excepted,
    Differs(String),
}

async fn tried(client: &Client, example: &Value, exchange: &Exchange) -> Outcome {
    let player = Player::start(client, false).await;
    let heard = player.replay(exchange).await;
    player.emulator.stop().await;
    let difference = difference(example, exchange, &heard);
    let mut exceptions = EXCEPTIONS.iter();
    let exception = exceptions.find(|(name, ..)| exchange.test.ends_with(name));
    match (difference, exception) {
        (None, None) => Outcome::AsDocumented,
        (Some(difference), Some((_, part, _))) if difference.contains(part) => Outcome::Excepted,
        (None, Some(_)) => Outcome::Differs(format!("{}: no exception is needed", exchange.test)),
        (Some(difference), _) => Outcome::Differs(format!("{}: {difference}", exchange.test)),
    }
}

fn read(path: &Path) -> Value {
    let bytes = std::fs::read(path).expect("a file");
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The paths in a folder, in order.
fn listed(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

#[tokio::test(flavor = "multi_thread")]
async fn published_examples_are_answered_as_documented() {
    let Some(folder) = reference("spec") else {
        println!("no examples beside the project: nothing tried");
        return;
    };
    let client = Client::builder().no_proxy().build().expect("a client");
    let (mut good, mut excepted, mut unknown, mut differences) = (0, 0, Vec::new(), Vec::new());
    for version in listed(&folder) {
        let known = operations(&read(&version.join("apicenter.json")));
        for path in listed(&version.join("examples")) {
            let example = read(&path);
            let id = example["operationId"].as_str().unwrap_or_default();
            let name = path
                .file_stem()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let version = version
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let name = format!("{version} {name}");
            let operation = known.get(id);
            let Some(exchange) =
                operation.and_then(|operation| exchange(&name, &example, operation))
            else {
                unknown.push(name);
                continue;
            };
            match tried(&client, &example, &exchange).await {
                Outcome::AsDocumented => good += 1,
                Outcome::Excepted => excepted += 1,
                Outcome::Differs(difference) => differences.push(difference),
            }
        }
    }
    println!(
        "{good} examples answered as documented, {excepted} excepted, of no published operation: {unknown:?}"
    );
    assert!(
        differences.is_empty(),
        "{} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(good > 120, "only {good} examples were tried");
}
