//! Bundles of descriptions that are written here.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};

use super::*;
use crate::document::{describe, oddities};

/// Bundles the first of some files.
fn bundled(files: &[(&str, &str)]) -> Bundle {
    let by_name: BTreeMap<&str, &str> = files.iter().copied().collect();
    let mut read = |path: &str| by_name.get(path).map(|text| Arc::from(*text));
    let (name, text) = files[0];
    let bundle = bundle(name, text, 1_000_000, &mut read);
    bundle.expect("the file refers to something")
}

/// The bundle as a value; its text is the same each time, and is not bundled again.
fn value(files: &[(&str, &str)]) -> Value {
    let first = bundled(files);
    assert_eq!(first.problems, [], "{files:?}");
    let text = first.text.expect("parts are joined");
    assert_eq!(bundled(files).text.as_deref(), Some(text.as_str()));
    let again = bundle(files[0].0, &text, 1_000_000, &mut |_| None);
    assert!(again.is_none_or(|again| again.text.is_none()), "{text}");
    parsed(&text)
}

fn parsed(text: &str) -> Value {
    crate::document::structured::read_yaml(text)
        .only_root()
        .expect("one document")
        .to_json()
}

fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let bundle = bundled(files);
    assert_eq!(bundle.text, None);
    let shown = |problem: &BundleProblem| {
        let file = &bundle.files[problem.file];
        format!(
            "{} {:?} {:?}",
            file.name,
            &file.text[problem.place.clone()],
            problem.kind
        )
    };
    bundle.problems.iter().map(shown).collect()
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: '1.10'}\n";

#[test]
fn parts_move_into_components_and_keep_their_names() {
    let main = format!(
        "{HEAD}paths:\n  /orders:\n    $ref: paths/orders.yaml\ncomponents:\n  schemas:\n    Error:\n      $ref: 'common/schemas.yaml#/components/schemas/Error'\n"
    );
    let orders = "get:\n  operationId: list\n  parameters:\n    - $ref: ../common/page.yaml\n  responses:\n    '200':\n      description: ok\n      content:\n        application/json:\n          schema:\n            type: array\n            items: {$ref: ../schemas/Order.yaml}\n    default:\n      $ref: '../common/schemas.yaml#/components/responses/Failure'\n";
    let common = "components:\n  responses:\n    Failure:\n      description: failed\n      content:\n        application/json:\n          schema: {$ref: '#/components/schemas/Error'}\n  schemas:\n    Error: {type: object, required: [code], properties: {code: {type: string}}}\n    Unused: {$ref: nowhere.yaml}\n";
    let files = [
        ("apis/openapi.yaml", main.as_str()),
        ("apis/paths/orders.yaml", orders),
        (
            "apis/common/page.yaml",
            "name: page\nin: query\nschema: {type: integer}\n",
        ),
        ("apis/common/schemas.yaml", common),
        (
            "apis/schemas/Order.yaml",
            "type: object\nproperties:\n  id: {type: string}\n  parent: {$ref: '#'}\n  total: {$ref: ./Money.json}\n",
        ),
        ("apis/schemas/Money.json", r#"{"type": "number"}"#),
    ];
    let expected = json!({
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1.10"},
        "paths": {"/orders": {"get": {
            "operationId": "list",
            "parameters": [{"$ref": "#/components/parameters/page"}],
            "responses": {
                "200": {"description": "ok", "content": {"application/json": {"schema": {
                    "type": "array", "items": {"$ref": "#/components/schemas/Order"},
                }}}},
                "default": {"$ref": "#/components/responses/Failure"},
            },
        }}},
        "components": {
            "schemas": {
                "Error": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}},
                "Money": {"type": "number"},
                "Order": {"type": "object", "properties": {
                    "id": {"type": "string"},
                    "parent": {"$ref": "#/components/schemas/Order"},
                    "total": {"$ref": "#/components/schemas/Money"},
                }},
            },
            "parameters": {"page": {"name": "page", "in": "query", "schema": {"type": "integer"}}},
            "responses": {"Failure": {
                "description": "failed",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            }},
        },
    });
    let found = value(&files);
    assert_eq!(found, expected, "{found:#}");
    let text = bundled(&files).text.unwrap();
    assert!(
        text.starts_with("openapi: \"3.0.3\"\ninfo:\n  title: Shop\n  version: \"1.10\"\n"),
        "{text}"
    );
    let oddities = oddities(&text, &describe(None, &text).unwrap());
    assert_eq!(oddities, []);
}

