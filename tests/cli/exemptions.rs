//! Findings that are accepted: counted everywhere, reported nowhere, and never a way around a safety rule.

use serde_json::{Value, json};

use super::harness::Project;
use super::samples::api;
use super::service_fixture::ServiceFixture;

/// A required property with two values.
const TEAM: &str = "\
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: team}
spec:
  schema: {type: string, enum: [red, blue]}
  assignedTo: [{entity: api, required: true}]
";

/// An API with a value that the schema does not have, and one without a value.
const APIS: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders
  kind: rest
  customProperties: {team: green}
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: cats}
spec: {title: Cats, kind: rest}
";

/// A document with these entries.
fn exemption(entries: &[&str]) -> String {
    let entries: String = entries
        .iter()
        .map(|entry| format!("    - {{{entry}}}\n"))
        .collect();
    format!(
        "apiVersion: apicenter/v1\nkind: Exemption\nmetadata: {{name: accepted}}\nspec:\n  findings:\n{entries}"
    )
}

const VALUE: &str = "code: custom-property-value, address: api/orders, reason: the old name of the team, by: ana, until: 2999-12-31";
const REQUIRED: &str =
    "code: custom-property-required, address: api/cats, reason: nobody owns the cats";

/// Two errors, both accepted.
fn accepted(project: Project) -> Project {
    project
        .file("team.yaml", TEAM)
        .file("apis.yaml", APIS)
        .file("accepted.yaml", &exemption(&[VALUE, REQUIRED]))
}

#[test]
fn accepted_errors_are_counted_and_make_manifests_valid() {
    let project = accepted(Project::local());
    let valid = project.run("validate").success();
    assert_eq!(
        valid.stdout(),
        "Valid. 3 resources are declared. 2 findings exempted.\n"
    );
    assert_eq!(valid.stderr(), "");
    let ended = project.run("validate --format json").success();
    let json = ended.json();
    assert_eq!(json["valid"], true);
    assert_eq!(json["diagnostics"], json!([]));
    let first = &json["exempted"][0];
    for (field, value) in [
        ("code", "custom-property-value"),
        ("address", "api/orders"),
        ("path", "customProperties.team"),
        ("severity", "error"),
        ("reason", "the old name of the team"),
        ("by", "ana"),
        ("until", "2999-12-31"),
    ] {
        assert_eq!(first[field], value, "{first}");
    }
    assert_eq!(first["source"]["file"], "apis.yaml");
    assert_eq!(first["exemption"]["file"], "accepted.yaml");
    project.remove("accepted.yaml");
    project.run("validate").exit(6).talks(&["2 errors"]);
}

#[test]
fn only_what_is_named_is_accepted() {
    let project = accepted(Project::local());
    for (old, new) in [
        ("address: api/orders", "address: api/dogs"),
        ("custom-property-value", "too-long"),
        ("reason", "path: customProperties.tea, reason"),
        ("api/orders", "api/orders/*"),
    ] {
        let entry = VALUE.replace(old, new);
        project.write("accepted.yaml", exemption(&[&entry, REQUIRED]));
        let ended = project.run("validate").exit(6);
        let ended = ended.talks(&["apis.yaml:7:28: error[custom-property-value]"]);
        ended.never_says("custom-property-required");
    }
    let entry = VALUE.replace("api/orders", "'{api,environment}/ord*'");
    project.write("accepted.yaml", exemption(&[&entry, REQUIRED]));
    project.run("validate").success();
}

#[test]
fn an_exemption_ends_after_its_day() {
    let project = accepted(Project::local());
    project.edit("accepted.yaml", "2999-12-31", "2001-01-31");
    project.run("validate").exit(6).talks(&[
        "apis.yaml:7:28: error[custom-property-value]",
        "accepted.yaml:6:7: the exemption ended on 2001-01-31",
        "1 error, 1 finding exempted",
    ]);
}

