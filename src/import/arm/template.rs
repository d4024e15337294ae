//! ARM templates, as `bicep build` and exports of deployments and resource groups make them.

use serde_json::{Map, Value, json};

use super::expression::{Scope, text, value_of};
use super::resources::{Found, Resources};

/// Adds the resources of a template.
pub(super) fn read(template: &Value, parameters: &Map<String, Value>, found: &mut Resources) {
    let mut scope = Scope::default();
    let declared = template["parameters"].as_object();
    for (name, parameter) in declared.into_iter().flatten() {
        let given = parameters
            .iter()
            .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value));
        let value = match given {
            Some(given) => Some(given.clone()),
            None => parameter
                .get("defaultValue")
                .and_then(|value| evaluated(value, &scope, found)),
        };
        if let Some(value) = value {
            scope.parameters.insert(name.clone(), value);
        }
    }
    let variables = template["variables"].as_object();
    for (name, variable) in variables.into_iter().flatten() {
        if let Some(value) = evaluated(variable, &scope, found) {
            scope.variables.insert(name.clone(), value);
        }
    }
    resources(&template["resources"], None, &scope, found);
}

/// A resource above another one: its type and its name.
type Parent<'a> = Option<(&'a str, &'a str)>;

/// The resources of a template or of a resource: a list, or a mapping by symbolic names.
fn resources(list: &Value, parent: Parent<'_>, scope: &Scope, found: &mut Resources) {
    let all: Vec<&Value> = match list {
        Value::Array(items) => items.iter().collect(),
        Value::Object(entries) => entries.values().collect(),
        _ => return,
    };
    for resource in all {
        if resource["existing"] == json!(true) {
            continue;
        }
        let copy = &resource["copy"];
        let Some(name) = copy["name"].as_str() else {
            add(resource, parent, scope, found);
            continue;
        };
        let count = evaluated(&copy["count"], scope, found);
        for index in 0..count.and_then(|count| count.as_u64()).unwrap_or_default() {
            let mut scope = scope.clone();
            scope.copies.push((name.to_owned(), index as usize));
            add(resource, parent, &scope, found);
        }
    }
}

fn add(resource: &Value, parent: Parent<'_>, scope: &Scope, found: &mut Resources) {
    if let Some(condition) = resource.get("condition")
        && evaluated(condition, scope, found) == Some(json!(false))
    {
        return;
    }
    let Some(kind) = resource["type"].as_str() else {
        return;
    };
    let is_role = kind
        .to_lowercase()
        .ends_with("microsoft.authorization/roleassignments");
    // A role assignment with a scope of its own has a GUID for a name, which nobody needs.
    let name = match is_role && resource.get("scope").is_some() {
        true => Some(Value::Null),
        false => evaluated(&resource["name"], scope, found),
    };
    let Some(name) = name else { return };
    let (kind, name) = match parent {
        Some((above, above_name)) => (
            format!("{above}/{kind}"),
            format!("{above_name}/{}", text(&name)),
        ),
        None => (kind.to_owned(), text(&name)),
    };
    if kind.eq_ignore_ascii_case("Microsoft.Resources/deployments") {
        module(&resource["properties"], scope, found);
        return;
    }
    let is_ours = kind.to_lowercase().starts_with("microsoft.apicenter/");
    if is_role {
        role(resource, &kind, &name, scope, found);
    } else if is_ours {
        let mut envelope = Map::new();
        for key in ["properties", "sku", "identity", "location", "tags"] {
            let value = resource
                .get(key)
                .and_then(|value| evaluated(value, scope, found));
            envelope.extend(value.map(|value| (key.to_owned(), value)));
        }
        found.add(&kind, &name, envelope);
    } else {
        *found.strangers.entry(kind.clone()).or_default() += 1;
    }
    resources(&resource["resources"], Some((&kind, &name)), scope, found);
}

/// A nested deployment, which is what a module of Bicep becomes.
fn module(properties: &Value, scope: &Scope, found: &mut Resources) {
    let mut parameters = Map::new();
    for (name, parameter) in properties["parameters"].as_object().into_iter().flatten() {
        let value = parameter
            .get("value")
            .and_then(|value| evaluated(value, scope, found));
        parameters.extend(value.map(|value| (name.clone(), value)));
    }
    read(&properties["template"], &parameters, found);
}

fn role(resource: &Value, kind: &str, name: &str, scope: &Scope, found: &mut Resources) {
    let properties = &resource["properties"];
    let principal = properties["principalId"].as_str().unwrap_or_default();
    let lower = principal.to_lowercase();
    let is_own = lower.contains("microsoft.apicenter/services") && lower.contains(".principalid");
    let of_scope = match resource.get("scope") {
        Some(value) => evaluated(value, scope, found).map(|value| text(&value)),
        // `Microsoft.X/y/providers/roleAssignments` has its scope in its name.
        None => kind.split_once("/providers/").and_then(|(kind, _)| {
            let steps: Vec<&str> = kind.split('/').collect();
            let names = name.split('/').take(steps.len().saturating_sub(1));
            let pairs = steps[1..].iter().zip(names);
            let path: Vec<String> = pairs.map(|(step, name)| format!("{step}/{name}")).collect();
            Some(format!("/providers/{}/{}", steps[0], path.join("/")))
        }),
    };
    let mut field =
        |key: &str| evaluated(properties.get(key)?, scope, found).map(|value| text(&value));
    let role = Found {
        scope: of_scope.unwrap_or_default(),
        role: field("roleDefinitionId").unwrap_or_default(),
        principal: match is_own {
            true => None,
            false => Some(field("principalId").unwrap_or_default()),
        },
        principal_type: field("principalType"),
        description: field("description"),
    };
    found.roles.push(role);
}

/// A value with its expressions evaluated. A part that has no value is left out, and reported.
fn evaluated(value: &Value, scope: &Scope, found: &mut Resources) -> Option<Value> {
    match value {
        Value::String(text) => match value_of(text, scope, &mut found.placeholders) {
            Ok(value) => Some(value),
            Err(problem) => {
                found.report(text, problem);
                None
            }
        },
        Value::Array(items) => {
            let items = items.iter();
            Some(
                items
                    .filter_map(|item| evaluated(item, scope, found))
                    .collect(),
            )
        }
        Value::Object(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                match value.as_array().filter(|_| key == "copy") {
                    Some(loops) => object.extend(copies(loops, scope, found)),
                    None => object
                        .extend(evaluated(value, scope, found).map(|value| (key.clone(), value))),
                }
            }
            Some(Value::Object(object))
        }
        other => Some(other.clone()),
    }
}

/// Fields that a loop makes: `copy: [{name, count, input}]`.
fn copies(loops: &[Value], scope: &Scope, found: &mut Resources) -> Map<String, Value> {
    let mut fields = Map::new();
    for each in loops {
        let Some(name) = each["name"].as_str() else {
            continue;
        };
        let count = evaluated(&each["count"], scope, found).and_then(|count| count.as_u64());
        let mut items = Vec::new();
        for index in 0..count.unwrap_or_default() {
            let mut scope = scope.clone();
            scope.copies.push((name.to_owned(), index as usize));
            items.extend(evaluated(&each["input"], &scope, found));
        }
        fields.insert(name.to_owned(), Value::Array(items));
    }
    fields
}
