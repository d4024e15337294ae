//! Large descriptions that say the same in another way.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Map, Value, json};

use super::found;

/// Schemas with a name, all of which may refer to each other.
const SCHEMAS: usize = 40;

fn reference() -> impl Strategy<Value = Value> {
    (0..SCHEMAS).prop_map(|number| json!({"$ref": format!("#/components/schemas/S{number}")}))
}

/// A schema of OpenAPI 3.0.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "string", "nullable": true, "maxLength": 9})),
        Just(json!({"type": "string", "enum": ["a", "b", "c"]})),
        Just(json!({"type": "string", "format": "date-time", "description": "When."})),
        Just(json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true, "maximum": 9})),
        Just(json!({"type": "number", "maximum": 5, "exclusiveMaximum": true, "nullable": true})),
        Just(json!({"type": "boolean", "default": true})),
        reference(),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let properties = prop::collection::btree_map("[a-f]", inner.clone(), 0..5);
        let required = prop::collection::btree_set("[a-f]", 0..3);
        let closed = any::<bool>();
        prop_oneof![
            (properties, required, closed).prop_map(|(properties, required, closed)| {
                let mut object = json!({"type": "object", "properties": properties});
                if !required.is_empty() {
                    object["required"] = json!(required);
                }
                if closed {
                    object["additionalProperties"] = json!(false);
                }
                object
            }),
            inner
                .clone()
                .prop_map(|items| json!({"type": "array", "items": items, "maxItems": 7})),
            inner
                .clone()
                .prop_map(|more| json!({"type": "object", "additionalProperties": more})),
            (inner.clone(), reference())
                .prop_map(|(one, other)| json!({"anyOf": [one, other, {"type": "boolean"}]})),
        ]
    })
}

/// The same without references that lead back to the schema itself and to nothing within it, as no value could ever be
/// judged by these.
fn grounded(mut schema: Value, number: usize) -> Value {
    let target = schema["$ref"].as_str();
    let target = target.and_then(|name| name.rsplit('S').next()?.parse().ok());
    if target.is_some_and(|target: usize| target <= number) {
        return json!({"type": "string", "minLength": 1});
    }
    if let Some(branches) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        for branch in branches {
            *branch = grounded(branch.take(), number);
        }
    }
    schema
}

fn description(schemas: &[Value]) -> Value {
    let (mut paths, mut named) = (Map::new(), Map::new());
    for (number, schema) in schemas.iter().enumerate() {
        named.insert(format!("S{number}"), grounded(schema.clone(), number));
        let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/S{number}")}}});
        let item = json!({"post": {
            "parameters": [
                {"in": "path", "name": "id", "required": true, "schema": {"type": "string"}},
                {"in": "query", "name": "page", "schema": {"type": "integer", "minimum": 1}},
            ],
            "requestBody": {"required": true, "content": content},
            "responses": {"200": {"description": "It.", "content": content}, "404": {"description": "None."}},
        }});
        paths.insert(format!("/{number}/{{id}}"), item);
    }
    json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": paths, "components": {"schemas": named},
    })
}

/// Changes every value, the inner ones first.
fn each(value: &mut Value, change: &dyn Fn(&mut Value)) {
    match value {
        Value::Object(map) => map.values_mut().for_each(|inner| each(inner, change)),
        Value::Array(items) => items.iter_mut().for_each(|inner| each(inner, change)),
        _ => {}
    }
    change(value);
}

/// Every schema with a name, every one of a property and every one of a content within `allOf`.
fn wrapped(mut value: Value) -> Value {
    let wrap = |schema: &mut Value| *schema = json!({"allOf": [schema.take()]});
    each(&mut value, &|value| {
        for holder in ["properties", "schemas"] {
            if let Some(all) = value.get_mut(holder).and_then(Value::as_object_mut) {
                all.values_mut().for_each(wrap);
            }
        }
        if let Some(schema) = value.get_mut("schema") {
            wrap(schema);
        }
    });
    value
}

/// Every schema under another name.
fn renamed(value: &Value) -> Value {
    let text = value.to_string();
    let text = text.replace("#/components/schemas/S", "#/components/schemas/Other");
    let mut value: Value = serde_json::from_str(&text).unwrap();
    let named = value["components"]["schemas"].take();
    let named = named.as_object().unwrap().iter();
    let other = named.map(|(name, schema)| (name.replacen('S', "Other", 1), schema.clone()));
    value["components"]["schemas"] = Value::Object(other.collect());
    value
}

/// The schemas of contents where they are used, instead of references to them.
fn inlined(mut value: Value) -> Value {
    let named = value["components"]["schemas"].clone();
    each(&mut value["paths"], &|value| {
        let name = value["schema"]["$ref"].as_str();
        let name = name
            .and_then(|name| name.rsplit('/').next())
            .map(str::to_owned);
        if let Some(name) = name {
            value["schema"] = named[name].clone();
        }
    });
    value
}

/// All keys, and all lists whose order means nothing, from the last to the first.
fn reversed(mut value: Value) -> Value {
    each(&mut value, &|value| match value {
        Value::Object(map) => {
            let entries: Vec<(String, Value)> = std::mem::take(map).into_iter().rev().collect();
            map.extend(entries);
        }
        Value::Array(items) => items.reverse(),
        _ => {}
    });
    value
}

/// The same in the words of OpenAPI 3.1.
fn modern(mut value: Value) -> Value {
    value["openapi"] = json!("3.1.0");
    each(&mut value, &|value| {
        let Some(map) = value.as_object_mut() else {
            return;
        };
        if map.shift_remove("nullable").is_some() {
            map["type"] = json!([map["type"], "null"]);
        }
        for (bound, exclusive) in [
            ("minimum", "exclusiveMinimum"),
            ("maximum", "exclusiveMaximum"),
        ] {
            if map.get(exclusive) == Some(&json!(true)) {
                map[exclusive] = map[bound].clone();
                map.shift_remove(bound);
            }
        }
    });
    value
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12,
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn rewritings_of_a_large_description_are_silent(schemas in prop::collection::vec(schema(), SCHEMAS)) {
        let before = description(&schemas);
        for (name, after) in [
            ("wrapped", wrapped(before.clone())),
            ("renamed", renamed(&before)),
            ("inlined", inlined(before.clone())),
            ("reversed", reversed(before.clone())),
            ("modern", modern(before.clone())),
            ("all of it", modern(reversed(wrapped(inlined(renamed(&before)))))),
        ] {
            let (one, other) = (before.to_string(), crate::yaml::emit(&after));
            prop_assert_eq!(found(&one, &other), [""; 0], "{}", name);
            prop_assert_eq!(found(&other, &one), [""; 0], "from {}", name);
        }
    }
}
