//! What the service and its own clients write is not reported: no warning, no change.

use serde_json::json;

use super::harness::Project;
use super::service_fixture::ServiceFixture;

const DOCUMENT: &str =
    r#"{"openapi": "3.0.1", "info": {"title": "Orders", "version": "1.0.0"}, "paths": {}}"#;

#[test]
fn spellings_of_the_service_are_no_news() {
    let center = ServiceFixture::start();
    for (name, server) in [
        ("spaced", "Azure API Management"),
        ("joined", "AzureApiManagement"),
        ("lower", "azure api management"),
    ] {
        let path = format!("environments/{name}");
        let environment = json!({"title": name, "kind": "Production", "server": {"type": server}});
        center.put(&path, environment);
    }
    center.put("apis/orders", json!({"title": "Orders", "kind": "REST"}));
    center.put(
        "apis/orders/versions/v1",
        json!({"title": "v1", "lifecycleStage": "Production"}),
    );
    for (name, specification) in [
        ("hyphens", json!({"name": "openapi", "version": "3-0-1"})),
        ("none", json!({"name": "openapi"})),
        ("upper", json!({"name": "OpenAPI", "version": "3.0.1"})),
        ("short", json!({"name": "openapi", "version": "3.0"})),
        ("long", json!({"name": "openapi", "version": "V3_0"})),
    ] {
        let definition = format!("apis/orders/versions/v1/definitions/{name}");
        center.put(&definition, json!({"title": name}));
        center.post(
            &format!("{definition}/importSpecification"),
            json!({"format": "inline", "value": DOCUMENT, "specification": specification}),
        );
    }
    let project = Project::of(&center);
    project.run("export").success().never_says("note");
    for name in ["hyphens", "none", "upper", "short", "long"] {
        assert!(
            project
                .path(&format!("apis/orders/v1/{name}.json"))
                .exists(),
            "{name}"
        );
    }
    project.run("validate").success().never_says("warning");
    project
        .run("plan --detailed-exitcode")
        .success()
        .never_says("warning");
    project.run("export").success().says(&["(0 written, "]);
}
