//! Nulls, empty values, texts that are hard to write, and properties that nobody knows.

use serde_json::{Value, json};

use super::deployments::orders;
use super::{Center, ServiceFixture, answers};

const TEXTS: [&str; 24] = [
    "no",
    "null",
    "~",
    "1.0",
    "007",
    "1e3",
    "0x1F",
    "2024-01-01",
    "12:30",
    "true",
    "- item",
    "key: value",
    "# comment",
    "'single'",
    "\"double\"",
    "${stage}",
    "$${stage}",
    "trailing space ",
    " leading",
    "*star",
    "&and",
    "!tag",
    "%directive",
    "@at `tick`",
];
const LINES: [&str; 10] = [
    "one\ntwo\n",
    "one\r\ntwo\r\n",
    "\n\nafter empty lines",
    "ends in lines\n\n\n",
    "tab\tinside",
    "\tleading tab",
    "line\u{2028}separator\u{2029}",
    "no\u{a0}break",
    "emoji 🚀 \u{feff}mark",
    "bell\u{7} escape\u{1b}[31m",
];

fn everywhere(center: &ServiceFixture, change: impl Fn(&mut Value) + Copy) {
    orders(center);
    for collection in [
        "apis/orders/versions/1-0-0/definitions",
        "apis/orders/versions",
        "apis/orders/deployments",
        "apis",
        "environments",
    ] {
        answers::properties(center, collection, change);
    }
}

fn set(value: &mut Value, names: &[&str], to: &Value) {
    for name in names {
        value[*name] = to.clone();
    }
}

const OPTIONAL: [&str; 14] = [
    "description",
    "summary",
    "termsOfService",
    "license",
    "externalDocumentation",
    "contacts",
    "customProperties",
    "server",
    "onboarding",
    "specification",
    "state",
    "recommended",
    "lastUpdated",
    "new",
];

pub(super) static CENTERS: &[Center] = &[
    Center::new(
        "nulls in place of every value that may be missing",
        |center| {
            everywhere(center, |value| set(value, &OPTIONAL, &Value::Null));
        },
    ),
    Center::new("nulls deep inside", |center| {
        everywhere(center, |value| {
            value["server"] =
                json!({"type": null, "managementPortalUri": null, "runtimeUri": null});
            value["onboarding"] = json!({"instructions": null, "developerPortalUri": [null]});
            value["license"] = json!({"name": null, "url": null});
            value["contacts"] = json!([{"name": "A", "email": null}, {"name": null}]);
            value["termsOfService"] = json!({"url": null});
            value["externalDocumentation"] = json!([{"title": null, "url": "https://contoso.com"}]);
        });
    }).accepting(&["wrong-type"]),
    Center::new("empty values", |center| {
        everywhere(center, |value| {
            set(value, &["description", "summary"], &json!(""));
            set(
                value,
                &[
                    "termsOfService",
                    "license",
                    "server",
                    "onboarding",
                    "customProperties",
                ],
                &json!({}),
            );
            set(value, &["externalDocumentation", "contacts"], &json!([]));
        });
    }),
    Center::new("empty and missing titles", |center| {
        everywhere(center, |value| value["title"] = json!(""));
    }).accepting(&["too-short"]),
    Center::new("properties without anything in them", |center| {
        orders(center);
        for collection in ["apis/orders/deployments", "apis", "environments"] {
            answers::properties(center, collection, |value| *value = json!({}));
        }
    })
    .accepting(&["missing-field"]),
    Center::new("no titles", |center| {
        everywhere(center, |value| {
            value
                .as_object_mut()
                .expect("an object")
                .shift_remove("title");
        });
    }).accepting(&["missing-field"]),
    Center::new("no kinds and no stages", |center| {
        everywhere(center, |value| {
            let value = value.as_object_mut().expect("an object");
            value.shift_remove("kind");
            value.shift_remove("lifecycleStage");
        });
    }).accepting(&["missing-field"]),
    Center::new("texts longer than documented", |center| {
        everywhere(center, |value| {
            let long = "many words ".repeat(200);
            set(value, &["title", "description", "summary"], &json!(long));
            value["contacts"] = json!([{"name": long, "email": long, "url": format!("https://contoso.com/{}", "x".repeat(300))}]);
            value["license"] = json!({"name": long, "identifier": long});
        });
    }).accepting(&["too-long"]),
    Center::new("addresses that are none", |center| {
        everywhere(center, |value| {
            value["contacts"] = json!([{"email": "nobody", "url": "contoso"}]);
            value["license"] = json!({"url": "not an address"});
            value["termsOfService"] = json!({"url": "//x"});
            value["externalDocumentation"] = json!([{"url": ""}, {"title": "no url"}]);
            value["server"] = json!({"type": "Kong", "runtimeUri": ["api.contoso.com", "", "{host}/x"], "managementPortalUri": ["portal"]});
            value["onboarding"] = json!({"developerPortalUri": ["x", "y"]});
        });
    }).accepting(&["missing-field", "too-long", "unknown-value"]),
    Center::new("texts that YAML reads as something else", |center| {
        for (number, text) in TEXTS.iter().enumerate() {
            center.put(
                &format!("apis/t-{number}"),
                json!({"title": text, "kind": "rest", "summary": text, "description": text, "contacts": [{"name": text}]}),
            );
        }
    }),
    Center::new("texts of several lines and with odd characters", |center| {
        for (number, text) in LINES.iter().enumerate() {
            center.put(
                &format!("environments/t-{number}"),
                json!({"title": "T", "kind": "testing", "description": text, "onboarding": {"instructions": text}}),
            );
            center.put(
                &format!("skills/t-{number}"),
                json!({"title": text, "description": text, "note": text}),
            );
        }
    }),
    Center::new("properties that nobody knows", |center| {
        everywhere(center, |value| {
            value["novel"] = json!({"deep": [1, {"x": null}], "${y}": "$${z}"});
            value["contacts"] = json!([{"name": "A", "role": "owner"}]);
            value["server"] = json!({"type": "Kubernetes", "runtimeUri": ["https://contoso.com"], "region": "eu"});
            value["license"] = json!({"name": "MIT", "spdx": {"id": "MIT"}});
        });
    }),
    Center::new("two resources with one title", |center| {
        orders(center);
        for name in ["one", "two"] {
            center.put(
                &format!("apis/{name}"),
                json!({"title": "Same", "kind": "rest"}),
            );
            center.put(
                &format!("apis/orders/versions/{name}"),
                json!({"title": "v1", "lifecycleStage": "design"}),
            );
            center.put(
                &format!("environments/{name}"),
                json!({"title": "Same", "kind": "testing"}),
            );
        }
    }),
];
