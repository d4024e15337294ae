//! Where parts are put, and by which names.

use serde_json::json;

use super::{HEAD, bundled, parsed, value};
use crate::document::DocumentFacts;

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
    let facts = DocumentFacts::of(None, &text);
    assert!(facts.identity.described.is_ok());
    assert_eq!(facts.oddities, []);
}

#[test]
fn names_that_collide_are_made_different() {
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
fn many_parts_of_one_name_get_their_numbers_soon() {
    const COUNT: usize = 6000;
    let mut main =
        format!("{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    All:\n      properties:\n");
    let mut part = String::new();
    for i in 0..COUNT {
        main.push_str(&format!("        p{i}: {{$ref: 'all.yaml#/s{i}/Pet'}}\n"));
        part.push_str(&format!("s{i}: {{Pet: {{type: string}}}}\n"));
    }
    let bundle = bundled(&[("openapi.yaml", &main), ("all.yaml", &part)]);
    let found = parsed(&bundle.text.unwrap());
    let schemas = found["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.len(), COUNT + 1);
    assert!(schemas.contains_key("Pet") && schemas.contains_key("all_Pet"));
    assert!(schemas.contains_key(&format!("Pet_{}", COUNT - 1)));
}

#[test]
fn many_entries_that_are_references_find_their_places_soon() {
    const COUNT: usize = 6000;
    let mut main = format!("{HEAD}paths: {{}}\ncomponents:\n  schemas:\n");
    let mut part = String::new();
    for i in 0..COUNT {
        main.push_str(&format!("    S{i}: {{$ref: 'all.yaml#/s{i}'}}\n"));
        let next = (i + 1) % COUNT;
        part.push_str(&format!(
            "s{i}: {{properties: {{next: {{$ref: '#/s{next}'}}}}}}\n"
        ));
    }
    let bundle = bundled(&[("openapi.yaml", &main), ("all.yaml", &part)]);
    let found = parsed(&bundle.text.unwrap());
    let schemas = found["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.len(), COUNT);
    let next = json!({"$ref": "#/components/schemas/S8"});
    assert_eq!(schemas["S7"]["properties"]["next"], next);
}
