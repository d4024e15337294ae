//! Metadata schemas of every form, and values that do not comply with them.

use serde_json::{Value, json};

use super::deployments::orders;
use super::{Center, ServiceFixture, answers};

fn schema(center: &ServiceFixture, name: &str, schema: &Value, assigned: &Value) {
    let properties = json!({"schema": schema.to_string(), "assignedTo": assigned});
    center.put(&format!("metadataSchemas/{name}"), properties);
}

fn for_apis(center: &ServiceFixture, name: &str, of: &Value) {
    schema(
        center,
        name,
        of,
        &json!([{"entity": "api", "required": false}]),
    );
}

fn api(center: &ServiceFixture, name: &str, values: &Value) {
    let properties = json!({"title": name, "kind": "rest", "customProperties": values});
    center.put(&format!("apis/{name}"), properties);
}

/// What the list of APIs says are their custom properties.
fn said(center: &ServiceFixture, values: &Value) {
    orders(center);
    for_apis(
        center,
        "team",
        &json!({"type": "string", "enum": ["a", "b"]}),
    );
    for_apis(center, "cost", &json!({"type": "string"}));
    for_apis(center, "size", &json!({"type": "number"}));
    for_apis(
        center,
        "tags",
        &json!({"type": "array", "items": {"type": "string"}}),
    );
    for_apis(
        center,
        "sla",
        &json!({"type": "object", "properties": {"hours": {"type": "number"}, "note": {"type": "string"}}}),
    );
    answers::properties(center, "apis", |api| {
        api["customProperties"] = values.clone();
    });
}

pub(super) static CENTERS: &[Center] = &[
    Center::new("schemas of every form", |center| {
        let choices =
            json!([{"const": "a", "description": "The first."}, {"const": "b", "description": ""}]);
        for (number, of) in [
            json!({"type": "string", "title": "T", "oneOf": choices}),
            json!({"type": "string", "enum": ["1.0", "no", "", " x "]}),
            json!({"type": "number", "enum": [1, 2.5, -3e10]}),
            json!({"type": "boolean"}),
            json!({"type": "string", "format": "date"}),
            json!({"type": "string", "format": "uri", "maxLength": 20, "pattern": "^h\\d$", "title": "${x}"}),
            json!({"type": "array", "items": {"type": "string", "oneOf": choices}}),
            json!({"type": "object", "properties": {"a.b": {"type": "string"}, "$c": {"type": "number"}}, "required": ["a.b"]}),
            json!({"title": "without a type"}),
            json!({}),
            json!({"type": "integer", "minimum": 0, "x-novel": {"deep": [null]}}),
            json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string", "const": "x"}),
            json!({"type": ["string", "null"]}),
            json!({"anyOf": [{"type": "string"}, {"type": "number"}]}),
        ]
        .iter()
        .enumerate()
        {
            schema(center, &format!("of-{number}"), of, &json!([{"entity": "environment", "deprecated": true}]));
        }
    }).accepting(&["metadata-schema-invalid"]),
    Center::new("assignments of every form", |center| {
        let text = json!({"type": "string"});
        for (number, assigned) in [
            json!([]),
            json!([{"entity": "api"}, {"entity": "environment"}, {"entity": "deployment"}]),
            json!([{"entity": "api", "required": true, "deprecated": true}]),
        ]
        .iter()
        .enumerate()
        {
            schema(center, &format!("as-{number}"), &text, assigned);
        }
        answers::list(center, "metadataSchemas", |items| {
            items[0]["properties"]["assignedTo"] =
                json!([{"entity": "API", "required": null}, {"entity": "skill"}]);
            items[1]["properties"]["assignedTo"] = Value::Null;
        });
    }).accepting(&["metadata-assignment", "unknown-value"]),
    Center::new("a schema that is not JSON", |center| {
        for name in ["broken", "list", "yes", "none"] {
            for_apis(center, name, &json!({"type": "string"}));
        }
        answers::list(center, "metadataSchemas", |items| {
            for (item, said) in
                items
                    .iter_mut()
                    .zip([json!("{oops"), json!("[1]"), json!("true"), Value::Null])
            {
                item["properties"]["schema"] = said;
            }
        });
    }),
    Center::new("a schema that is spelt in another way", |center| {
        for_apis(center, "team", &json!({"type": "string"}));
        answers::list(center, "metadataSchemas", |items| {
            items[0]["properties"]["schema"] = json!(
                "{\r\n  \"title\": \"Team\",\n\t\"type\" : \"string\", \"enum\": [\"\\u00e9\"]\r\n}"
            );
        });
    }),
    Center::new("a required value that is missing", |center| {
        orders(center);
        let all = json!([{"entity": "api", "required": true}, {"entity": "environment", "required": true}, {"entity": "deployment", "required": true}]);
        schema(center, "team", &json!({"type": "string"}), &all);
    }).accepting(&["custom-property-required"]),
    Center::new("a value that is no longer allowed", |center| {
        for_apis(
            center,
            "team",
            &json!({"type": "string", "enum": ["a", "b"]}),
        );
        api(center, "orders", &json!({"team": "b"}));
        api(center, "other", &json!({"team": "b"}));
        for_apis(center, "team", &json!({"type": "string", "enum": ["a"]}));
    }).accepting(&["custom-property-value"]),
    Center::new("values that are null", |center| {
        said(
            center,
            &json!({"team": null, "cost": null, "size": null, "tags": null, "sla": null}),
        );
    }),
    Center::new("nulls inside values", |center| {
        said(
            center,
            &json!({"tags": ["x", null], "sla": {"hours": null}}),
        );
    }).accepting(&["custom-property-value"]),
    Center::new("values of another type", |center| {
        said(
            center,
            &json!({"team": 7, "cost": 123, "size": "12", "tags": "one", "sla": "best"}),
        );
    }).accepting(&["custom-property-value"]),
    Center::new("values of another type, deep inside", |center| {
        said(
            center,
            &json!({"cost": true, "tags": [1, true, "x"], "sla": {"hours": "24", "note": 1.10, "new": {"x": 1}}}),
        );
    }).accepting(&["custom-property-value"]),
    Center::new("values without a schema", |center| {
        said(
            center,
            &json!({"unheard-of": "x", "odd name": {"$ref": "#/x"}, "team": "a"}),
        );
    }).accepting(&["custom-property-unknown"]),
    Center::new("values of a schema for something else", |center| {
        said(center, &json!({"team": "a"}));
        answers::properties(center, "environments", |one| {
            one["customProperties"] = json!({"team": "a"});
        });
    }).accepting(&["custom-property-unassigned"]),
    Center::new("values that YAML reads as something else", |center| {
        for_apis(center, "cost", &json!({"type": "string"}));
        for (number, value) in [
            "00123", "1.10", "NO", "1e10", "12:30", "~", "", " x ", "null", "a: b",
        ]
        .iter()
        .enumerate()
        {
            api(center, &format!("a-{number}"), &json!({"cost": value}));
        }
    }),
    Center::new("a marker of another tool", |center| {
        for_apis(center, "managed-by", &json!({"type": "string"}));
        api(center, "orders", &json!({"managed-by": "terraform"}));
    }),
];
