//! The output of `terraform show -json`, of a state or of a plan, with resources of the provider azapi.

use serde_json::{Map, Value, json};

use super::resources::Resources;
use super::roles::Found;
use crate::kinds;

/// What changes a resource that something else made.
const UPDATE: &str = "azapi_update_resource";

const ROLE_ASSIGNMENT: &str = "Microsoft.Authorization/roleAssignments";

/// Adds the resources of a state or a plan.
pub(super) fn read(root: &Value, found: &mut Resources) {
    let values = match root.get("values") {
        Some(values) => values,
        None => &root["planned_values"],
    };
    let mut all = Vec::new();
    collect(&values["root_module"], &mut all);
    for resource in &all {
        add(resource, found);
    }
    // What changes a resource counts on top of it, wherever it is written.
    for resource in all {
        if resource["type"] == UPDATE {
            update(resource, found);
        }
    }
}

/// The managed resources of a module and of those in it.
fn collect<'a>(module: &'a Value, all: &mut Vec<&'a Value>) {
    let resources = module["resources"].as_array().into_iter().flatten();
    all.extend(resources.filter(|resource| resource["mode"] != "data"));
    for child in module["child_modules"].as_array().into_iter().flatten() {
        collect(child, all);
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
        "azapi_resource" => {
            let kind = kind_of(values);
            if kind.eq_ignore_ascii_case(ROLE_ASSIGNMENT) {
                found.roles.push(role(values));
                return;
            }
            if !is_ours(&kind) {
                *found.strangers.entry(kind).or_default() += 1;
                return;
            }
            let Some(id) = id_of(values, &kind) else {
                let problem = "its parent is known only when it is applied: show the state instead of the plan";
                return found.report(address, problem.to_owned());
            };
            let mut envelope = body(&values["body"]);
            for key in ["location", "tags"] {
                let value = values.get(key).filter(|value| !value.is_null());
                envelope.extend(value.map(|value| (key.to_owned(), value.clone())));
            }
            let identity = identity(&values["identity"][0]);
            envelope.extend(identity.map(|identity| ("identity".to_owned(), identity)));
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

/// Merges what a resource changes in another one into it.
fn update(resource: &Value, found: &mut Resources) {
    let values = &resource["values"];
    let kind = kind_of(values);
    if !is_ours(&kind) {
        return;
    }
    let named = values["resource_id"].as_str().map(str::to_owned);
    let address = resource["address"].as_str().unwrap_or_default();
    match named.or_else(|| id_of(values, &kind)) {
        Some(id) => found.update(&id, &body(&values["body"])),
        None => found.report(
            address,
            "what it changes is known only when it is applied".to_owned(),
        ),
    }
}

/// The type of a resource of azapi, without its version.
fn kind_of(values: &Value) -> String {
    let kind = values["type"].as_str().unwrap_or_default();
    kind.split('@').next().unwrap_or_default().to_owned()
}

fn is_ours(kind: &str) -> bool {
    kind.to_lowercase().starts_with("microsoft.apicenter/")
}

/// The id of a resource of azapi: a plan has its parent and its name only.
fn id_of(values: &Value, kind: &str) -> Option<String> {
    if let Some(id) = values["id"].as_str() {
        return Some(id.to_owned());
    }
    let last = kind.rsplit('/').next().unwrap_or_default();
    let parent = values["parent_id"].as_str()?;
    let providers = match parent.to_lowercase().contains("/providers/") {
        true => "",
        false => "/providers/Microsoft.ApiCenter",
    };
    let name = values["name"].as_str()?;
    Some(format!("{parent}{providers}/{last}/{name}"))
}

/// A role assignment of azapi, whose parent is its scope.
fn role(values: &Value) -> Found {
    let body = body(&values["body"]);
    let properties = body.get("properties").unwrap_or(&Value::Null);
    let field = |key: &str| properties[key].as_str().map(str::to_owned);
    Found {
        scope: values["parent_id"].as_str().unwrap_or_default().to_owned(),
        role: field("roleDefinitionId").unwrap_or_default(),
        principal: Some(field("principalId").unwrap_or_default()),
        principal_type: field("principalType"),
        description: field("description"),
    }
}

/// An identity as Azure Resource Manager has it.
fn identity(block: &Value) -> Option<Value> {
    let kind = block["type"].as_str()?;
    // The provider writes a blank after the comma (documented).
    let mut identity = json!({"type": kind.replace(' ', "")});
    let ids = block["identity_ids"].as_array().into_iter().flatten();
    let ids: Map<String, Value> = ids
        .filter_map(|id| Some((id.as_str()?.to_owned(), json!({}))))
        .collect();
    if !ids.is_empty() {
        identity["userAssignedIdentities"] = Value::Object(ids);
    }
    Some(identity)
}

/// A body: a value since version 2 of the provider, a text of JSON before.
fn body(body: &Value) -> Map<String, Value> {
    let value = match body {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    };
    value.as_object().cloned().unwrap_or_default()
}