#[test]
fn a_json_file_gives_json_and_every_way_to_point_is_followed() {
    let main = r##"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {
        "/a/{id}": {"$ref": "p.json#/paths/~1a~1%7Bid%7D"},
        "/b": {"get": {"responses": {"200": {"$ref": "openapi.json#/components/responses/Ok"}}}}},
        "components": {"responses": {"Ok": {"description": "a \ud83d\ude00"}}}}"##;
    let part = r##"{"paths": {"/a/{id}": {"summary": "s", "get": {"responses": {"200":
        {"description": "d", "content": {"a/b": {"schema": {"$ref": "s.yaml#Pet"}}}}}}}}}"##;
    let schemas = "defs:\n  - {$anchor: Pet, properties: {'a~b/c': {$ref: '#/defs/1/x~1y'}}}\n  - x/y: {type: string}\n";
    let files = [
        ("openapi.json", main),
        ("p.json", part),
        ("s.yaml", schemas),
    ];
    let text = bundled(&files).text.unwrap();
    assert!(text.starts_with("{\n  \"openapi\": \"3.1.0\","), "{text}");
    let found = value(&files);
    assert_eq!(
        found["paths"]["/a/{id}"]["get"]["responses"]["200"]["content"]["a/b"]["schema"],
        json!({"$ref": "#/components/schemas/0"})
    );
    assert_eq!(
        found["components"]["schemas"],
        json!({
            "0": {"properties": {"a~b/c": {"$ref": "#/components/schemas/x_y"}}},
            "x_y": {"type": "string"},
        })
    );
    assert_eq!(
        found["paths"]["/b"]["get"]["responses"]["200"],
        json!({"$ref": "#/components/responses/Ok"})
    );
}

#[test]
fn what_only_looks_like_a_reference_stays() {
    let main = format!(
        "{HEAD}x-note: {{$ref: nowhere.yaml}}\npaths:\n  /a:\n    $ref: a.yaml\ncomponents:\n  examples:\n    One: {{$ref: one.yaml}}\n    Two: {{value: {{$ref: nowhere.yaml}}}}\n  schemas:\n    S:\n      properties:\n        example: {{$ref: s.yaml}}\n        $ref: {{type: string}}\n      example: {{$ref: nowhere.yaml}}\n      default: {{$ref: nowhere.yaml}}\n      enum: [{{$ref: nowhere.yaml}}]\n      description: '$ref: nowhere.yaml'\n"
    );
    let files = [
        ("openapi.yaml", main.as_str()),
        ("a.yaml", "description: {}\nx-more: {$ref: nowhere.yaml}\n"),
        ("one.yaml", "value: {$ref: nowhere.yaml}\n"),
        ("s.yaml", "type: string\nconst: {$ref: nowhere.yaml}\n"),
    ];
    let found = value(&files);
    let nowhere = json!({"$ref": "nowhere.yaml"});
    assert_eq!(found["x-note"], nowhere);
    assert_eq!(found["paths"]["/a"]["x-more"], nowhere);
    assert_eq!(
        found["components"]["examples"]["One"],
        json!({"value": nowhere})
    );
    assert_eq!(
        found["components"]["examples"]["Two"],
        json!({"value": nowhere})
    );
    let schema = &found["components"]["schemas"]["S"];
    assert_eq!(
        schema["properties"]["example"],
        json!({"$ref": "#/components/schemas/s"})
    );
    assert_eq!(schema["properties"]["$ref"], json!({"type": "string"}));
    for data in [&schema["example"], &schema["default"], &schema["enum"][0]] {
        assert_eq!(*data, nowhere);
    }
}

