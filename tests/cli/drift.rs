//! What others did to the service meanwhile, and changes that must go in a certain order.

use serde_json::{Value, json};

use super::harness::Project;
use super::samples::{GROUND, ORDERS, api, orders};
use super::service_fixture::ServiceFixture;

/// Nothing differs, and nothing would be deleted either.
fn quiet(project: &Project) {
    project
        .run("plan --prune --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}

#[test]
fn what_was_deleted_by_hand_comes_back() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    for (path, writes) in [
        ("apis/orders/deployments/prod-eu", 1),
        ("apis/orders/versions/1-0-0", 3),
        ("apis/orders", 5),
        ("apis/orders/versions/1-0-0/definitions/openapi", 2),
    ] {
        center.delete(path);
        center.mark();
        project.run("apply --auto-approve").success();
        let sent = center.writes();
        assert!(sent.len() >= writes, "{path}: {sent:?}");
        quiet(&project);
    }
}

#[test]
fn names_and_known_values_compare_without_case() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    project.edit("apis/orders.yaml", "{name: orders}", "{name: Orders}");
    project.edit(
        "apis/orders.yaml",
        "environment: production",
        "environment: Production",
    );
    project.edit(
        "apis/orders.yaml",
        "definition: 1-0-0/openapi",
        "definition: 1-0-0/OpenAPI",
    );
    project.edit("apis/orders.yaml", "kind: rest", "kind: REST");
    project.edit(
        "apis/orders.yaml",
        "lifecycleStage: production",
        "lifecycleStage: Production",
    );
    center.mark();
    project
        .run("apply --auto-approve --prune")
        .success()
        .says(&["No changes."]);
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn a_version_is_replaced_by_another_one_that_its_deployment_moves_to() {
    let center = ServiceFixture::start();
    let spec = "prune: {scope: all}\nsafety: {minExisting: 100}";
    let project = orders(Project::of_with(&center, spec));
    project.run("apply --auto-approve -q").success();
    let text = ORDERS.replace("1-0-0", "2-0-0");
    project.write("apis/orders.yaml", text);
    project
        .run("apply --auto-approve --prune --parallelism 1")
        .success();
    let writes = center.writes();
    let place = |write: &str| writes.iter().rposition(|other| other == write);
    let moved = place("PUT apis/orders/deployments/prod-eu");
    let gone = place("DELETE apis/orders/versions/1-0-0");
    assert!(moved.is_some() && moved < gone, "{writes:?}");
    quiet(&project);
}

#[test]
fn an_environment_goes_after_the_deployments_that_name_it() {
    let center = ServiceFixture::start();
    let project = orders(Project::of_with(&center, "prune: {scope: all}"));
    project.run("apply --auto-approve -q").success();
    let (before, _) = ORDERS.split_once("  deployments:").expect("deployments");
    project.write("apis/orders.yaml", before);
    let (schema, _) = GROUND.split_once("---\n").expect("two documents");
    project.write("ground.yaml", schema);
    project.run("apply --auto-approve --prune").success();
    let deletes: Vec<String> = center
        .writes()
        .into_iter()
        .filter(|w| w.starts_with("DEL"))
        .collect();
    assert_eq!(
        deletes,
        [
            "DELETE apis/orders/deployments/prod-eu",
            "DELETE environments/production"
        ]
    );
    quiet(&project);
}

#[test]
fn a_metadata_schema_in_use_can_go() {
    let center = ServiceFixture::start();
    let project = orders(Project::of_with(&center, "prune: {scope: all}"));
    project.run("apply --auto-approve -q").success();
    let (_, environment) = GROUND.split_once("---\n").expect("two documents");
    project.write("ground.yaml", environment);
    project.edit(
        "apis/orders.yaml",
        "  customProperties: {team: checkout}\n",
        "",
    );
    project.run("apply --auto-approve --prune").success();
    quiet(&project);
}

#[test]
fn a_property_becomes_required_together_with_its_values() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center)).file("apis/b.yaml", &api("billing"));
    project.run("apply --auto-approve -q").success();
    project.edit(
        "ground.yaml",
        "{entity: api}",
        "{entity: api, required: true}",
    );
    project
        .run("apply --auto-approve")
        .exit(6)
        .talks(&["apis/b.yaml:1:1", "api/billing lacks"]);
    project.edit(
        "apis/b.yaml",
        "kind: rest",
        "kind: rest, customProperties: {team: money}",
    );
    project.run("apply --auto-approve").success();
    quiet(&project);
}

