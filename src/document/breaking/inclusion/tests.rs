use std::rc::Rc;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};

use super::{Direction, Documents, Inclusion};

/// Values of few sorts, so that schemas accept some of them.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        (-3..12i64).prop_map(|value| json!(value)),
        Just(json!(2.5)),
        "[ab]{0,4}".prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| json!(items)),
            prop::collection::btree_map("[a-c]", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

fn schema() -> impl Strategy<Value = Value> {
    let number =
        (0..4u8, -2..6i64, 2..10i64, any::<bool>()).prop_map(|(kind, least, most, is_integer)| {
            let kind_name = if is_integer { "integer" } else { "number" };
            match kind {
                0 => json!({"type": kind_name, "minimum": least}),
                1 => json!({"type": kind_name, "exclusiveMaximum": most}),
                2 => json!({"type": kind_name, "multipleOf": most, "minimum": least}),
                _ => json!({"type": kind_name, "minimum": least, "maximum": most}),
            }
        });
    let text = (0..4u64, 0..4u64, 0..3u8).prop_map(|(least, more, kind)| match kind {
        0 => json!({"type": "string", "minLength": least, "maxLength": least + more}),
        1 => {
            let pattern = ["^a", "b$", "^[ab]*$", "aa"][usize::try_from(least).unwrap_or(0)];
            json!({"type": "string", "pattern": pattern})
        }
        _ => {
            let listed = &["a", "b", "ab"][..usize::try_from(more).unwrap_or(3).min(3)];
            json!({"type": "string", "enum": listed})
        }
    });
    let leaf = prop_oneof![
        Just(json!({})),
        Just(json!(false)),
        Just(json!({"type": ["string", "null"]})),
        Just(json!({"type": "boolean"})),
        Just(json!({"const": 3})),
        Just(json!({"enum": [null, 1, "a", [1]]})),
        number,
        text,
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let properties = prop::collection::btree_map("[a-c]", inner.clone(), 0..3);
        let required = prop::collection::btree_set("[a-c]", 0..3);
        let more = prop_oneof![Just(json!(true)), Just(json!(false)), inner.clone()];
        let object = (properties, required, more, 0..4u8).prop_map(|(properties, required, more, kind)| {
            let mut object = json!({"type": "object", "properties": properties, "required": required});
            match kind {
                0 => object["additionalProperties"] = more,
                1 => object["unevaluatedProperties"] = more,
                2 => object["patternProperties"] = json!({"^[ab]": more}),
                _ => object["dependentRequired"] = json!({"a": ["b"]}),
            }
            object
        });
        let list = (inner.clone(), inner.clone(), 0..5u8, 0..3u64).prop_map(|(one, other, kind, count)| match kind {
            0 => json!({"type": "array", "items": one}),
            1 => json!({"type": "array", "prefixItems": [one], "items": other}),
            2 => json!({"type": "array", "contains": one, "maxItems": count + 1}),
            3 => json!({"type": "array", "items": one, "minItems": count}),
            _ => json!({"type": "array", "uniqueItems": true, "items": one}),
        });
        let many = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            4 => object,
            2 => list,
            1 => many().prop_map(|all| json!({"allOf": all})),
            1 => many().prop_map(|all| json!({"anyOf": all})),
            1 => many().prop_map(|all| json!({"oneOf": all})),
            1 => (inner.clone(), inner.clone()).prop_map(|(one, not)| json!({"allOf": [one], "not": not})),
            1 => (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(one, then, other)| json!({"if": one, "then": then, "else": other})),
        ]
    })
}

/// A schema, and another one that is often much like it.
fn pair() -> impl Strategy<Value = (Value, Value)> {
    (schema(), schema(), 0..6u8).prop_map(|(one, other, kind)| match kind {
        0 => (one.clone(), json!({"anyOf": [one, other]})),
        1 => (json!({"allOf": [one.clone(), other]}), one),
        2 => (one.clone(), json!({"oneOf": [one, other]})),
        3 => (
            json!({"type": "object", "required": ["a"], "properties": {"a": one.clone()}}),
            json!({"type": "object", "properties": {"a": one, "b": other}}),
        ),
        _ => (one, other),
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 600,
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::default()
    })]

    /// A *yes* is never wrong, and a *no* has a value that the independent validator judges as claimed.
    #[test]
    fn verdicts_are_sound((narrow, wide) in pair(), values in prop::collection::vec(value(), 24)) {
        let (before, after) = (json!({"s": narrow}), json!({"s": wide}));
        let documents = Rc::new(Documents::new(&before, &after));
        let mut inclusion = Inclusion::new(documents, Direction::Request, false);
        let (one, other) = (vec![&before["s"]], vec![&after["s"]]);
        let failures = inclusion.failures(&one, &other);
        let judges = (jsonschema::draft202012::new(&narrow), jsonschema::draft202012::new(&wide));
        let (Ok(sent), Ok(taken)) = judges else { return Ok(()) };
        if failures.is_empty() {
            for value in &values {
                prop_assert!(!sent.is_valid(value) || taken.is_valid(value), "{value}");
            }
        }
        let all: Vec<_> = failures.iter().collect();
        for witness in inclusion.witnesses(&one, &other, &all).into_iter().flatten() {
            prop_assert!(sent.is_valid(&witness) && !taken.is_valid(&witness), "{witness}");
        }
    }

    /// Another way to say the same is the same.
    #[test]
    fn rewritings_are_silent(schema in schema()) {
        let wrapped = json!({"allOf": [schema]});
        let named = json!({"$ref": "#/named"});
        for (before, after) in [
            (json!({"s": schema}), json!({"s": wrapped})),
            (json!({"s": schema}), json!({"s": named, "named": schema})),
            (json!({"s": named, "named": schema}), json!({"s": {"$ref": "#/other"}, "other": schema})),
        ] {
            for direction in [Direction::Request, Direction::Response] {
                let documents = Rc::new(Documents::new(&before, &after));
                let mut inclusion = Inclusion::new(documents, direction, false);
                let (one, other) = match direction {
                    Direction::Request => (&before["s"], &after["s"]),
                    Direction::Response => (&after["s"], &before["s"]),
                };
                prop_assert!(inclusion.failures(&vec![one], &vec![other]).is_empty());
            }
        }
    }
}
