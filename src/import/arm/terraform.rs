//! The output of `terraform show -json`, of a state or of a plan, with resources of the provider azapi.

use serde_json::{Map, Value};

use super::resources::Resources;
use super::roles::Found;
use crate::kinds;

/// Adds the resources of a state or a plan.
pub(super) fn read(root: &Value, found: &mut Resources) {
    let values = match root.get("values") {
        Some(values) => values,
        None => &root["planned_values"],
    };
    module(&values["root_module"], found);
}

fn module(module: &Value, found: &mut Resources) {
    let list = |key: &str| module[key].as_array().cloned().unwrap_or_default();
    for resource in list("resources") {
        if resource["mode"] != "data" {
            add(&resource, found);
        }
    }
    for child in list("child_modules") {
        self::module(&child, found);
    }
}

/// Whether an action gives a definition its document.
fn imports_document(action: &str) -> bool {
    let content = kinds::API_DEFINITION.content.as_ref();
    content.is_some_and(|content| action.eq_ignore_ascii_case(content.import_action))
}

fn add(resource: &Value, found: &mut Resources) {
    let values = &resource["values"];
    let field = |key: &str| values[key].as_str().map(str::to_owned);
    let address = resource["address"].as_str().unwrap_or_default();
    match resource["type"].as_str().unwrap_or_default() {
        "azapi_resource" | "azapi_update_resource" => {
            let kind = field("type").unwrap_or_default();
            let kind = kind.split('@').next().unwrap_or_default();
            if !kind.to_lowercase().starts_with("microsoft.apicenter/") {
                *found.strangers.entry(kind.to_owned()).or_default() += 1;
                return;
            }
            let id = field("id").or_else(|| {
                let last = kind.rsplit('/').next().unwrap_or_default();
                let parent = field("parent_id")?;
                let providers = match parent.to_lowercase().contains("/providers/") {
                    true => "",
                    false => "/providers/Microsoft.ApiCenter",
                };
                Some(format!("{parent}{providers}/{last}/{}", field("name")?))
            });
            let Some(id) = id else {
                let problem = "its parent is known only when it is applied: show the state instead of the plan";
                return found.report(address, problem.to_owned());
            };
            let mut envelope = body(&values["body"]);
            for key in ["location", "tags"] {
                let value = values.get(key).filter(|value| !value.is_null());
                envelope.extend(value.map(|value| (key.to_owned(), value.clone())));
            }
            found.add_id(&id, envelope);
        }
        "azapi_resource_action" => {
            let action = field("action").unwrap_or_default();
            let body = body(&values["body"]);
            let (id, document) = (
                field("resource_id"),
                body.get("value").and_then(Value::as_str),
            );
            if let (true, Some(id), Some(document)) = (imports_document(&action), id, document) {
                let is_link = body.get("format").and_then(Value::as_str) == Some("link");
                found.document(&id, document, is_link);
            }
        }
        "azurerm_role_assignment" => found.roles.push(Found {
            scope: field("scope").unwrap_or_default(),
            role: field("role_definition_name")
                .or_else(|| field("role_definition_id"))
                .unwrap_or_default(),
            principal: Some(field("principal_id").unwrap_or_default()),
            principal_type: field("principal_type"),
            description: field("description"),
        }),
        _ => {}
    }
}

/// A body: a value since version 2 of the provider, a text of JSON before.
fn body(body: &Value) -> Map<String, Value> {
    let value = match body {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    };
    value.as_object().cloned().unwrap_or_default()
}