#[test]
fn the_marker_is_put_on_what_was_there_before() {
    let mut center = ServiceFixture::start();
    center.put("apis/orders", json!({"title": "orders", "kind": "rest"}));
    let project = Project::of_with(
        &center,
        "ownership: {owner: contoso-catalog, property: managed-by}",
    )
    .file("a.yaml", &api("orders"));
    let plan = project.run("plan --format json").success().json();
    assert_eq!(plan["summary"]["create"], 1, "{plan:#}");
    assert_eq!(plan["summary"]["update"], 1);
    center.mark();
    project.run("apply --auto-approve").success();
    assert_eq!(
        center.writes(),
        ["PUT metadataSchemas/managed-by", "PUT apis/orders"]
    );
    quiet(&project);
}

#[test]
fn a_service_document_is_kept_in_step() {
    let center = ServiceFixture::start();
    let service = |spec: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: Service\nmetadata: {{name: contoso}}\nspec: {{location: eastus{spec}}}\n"
        )
    };
    let project = Project::of(&center);
    for spec in [
        "",
        ", tags: {team: platform}",
        ", tags: {team: other, cost: \"1\"}, identity: SystemAssigned",
        ", sku: Standard",
    ] {
        project.write("service.yaml", service(spec));
        project.run("apply --auto-approve").success();
        quiet(&project);
    }
}

#[test]
fn a_cache_that_is_lost_or_broken_does_no_harm() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    project.run("plan").success();
    let files = project.cache_files();
    assert_eq!(files.len(), 1);
    for broken in ["", "[1, 2]", "{\"x\": {\"modified\": 1}}"] {
        files
            .iter()
            .for_each(|file| std::fs::write(file, broken).expect("it is written"));
        quiet(&project);
    }
    project.forget();
    quiet(&project);
}

#[test]
fn the_free_plan_of_the_live_service_limits_what_is_planned() {
    let center = ServiceFixture::without_service(|_| {});
    let project = Project::of(&center).file(
        "service.yaml",
        "apiVersion: apicenter/v1\nkind: Service\nmetadata: {name: contoso}\nspec: {location: eastus, sku: Free}\n",
    );
    project.run("apply --auto-approve -q").success();
    project.remove("service.yaml");
    let versions: Vec<String> = (1..=6)
        .map(|i| format!("{{name: {i}-0-0, title: v{i}, lifecycleStage: design}}"))
        .collect();
    let text = api("orders").replace(
        "kind: rest",
        &format!("kind: rest, versions: [{}]", versions.join(", ")),
    );
    project.write("a.yaml", text);
    project
        .run("plan")
        .exit(5)
        .says(&["6/5 versions of one API (api/orders): more than the pricing plan Free allows"]);
    project.run("apply --auto-approve").exit(5);
    assert_eq!(center.get("apis")["value"], json!([]));
}

#[test]
fn a_saved_plan_is_for_its_target() {
    let spec = "defaultTarget: b\ntargets:\n  a: {emulator: {data: a.redb}}\n  b: {emulator: {data: b.redb}}";
    let project = orders(Project::with_spec(spec));
    project.run("plan -t a --out plan.json").success();
    project.run("apply plan.json --auto-approve").exit(5);
    project.run("apply plan.json --auto-approve -t a").success();
    let plan = project.run("plan -t b --format json").success().json();
    assert_ne!(plan["summary"]["create"], Value::from(0));
}

#[test]
fn the_example_is_valid_for_every_target_and_quiet_once_applied() {
    let project = Project::empty();
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/contoso");
    copy(&example, project.root());
    project.run("validate").success();
    project.run("validate -t prod").success();
    project.run("apply --auto-approve -q").success();
    project.run("plan --detailed-exitcode").success();
}

