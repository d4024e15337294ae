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

/// The id of the service of this resource type in the id of a resource.
#[must_use]
pub(super) fn service_of_id<'a>(resource_type: &str, id: &'a str) -> Option<&'a str> {
    // A resource group may have any name, `services` too.
    let services = format!("/providers/{resource_type}/").to_ascii_lowercase();
    let name = id.to_ascii_lowercase().find(&services)? + services.len();
    let end = id[name..].find('/')?;
    id.get(..name + end)
}

/// Writes the ids of resources of a service relative to it, as most clients do, in the properties that have ids:
/// some write full ARM ids (observed in public Terraform), and the service keeps either.
pub(super) fn relative_ids(service: &str, properties: &[&str], body: &mut Body) {
    for property in properties {
        if let Some(value) = body.get_mut(*property) {
            all_relative(service, value);
        }
    }
}

/// Writes every text that is the id of a resource of a service relative to it.
pub(super) fn all_relative(service: &str, value: &mut Value) {
    match value {
        Value::String(id) => {
            if let Some(relative) = relative_id(service, id).map(str::to_owned) {
                *id = relative;
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| all_relative(service, item)),
        Value::Object(map) => map
            .values_mut()
            .for_each(|value| all_relative(service, value)),
        _ => {}
    }
}

fn relative_id<'a>(service: &str, id: &'a str) -> Option<&'a str> {
    const BELOW: &str = "/workspaces/";
    let (head, rest) = id.split_at_checked(service.len())?;
    let is_below = rest
        .get(..BELOW.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(BELOW));
    (head.eq_ignore_ascii_case(service) && is_below).then_some(rest)
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

/// Writes numbers, `true` and `false` as texts where the schema asks for texts: a manifest cannot declare them as
/// anything else.
pub(super) fn settle_texts(schema: &Value, body: &mut Body) {
    for (name, value) in body {
        if let Some(property) = property_of(schema, name) {
            settle_text(property, value);
        }
    }
}

fn settle_text(schema: &Value, value: &mut Value) {
    match value {
        Value::Number(_) | Value::Bool(_) if schema["type"] == "string" => {
            *value = Value::from(value.to_string());
        }
        Value::Array(items) => {
            if let Some(schema) = items_of(schema) {
                items.iter_mut().for_each(|item| settle_text(schema, item));
            }
        }
        Value::Object(map) => settle_texts(schema, map),
        _ => {}
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
    fn texts_are_texts_where_the_schema_says_so() {
        let text = json!({"type": "string"});
        let schema = json!({"properties": {"a": text, "b": {"type": "integer"},
            "list": {"type": "array", "items": text}, "deep": {"properties": {"a": text}}, "open": {"type": "object"}}});
        let mut live = body(
            json!({"a": 1, "b": 2, "list": [3, true, "x", null, {}], "deep": {"a": false, "z": 4},
            "open": {"a": 5}, "z": 6}),
        );
        live.insert("a".to_owned(), serde_json::from_str("1.0").unwrap());
        settle_texts(&schema, &mut live);
        assert_eq!(
            Value::Object(live),
            json!({"a": "1.0", "b": 2, "list": ["3", "true", "x", null, {}], "deep": {"a": "false", "z": 4},
                "open": {"a": 5}, "z": 6})
        );
    }

    #[test]
    fn ids_of_the_own_service_are_relative() {
        const SERVICES: &str = "Microsoft.ApiCenter/services";
        let service = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.ApiCenter/services/a";
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
        let of_api = format!("{service}/workspaces/default/apis/y");
        assert_eq!(service_of_id(SERVICES, &of_api), Some(service));
        for group in ["services", "Services"] {
            let service = service.replace("/rg/", &format!("/{group}/"));
            let of_api = format!("{}/workspaces/default/apis/y", service.to_uppercase());
            assert_eq!(
                service_of_id(SERVICES, &of_api),
                Some(&*service.to_uppercase())
            );
        }
        relative_ids(service, &["environmentId", "definitionId"], &mut properties);
        assert_eq!(Value::Object(properties), expected);
        let mut nested =
            json!([{"id": format!("{service}/Workspaces/default/apis/y")}, service, 1]);
        all_relative(service, &mut nested);
        assert_eq!(
            nested,
            json!([{"id": "/Workspaces/default/apis/y"}, service, 1])
        );
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
