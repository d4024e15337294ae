//! ARM templates, as `bicep build` and exports of deployments and resource groups make them.

use serde_json::{Map, Value, json};

use super::evaluate::Evaluator;
use super::limits::RESOURCE_BYTES;
use super::modules::DEPLOYMENTS;
use super::resources::Resources;
use super::roles::Found;
use super::values::text;

/// Adds the resources of a template.
pub(super) fn read(template: &Value, parameters: &Map<String, Value>, found: &mut Resources) {
    let mut evaluator = Evaluator::new(template, parameters, found);
    resources(&template["resources"], None, &mut evaluator);
}

/// A resource above another one: its type and its name.
type Parent<'a> = Option<(&'a str, &'a str)>;

/// The resources of a template or of a resource: a list, or a mapping by symbolic names.
fn resources(list: &Value, parent: Parent<'_>, evaluator: &mut Evaluator<'_>) {
    let all: Vec<&Value> = match list {
        Value::Array(items) => items.iter().collect(),
        Value::Object(entries) => entries.values().collect(),
        _ => return,
    };
    for resource in all {
        let copy = &resource["copy"];
        match copy["name"].as_str() {
            Some(name) => {
                evaluator.for_each_copy(name, copy, |evaluator| add(resource, parent, evaluator));
            }
            None => add(resource, parent, evaluator),
        }
    }
}

/// Whether a resource is deployed. One whose condition is not known is taken as deployed, and that is reported.
fn is_deployed(resource: &Value, evaluator: &mut Evaluator<'_>) -> bool {
    let Some(condition) = resource.get("condition") else {
        return true;
    };
    let problem = match evaluator.value(condition) {
        Ok(Value::Bool(is_deployed)) => return is_deployed,
        Ok(value) => {
            let needed = evaluator.found.placeholders.needed("condition", &value);
            needed.unwrap_or_else(|| "the condition is not true or false".to_owned())
        }
        Err(problem) => problem,
    };
    let written = condition.as_str().unwrap_or_default();
    evaluator.found.report_unknown_condition(written, &problem);
    true
}

/// What the import does with a resource of a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Ours,
    Role,
    /// A nested deployment.
    Module,
    /// Of no interest itself. What is in it may be.
    Other,
}

impl Use {
    fn of(kind: &str) -> Self {
        let kind = kind.to_lowercase();
        if kind.ends_with("microsoft.authorization/roleassignments")
            || kind.ends_with("providers/roleassignments")
        {
            Self::Role
        } else if kind == DEPLOYMENTS {
            Self::Module
        } else if kind.starts_with("microsoft.apicenter/") {
            Self::Ours
        } else {
            Self::Other
        }
    }
}

fn add(resource: &Value, parent: Parent<'_>, evaluator: &mut Evaluator<'_>) {
    // Also what is not imported: loops of it could be endless.
    if !evaluator.spend(RESOURCE_BYTES) || resource["existing"] == json!(true) {
        return;
    }
    let Some(own) = resource["type"].as_str() else {
        return;
    };
    let kind = parent.map_or_else(|| own.to_owned(), |(above, _)| format!("{above}/{own}"));
    let used_as = Use::of(&kind);
    if used_as == Use::Other {
        // Its own expressions are nobody's concern.
        let condition = resource.get("condition");
        if condition.is_some_and(|it| evaluator.value(it) == Ok(Value::Bool(false))) {
            return;
        }
    } else if !is_deployed(resource, evaluator) {
        return;
    }
    let name = match used_as {
        // A role assignment with a scope of its own has a GUID for a name, which nobody needs. That of a module
        // is often made of something that only a deployment knows.
        Use::Role if resource.get("scope").is_some() => Some(Value::Null),
        Use::Module | Use::Other => Some(evaluator.value(&resource["name"]).unwrap_or_default()),
        Use::Role | Use::Ours => evaluator.evaluated(&resource["name"]),
    };
    let Some(name) = name else { return };
    let name = match parent {
        Some((_, above)) => format!("{above}/{}", text(&name)),
        None => text(&name),
    };
    match used_as {
        Use::Module => {
            module(resource, &name, evaluator);
            return;
        }
        Use::Role => role(resource, &kind, &name, evaluator),
        Use::Ours => {
            let mut envelope = Map::new();
            for key in ["properties", "sku", "identity", "location", "tags"] {
                let value = resource
                    .get(key)
                    .and_then(|value| evaluator.evaluated(value));
                envelope.extend(value.map(|value| (key.to_owned(), value)));
            }
            evaluator.found.add(&kind, &name, envelope);
        }
        Use::Other => *evaluator.found.strangers.entry(kind.clone()).or_default() += 1,
    }
    resources(&resource["resources"], Some((&kind, &name)), evaluator);
}