#[test]
fn sarif_suppresses_and_junit_skips_what_is_accepted() {
    let project = accepted(Project::local()).file("cats.yaml", &api("tigers"));
    let log = project.run("validate --format sarif").exit(6).json();
    let results = log["runs"][0]["results"].as_array().expect("results");
    let suppressions: Vec<(&str, &Value)> = results
        .iter()
        .map(|result| {
            let rule = result["ruleId"].as_str().expect("a rule");
            (rule, &result["suppressions"])
        })
        .collect();
    assert_eq!(suppressions.len(), 3, "{log}");
    assert_eq!(suppressions[0], ("custom-property-required", &json!([])));
    let (rule, of_value) = suppressions[1];
    assert_eq!(rule, "custom-property-value");
    assert_eq!(of_value[0]["status"], "accepted");
    assert_eq!(of_value[0]["justification"], "the old name of the team");
    assert_eq!(of_value[0]["properties"]["by"], "ana");
    assert_eq!(
        results[1]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"],
        "api/orders"
    );
    let junit = project.run("validate --format junit").exit(6);
    let report = junit.stdout();
    for text in [
        "failures=\"1\"",
        "skipped=\"2\"",
        "<skipped message=\"exempted by ana until 2999-12-31: the old name of the team\">",
        "<skipped message=\"exempted: nobody owns the cats\">",
    ] {
        assert!(report.contains(text), "{text}: {report}");
    }
}

#[test]
fn plans_count_what_is_accepted_in_every_format() {
    let center = ServiceFixture::start();
    let project = accepted(Project::of(&center));
    let text = project.run("plan").success();
    let text = text.says(&["3 findings exempted.\n", "Plan: 3 to add"]);
    text.never_says("warning");
    let json = project.run("plan --format json").success().json();
    assert_eq!(json["summary"]["create"], 3);
    assert_eq!(json["exempted"][1]["reason"], "nobody owns the cats");
    let markdown = project.run("plan --format markdown").success();
    markdown.says(&[
        "<summary>3 findings exempted</summary>",
        "`custom-property-value` `api/orders`: the old name of the team, by ana, until 2999-12-31",
    ]);
    let page = project.run("plan --format html").success();
    page.says(&["the old name of the team"]);
    let annotated = project.run("plan --annotate github").success();
    annotated.never_says("::error").never_says("::warning");
}

#[test]
fn what_protects_the_service_or_hides_a_manifest_cannot_be_accepted() {
    let project = Project::local().file("a.yaml", &api("orders"));
    for (code, help) in [
        ("too-many-deletes", "apicenter explain too-many-deletes"),
        ("foreign-owner", "the service from damage"),
        ("immutable-field", "cannot be exempted"),
        ("unknown-field", "keeps manifests from being read"),
        ("too-lnog", "did you mean `too-long`?"),
    ] {
        let entry = format!("code: {code}, address: api/orders, reason: I want it");
        project.write("accepted.yaml", exemption(&[&entry]));
        project.run("validate").exit(6).talks(&[
            "accepted.yaml:6:14: error[exemption-invalid]",
            &format!("`{code}`"),
            help,
        ]);
    }
}

#[test]
fn every_problem_of_an_entry_is_reported() {
    let project = Project::local().file("a.yaml", &api("orders")).file(
        "accepted.yaml",
        &exemption(&[
            "code: too-long, address: 'api/[', reason: ' ', until: 31.12.2030",
            "code: too-long, address: api/a",
            "code: too-short, address: api/b, reason: x",
            "code: too-short, address: API/B, reason: y",
        ]),
    );
    project.run("validate").exit(6).talks(&[
        "accepted.yaml:6:33: error[exemption-invalid]: `api/[` is not an address pattern",
        "accepted.yaml:6:50: error[exemption-invalid]: a reason is required",
        "error[exemption-invalid]: `31.12.2030` is not a day",
        "accepted.yaml:7:7: error[missing-field]: `reason` is missing",
        "accepted.yaml:9:7: error[exemption-duplicate]: `too-short` of API/B is exempted twice",
        "accepted.yaml:8:7: first exempted here",
    ]);
}

#[test]
fn an_exemption_that_accepts_nothing_is_a_warning() {
    let center = ServiceFixture::start();
    let project = accepted(Project::of(&center));
    project.edit("apis.yaml", "green", "red");
    project.run("validate").success().talks(&[
        "accepted.yaml:6:7: warning[exemption-unused]: no `custom-property-value` of api/orders is found",
        "1 warning",
    ]);
    // Only a plan knows whether the other one accepts something.
    project.edit(
        "apis.yaml",
        "kind: rest}",
        "kind: rest, customProperties: {team: red}}",
    );
    let ended = project.run("validate").success();
    ended.never_says("custom-property-required");
    project
        .run("plan")
        .success()
        .says(&["no `custom-property-required` of api/cats is found"]);
    let selected = project.run("plan --only api/orders").success();
    selected.never_says("custom-property-required");
}

