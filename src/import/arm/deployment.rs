//! Functions of templates whose value depends on where the template is deployed, and on loops.

use serde_json::{Value, json};

use super::bindings::Bindings;
use super::values::text;

/// Functions whose value depends on where the template is deployed, and on loops.
pub(super) fn call(
    name: &str,
    arguments: &[Value],
    bindings: &mut dyn Bindings,
) -> Result<Option<Value>, String> {
    let texts = || -> Vec<String> { arguments.iter().map(text).collect() };
    Ok(Some(match (name, arguments) {
        ("copyindex", _) => json!(copy_index(arguments, bindings)?),
        ("resourceid", _) => Value::from(resource_id(&texts(), bindings)?),
        ("subscriptionresourceid" | "tenantresourceid", _) => Value::from(provider_path(&texts())?),
        ("extensionresourceid", [scope, rest @ ..]) => {
            let rest: Vec<String> = rest.iter().map(text).collect();
            Value::from(format!("{}{}", text(scope), provider_path(&rest)?))
        }
        ("subscription", []) => {
            let id = bindings.of_place("subscriptionId");
            json!({"subscriptionId": id, "id": format!("/subscriptions/{id}")})
        }
        ("resourcegroup", []) => {
            let group = bindings.of_place("resourceGroup");
            let subscription = bindings.of_place("subscriptionId");
            json!({
                "name": group,
                "location": bindings.of_place("location"),
                "id": format!("/subscriptions/{subscription}/resourceGroups/{group}"),
            })
        }
        _ => return Ok(None),
    }))
}

fn copy_index(arguments: &[Value], bindings: &mut dyn Bindings) -> Result<u64, String> {
    let placeholders = bindings.placeholders();
    let mut all = arguments.iter();
    if let Some(needed) = all.find_map(|value| placeholders.needed("copyIndex", value)) {
        return Err(needed);
    }
    let named = arguments.first().and_then(Value::as_str);
    let index = bindings.copy_index(named);
    let index = index.ok_or("copyIndex() is not in a loop")?;
    let offset = arguments.last().and_then(Value::as_u64).unwrap_or_default();
    Ok(index.saturating_add(offset))
}

fn resource_id(arguments: &[String], bindings: &mut dyn Bindings) -> Result<String, String> {
    let at = arguments.iter().position(|argument| argument.contains('/'));
    let at = at.ok_or("`resourceId` has no type")?;
    let (scope, rest) = arguments.split_at(at);
    let group = scope.last().cloned();
    let group = group.unwrap_or_else(|| bindings.of_place("resourceGroup"));
    let subscription = match scope {
        [subscription, _] => subscription.clone(),
        _ => bindings.of_place("subscriptionId"),
    };
    let path = provider_path(rest)?;
    Ok(format!(
        "/subscriptions/{subscription}/resourceGroups/{group}{path}"
    ))
}

/// `/providers/Microsoft.X/a/NAME/b/NAME` for a type and names.
fn provider_path(arguments: &[String]) -> Result<String, String> {
    let (kind, names) = arguments.split_first().ok_or("a type is missing")?;
    let mut steps = kind.split('/');
    let mut path = format!("/providers/{}", steps.next().unwrap_or_default());
    for (step, name) in steps.zip(names) {
        path.push_str(&format!("/{step}/{name}"));
    }
    Ok(path)
}
