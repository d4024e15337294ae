//! Bringing values to the one form that is compared.

use serde_json::{Map, Value};

use super::schema::{items_of, property_of};
use crate::model::Body;
use crate::model::view::CustomProperties;

/// Removes nulls and empty containers: the service fills some in and omits others, and means the same.
///
/// Only where the schema names the fields: what users shape themselves (custom properties, metadata
/// schemas, identities by their id) stays as it is, unless all of it is empty.
pub(super) fn prune_empty(schema: &Value, body: &mut Body) {
    body.retain(|key, value| {
        let property = property_of(schema, key).unwrap_or(&Value::Null);
        !is_empty_after_pruning(property, value)
    });
}

fn is_empty_after_pruning(schema: &Value, value: &mut Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => {
            if schema.get("properties").is_some() {
                prune_empty(schema, map);
            }
            map.is_empty()
        }
        Value::Array(items) => {
            let item_schema = items_of(schema).unwrap_or(&Value::Null);
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                if item_schema.get("properties").is_some() {
                    prune_empty(item_schema, item);
                }
            }
            items.is_empty()
        }
        _ => false,
    }
}

/// Writes the ids of resources of the own service relative to it, as most clients do: some write full
/// ARM ids (observed in public Terraform), and the service keeps either.
pub(super) fn relative_ids(envelope: &Map<String, Value>, body: &mut Body) {
    const BELOW: &str = "/workspaces/";
    let own = envelope.get("id").and_then(Value::as_str);
    let Some(service) = own.and_then(|id| id.get(..id.to_ascii_lowercase().find(BELOW)?)) else {
        return;
    };
    let is_id = |key: &String| key.ends_with("Id") || key.ends_with("Ids");
    let ids = body.iter_mut().filter(|(key, _)| is_id(key));
    let texts = ids.flat_map(|(_, value)| match value {
        Value::Array(items) => items.iter_mut().collect(),
        one => vec![one],
    });
    for value in texts {
        let Some(id) = value.as_str() else { continue };
        let is_own = id
            .get(..service.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(service));
        let rest = id.get(service.len()..).unwrap_or_default();
        if is_own && rest.to_ascii_lowercase().starts_with(BELOW) {
            *value = Value::from(rest);
        }
    }
}

/// A custom property that is null has no value.
pub(super) fn without_null_properties(body: &mut Body) {
    if let Some(Value::Object(properties)) = body.get_mut(CustomProperties::FIELD) {
        properties.retain(|_, value| !value.is_null());
    }
}

/// Removes the field at a dotted path.
pub(super) fn remove(body: &mut Body, path: &str) {
    match path.split_once('.') {
        None => {
            body.shift_remove(path);
        }
        Some((first, rest)) => {
            if let Some(Value::Object(nested)) = body.get_mut(first) {
                remove(nested, rest);
            }
        }
    }
}

/// Parts a live body into what the schema knows and what it does not.
pub(super) fn split(schema: &Value, body: Body) -> (Body, Body) {
    let mut known = Map::new();
    let mut unknown = Map::new();
    for (key, value) in body {
        let Some(property) = property_of(schema, &key) else {
            unknown.insert(key, value);
            continue;
        };
        let (inside, outside) = split_value(property, value);
        known.insert(key.clone(), inside);
        if let Some(outside) = outside {
            unknown.insert(key, outside);
        }
    }
    (known, unknown)
}

fn split_value(schema: &Value, value: Value) -> (Value, Option<Value>) {
    match value {
        Value::Object(map) if schema.get("properties").is_some() => {
            let (known, unknown) = split(schema, map);
            (
                Value::Object(known),
                (!unknown.is_empty()).then_some(Value::Object(unknown)),
            )
        }
        Value::Array(items) => match items_of(schema) {
            Some(item_schema) => split_items(item_schema, items),
            None => (Value::Array(items), None),
        },
        other => (other, None),
    }
}

fn split_items(schema: &Value, items: Vec<Value>) -> (Value, Option<Value>) {
    let mut known = Vec::with_capacity(items.len());
    let mut unknown = Vec::with_capacity(items.len());
    for item in items {
        let (inside, outside) = split_value(schema, item);
        known.push(inside);
        unknown.push(outside.unwrap_or(Value::Null));
    }
    let any = unknown.iter().any(|value| !value.is_null());
    (Value::Array(known), any.then_some(Value::Array(unknown)))
}