pub(super) fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            if entry.file_name() != ".apicenter" {
                copy(&entry.path(), &target);
            }
        } else {
            std::fs::copy(entry.path(), target).expect("it is copied");
        }
    }
}

#[test]
fn a_schema_that_was_typed_by_hand_and_means_the_same_is_no_change() {
    let center = ServiceFixture::start();
    let manifest = "apiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {name: line}\nspec:\n  \
                    schema: {type: string, title: Line, enum: [retail, finance]}\n  assignedTo: [{entity: api}]\n";
    let project = Project::of(&center).file("a.yaml", manifest);
    for schema in [
        r#"{"type":"string","title":"Line","enum":["retail","finance"]}"#,
        r#"{ "title": "Line", "oneOf": [{"const": "retail"}, {"description": "", "const": "finance"}], "type": "string" }"#,
    ] {
        let assigned = json!([{"entity": "api", "required": false, "deprecated": false}]);
        center.put(
            "metadataSchemas/line",
            json!({"schema": schema, "assignedTo": assigned}),
        );
        quiet(&project);
    }
}

#[test]
fn a_metadata_schema_moves_from_one_kind_of_resource_to_another() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    project.edit("ground.yaml", "{entity: api}", "{entity: environment}");
    project.edit(
        "apis/orders.yaml",
        "  customProperties: {team: checkout}\n",
        "",
    );
    project.edit(
        "ground.yaml",
        "kind: production}",
        "kind: production, customProperties: {team: ops}}",
    );
    project.run("apply --auto-approve").success();
    quiet(&project);
}

#[test]
fn only_and_prune_delete_nothing_outside_the_selection() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of_with(&center, "prune: {scope: all}"));
    project.run("apply --auto-approve -q").success();
    center.put("apis/extra-a", json!({"title": "A", "kind": "rest"}));
    center.put("apis/extra-b", json!({"title": "B", "kind": "rest"}));
    center.put(
        "apis/orders/versions/9-0-0",
        json!({"title": "v9", "lifecycleStage": "design"}),
    );
    for (only, expected) in [
        ("api/orders", "DELETE apis/orders/versions/9-0-0"),
        ("api/extra-b", "DELETE apis/extra-b"),
    ] {
        center.mark();
        project
            .run(&format!("apply --auto-approve --prune --only {only}"))
            .success()
            .says(&["1 destroyed."]);
        assert_eq!(center.writes(), [expected]);
    }
}

#[test]
fn fields_that_are_cleared_leave_the_service() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    let full = [
        "summary: S",
        "description: D",
        "termsOfService: {url: \"https://contoso.com\"}",
        "externalDocumentation: [{title: T, url: \"https://contoso.com\"}]",
        "contacts: [{name: N, email: n@contoso.com}]",
        "license: {name: MIT, identifier: MIT}",
    ];
    for keep in [full.len(), 3, 0] {
        let text = api("orders").replace(
            "kind: rest",
            &format!("kind: rest, {}", full[..keep].join(", ")),
        );
        project.write("a.yaml", text.replace(", }", "}"));
        project.run("apply --auto-approve").success();
        quiet(&project);
    }
    let live = center.get("apis/orders");
    let left: Vec<&str> = ["summary", "description", "license"]
        .into_iter()
        .filter(|field| {
            !live["properties"][field].is_null() && live["properties"][field] != json!({})
        })
        .collect();
    assert!(left.is_empty(), "{live:#}");
}

#[test]
fn a_metadata_schema_in_use_changes_its_type_together_with_the_values() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let _ = project.run("apply --auto-approve -q").success();
    project.edit(
        "ground.yaml",
        "{type: string, title: Team}",
        "{type: array, title: Teams, items: {type: string}}",
    );
    project.edit(
        "apis/orders.yaml",
        "{team: checkout}",
        "{team: [checkout, billing]}",
    );
    let _ = project
        .run("apply --auto-approve")
        .success()
        .says(&["in use by api/orders, so in steps:", "0 added, 2 changed"]);
    let live = center.get("apis/orders");
    assert_eq!(
        live["properties"]["customProperties"]["team"],
        json!(["checkout", "billing"])
    );
}
