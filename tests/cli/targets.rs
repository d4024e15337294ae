//! Targets: the embedded emulator, variables, overlays, and documents behind a link.

use axum::Router;
use axum::routing::get;
use std::sync::{Arc, Mutex};

use super::harness::{Project, project_file};
use super::samples::{OPENAPI, RESOURCES, orders};
use super::service_fixture::ServiceFixture;

#[test]
fn the_whole_loop_works_on_a_laptop_without_an_account() {
    let project = orders(Project::local());
    project
        .run("validate")
        .success()
        .says(&["Valid. 6 resources are declared."]);
    project.run("plan").success().says(&[
        "Target local: service contoso in the embedded emulator",
        "Plan: 6 to add",
        "",
    ]);
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();
    assert!(project.path(".apicenter/emulator.redb").is_file());
}

#[test]
fn the_embedded_service_starts_with_the_sample_like_a_real_one() {
    let project = orders(Project::local());
    let plan = project.run("plan --format json").success().json();
    assert_eq!(
        plan["unmanaged"],
        serde_json::json!(["api/swagger-petstore"])
    );
    assert_eq!(plan["summary"]["unmanaged"], 1);
}

#[test]
fn a_declared_service_is_created_first() {
    let service = "apiVersion: apicenter/v1\nkind: Service\nmetadata: {name: contoso}\n\
                   spec: {location: westeurope, sku: Standard, tags: {team: platform}}\n";
    let center = ServiceFixture::without_service(|_| {});
    for project in [Project::local(), Project::of(&center)] {
        let project = orders(project).file("service.yaml", service);
        project
            .run("apply --auto-approve")
            .success()
            .says(&["+ service", &format!("{} added", RESOURCES + 1)]);
        project.run("plan --detailed-exitcode").success();
    }
    let writes = center.writes();
    assert_eq!(writes[0], "PUT service", "{writes:?}");
}

#[test]
fn the_project_is_found_upward_and_by_directory() {
    let project = orders(Project::local());
    std::fs::create_dir_all(project.path("deep/er")).unwrap();
    let below = project
        .command("validate")
        .current_dir(project.path("deep/er"))
        .status();
    assert!(below.unwrap().success());
    let elsewhere = Project::empty();
    let arguments = format!("validate -C {}", project.root().display());
    elsewhere.run(&arguments).success();
    elsewhere.run("validate -C does-not-exist").exit(1);
}

#[test]
fn variables_and_overlays_make_a_target() {
    let targets = r#"
defaultTarget: dev
targets:
  dev:
    emulator: {data: .apicenter/dev.redb}
    variables: {stage: development, host: dev.contoso.com}
  prod:
    emulator: {data: .apicenter/prod.redb}
    variables: {stage: production, host: api.contoso.com}
    overlays: ["overlays/prod/*.yaml"]
"#;
    let api = r#"apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders
  kind: rest
  summary: "costs $${amount} at ${host}"
  description: Gone in production
  versions:
    - {name: 1-0-0, title: v1, lifecycleStage: "${stage}"}
    - {name: 2-0-0, title: v2, lifecycleStage: design}
"#;
    let overlay = r#"apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders of ${host}
  description: null
  versions:
    - {name: 2-0-0, title: Two}
    - {name: 3-0-0, title: v3, lifecycleStage: preview}
"#;
    let project = Project::with_spec(targets)
        .file("orders.yaml", api)
        .file("overlays/prod/orders.yaml", overlay);
    let fields = |target: &str| {
        let plan = project
            .run(&format!("plan -t {target} --format json"))
            .success();
        let plan = plan.json();
        let mut fields = Vec::new();
        for change in plan["changes"].as_array().expect("changes") {
            for field in change["fields"].as_array().expect("fields") {
                let address = change["address"].as_str().expect("an address");
                let path = field["path"].as_str().expect("a path");
                fields.push(format!("{address} {path}={}", field["after"]));
            }
        }
        fields
    };
    let dev = fields("dev");
    for field in [
        "api/orders title=\"Orders\"",
        "api/orders summary=\"costs ${amount} at dev.contoso.com\"",
        "api/orders description=\"Gone in production\"",
        "api/orders/version/1-0-0 lifecycleStage=\"development\"",
        "api/orders/version/2-0-0 title=\"v2\"",
    ] {
        assert!(dev.iter().any(|other| other == field), "{field}: {dev:#?}");
    }
    assert!(!dev.iter().any(|field| field.contains("3-0-0")), "{dev:#?}");
    let prod = fields("prod");
    for field in [
        "api/orders title=\"Orders of api.contoso.com\"",
        "api/orders/version/1-0-0 lifecycleStage=\"production\"",
        "api/orders/version/2-0-0 title=\"Two\"",
        "api/orders/version/2-0-0 lifecycleStage=\"design\"",
        "api/orders/version/3-0-0 lifecycleStage=\"preview\"",
    ] {
        assert!(
            prod.iter().any(|other| other == field),
            "{field}: {prod:#?}"
        );
    }
    assert!(
        !prod.iter().any(|field| field.contains("description")),
        "{prod:#?}"
    );
    // A change that an overlay makes is shown at its place in the overlay.
    let plan = project.run("plan -t prod --format json").success().json();
    let first = &plan["changes"][0]["fields"];
    let title = first
        .as_array()
        .expect("fields")
        .iter()
        .find(|f| f["path"] == "title");
    let place = &title.expect("a title")["source"];
    assert_eq!(place["file"], "overlays/prod/orders.yaml");
    assert_eq!([&place["line"], &place["column"]], [5, 10]);
    for target in ["dev", "prod"] {
        project
            .run(&format!("apply --auto-approve -t {target}"))
            .success();
        project
            .run(&format!("plan --detailed-exitcode -t {target}"))
            .success();
    }
}

