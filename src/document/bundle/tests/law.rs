//! A bundle leads to the same as its parts.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};

use super::{bundle, parsed};

/// Some files with schemas that refer to each other at will; the first one is the main file.
fn files() -> impl Strategy<Value = BTreeMap<String, Value>> {
    let reference = (0..4usize, 0..4usize).prop_map(|(file, schema)| match schema {
        3 => format!("whole{file}.json"),
        schema => format!("{}#/components/schemas/S{schema}", name(file)),
    });
    let schema =
        (any::<u8>(), prop::collection::vec(reference, 0..3)).prop_map(|(id, references)| {
            let properties: Value = references
                .iter()
                .enumerate()
                .map(|(i, reference)| (format!("p{i}"), json!({"$ref": reference})))
                .collect();
            // Now and then nothing but a reference, which is never to something of that form again.
            match references
                .first()
                .filter(|first| id < 60 && first.starts_with("whole"))
            {
                Some(first) => json!({"$ref": first}),
                None => json!({"title": id.to_string(), "properties": properties}),
            }
        });
    let whole = any::<u8>().prop_map(|id| {
        json!({"title": id.to_string(), "properties": {"own": {"$ref": "#"}, "main": {"$ref": "main.yaml#/components/schemas/S0"}}})
    });
    let schemas = prop::collection::vec(prop::collection::vec(schema, 3), 4);
    (schemas, prop::collection::vec(whole, 4)).prop_map(|(schemas, whole)| {
        let mut files = BTreeMap::new();
        for (i, schemas) in schemas.into_iter().enumerate() {
            let schemas: Value = schemas
                .into_iter()
                .enumerate()
                .map(|(i, schema)| (format!("S{i}"), schema))
                .collect();
            let mut file = json!({"components": {"schemas": schemas}});
            if i == 0 {
                file["openapi"] = json!("3.0.3");
                file["x-entry"] = json!(1);
                let first = json!({"$ref": "part1.yaml#/components/schemas/S1"});
                file["paths"] = json!({"/a": {"get": {"responses": {"200": {"content": {"a/b": {"schema": first}}}}}}});
            }
            files.insert(name(i), file);
        }
        for (i, whole) in whole.into_iter().enumerate() {
            files.insert(format!("whole{i}.json"), whole);
        }
        files
    })
}

fn name(file: usize) -> String {
    match file {
        0 => "main.yaml".to_owned(),
        file => format!("part{file}.yaml"),
    }
}

/// A value with what its references lead to in their place, down to some depth.
fn resolved(files: &BTreeMap<String, Value>, file: &str, value: &Value, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let file = if path.is_empty() { file } else { path };
        let target = files[file].pointer(pointer).expect("it leads somewhere");
        return resolved(files, file, target, depth);
    }
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| {
                let depth = depth - usize::from(key == "properties");
                (key.clone(), resolved(files, file, value, depth))
            })
            .collect(),
        value => value.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::with_cases(200)
    })]

    #[test]
    fn a_bundle_leads_to_the_same_as_its_parts(files in files()) {
        let texts: BTreeMap<String, String> =
            files.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        let mut read = |path: &str| texts.get(path).map(|text| Arc::from(text.as_str()));
        let made = bundle("main.yaml", &texts["main.yaml"], 1_000_000, &mut read);
        let made = made.expect("it refers to files");
        prop_assert_eq!(&made.problems, &[]);
        let text = made.text.expect("parts are joined");
        let again = bundle("main.yaml", &texts["main.yaml"], 1_000_000, &mut read);
        prop_assert_eq!(again.and_then(|again| again.text), Some(text.clone()));
        let whole = parsed(&text);
        let alone = BTreeMap::from([("main.yaml".to_owned(), whole.clone())]);
        let main = &files["main.yaml"];
        for pointer in ["/paths", "/components/schemas/S0", "/components/schemas/S1", "/components/schemas/S2"] {
            let expected = resolved(&files, "main.yaml", main.pointer(pointer).unwrap(), 6);
            let found = resolved(&alone, "main.yaml", whole.pointer(pointer).unwrap(), 6);
            prop_assert_eq!(found, expected, "{} in {}", pointer, text);
        }
    }
}
