//! Deployments and the ids in them.

use serde_json::{Value, json};

use super::{Center, ServiceFixture, answers};

const SERVICE: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso";
const ENVIRONMENT: &str = "/workspaces/default/environments/production";
const DEFINITION: &str = "/workspaces/default/apis/orders/versions/1-0-0/definitions/openapi";

/// Two APIs, of which one has everything.
pub(super) fn orders(center: &ServiceFixture) {
    center.put(
        "environments/production",
        json!({"title": "Production", "kind": "production"}),
    );
    for api in ["orders", "other"] {
        center.put(
            &format!("apis/{api}"),
            json!({"title": api, "kind": "rest"}),
        );
    }
    center.put(
        "apis/orders/versions/1-0-0",
        json!({"title": "v1", "lifecycleStage": "design"}),
    );
    center.put(
        "apis/orders/versions/1-0-0/definitions/openapi",
        json!({"title": "OpenAPI"}),
    );
    center.put(
        "apis/orders/deployments/eu",
        json!({"title": "EU", "environmentId": ENVIRONMENT, "definitionId": DEFINITION,
            "server": {"runtimeUri": ["https://api.contoso.com"]}}),
    );
}

fn said(center: &ServiceFixture, change: impl Fn(&mut Value)) {
    orders(center);
    answers::properties(center, "apis/orders/deployments", change);
}

pub(super) static CENTERS: &[Center] = &[
    Center::new("full ids", |center| {
        said(center, |eu| {
            eu["environmentId"] = json!(format!("{SERVICE}{ENVIRONMENT}"));
            eu["definitionId"] = json!(format!("{}{DEFINITION}", SERVICE.to_uppercase()));
        });
    }),
    Center::new("ids of another service", |center| {
        said(center, |eu| {
            eu["environmentId"] = json!(format!("{SERVICE}-2{ENVIRONMENT}"));
            eu["definitionId"] = json!(format!("{SERVICE}-2{DEFINITION}"));
        });
    })
    .accepting(&["bad-pattern", "dangling-reference"]),
    Center::new("ids in other letters", |center| {
        said(center, |eu| {
            eu["environmentId"] = json!(ENVIRONMENT.to_uppercase());
            eu["definitionId"] =
                json!("/workspaces/Default/Apis/ORDERS/versions/1-0-0/definitions/OpenAPI");
        });
    }),
    Center::new(
        "ids with a slash at the end or none at the start",
        |center| {
            said(center, |eu| {
                eu["environmentId"] = json!(format!("{ENVIRONMENT}/"));
                eu["definitionId"] = json!(DEFINITION.trim_start_matches('/'));
            });
        },
    )
    .accepting(&["bad-pattern"]),
    Center::new("ids that are empty", |center| {
        said(center, |eu| {
            eu["environmentId"] = json!("");
            eu["definitionId"] = json!("");
        });
    })
    .accepting(&["bad-pattern", "dangling-reference"]),
    Center::new("a deployment of another API's definition", |center| {
        orders(center);
        center.put(
            "apis/other/deployments/eu",
            json!({"title": "EU", "environmentId": ENVIRONMENT, "definitionId": DEFINITION}),
        );
    }),
    Center::new("deployments of nothing", |center| {
        orders(center);
        center.put("apis/other/deployments/bare", json!({}));
        center.put(
            "apis/other/deployments/titled",
            json!({"title": "T", "server": {"runtimeUri": []}}),
        );
        center.put(
            "apis/other/deployments/somewhere",
            json!({"environmentId": ENVIRONMENT, "server": {}}),
        );
    }),
    Center::new("deployments of what was deleted", |center| {
        orders(center);
        center.put(
            "apis/other/deployments/eu",
            json!({"environmentId": ENVIRONMENT, "definitionId": DEFINITION}),
        );
        center.delete("apis/orders/versions/1-0-0");
        center.delete("environments/production");
    })
    .accepting(&["dangling-reference"]),
    Center::new("more than a service may hold", |center| {
        orders(center);
        for number in 0..22 {
            center.put(
                &format!("environments/e-{number}"),
                json!({"title": "E", "kind": "testing"}),
            );
            center.put(
                &format!("apis/orders/deployments/d-{number}"),
                json!({"title": "D"}),
            );
            let definition = format!("apis/orders/versions/1-0-0/definitions/d-{number}");
            center.put(&definition, json!({"title": "D"}));
        }
        for number in 0..22 {
            center.put(
                &format!("metadataSchemas/m-{number}"),
                json!({"schema": r#"{"type":"string"}"#, "assignedTo": [{"entity": "api"}]}),
            );
        }
    })
    .accepting(&["service-limit"]),
    Center::new("lists of many pages", |center| {
        orders(center);
        for number in 0..7 {
            center.put(
                &format!("apis/a-{number}"),
                json!({"title": "One title", "kind": "rest"}),
            );
        }
    })
    .with(|options| options.page_size = 2),
];
