//! What references lead to.

use serde_json::json;

use super::{HEAD, bundled, value};

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