#[test]
fn names_that_collide_are_told_apart() {
    let reference = |file: &str| {
        format!(
            "    {}: {{$ref: '{file}'}}\n",
            file.replace(['/', '.', '#'], "-")
        )
    };
    let refs: String = [
        "a/Pet.yaml",
        "b/Pet.yaml",
        "c/all.yaml#/Pet",
        "d/all.yaml#/Pet",
        "e/index.yaml",
        "f/p t.yaml",
    ]
    .into_iter()
    .map(reference)
    .collect();
    let main = format!(
        "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    Pet: {{type: object}}\n    All:\n      properties:\n{}",
        refs.replace("    ", "        ")
    );
    let files = [
        ("openapi.yaml", main.as_str()),
        ("a/Pet.yaml", "type: string\n"),
        ("b/Pet.yaml", "type: number\n"),
        ("c/all.yaml", "Pet: {type: boolean}\n"),
        ("d/all.yaml", "Pet: {type: array}\n"),
        ("e/index.yaml", "type: integer\n"),
        ("f/p t.yaml", "type: 'null'\n"),
    ];
    let found = value(&files);
    let schemas = found["components"]["schemas"].as_object().unwrap();
    let names: Vec<&str> = schemas.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "Pet", "All", "Pet_2", "a_Pet", "all_Pet", "b_Pet", "e", "p_t"
        ]
    );
    assert_eq!(schemas["Pet"], json!({"type": "object"}));
    for property in schemas["All"]["properties"].as_object().unwrap().values() {
        let pointer = property["$ref"]
            .as_str()
            .unwrap()
            .strip_prefix('#')
            .unwrap();
        assert!(
            found.pointer(pointer).unwrap().get("type").is_some(),
            "{pointer}"
        );
    }
}

#[test]
fn parts_may_refer_to_each_other_and_to_themselves() {
    let main = format!(
        "{HEAD}paths:\n  /a: {{$ref: a.yaml}}\ncomponents:\n  schemas:\n    Tree: {{$ref: tree.yaml}}\n    Again: {{$ref: tree.yaml}}\n"
    );
    let files = [
        ("openapi.yaml", main.as_str()),
        (
            "a.yaml",
            "post:\n  responses: {}\n  callbacks:\n    done:\n      '{$url}': {$ref: a.yaml}\n",
        ),
        (
            "tree.yaml",
            "properties:\n  children: {items: {$ref: 'openapi.yaml#/components/schemas/Tree'}}\n  leaf: {$ref: 'leaf.yaml'}\n",
        ),
        (
            "leaf.yaml",
            "properties: {tree: {$ref: tree.yaml}, own: {$ref: '#/properties/tree'}}\n",
        ),
    ];
    let found = value(&files);
    assert_eq!(
        found["paths"]["/a"]["post"]["callbacks"]["done"]["{$url}"],
        json!({"$ref": "#/paths/~1a"})
    );
    let schemas = &found["components"]["schemas"];
    let tree = json!({"$ref": "#/components/schemas/Tree"});
    assert_eq!(schemas["Again"], tree);
    assert_eq!(schemas["Tree"]["properties"]["children"]["items"], tree);
    assert_eq!(schemas["leaf"]["properties"]["tree"], tree);
    assert_eq!(
        schemas["leaf"]["properties"]["own"],
        json!({"$ref": "#/components/schemas/leaf/properties/tree"})
    );
}

#[test]
fn what_has_no_place_of_its_own_is_put_where_it_is_referred_to() {
    let main = "openapi: 3.0.3\ninfo: {$ref: info.yaml}\npaths: {$ref: paths/_index.yaml}\ncomponents: {$ref: components.yaml}\n";
    let files = [
        ("openapi.yaml", main),
        (
            "info.yaml",
            "title: T\nversion: '1'\ndescription: {$ref: about.md}\n",
        ),
        ("about.md", "# About\n\n$ref: nothing\n"),
        (
            "paths/_index.yaml",
            "/a:\n  get: {$ref: get.yaml}\n  parameters:\n    $ref: parameters.yaml\n",
        ),
        (
            "paths/get.yaml",
            "responses: {'200': {$ref: '../components.yaml#/responses/Ok'}}\n",
        ),
        (
            "paths/parameters.yaml",
            "- {$ref: '../components.yaml#/parameters/Id'}\n",
        ),
        (
            "components.yaml",
            "responses:\n  Ok: {description: ok}\nparameters:\n  Id: {$ref: id.yaml}\n",
        ),
        ("id.yaml", "name: id\nin: query\n"),
    ];
    assert_eq!(
        value(&files),
        json!({
            "openapi": "3.0.3",
            "info": {"title": "T", "version": "1", "description": "# About\n\n$ref: nothing\n"},
            "paths": {"/a": {
                "get": {"responses": {"200": {"$ref": "#/components/responses/Ok"}}},
                "parameters": [{"$ref": "#/components/parameters/Id"}],
            }},
            "components": {
                "responses": {"Ok": {"description": "ok"}},
                "parameters": {"Id": {"name": "id", "in": "query"}},
            },
        })
    );
}

