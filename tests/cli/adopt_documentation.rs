//! docs/adopt.md, followed word for word, with a service of the test in place of Azure.

use serde_json::json;

use super::documentation::{Step, remove, run, steps};
use super::harness::{Project, TOKEN};
use super::service_fixture::ServiceFixture;

/// The center that the page describes.
fn center() -> ServiceFixture {
    let center = ServiceFixture::start();
    let environment = json!({"title": "Production", "kind": "Production", "server": {"type": "AzureApiManagement"}});
    center.put("environments/production", environment);
    center.put("apis/billing", json!({"title": "Billing", "kind": "REST"}));
    let schema = r#"{"type":"string","title":"Owning team","enum":["checkout","search"]}"#;
    center.put(
        "metadataSchemas/team",
        json!({"schema": schema, "assignedTo": [{"entity": "api", "required": true}]}),
    );
    center.put(
        "apis/orders",
        json!({"title": "Orders", "kind": "rest", "customProperties": {"team": "checkout"}}),
    );
    let version = json!({"title": "v1", "lifecycleStage": "production"});
    center.put("apis/orders/versions/v1", version);
    let definition = "apis/orders/versions/v1/definitions/openapi";
    center.put(definition, json!({"title": "OpenAPI"}));
    let document = "openapi: 3.0.3\ninfo:\n  title: Orders\n  version: v1\npaths: {}\n";
    center.import(definition, document);
    center.put(
        "apis/orders/deployments/production",
        json!({"title": "Production", "environmentId": "/workspaces/default/environments/production",
            "definitionId": format!("/workspaces/default/{definition}"),
            "server": {"runtimeUri": ["https://api.contoso.com/orders"]}}),
    );
    center.put("skills/code-review", json!({"title": "Code review"}));
    center.put(
        "links/orders-needs-billing",
        json!({"title": "Orders needs billing", "source": {"id": "/workspaces/default/apis/orders"},
            "target": {"id": "/workspaces/default/apis/billing"}}),
    );
    center.put(
        "authConfigs/partner",
        json!({"title": "Partner", "securityScheme": "oauth2",
            "oauth2": {"clientId": "partner", "clientSecret": "hunter2hunter2"}}),
    );
    center
}

/// What a command of the Azure CLI does.
fn portal(center: &ServiceFixture, command: &str) {
    let after = |flag: &str| {
        let (_, rest) = command.split_once(flag).expect("the flag is there");
        let rest = rest.trim();
        match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => rest.split(' ').next(),
        }
        .expect("a value")
        .to_owned()
    };
    let api = format!("apis/{}", after("--api-id"));
    if command.starts_with("az apic api delete ") {
        center.delete(&api);
    } else {
        let mut properties = center.get(&api)["properties"].take();
        properties["title"] = json!(after("--title"));
        center.put(&api, properties);
    }
}

#[test]
fn the_page_shows_what_the_program_prints() {
    let center = center();
    let project = Project::empty().env("APICENTER_ACCESS_TOKEN", TOKEN);
    let mut ran = 0;
    for step in steps("adopt.md") {
        let (command, shown) = match step {
            Step::Write { path, text } => {
                let cloud = format!("      cloud: {{resourceManager: \"{}\"}}\n", center.url());
                let is_project = path == "apicenter.yaml";
                project.write(&path, if is_project { text + &cloud } else { text });
                continue;
            }
            Step::Run { command, shown } => (command, shown),
        };
        if let Some(files) = command.strip_prefix("rm ") {
            remove(&project, files);
        } else if command.starts_with("az ") {
            portal(&center, &command);
        } else if let Some(arguments) = command.strip_prefix("apicenter ") {
            ran += 1;
            assert!(run("adopt.md", &project, arguments, &shown), "{command}");
        }
    }
    assert!(ran >= 8, "{ran} commands");
}