/// A nested deployment, which is what a module of Bicep becomes.
fn module(resource: &Value, name: &str, evaluator: &mut Evaluator<'_>) {
    let properties = &resource["properties"];
    if let Some(uri) = properties["templateLink"]["uri"].as_str() {
        let uri = evaluator.value(&Value::from(uri)).map(|uri| text(&uri));
        let place = uri.map_or_else(|_| String::new(), |uri| format!(" at {uri}"));
        let name = match name {
            "" => String::new(),
            name => format!(" `{name}`"),
        };
        evaluator.found.notes.push(format!(
            "the deployment{name}: left out, as its template is in another file{place}; import that one too"
        ));
    }
    let template = &properties["template"];
    if evaluator.gives_its_scope_to(properties) {
        return resources(&template["resources"], None, evaluator);
    }
    let parameters = evaluator.parameters_of(properties);
    let place = evaluator.place_of(resource);
    let mut inside = Evaluator {
        place,
        ..Evaluator::new(template, &parameters, evaluator.found)
    };
    resources(&template["resources"], None, &mut inside);
}

fn role(resource: &Value, kind: &str, name: &str, evaluator: &mut Evaluator<'_>) {
    let properties = &resource["properties"];
    let principal = properties["principalId"].as_str().unwrap_or_default();
    let lower = principal.to_lowercase();
    let is_own = lower.contains("microsoft.apicenter/services") && lower.contains(".principalid");
    let scope = match resource.get("scope") {
        Some(value) => evaluator.evaluated(value).map(|value| text(&value)),
        // `Microsoft.X/y/providers/roleAssignments` has its scope in its name.
        None => kind
            .split_once("/providers/")
            .map(|(kind, _)| path_of(kind, name)),
    };
    let scope = scope.map(|scope| absolute(scope, evaluator));
    let mut field = |key: &str| {
        let value = evaluator.evaluated(properties.get(key)?);
        value.map(|value| text(&value))
    };
    let role = Found {
        scope: scope.unwrap_or_default(),
        role: field("roleDefinitionId").unwrap_or_default(),
        principal: match is_own {
            true => None,
            false => Some(field("principalId").unwrap_or_default()),
        },
        principal_type: field("principalType"),
        description: field("description"),
    };
    evaluator.found.roles.push(role);
}

/// `Microsoft.X/a/NAME/b/NAME` for a type and its names, whatever follows them.
fn path_of(kind: &str, names: &str) -> String {
    let (provider, steps) = kind.split_once('/').unwrap_or((kind, ""));
    let mut path = provider.to_owned();
    for (step, name) in steps.split('/').zip(names.split('/')) {
        path.push_str(&format!("/{step}/{name}"));
    }
    path
}

/// A scope that is written from its resource group.
fn absolute(scope: String, evaluator: &mut Evaluator<'_>) -> String {
    if scope.starts_with('/') || scope.is_empty() {
        return scope;
    }
    let placeholders = &mut evaluator.found.placeholders;
    let subscription = placeholders.of_deployment("subscriptionId");
    let group = placeholders.of_deployment("resourceGroup");
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{scope}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_of_what_is_not_imported_end() {
        let storage = |copy: &Value| json!({"type": "Microsoft.Storage/storageAccounts", "name": "a", "copy": copy});
        let module = |copy: &Value, resource: &Value| {
            json!({"type": "Microsoft.Resources/deployments", "name": "m", "copy": copy,
                "properties": {"template": {"resources": [resource]}}})
        };
        let copy = json!({"name": "loop", "count": 800});
        let existing = json!({"existing": true, "type": "a/b", "name": "c", "copy": copy});
        for resource in [
            module(&copy, &storage(&copy)),
            module(&copy, &module(&copy, &Value::Null)),
            module(&copy, &existing),
        ] {
            let mut found = Resources::default();
            assert_eq!(found.limits.spend(250 << 20), Ok(()));
            read(&json!({"resources": [resource]}), &Map::new(), &mut found);
            let said = found.reported().concat();
            assert!(said.contains("more than 256 MB"), "{said}");
            assert!(found.strangers.values().sum::<usize>() < 10_000);
        }
    }

    #[test]
    fn a_condition_does_not_hide_what_is_left_out() {
        let expression = "[reference('a').b]";
        let resource = json!({"type": "Microsoft.ApiCenter/services/workspaces/environments",
            "name": "c/default/e", "condition": expression, "properties": {"title": expression}});
        let mut found = Resources::default();
        read(&json!({"resources": [resource]}), &Map::new(), &mut found);
        let reported = found.reported();
        assert_eq!(reported.len(), 2, "{reported:?}");
    }

    #[test]
    fn a_reference_does_not_look_at_every_deployment() {
        // One look at each for each reference is more than the limit of a file.
        let names: Vec<String> = (0..17_000).map(|i| format!("module-{i}")).collect();
        let mut all: Vec<Value> = names
            .iter()
            .map(|name| {
                json!({"type": "Microsoft.Resources/deployments", "name": format!("[concat('{name}', '')]"),
                    "properties": {"template": {"outputs": {"out": {"value": name}}}}})
            })
            .collect();
        let outputs: Vec<String> = names
            .iter()
            .map(|name| {
                let id =
                    format!("resourceId('Microsoft.Resources/deployments', concat('{name}',''))");
                format!("[reference({id}).outputs.out.value]")
            })
            .collect();
        all.push(json!({"type": "Microsoft.ApiCenter/services/workspaces/environments",
            "name": "c/default/e", "properties": {"title": "e", "kind": "production", "custom": outputs}}));
        let mut found = Resources::default();
        read(&json!({"resources": all}), &Map::new(), &mut found);
        assert_eq!(found.reported(), [""; 0]);
        assert!(found.texts().contains(&names[16_999]));
    }
}
