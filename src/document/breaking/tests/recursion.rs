//! Schemas that refer to each other: what was found about one pair is used for others.

use serde_json::{Value, json};

use super::super::{Breaking, Impact, breaking};
use super::{breaks, document, object, schema, taken};

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

/// The messages of the breaks of one operation, also of those reported at another one.
fn breaks_at<'f>(found: &'f [Breaking], place: &str) -> Vec<&'f str> {
    let is_here = |found: &&&Breaking| {
        found.place == place || found.other_operations.iter().any(|other| other == place)
    };
    let all = breaks(found);
    all.iter()
        .filter(is_here)
        .map(|found| found.message.as_str())
        .collect()
}

#[test]
fn what_came_through_a_disproved_assumption_is_found_again() {
    let (p, y) = (schema("P"), schema("Y"));
    let (p2, y2) = (schema("P2"), schema("Y2"));
    let old = json!({
        "P": object(json!({"y": y, "g": {"type": "string"}})),
        "Y": object(json!({"back": p, "f": {"type": "string"}})),
    });
    let mut new = old.clone();
    new["P2"] = object(json!({"y": y2, "g": {"type": "integer"}}));
    new["Y2"] = object(json!({"back": p2, "f": {"type": "boolean"}}));
    // The first alternative compares P with P2, and Y with Y2 on the way, and shows nothing of it.
    let either = |more: Value| {
        let with = |p: &Value| {
            let mut all = more.clone();
            all["p"] = p.clone();
            object(all)
        };
        json!({"anyOf": [with(&p2), with(&p)]})
    };
    let whole = |y: &Value| object(json!({"q": y}));
    let before = json!({"/a": object(json!({"p": p, "v": whole(&y)})), "/b": y, "/c": whole(&y)});
    let after = json!({"/a": either(json!({"v": whole(&y)})), "/b": y2, "/c": whole(&y2)});
    let found = breaking(&document(&before, &old), &document(&after, &new));
    assert_eq!(breaks_at(&found, "POST /a"), [""; 0]);
    for place in ["POST /b", "POST /c"] {
        let lines = breaks_at(&found, place).join("\n");
        for name in [
            "back.g` has the type `integer`",
            "f` has the type `boolean`",
        ] {
            assert!(lines.contains(name), "{place}: {found:#?}");
        }
    }
    // In one body.
    let before = object(json!({"a": object(json!({"p": p})), "b": whole(&y), "c": y}));
    let after = object(json!({"a": either(json!({})), "b": whole(&y2), "c": y2}));
    let found = breaking(&taken(&before, &old), &taken(&after, &new));
    let lines = breaks_at(&found, "POST /a").join("\n");
    for name in ["`b.q.back.g`", "`b.q.f`", "`c.back.g`"] {
        assert!(lines.contains(name), "{name}: {found:#?}");
    }
}

#[test]
fn a_schema_far_below_one_operation_is_compared_at_its_own() {
    let name = |n: usize| format!("S{n:02}");
    let below = |n: usize| object(json!({"n": schema(&name(n + 1))}));
    let mut old: serde_json::Map<String, Value> = (0..66).map(|n| (name(n), below(n))).collect();
    old.insert(name(66), object(json!({"v": {"type": "string"}})));
    let mut new = old.clone();
    new.insert(name(66), object(json!({"v": {"type": "integer"}})));
    let operations = json!({"/a": schema("S00"), "/m": schema("S10"), "/z": schema("S64")});
    let found = breaking(
        &document(&operations, &Value::Object(old)),
        &document(&operations, &Value::Object(new)),
    );
    assert_eq!(breaks_at(&found, "POST /z").len(), 1, "{found:#?}");
    assert_eq!(breaks_at(&found, "POST /m").len(), 1, "{found:#?}");
    let limits = found
        .iter()
        .filter(|found| found.message.contains("too deep"));
    assert_eq!(limits.count(), 1, "{found:#?}");
    assert_eq!(breaks_at(&found, "POST /a"), [""; 0]);
}

/// Schemas S0, S1 and so on, each of which an operation may take.
struct Described(Value);

impl Described {
    fn of(&self, numbers: std::ops::Range<usize>) -> String {
        let operations = numbers.map(|n| (format!("/s{n}"), schema(&format!("S{n}"))));
        document(&Value::Object(operations.collect()), &self.0)
    }

    fn whole(&self) -> String {
        self.of(0..self.0.as_object().map_or(0, serde_json::Map::len))
    }

    fn alone(&self, n: usize) -> String {
        self.of(n..n + 1)
    }
}

/// Schemas that all refer to each other, as those of large descriptions do: much is assumed, and much of that is wrong.
fn one_change_of_many(count: usize) -> (Described, Described) {
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
    (Described(before), Described(after))
}

#[test]
fn one_change_among_schemas_that_refer_to_each_other_is_found_and_nothing_else() {
    let count = 10;
    let (before, after) = one_change_of_many(count);
    let found = breaking(&before.whole(), &after.whole());
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
    let (before, after) = one_change_of_many(30);
    let found = breaking(&before.whole(), &after.whole());
    let limits = found
        .iter()
        .filter(|found| found.message.contains("too deep"));
    assert_eq!(limits.count(), 1, "{found:#?}");
    for n in (0..30).step_by(6) {
        let alone = breaking(&before.alone(n), &after.alone(n));
        if breaks(&alone).is_empty() {
            continue;
        }
        let place = format!("POST /s{n}");
        assert!(!breaks_at(&found, &place).is_empty(), "{place}: {found:#?}");
    }
}
