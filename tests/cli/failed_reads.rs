//! A read that fails is an error that names the resource: what could not be read is never "not there".

use apicenter::emulator::{Fault, FaultRule};
use serde_json::json;

use super::harness::Project;
use super::samples::orders;
use super::service_fixture::ServiceFixture;

const DEFINITION: &str = "api/orders/version/1-0-0/definition/openapi";

/// Responses to an export of a document that is there, none of which contains it.
const WITHOUT_A_DOCUMENT: [(u16, &str); 12] = [
    (404, r#"{"code": "404"}"#),
    (
        404,
        r#"{"title": "Not Found", "status": 404, "traceId": "0"}"#,
    ),
    (404, ""),
    (204, ""),
    (200, ""),
    (200, "{}"),
    (200, "null"),
    (200, r#"{"format": "inline"}"#),
    (200, r#"{"format": "inline", "value": null}"#),
    (
        200,
        r#"{"format": "inline", "value": {"openapi": "3.0.3"}}"#,
    ),
    (200, r#"{"format": "gzip", "value": "H4sIAA=="}"#),
    (200, r#"{"value": "openapi: 3.0.3"}"#),
];

fn respond(center: &ServiceFixture, action: &str, status: u16, body: &str) {
    let body = body.to_owned();
    let fault = Fault::Response { status, body };
    center.inject(FaultRule::next("POST", action, fault).times(1000));
}

/// A project that was applied, with nothing cached.
fn applied(center: &ServiceFixture) -> Project {
    let project = orders(Project::of(center));
    project.run("apply --auto-approve -q").success();
    project.forget();
    project
}

#[test]
fn a_document_that_is_there_and_not_returned_is_an_error_that_names_its_definition() {
    let center = ServiceFixture::start();
    let project = applied(&center);
    for (status, body) in WITHOUT_A_DOCUMENT {
        respond(&center, "/exportSpecification", status, body);
        for command in [
            "plan",
            "plan --format json",
            "apply --auto-approve",
            "snapshot --out live.json",
            "export --out out",
        ] {
            project.run(command).exit(1).talks(&[DEFINITION]);
            assert!(!project.path("out").exists(), "{status} {body}");
            assert!(!project.path("live.json").exists(), "{status} {body}");
        }
        center.heal();
        // Nothing of the failed reads was cached.
        project
            .run("plan --detailed-exitcode")
            .success()
            .says(&["No changes."]);
        project.forget();
    }
}

#[test]
fn the_error_says_why_the_document_must_be_there_and_what_to_do() {
    let center = ServiceFixture::start();
    let project = applied(&center);
    respond(&center, "/exportSpecification", 204, "");
    project.run("plan").exit(1).talks(&[
        "error: api/orders/version/1-0-0/definition/openapi: exportSpecification returned nothing; \
         the API definition has a document, because its `specification` is set",
        "help: run the command again",
    ]);
    center.heal();
    respond(&center, "/exportSpecification", 404, r#"{"code": "404"}"#);
    project.run("plan").exit(1).talks(&[
        "error: api/orders/version/1-0-0/definition/openapi: POST ",
        "not found: the API definition has a document, because its `specification` is set (HTTP 404",
    ]);
    center.heal();
    let body = r#"{"format": "gzip", "value": "H4sIAA=="}"#;
    respond(&center, "/exportSpecification", 200, body);
    project.run("plan").exit(1).talks(&[
        "definition/openapi: exportSpecification returned the format `gzip`, expected `inline` or \
         `link`",
    ]);
}

#[test]
fn the_absence_that_an_older_version_cached_is_not_believed() {
    let center = ServiceFixture::start();
    let project = applied(&center);
    project.run("plan -q").success();
    let files = project.cache_files();
    let file = files.first().expect("a file");
    let bytes = std::fs::read(file).expect("readable");
    let text = String::from_utf8(bytes).expect("text");
    let digest = regex::Regex::new(r#""digest":"[^"]*""#).expect("a constant");
    let poisoned = digest.replace_all(&text, r#""digest":null"#).into_owned();
    assert_ne!(text, poisoned);
    std::fs::write(file, poisoned).expect("written");
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}

#[test]
fn a_definition_without_a_specification_may_have_no_document() {
    let mut center = ServiceFixture::start();
    let project = applied(&center);
    center.put(
        "apis/orders/versions/1-0-0/definitions/empty",
        json!({"title": "Empty"}),
    );
    respond(
        &center,
        "/empty/exportSpecification",
        404,
        r#"{"code": "404"}"#,
    );
    center.mark();
    project.run("plan").success();
    project.run("export --out out").success();
    let asked = center.requests();
    assert!(!asked.iter().any(|one| one.path.contains("/empty/export")));
}

#[test]
fn a_link_to_a_document_that_leads_nowhere_names_the_definition() {
    let center = ServiceFixture::with(|options| options.export_link_above = 10);
    let project = applied(&center);
    project.run("plan").success().says(&["No changes."]);
    project.forget();
    for (status, body) in [
        (404, ""),
        (403, "expired"),
        (500, "{}"),
        (204, ""),
        (200, ""),
    ] {
        let (link, body) = (exported_link(&center), body.to_owned());
        let fault = Fault::Response { status, body };
        center.inject(FaultRule::next("GET", &link, fault).times(1000));
        project.run("plan").exit(1).talks(&[DEFINITION]);
        project.run("export --out out").exit(1).talks(&[DEFINITION]);
        center.heal();
    }
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}

/// The folder of the links that the service hands out.
fn exported_link(center: &ServiceFixture) -> String {
    let definition = "apis/orders/versions/1-0-0/definitions/openapi";
    let response = center.post(&format!("{definition}/exportSpecification"), json!({}));
    let link = response["value"].as_str().expect("a link").to_owned();
    let path = link.strip_prefix(&center.url()).expect("an own link");
    let (folder, _) = path.rsplit_once('/').expect("a path");
    folder.to_owned()
}

#[test]
fn a_ruleset_that_is_there_and_not_returned_is_an_error_that_names_its_analyzer() {
    let center = ServiceFixture::start();
    let project = Project::of(&center)
        .file(
            "analyzer.yaml",
            "apiVersion: apicenter/v1\nkind: Analyzer\nmetadata: {name: house}\nspec: {ruleset: ./rules}\n",
        )
        .file("rules/ruleset.yml", "rules: {}\n");
    project.run("apply --auto-approve -q").success();
    for (status, body) in [
        (
            404,
            r#"{"title": "Not Found", "status": 404, "traceId": "0"}"#,
        ),
        (204, ""),
        (200, "{}"),
        (200, r#"{"format": "inline-zip", "value": null}"#),
        (200, r#"{"format": "inline", "value": "rules: {}"}"#),
    ] {
        respond(&center, "/exportRuleset", status, body);
        for command in ["plan", "export --out out"] {
            project.run(command).exit(1).talks(&["analyzer/house"]);
        }
        center.heal();
    }
    project.run("plan").success().says(&["No changes."]);
    // As long as it is inactive, it has no ruleset, and nothing is read.
    let filter = json!({"apis": [], "apiVersions": [], "apiDefinitions": []});
    center.put(
        "analyzerConfigs/other",
        json!({"analyzerType": "spectral", "filter": filter}),
    );
    respond(&center, "/other/exportRuleset", 500, "{}");
    project.run("export --out out").success();
}

/// A target in Azure, and nobody to sign in as.
fn without_credentials() -> Project {
    Project::with_spec("targets: {prod: {subscriptionId: s, resourceGroup: g, service: contoso}}")
}

#[test]
fn without_credentials_the_manifests_are_checked_first() {
    let dangling = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: \
        Orders\n  kind: rest\n  deployments:\n    - {name: prod, title: Production, environment: nowhere}\n";
    let mistyped = dangling.replace("title: Orders", "tilte: Orders");
    for manifest in [dangling, &mistyped] {
        let project = without_credentials().file("orders.yaml", manifest);
        let problems = project.run("validate").exit(6);
        let problems = problems.stderr();
        let first = problems.lines().next().expect("a problem");
        for command in ["plan", "apply --auto-approve", "plan --format markdown"] {
            project.run(command).exit(6).talks(&[first]);
        }
        let json = project.run("plan --format json").exit(6).json();
        assert_ne!(json["diagnostics"], json!([]));
    }
    // The missing credentials come after the problems.
    let project = without_credentials().file("orders.yaml", dangling);
    project
        .run("plan")
        .exit(6)
        .talks(&["nowhere", "error: no credentials for this target"]);
    // Warnings, too, come first, and do not decide how it ends.
    let odd = dangling
        .replace("kind: rest", "kind: carrier-pigeon")
        .replace(", environment: nowhere", "");
    let project = without_credentials().file("orders.yaml", &odd);
    project
        .run("plan")
        .exit(3)
        .talks(&["carrier-pigeon", "error: no credentials for this target"]);
}

const ROLES: &str = "/providers/Microsoft.Authorization/roleAssignments";
const SERVICE: &str = "/services/contoso";

fn fail_roles(center: &ServiceFixture, at: &str, status: u16) {
    let path = format!("{at}{ROLES}");
    center.inject(FaultRule::next("GET", &path, Fault::Status(status)).times(1000));
}

#[test]
fn an_export_does_not_lose_role_assignments_when_reading_them_fails() {
    let center = ServiceFixture::start();
    let project = applied(&center).file(
        "role.yaml",
        "apiVersion: apicenter/v1\nkind: RoleAssignment\nmetadata: {name: readers}\nspec:\n  role: \
         Azure API Center Data Reader\n  principal: {objectId: \
         11111111-1111-1111-1111-111111111111, type: Group}\n",
    );
    project.run("apply --auto-approve -q").success();
    for (status, exit) in [(500, 1), (400, 1), (401, 3)] {
        fail_roles(&center, SERVICE, status);
        project
            .run("export --out out")
            .exit(exit)
            .talks(&["roleAssignments"]);
        assert!(!project.path("out").exists(), "{status}");
        center.heal();
    }
    for (status, reason) in [(403, "not allowed, HTTP 403"), (404, "not found, HTTP 404")] {
        fail_roles(&center, SERVICE, status);
        let ended = project.run("export --out out --force").success();
        let note = format!(
            "services/contoso cannot be read from here ({reason}): none of them is exported or noticed as deleted"
        );
        assert_eq!(
            ended.stderr().matches(&note).count(),
            1,
            "{}",
            ended.stderr()
        );
        assert!(!project.path("out/role-assignments").exists());
        center.heal();
    }
    let ended = project.run("export --out out --force").success();
    assert!(!ended.stderr().contains("cannot be read"));
    assert!(project.path("out/role-assignments").exists());
    // Where they are declared in other files, they are compared with the live ones.
    fail_roles(&center, SERVICE, 500);
    project
        .run("export --force")
        .exit(1)
        .talks(&["roleAssignments"]);
}

#[test]
fn a_plan_says_once_which_role_assignments_it_cannot_see() {
    let center = ServiceFixture::start();
    let instance = ServiceFixture::instance("contoso-apim");
    let integration = format!(
        "apiVersion: apicenter/v1\nkind: Integration\nmetadata: {{name: NAME}}\nspec:\n  source:\n    \
         apiManagement: {{resourceId: {instance}}}\n"
    );
    let project = Project::of(&center).file(
        "service.yaml",
        "apiVersion: apicenter/v1\nkind: Service\nmetadata: {name: contoso}\nspec: {location: \
             eastus, sku: Standard, identity: SystemAssigned}\n",
    );
    project.run("apply --auto-approve -q").success();
    for name in ["one", "two"] {
        project.write(&format!("{name}.yaml"), integration.replace("NAME", name));
    }
    for (status, command, exit) in [
        (500, "plan", 1),
        (400, "snapshot", 1),
        (401, "apply --auto-approve", 3),
    ] {
        fail_roles(&center, "contoso-apim", status);
        let subject = format!("error: role assignments at {instance}: GET ");
        project.run(command).exit(exit).talks(&[&subject]);
        center.heal();
    }
    for status in [403, 404] {
        fail_roles(&center, "contoso-apim", status);
        let note = format!("note: the role assignments at {instance} cannot be read from here");
        project.run("snapshot --out live.json").success();
        for command in ["plan", "plan --format json", "plan --against live.json"] {
            let ended = project.run(command).success();
            assert_eq!(
                ended.stderr().matches(&note).count(),
                1,
                "{}",
                ended.stderr()
            );
            let ended = ended.says(&["needs the role", "cannot be read from here"]);
            assert!(!ended.stdout().contains("does not have it"));
        }
        center.heal();
    }
}

#[test]
fn declared_role_assignments_must_be_readable() {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file(
        "role.yaml",
        "apiVersion: apicenter/v1\nkind: RoleAssignment\nmetadata: {name: readers}\nspec:\n  role: \
         Azure API Center Data Reader\n  principal: {objectId: \
         11111111-1111-1111-1111-111111111111, type: Group}\n",
    );
    for (status, exit) in [(403, 3), (500, 1)] {
        fail_roles(&center, SERVICE, status);
        project.run("plan").exit(exit).talks(&["roleAssignments"]);
        center.heal();
    }
    project.run("plan").success();
}