/// Puts fields that nobody modelled back into a wire body; items of lists are in the order of the
/// body (see [`crate::model::UnmodelledFields`]).
pub(super) fn merge_unmodelled(schema: &Value, body: &mut Body, unmodelled: &Body) {
    for (key, extra) in unmodelled {
        let property = property_of(schema, key);
        match (body.get_mut(key), property) {
            (Some(value), _) => merge_value(property.unwrap_or(&Value::Null), value, extra),
            (None, Some(_)) if !extra.is_object() => {}
            (None, _) => {
                body.insert(key.clone(), extra.clone());
            }
        }
    }
}

fn merge_value(schema: &Value, value: &mut Value, extra: &Value) {
    match (value, extra) {
        (Value::Object(map), Value::Object(extra)) => merge_unmodelled(schema, map, extra),
        (Value::Array(items), Value::Array(extra)) if items.len() == extra.len() => {
            let item_schema = items_of(schema).unwrap_or(&Value::Null);
            for (item, extra) in items.iter_mut().zip(extra) {
                merge_value(item_schema, item, extra);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::unmodelled_paths;

    fn body(value: Value) -> Body {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn unknown_fields_are_parted_named_and_put_back() {
        let schema = json!({"properties": {
            "title": {"type": "string"},
            "server": {"type": "object", "properties": {"type": {"type": "string"}}},
            "contacts": {"type": "array", "items": {"type": "object", "properties": {"name": {}}}},
            "customProperties": {"type": "object", "additionalProperties": true},
        }});
        let live = body(json!({
            "title": "a", "novel": 1, "server": {"type": "x", "region": "eu"},
            "contacts": [{"name": "n"}, {"name": "m", "phone": "1"}],
            "customProperties": {"team": "a"},
        }));
        let (known, unknown) = split(&schema, live.clone());
        assert_eq!(
            unmodelled_paths(&unknown),
            ["contacts[1].phone", "novel", "server.region"]
        );
        assert_eq!(known["customProperties"], json!({"team": "a"}));
        let mut back = known;
        merge_unmodelled(&schema, &mut back, &unknown);
        assert_eq!(Value::Object(back), Value::Object(live));
        let mut without_contacts = body(json!({"title": "a"}));
        merge_unmodelled(&schema, &mut without_contacts, &unknown);
        assert_eq!(
            Value::Object(without_contacts),
            json!({"title": "a", "novel": 1, "server": {"region": "eu"}})
        );
    }

    #[test]
    fn ids_of_the_own_service_are_relative() {
        let service = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.ApiCenter/services/a";
        let envelope = body(json!({"id": format!("{service}/workspaces/default/apis/x")}));
        let mut properties = body(json!({
            "environmentId": format!("{}/workspaces/default/environments/dev", service.to_uppercase()),
            "definitionId": format!("{service}b/workspaces/default/apis/y"),
            "note": format!("{service}/workspaces/default/apis/y"),
        }));
        let expected = json!({
            "environmentId": "/workspaces/default/environments/dev",
            "definitionId": properties["definitionId"],
            "note": properties["note"],
        });
        relative_ids(&envelope, &mut properties);
        assert_eq!(
            properties["environmentId"],
            "/workspaces/default/environments/dev"
        );
        assert_eq!(Value::Object(properties), expected);
    }

    #[test]
    fn nulls_and_empty_containers_vanish_except_in_what_users_shape() {
        let schema = json!({"properties": {
            "c": {"properties": {"d": {}}},
            "e": {"items": {"properties": {"f": {}}}},
            "own": {"additionalProperties": true},
        }});
        let mut value = body(json!({
            "a": null, "b": {}, "c": {"d": []}, "e": [{"f": null}], "f": "", "own": {"g": []},
        }));
        prune_empty(&schema, &mut value);
        assert_eq!(
            Value::Object(value),
            json!({"e": [{}], "f": "", "own": {"g": []}})
        );
    }
}