#[test]
fn endpoints_must_be_https_or_on_this_machine() {
    for url in ["http://example.com", "ftp://127.0.0.1", "nonsense"] {
        let spec = format!(
            "targets:\n  live:\n    subscriptionId: s\n    resourceGroup: rg\n    service: contoso\n    \
             cloud: {{resourceManager: \"{url}\"}}"
        );
        let project = Project::with_spec(&spec).env("APICENTER_ACCESS_TOKEN", "x");
        project.run("plan").exit(1);
    }
    let spec = "targets:\n  live: {subscriptionId: s, resourceGroup: rg, service: c, cloud: moon}";
    let project = Project::with_spec(spec).env("APICENTER_ACCESS_TOKEN", "x");
    let run = project.run("plan");
    assert!(run.stderr.contains("`moon`"), "{run}");
}

/// Serves one document at `/orders.yaml`, and 404 elsewhere.
fn serve(center: &ServiceFixture, document: Arc<Mutex<String>>) -> String {
    let runtime = center.background();
    let socket = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .expect("a port");
    let address = socket.local_addr().expect("an address");
    let answer = move || {
        let text = document.lock().expect("nobody panicked").clone();
        async { text }
    };
    let router = Router::new().route("/orders.yaml", get(answer));
    runtime.spawn(async move { axum::serve(socket, router).await });
    format!("http://{address}")
}

#[test]
fn a_document_behind_a_link_is_planned_applied_and_quiet() {
    let mut center = ServiceFixture::start();
    let document = Arc::new(Mutex::new(OPENAPI.to_owned()));
    let host = serve(&center, Arc::clone(&document));
    let project = orders(Project::of(&center));
    let source = format!("source: {{url: \"{host}/orders.yaml\"}}");
    project.edit("apis/orders.yaml", "source: {file: openapi.yaml}", &source);
    project.run("validate").success();
    project
        .run("plan -v")
        .success()
        .says(&["source", "sha256:"]);
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();

    *document.lock().unwrap() = OPENAPI.replace("List orders", "All orders");
    project.run("plan --detailed-exitcode").exit(2).says(&[
        "~ api/orders/version/1-0-0/definition/openapi",
        "-       summary: List orders",
        "+       summary: All orders",
    ]);
    center.mark();
    project.run("apply --auto-approve").success();
    assert_eq!(center.writes().len(), 1, "{:?}", center.writes());
    project.run("plan --detailed-exitcode").success();

    // From a file with the same content, nothing changes.
    project.write("apis/openapi.yaml", document.lock().unwrap().as_str());
    project.edit("apis/orders.yaml", &source, "source: {file: openapi.yaml}");
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn a_link_that_leads_nowhere_is_told_at_its_place() {
    let center = ServiceFixture::start();
    let host = serve(&center, Arc::new(Mutex::new(String::new())));
    for url in [
        format!("{host}/none.yaml"),
        "http://example.com/x".to_owned(),
    ] {
        let project = orders(Project::of(&center));
        let source = format!("source: {{url: \"{url}\"}}");
        project.edit("apis/orders.yaml", "source: {file: openapi.yaml}", &source);
        project
            .run("plan")
            .exit(1)
            .talks(&["apis/orders.yaml:15:25: "]);
        assert_eq!(center.writes(), [""; 0]);
    }
}

#[test]
fn two_targets_never_share_a_plan() {
    let emulator = "emulator: {data: x.redb}";
    let spec = format!("targets:\n  a: {{{emulator}}}\n  b: {{{emulator}}}");
    let project = orders(Project::empty()).file("apicenter.yaml", &project_file(&spec));
    let id = |target: &str| {
        let plan = project
            .run(&format!("plan -t {target} --format json"))
            .success();
        plan.json()["planId"].clone()
    };
    assert_ne!(id("a"), id("b"));
}
