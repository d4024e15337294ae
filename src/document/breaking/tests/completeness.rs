//! Breaks that a cache, a shortcut or a limit must not hide.

use serde_json::{Value, json};

use super::super::{Breaking, Impact, breaking};

fn document(operations: &Value, schemas: &Value) -> String {
    let paths: serde_json::Map<String, Value> = operations
        .as_object()
        .into_iter()
        .flatten()
        .map(|(path, schema)| {
            let body =
                json!({"required": true, "content": {"application/json": {"schema": schema}}});
            let responses = json!({"204": {"description": "done"}});
            (
                path.clone(),
                json!({"post": {"requestBody": body, "responses": responses}}),
            )
        })
        .collect();
    json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": paths, "components": {"schemas": schemas},
    })
    .to_string()
}

fn taken(schema: &Value, schemas: &Value) -> String {
    document(&json!({"/a": schema}), schemas)
}

fn returned(schema: &Value) -> String {
    json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {
            "description": "d", "content": {"application/json": {"schema": schema}},
        }}}}},
    })
    .to_string()
}

fn schema(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

fn breaks(found: &[Breaking]) -> Vec<&Breaking> {
    found
        .iter()
        .filter(|found| found.impact == Impact::Break)
        .collect()
}

#[test]
fn an_assumption_that_was_disproved_is_no_longer_used() {
    let (a, b) = (schema("A"), schema("B"));
    let (c, d) = (schema("C"), schema("D"));
    let old = json!({
        "A": object(json!({"c": c, "v": {"type": "string"}})),
        "C": object(json!({"back": a})),
    });
    let mut new = old.clone();
    new["B"] = object(json!({"c": d, "v": {"type": "integer"}}));
    new["D"] = object(json!({"back": b}));
    let either = json!({"anyOf": [object(json!({"p": b})), object(json!({"p": a}))]});
    let before = object(json!({"x": object(json!({"p": a})), "y": c}));
    let after = object(json!({"x": either, "y": d}));
    let found = breaking(&taken(&before, &old), &taken(&after, &new));
    let lines: Vec<&str> = breaks(&found)
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert_eq!(
        lines,
        ["request body: `y.back.v` has the type `integer` now, and had `string`"]
    );
}

#[test]
fn what_a_list_must_contain_is_compared_with_what_it_refers_to() {
    let list = json!({"type": "array", "contains": schema("S")});
    let found = |was: Value, now: Value| {
        breaking(
            &taken(&list, &json!({"S": was})),
            &taken(&list, &json!({"S": now})),
        )
    };
    let of = |kind: &str| json!({"type": kind});
    let changed = found(of("string"), of("integer"));
    assert_eq!(breaks(&changed).len(), 1, "{changed:?}");
    let described = json!({"type": "string", "description": "another text"});
    assert_eq!(found(of("string"), described), []);
}

#[test]
fn names_of_properties_are_not_taken_for_annotations() {
    let before = json!({"type": "object", "dependentRequired": {"a": ["b"]}});
    for name in ["title", "description", "x-more", "$id"] {
        let mut after = before.clone();
        after["dependentRequired"][name] = json!(["b"]);
        let found = breaking(&taken(&before, &json!({})), &taken(&after, &json!({})));
        assert_eq!(breaks(&found).len(), 1, "{name}: {found:?}");
    }
}

#[test]
fn a_caution_at_one_operation_hides_no_break_at_another() {
    let of = |most: u64| json!({"S": {"type": "string", "maxLength": most}});
    // No value is made for this pattern, so no value of the first body can be shown.
    let odd = json!({"type": "string", "pattern": "^(?!x)q[0-9]k(?=z)z$"});
    let first =
        json!({"type": "object", "required": ["k"], "properties": {"k": odd, "s": schema("S")}});
    let operations =
        json!({"/a": first, "/b": first, "/c": schema("S"), "/d": schema("S"), "/e": first});
    let found = breaking(
        &document(&operations, &of(9)),
        &document(&operations, &of(3)),
    );
    let lines: Vec<(Impact, &str, &[String])> = found
        .iter()
        .map(|found| (found.impact, found.place.as_str(), &*found.other_operations))
        .collect();
    let others = |all: &[&str]| -> Vec<String> { all.iter().map(|&other| other.into()).collect() };
    assert_eq!(
        lines,
        [
            (Impact::Caution, "POST /a", &*others(&["POST /b"])),
            (Impact::Break, "POST /c", &*others(&["POST /d", "POST /e"])),
        ]
    );
}

/// As many values as a list of a large description has, and one that is longer than the others.
fn listed(count: usize, longer: usize) -> Value {
    let value = |n: usize| match n == longer {
        true => "much longer".to_owned(),
        false => format!("{n:04}"),
    };
    json!({"type": "string", "enum": (0..count).map(value).collect::<Vec<String>>()})
}

#[test]
fn long_lists_of_values_are_compared_or_said_to_be_too_long() {
    let short = json!({"type": "string", "maxLength": 4});
    let found = |before: Value| breaking(&taken(&before, &json!({})), &taken(&short, &json!({})));
    let whole = found(listed(500, 450));
    assert_eq!(
        breaks(&whole)[0].message,
        "request body no longer takes `much longer`"
    );
    let long = found(listed(3000, 2900));
    assert_eq!(long.len(), 1, "{long:?}");
    assert_eq!(long[0].impact, Impact::Caution);
    assert!(
        long[0]
            .message
            .ends_with("it lists too many values to compare"),
        "{long:?}"
    );
}

#[test]
fn differences_beyond_the_listed_ones_are_mentioned() {
    let with = |names: std::ops::Range<usize>| {
        let text = json!({"type": "string"});
        let all = names.map(|n| (format!("p{n}"), text.clone()));
        returned(&object(all.collect()))
    };
    let few = breaking(&with(0..30), &with(10..30));
    assert_eq!((few.len(), breaks(&few).len()), (10, 10));
    let many = breaking(&with(0..60), &with(40..60));
    let last = &many.last().unwrap().message;
    assert!(
        last.ends_with("it differs in more than is listed"),
        "{last}"
    );
    assert!(many.len() > 20, "{many:?}");
}

/// One schema that changed in several ways, at many places before another change.
#[test]
fn many_places_of_one_change_hide_no_other_change() {
    let of = |money: Value, last: &str| {
        let names = (0..300).map(|n| format!("m{n:03}"));
        let mut all: serde_json::Map<String, Value> =
            names.map(|name| (name, schema("Money"))).collect();
        all.insert("z".to_owned(), json!({"type": last}));
        taken(&object(Value::Object(all)), &json!({"Money": money}))
    };
    let before = of(json!({"type": "integer"}), "string");
    let after = of(
        json!({"type": "integer", "minimum": 0, "maximum": 9}),
        "integer",
    );
    let found = breaking(&before, &after);
    let is_last = |found: &&&Breaking| found.message.contains("`z` has the type");
    assert!(
        breaks(&found).iter().any(|found| is_last(&found)),
        "{found:#?}"
    );
}

#[test]
fn a_full_list_says_nothing_more_of_its_last_entry() {
    let paths = |count: usize| {
        let all = (0..count).map(|n| (format!("/p{n:04}"), json!({"get": {"responses": {}}})));
        let all: serde_json::Map<String, Value> = all.collect();
        json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": all})
            .to_string()
    };
    let found = breaking(&paths(1100), &paths(0));
    assert_eq!(found.len(), 1000);
    for found in &found {
        let own = format!("GET {}", found.place);
        assert_eq!(found.other_operations, [own]);
    }
}

#[test]
fn limits_of_any_size_are_compared_in_bounded_time() {
    let changed = |before: Value, after: Value| {
        let found = breaking(&taken(&before, &json!({})), &taken(&after, &json!({})));
        assert!(!found.is_empty(), "{before}");
    };
    let text = |pattern: &str| json!({"type": "string", "pattern": pattern});
    let nested = "^(?:(?:(?:(?:a?){900}){900}){900})$";
    changed(text(nested), text("^b$"));
    changed(text("^b$"), text(nested));
    let list = |least: u64| json!({"type": "array", "items": {}, "minItems": least});
    changed(list(u64::MAX - 1), list(u64::MAX));
    changed(list(1), list(u64::MAX));
}

/// Schemas that all refer to each other, as those of large descriptions do: much is assumed, and much of that is wrong.
fn one_change_of_many(count: usize) -> Vec<Breaking> {
    let mut seed = 7_u64;
    let mut other = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        schema(&format!("S{}", (seed >> 33) % count as u64))
    };
    let mut schemas = serde_json::Map::new();
    for n in 0..count {
        let mut all = json!({"v": {"type": "string"}});
        for property in ["a", "b", "c", "d"] {
            all[property] = other();
            all[format!("{property}s")] = json!({"type": "array", "items": other()});
            all[format!("maybe-{property}")] = json!({"anyOf": [other(), {"type": "null"}]});
        }
        let mut own = object(all);
        own["maxProperties"] = json!(100);
        schemas.insert(format!("S{n}"), own);
    }
    let before = Value::Object(schemas);
    let mut after = before.clone();
    for n in 0..count {
        // What is the same text would not be compared at all.
        after[format!("S{n}")]["maxProperties"] = json!(200);
    }
    after["S9"]["properties"]["v"] = json!({"type": "integer"});
    let operations: serde_json::Map<String, Value> = (0..count)
        .map(|n| (format!("/s{n}"), schema(&format!("S{n}"))))
        .collect();
    let operations = Value::Object(operations);
    breaking(
        &document(&operations, &before),
        &document(&operations, &after),
    )
}

#[test]
fn one_change_among_schemas_that_refer_to_each_other_is_found_and_nothing_else() {
    let count = 10;
    let found = one_change_of_many(count);
    assert!(found.len() <= 3, "{found:#?}");
    for found in &found {
        assert!(
            found.message.contains("has the type `integer` now"),
            "{found:?}"
        );
        assert_eq!(found.impact, Impact::Break);
    }
    let concerned = found.iter().map(|found| found.other_operations.len() + 1);
    assert_eq!(concerned.max(), Some(count));
}

#[test]
fn what_a_limit_leaves_open_is_said_once_and_hides_no_break() {
    let found = one_change_of_many(60);
    let limits = found
        .iter()
        .filter(|found| found.message.contains("too deep"));
    assert!(limits.count() > 0, "{found:#?}");
    assert!(!breaks(&found).is_empty() && found.len() <= 9, "{found:#?}");
}