#[test]
fn an_exemption_is_not_a_resource() {
    let center = ServiceFixture::start();
    let project = Project::of(&center)
        .file("a.yaml", &api("orders"))
        .file("team.yaml", &TEAM.replace(", required: true", ""))
        .file(
            "accepted.yaml",
            &exemption(&["code: unknown-value, address: '**', reason: x"]),
        );
    let json = project.run("plan --format json").success().json();
    assert_eq!(json["summary"]["create"], 2, "{json}");
    project
        .run("apply --auto-approve")
        .success()
        .says(&["Resources: 2 added, 0 changed, 0 destroyed."]);
    project
        .run("explain Exemption")
        .success()
        .says(&["findings*"]);
    project
        .run("explain Exemption.findings.until")
        .success()
        .says(&["The last day"]);
    project
        .run("explain too-long")
        .success()
        .says(&["An Exemption can accept it"]);
    project
        .run("schema")
        .success()
        .says(&["\"Exemption\"", "Exemption.findings"]);
}

/// An API whose definition names a document that is not what it claims to be.
fn broken_document(name: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {name}}}\nspec:\n  title: {name}\n  kind: rest\n{}",
        "  versions:
    - name: v1-0
      title: v1
      lifecycleStage: design
      definitions:
        - name: openapi
          title: OpenAPI
          source: {file: openapi.yaml}
"
    )
}

#[test]
fn what_the_service_accepts_is_applied_and_stays_quiet() {
    let center = ServiceFixture::start();
    let project = Project::of(&center)
        .file("a.yaml", &broken_document("orders"))
        .file("openapi.yaml", "openapi: 3.0.3\ninfo: [title: Orders\n");
    project
        .run("apply --auto-approve")
        .exit(6)
        .talks(&["error[document-invalid]"]);
    let entry = "code: document-invalid, address: api/orders/version/v1-0/definition/openapi, reason: as \
                 the gateway made it";
    project.write("accepted.yaml", exemption(&[entry]));
    project
        .run("apply --auto-approve")
        .success()
        .says(&["1 finding exempted.", "Apply complete!"]);
    let ended = project.run("plan --detailed-exitcode").success();
    ended.says(&["1 finding exempted.", "No changes."]);
}

/// What a centre has that no manifest could be written with: a value that the schema does not have, a required
/// value that is missing, a title that is too long, and a document that is not what it claims to be.
fn odd_center() -> ServiceFixture {
    let center = ServiceFixture::start();
    let project = Project::of(&center)
        .file(
            "team.yaml",
            &TEAM
                .replace("enum: [red, blue]", "maxLength: 9")
                .replace(", required: true", ""),
        )
        .file("apis.yaml", APIS)
        .file("broken.yaml", &broken_document("broken"))
        .file("openapi.yaml", "openapi: 3.0.3\ninfo: [title: Orders\n")
        .file(
            "accepted.yaml",
            &exemption(&["code: document-invalid, address: '**', reason: for this test"]),
        );
    project.run("apply --auto-approve -q").success();
    // The schema becomes stricter in the portal, which does not look at the values.
    let mut team = center.get("metadataSchemas/team");
    team["properties"]["schema"] =
        json!({"type": "string", "oneOf": [{"const": "red", "description": ""}]})
            .to_string()
            .into();
    team["properties"]["assignedTo"][0]["required"] = true.into();
    center.put("metadataSchemas/team", team["properties"].take());
    center
}

#[test]
fn an_export_accepts_what_the_service_has() {
    let center = odd_center();
    let project = Project::of(&center);
    let ended = project.run("export").success();
    let ended = ended.talks(&["note: exemptions.yaml accepts what the service has against a rule"]);
    drop(ended);
    let first = project.read("exemptions.yaml");
    for entry in [
        "address: api/broken/version/v1-0/definition/openapi",
        "code: custom-property-required",
        "code: custom-property-value",
        "path: customProperties.team",
        "code: specification-mismatch",
        "by: apicenter export",
    ] {
        assert!(first.contains(entry), "{entry}: {first}");
    }
    let valid = project.run("validate").success();
    assert_eq!(valid.stderr(), "");
    valid.says(&["Valid.", "findings exempted."]);
    let ended = project.run("plan --detailed-exitcode").success();
    let ended = ended.says(&["findings exempted.", "No changes."]);
    ended.never_says("warning");
    project.run("export").success().says(&["(0 written"]);
    assert_eq!(project.read("exemptions.yaml"), first);
}