#[test]
fn swagger_asyncapi_and_json_schema_have_their_own_places() {
    let swagger = "swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      parameters: [{$ref: p.yaml}]\n      responses: {'200': {description: d, schema: {$ref: 's.json'}, examples: {a/b: {$ref: no.yaml}}}}\n";
    let found = value(&[
        ("swagger.yaml", swagger),
        ("p.yaml", "name: p\nin: body\nschema: {$ref: s.json}\n"),
        (
            "s.json",
            r##"{"definitions": {"Inner": {"type": "string"}}, "$schema": "x", "items": {"$ref": "#/definitions/Inner"}}"##,
        ),
    ]);
    assert_eq!(
        found["definitions"],
        json!({"Inner": {"type": "string"}, "s": {"items": {"$ref": "#/definitions/Inner"}}})
    );
    assert_eq!(
        found["parameters"],
        json!({"p": {"name": "p", "in": "body", "schema": {"$ref": "#/definitions/s"}}})
    );

    let old = "asyncapi: 2.6.0\ninfo: {title: T, version: '1'}\nchannels:\n  c: {$ref: c.yaml}\n";
    let found = value(&[
        ("a.yaml", old),
        (
            "c.yaml",
            "subscribe:\n  message:\n    oneOf: [{$ref: m.yaml}, {schemaFormat: application/vnd.apache.avro;version=1.9.0, payload: {$ref: r.avsc}}]\n",
        ),
        ("m.yaml", "payload: {$ref: s.yaml}\n"),
        ("s.yaml", "type: object\n"),
        ("r.avsc", r#"{"type": "record"}"#),
    ]);
    assert_eq!(
        found["components"],
        json!({"messages": {"m": {"payload": {"$ref": "#/components/schemas/s"}}}, "schemas": {"s": {"type": "object"}}})
    );
    assert_eq!(
        found["channels"]["c"]["subscribe"]["message"]["oneOf"][1]["payload"],
        json!({"type": "record"})
    );

    let new = "asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\nchannels:\n  c: {$ref: c.yaml}\noperations:\n  o: {action: send, channel: {$ref: c.yaml}, messages: [{$ref: 'c.yaml#/messages/m'}]}\n";
    let found = value(&[
        ("a.yaml", new),
        ("c.yaml", "address: c\nmessages:\n  m: {$ref: m.yaml}\n"),
        ("m.yaml", "payload: {type: object}\n"),
    ]);
    assert_eq!(
        found["operations"]["o"]["channel"],
        json!({"$ref": "#/channels/c"})
    );
    assert_eq!(
        found["operations"]["o"]["messages"],
        json!([{"$ref": "#/channels/c/messages/m"}])
    );
    assert_eq!(
        found["channels"]["c"]["messages"]["m"],
        json!({"$ref": "#/components/messages/m"})
    );

    let schema = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/main.json", "properties": {"a": {"$ref": "a.json"}, "b": {"$ref": "not-here.json"}}}"#;
    let part = r##"{"$id": "https://example.com/a.json", "$defs": {"X": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/X"}, "main": {"$ref": "main.json"}}}"##;
    let found = value(&[("main.json", schema), ("a.json", part)]);
    assert_eq!(found["properties"]["b"], json!({"$ref": "not-here.json"}));
    assert_eq!(
        found["$defs"],
        json!({"a": {"$defs": {"X": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/a/$defs/X"}, "main": {"$ref": "#"}}}})
    );
}

#[test]
fn discriminators_name_files_too() {
    let main = format!("{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    Pet: {{$ref: pet.yaml}}\n");
    let found = value(&[
        ("openapi.yaml", &main),
        (
            "pet.yaml",
            "oneOf: [{$ref: cat.yaml}]\ndiscriminator:\n  propertyName: kind\n  mapping: {cat: cat.yaml, dog: './dogs.yaml#/components/schemas/Dog', pet: Pet, far: 'https://example.com/x'}\n",
        ),
        ("cat.yaml", "type: object\n"),
        (
            "dogs.yaml",
            "components: {schemas: {Dog: {type: object}}}\n",
        ),
    ]);
    assert_eq!(
        found["components"]["schemas"]["Pet"]["discriminator"]["mapping"],
        json!({"cat": "#/components/schemas/cat", "dog": "#/components/schemas/Dog", "pet": "Pet", "far": "https://example.com/x"})
    );
}

#[test]
fn what_leads_nowhere_is_found_where_it_is_written() {
    let main = format!(
        "{HEAD}paths:\n  /a: {{$ref: a.yaml}}\n  /b: {{$ref: missing.yaml}}\n  /c: {{$ref: ../../etc/passwd}}\n  /d: {{$ref: broken.yaml}}\n  /e: {{$ref: e.yaml}}\ncomponents:\n  schemas: {{S: {{type: string}}}}\n"
    );
    let files = [
        ("x/openapi.yaml", main.as_str()),
        (
            "x/a.yaml",
            "get: {responses: {'200': {$ref: 'a.yaml#/nothing'}, '400': {$ref: 'openapi.yaml#/components/responses/R'}}}\nput: {requestBody: {content: {a/b: {schema: {$ref: '#/components/schemas/S'}}}}}\n",
        ),
        ("x/broken.yaml", "a: [\n"),
        ("x/e.yaml", "$ref: e.yaml\n"),
    ];
    assert_eq!(
        problems(&files),
        [
            r#"x/broken.yaml "[" Malformed { message: "not well-formed: `[` is never closed" }"#,
            r#"x/a.yaml "'a.yaml#/nothing'" Nothing { path: "x/a.yaml", fragment: "/nothing", known: ["get", "put"], is_in_main: false }"#,
            r#"x/a.yaml "'openapi.yaml#/components/responses/R'" Nothing { path: "x/openapi.yaml", fragment: "/components/responses/R", known: [], is_in_main: false }"#,
            r##"x/a.yaml "'#/components/schemas/S'" Nothing { path: "x/a.yaml", fragment: "/components/schemas/S", known: [], is_in_main: true }"##,
            r#"x/openapi.yaml "missing.yaml" File { path: "x/missing.yaml" }"#,
            r#"x/openapi.yaml "../../etc/passwd" Outside { reference: "../../etc/passwd" }"#,
            r#"x/e.yaml "e.yaml" Endless"#,
        ]
    );
}

#[test]
fn sizes_and_depths_are_bounded() {
    let main = format!("{HEAD}paths:\n  /a: {{$ref: p0.yaml}}\n");
    let mut files = vec![("openapi.yaml".to_owned(), main)];
    for i in 0..60 {
        let next = i + 1;
        let text = format!(
            "x: 1\nget: {{responses: {{}}, callbacks: {{a: {{u: {{$ref: p{next}.yaml}}, v: {{$ref: p{next}.yaml}}}}}}}}\n"
        );
        files.push((format!("p{i}.yaml"), text));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let kinds: Vec<BundleProblemKind> = bundled(&files)
        .problems
        .into_iter()
        .map(|problem| problem.kind)
        .collect();
    assert!(kinds.contains(&BundleProblemKind::TooDeep), "{kinds:?}");
}

#[test]
fn numbers_stay_as_they_are_written() {
    let main = "openapi: 3.0.3\ninfo: {title: T, version: 1.10}\npaths: {$ref: p.yaml}\n";
    let part = "/a: {x-n: [2.0, 1e3, 123456789012345678901.50, 0.1]}\n";
    let text = bundled(&[("openapi.yaml", main), ("p.yaml", part)])
        .text
        .unwrap();
    assert!(text.contains("version: 1.10\n"), "{text}");
    assert!(text.contains("123456789012345678901.50"), "{text}");
}

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
