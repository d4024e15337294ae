//! Breaks that a cache, a shortcut or a limit must not hide.

use serde_json::{Value, json};

use super::super::{Breaking, Impact, breaking};
use super::{breaks, document, object, returned, schema, taken};

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

#[test]
fn a_caution_about_a_format_at_one_operation_hides_no_break_at_another() {
    let odd = json!({"type": "string", "pattern": "^(?!x)q[0-9]k(?=z)z$"});
    let first =
        json!({"type": "object", "required": ["k"], "properties": {"k": odd, "s": schema("S")}});
    let operations = json!({"/a": first, "/b": schema("S")});
    for (kind, was, now) in [("string", "uuid", "date"), ("integer", "int64", "int32")] {
        let of =
            |format: &str| document(&operations, &json!({"S": {"type": kind, "format": format}}));
        let found = breaking(&of(was), &of(now));
        let lines: Vec<(Impact, &str)> = found
            .iter()
            .map(|found| (found.impact, found.place.as_str()))
            .collect();
        let expected = [(Impact::Caution, "POST /a"), (Impact::Break, "POST /b")];
        assert_eq!(lines, expected, "{found:#?}");
    }
}

#[test]
fn many_cautions_hide_no_break() {
    let of = |each: Value, last: &str| {
        let names = (0..30).map(|n| (format!("p{n:02}"), each.clone()));
        let all = names.chain([("z".to_owned(), json!({"type": last}))]);
        object(Value::Object(all.collect()))
    };
    let default = |value: u8| json!({"type": "integer", "default": value});
    let (before, after) = (of(default(1), "string"), of(default(2), "integer"));
    let sent = breaking(&taken(&before, &json!({})), &taken(&after, &json!({})));
    let (before, after) = (
        of(json!({"enum": ["a"]}), "string"),
        of(json!({"enum": ["a", "b"]}), "integer"),
    );
    let received = breaking(&returned(&before), &returned(&after));
    for found in [sent, received] {
        let breaks = breaks(&found);
        assert_eq!(breaks.len(), 1, "{found:#?}");
        assert!(breaks[0].message.contains("`z` has the type"), "{found:#?}");
        assert!(found.len() > 20, "{found:#?}");
    }
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
    assert_eq!(last, "response 200 differs in more than is listed");
    assert!(many.len() > 20, "{many:?}");
}

#[test]
fn each_schema_that_differs_in_more_than_is_listed_is_named() {
    let of = |kind: &str| {
        let body = |prefix: &str| {
            let all = (0..40).map(|n| (format!("{prefix}{n}"), json!({"type": kind})));
            object(Value::Object(all.collect()))
        };
        let inner = object(json!({"in": body("r")}));
        document(
            &json!({"/a": body("p"), "/b": body("q"), "/c": inner}),
            &json!({}),
        )
    };
    let found = breaking(&of("integer"), &of("string"));
    let more = found
        .iter()
        .filter(|found| found.message.ends_with("differs in more than is listed"));
    let lines: Vec<(&str, &str, Impact)> = more
        .map(|found| (found.place.as_str(), found.message.as_str(), found.impact))
        .collect();
    let body = "request body differs in more than is listed";
    let inner = "request body: `in` differs in more than is listed";
    let expected = [("POST /a", body), ("POST /b", body), ("POST /c", inner)];
    assert_eq!(
        lines,
        expected.map(|(place, line)| (place, line, Impact::Caution))
    );
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
