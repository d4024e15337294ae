//! docs/move.md, followed word for word, with a service of the test in place of Azure.

use serde_json::{Value, json};

use super::documentation::{Step, run, steps};
use super::harness::{Project, TOKEN};
use super::service_fixture::ServiceFixture;

const OPENAPI: &str = "{\"openapi\": \"3.0.1\", \"info\": {\"title\": \"Orders\", \"version\": \"1\"}, \"paths\": {}}";
const PAYMENTS: &str = "openapi: 3.0.3\ninfo: {title: Payments, version: v1}\npaths: {}\n";
const DEFINITION: &str = "apis/orders/versions/1-0-0/definitions/openapi";

/// The resources of the center with the files that apiops has for them.
fn resources() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            "environments/prod",
            "environmentInformation.json",
            json!({"title": "Production", "kind": "production"}),
        ),
        (
            "apis/orders",
            "apiInformation.json",
            json!({"title": "Orders", "kind": "rest"}),
        ),
        (
            "apis/orders/versions/1-0-0",
            "apiVersionInformation.json",
            json!({"title": "v1", "lifecycleStage": "production"}),
        ),
        (
            DEFINITION,
            "apiDefinitionInformation.json",
            json!({"title": "OpenAPI", "specification": {"name": "openapi", "version": "3.0.1"}}),
        ),
        (
            "apis/orders/deployments/eu",
            "apiDeploymentInformation.json",
            json!({"title": "Europe", "environmentId": "/workspaces/default/environments/prod",
                "definitionId": format!("/workspaces/default/{DEFINITION}")}),
        ),
    ]
}

/// The center and, in the project, what apiops wrote about it.
fn prepare(center: &ServiceFixture, project: &Project) {
    for (path, file, properties) in resources() {
        center.put(path, properties.clone());
        let name = path.rsplit('/').next().expect("a name");
        let artifact = json!({"id": path, "name": name, "properties": properties});
        let folder = format!("apic-artifacts/workspaces/default/{path}");
        project.write(&format!("{folder}/{file}"), artifact.to_string());
    }
    let specification =
        format!("apic-artifacts/workspaces/default/{DEFINITION}/specification/specification.json");
    project.write(&specification, OPENAPI);
    center.post(
        &format!("{DEFINITION}/importSpecification"),
        json!({"format": "inline", "value": OPENAPI,
            "specification": {"name": "openapi", "version": "3.0.1"}}),
    );
    project.write("specs/payments.yaml", PAYMENTS);
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [{
            "type": "Microsoft.ApiCenter/services/workspaces/environments",
            "apiVersion": "2024-03-01",
            "name": "contoso/default/staging",
            "properties": {"title": "Staging", "kind": "staging"}
        }]
    });
    project.write("main.json", template.to_string());
}

#[test]
fn the_page_shows_what_the_program_prints() {
    let center = ServiceFixture::start();
    let project = Project::empty().env("APICENTER_ACCESS_TOKEN", TOKEN);
    prepare(&center, &project);
    let mut ran = 0;
    for step in steps("move.md") {
        let (command, shown) = match step {
            Step::Write { path, text } => {
                let cloud = format!("      cloud: {{resourceManager: \"{}\"}}\n", center.url());
                project.write(&path, text + &cloud);
                continue;
            }
            Step::Run { command, shown } => (command, shown),
        };
        let arguments = command.strip_prefix("apicenter ").expect("a command");
        ran += 1;
        assert!(run("move.md", &project, arguments, &shown), "{command}");
    }
    assert!(ran >= 6, "{ran} commands");
}