#[test]
fn a_second_export_keeps_what_people_wrote() {
    let center = odd_center();
    let project = Project::of(&center);
    project.run("export -q").success();
    let reason = "reason: the service had it when it was exported";
    let edited = project
        .read("exemptions.yaml")
        .replace(reason, "reason: agreed in March # see the minutes");
    project.write("exemptions.yaml", &edited);
    project.run("export").success().says(&["(0 written"]);
    assert_eq!(project.read("exemptions.yaml"), edited);
    // What is fixed in the service needs no entry any longer.
    let mut orders = center.get("apis/orders");
    orders["properties"]["customProperties"]["team"] = "red".into();
    center.put("apis/orders", orders["properties"].take());
    project.run("export --force -q").success();
    let second = project.read("exemptions.yaml");
    assert!(!second.contains("custom-property-value"), "{second}");
    assert!(second.contains("agreed in March"), "{second}");
    project.run("validate").success();
}

#[test]
fn an_exported_project_of_its_own_is_valid_from_the_first_run() {
    let center = odd_center();
    let project = Project::of(&center);
    project.run("export --out adopted").success();
    project
        .run("validate -C adopted")
        .success()
        .says(&["exempted."]);
    project
        .run("plan -C adopted --detailed-exitcode")
        .success()
        .says(&["No changes."]);
    project
        .run("export --out adopted")
        .success()
        .says(&["(0 written"]);
}

#[test]
fn an_ended_exemption_is_not_written_again() {
    let center = odd_center();
    let project = Project::of(&center);
    project.run("export -q").success();
    let ended = "by: ana\n      until: 2001-01-01";
    let edited = project
        .read("exemptions.yaml")
        .replace("by: apicenter export", ended);
    project.write("exemptions.yaml", edited);
    project
        .run("validate")
        .exit(6)
        .talks(&["the exemption ended on 2001-01-01"]);
    project.run("export").success().says(&["(0 written"]);
    project.run("validate").exit(6);
}

/// A center with an API that has a version.
fn with_version() -> ServiceFixture {
    let center = ServiceFixture::start();
    center.put("apis/orders", json!({"title": "Orders", "kind": "rest"}));
    center.put(
        "apis/orders/versions/1-0-0",
        json!({"title": "v1", "lifecycleStage": "production"}),
    );
    center
}

/// What cannot be read of the versions of an API, by code.
const UNREAD_VERSIONS: [(&str, &str); 5] = [
    ("missing-field", "[{title: v2, lifecycleStage: design}]"),
    (
        "wrong-type",
        "[{name: [1], title: v2, lifecycleStage: design}]",
    ),
    ("wrong-type", "[x]"),
    ("wrong-type", "text"),
    (
        "missing-field",
        "[{name: 1-0-0, title: v1, lifecycleStage: production, definitions: [{title: D}]}]",
    ),
];

fn with_versions(versions: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n  title: Orders\n  kind: rest\n  \
         versions: {versions}\n"
    )
}

#[test]
fn what_was_not_read_is_never_held_by_the_service() {
    let center = with_version();
    for (code, versions) in UNREAD_VERSIONS {
        let project = Project::of(&center).file("api.yaml", &with_versions(versions));
        for command in ["plan", "apply --auto-approve"] {
            let ended = project.run(command).exit(6);
            let ended = ended.talks(&[&format!("error[{code}]")]);
            ended.never_says("the service holds this already");
        }
    }
}

#[test]
fn an_exemption_of_what_was_not_read_deletes_nothing() {
    let mut center = with_version();
    for (code, versions) in UNREAD_VERSIONS {
        let entry = format!("code: {code}, address: \"api/**\", reason: it is fine");
        let project = Project::of_with(&center, "prune: {enabled: true, scope: all}")
            .file("api.yaml", &with_versions(versions))
            .file("accepted.yaml", &exemption(&[&entry]));
        center.mark();
        for command in ["validate", "plan --prune", "apply --auto-approve --prune"] {
            let ended = project.run(command).exit(6);
            ended.talks(&[&format!("error[{code}]")]);
        }
        assert_eq!(center.writes(), Vec::<String>::new(), "{versions}");
    }
}
