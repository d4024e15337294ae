//! Names of every form, and spellings of the service and its own clients.

use serde_json::json;

use super::{Center, ServiceFixture, answers};

const NAMES: [&str; 22] = [
    "a",
    "v1",
    "1.0",
    "2023-10",
    ".hidden",
    "con",
    "nul.x",
    "x.yaml",
    "api.yaml",
    "a.",
    "-",
    "--",
    "007",
    "1e3",
    "0x1F",
    "null",
    "true",
    "no",
    "aux",
    "node.modules",
    "versions",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

pub(super) static CENTERS: &[Center] = &[
    Center::new("an empty service", |_| {}),
    Center::new("a new service with its sample", |_| {}).with(|options| options.seed_sample = true),
    Center::new("names of APIs and what is below them", |center| {
        center.put("environments/qa", json!({"title": "QA", "kind": "testing"}));
        for name in NAMES {
            let api = format!("apis/{name}");
            center.put(&api, json!({"title": "T", "kind": "rest"}));
            let version = format!("{api}/versions/{name}");
            center.put(&version, json!({"title": "v1", "lifecycleStage": "design"}));
            let definition = format!("{version}/definitions/{name}");
            center.put(&definition, json!({"title": "D"}));
            center.import(
                &definition,
                "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n",
            );
            center.put(
                &format!("{api}/deployments/{name}"),
                json!({"title": "D", "environmentId": "/workspaces/default/environments/qa",
                    "definitionId": format!("/workspaces/default/{definition}")}),
            );
        }
    }),
    Center::new("names of everything else", |center| {
        for name in NAMES.iter().take(18) {
            let schema =
                json!({"schema": r#"{"type":"string"}"#, "assignedTo": [{"entity": "api"}]});
            center.put(&format!("metadataSchemas/{name}"), schema);
            center.put(
                &format!("environments/{name}"),
                json!({"title": "E", "kind": "testing"}),
            );
        }
        for name in NAMES {
            center.put(&format!("skills/{name}"), json!({"title": "S"}));
            center.put(
                &format!("skills/{name}/versions/{name}"),
                json!({"title": "v1"}),
            );
            center.put(&format!("agents/{name}"), json!({"title": "A"}));
            center.put(&format!("plugins/{name}"), json!({"title": "P"}));
            center.put(&format!("models/{name}"), json!({"title": "M"}));
            center.put(
                &format!("analyzerConfigs/{name}"),
                json!({"analyzerType": "spectral"}),
            );
        }
    }),
    Center::new("one name for everything", |center| {
        center.put(
            "environments/shop",
            json!({"title": "Shop", "kind": "testing"}),
        );
        center.put("apis/shop", json!({"title": "Shop", "kind": "mcp"}));
        center.put(
            "apis/shop/versions/shop",
            json!({"title": "Shop", "lifecycleStage": "design"}),
        );
        center.put(
            "apis/shop/versions/shop/definitions/shop",
            json!({"title": "Shop"}),
        );
        for collection in [
            "skills",
            "agents",
            "plugins",
            "models",
            "links",
            "mcpRegistries",
            "authConfigs",
        ] {
            center.put(&format!("{collection}/shop"), json!({"title": "Shop"}));
        }
        center.put("agents/shop/versions/shop", json!({"title": "Shop"}));
    })
    .accepting(&["mcp-without-address"]),
    Center::new("names with capital letters", |center| {
        center.put(
            "environments/PROD",
            json!({"title": "Production", "kind": "production"}),
        );
        center.put(
            "apis/Orders-API",
            json!({"title": "Orders", "kind": "rest"}),
        );
        center.put(
            "apis/Orders-API/versions/V1",
            json!({"title": "v1", "lifecycleStage": "design"}),
        );
        center.put(
            "apis/Orders-API/deployments/EU",
            json!({"title": "EU", "environmentId": "/workspaces/default/environments/prod"}),
        );
        center.put("skills/Code-Review", json!({"title": "Review"}));
        center.put(
            "plugins/Tools",
            json!({"title": "Tools", "resourceIds": ["/workspaces/default/skills/code-review", "/workspaces/default/apis/orders-api"]}),
        );
    }),
    Center::new("names that no rule allows", |center| {
        for name in ["one", "two", "three", "four"] {
            center.put(
                &format!("environments/{name}"),
                json!({"title": "E", "kind": "testing"}),
            );
        }
        answers::list(center, "environments", |items| {
            let long = "long-".repeat(30);
            for (item, name) in items
                .iter_mut()
                .zip(["my_env", "two words", "größe", &long])
            {
                item["name"] = json!(name);
                item["id"] = json!(format!(
                    "{}/workspaces/default/environments/{name}",
                    ServiceFixture::ID
                ));
            }
        });
    })
    .leaving_out(&[
        "environment/my_env: left out: manifests allow only 1 to 90 letters, digits, dots and hyphens as its name",
        "environment/two words: left out",
        "environment/größe: left out",
        "environment/long-long-",
    ]),
    Center::new("ids and types in lower case", |center| {
        super::deployments::orders(center);
        for collection in ["environments", "apis"] {
            answers::list(center, collection, |items| {
                for item in items {
                    for key in ["id", "type"] {
                        item[key] = json!(item[key].as_str().unwrap_or_default().to_lowercase());
                    }
                    item["systemData"] = json!(null);
                }
            });
        }
    }),
    Center::new("spellings of the service", spellings).accepting(&["unknown-value"]),
];

fn spellings(center: &ServiceFixture) {
    for (name, server) in [
        ("spaced", "Azure API Management"),
        ("joined", "AzureApiManagement"),
        ("lower", "azure api management"),
        ("other", "Some New Gateway"),
    ] {
        let path = format!("environments/{name}");
        center.put(
            &path,
            json!({"title": name, "kind": "Production", "server": {"type": server}}),
        );
    }
    for (name, kind) in [
        ("upper", "REST"),
        ("mixed", "GraphQL"),
        ("odd", "odata"),
        ("soap", "SOAP"),
    ] {
        center.put(
            &format!("apis/{name}"),
            json!({"title": name, "kind": kind}),
        );
    }
    for (name, stage) in [("v1", "Production"), ("v2", "DESIGN"), ("v3", "beta")] {
        center.put(
            &format!("apis/upper/versions/{name}"),
            json!({"title": name, "lifecycleStage": stage}),
        );
    }
    let document =
        r#"{"openapi": "3.0.1", "info": {"title": "Orders", "version": "1.0.0"}, "paths": {}}"#;
    for (name, specification) in [
        ("hyphens", json!({"name": "openapi", "version": "3-0-1"})),
        ("none", json!({"name": "openapi"})),
        ("upper", json!({"name": "OpenAPI", "version": "3.0.1"})),
        ("short", json!({"name": "openapi", "version": "3.0"})),
        ("long", json!({"name": "openapi", "version": "V3_0"})),
    ] {
        let definition = format!("apis/upper/versions/v1/definitions/{name}");
        center.put(&definition, json!({"title": name}));
        center.post(
            &format!("{definition}/importSpecification"),
            json!({"format": "inline", "value": document, "specification": specification}),
        );
    }
}
