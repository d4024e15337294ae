//! The plan as data: the fields that other programs rely on.

use serde_json::{Value, json};

use super::harness::{Project, TOKEN};
use super::samples::{OPENAPI, RESOURCES, WRITES, api, orders};
use super::service_fixture::ServiceFixture;

fn change<'a>(plan: &'a Value, address: &str) -> &'a Value {
    let changes = plan["changes"].as_array().expect("changes");
    changes
        .iter()
        .find(|change| change["address"] == address)
        .unwrap_or_else(|| panic!("no change of {address} in {plan:#}"))
}

fn names(object: &Value) -> Vec<&str> {
    let object = object.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

#[test]
fn a_plan_has_the_fields_of_the_contract() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    center.put(
        "apis/petstore",
        json!({"title": "Petstore", "kind": "rest"}),
    );
    center.mark();
    let plan = project.run("plan --format json").success().json();
    for field in [
        "formatVersion",
        "planId",
        "target",
        "summary",
        "changes",
        "unmanaged",
        "diagnostics",
        "requests",
    ] {
        assert!(names(&plan).contains(&field), "{field}: {plan:#}");
    }
    assert_eq!(plan["formatVersion"], "1.0");
    assert_eq!(plan["target"]["name"], "live");
    assert_eq!(plan["target"]["service"], "contoso");
    assert_eq!(
        plan["summary"],
        json!({"create": RESOURCES, "update": 0, "replace": 0, "delete": 0, "unchanged": 0,
            "unmanaged": 1, "blocked": 0})
    );
    assert_eq!(plan["unmanaged"], json!(["api/petstore"]));
    assert_eq!(plan["diagnostics"], json!([]));
    let version = change(&plan, "api/orders/version/1-0-0");
    assert_eq!(version["kind"], "ApiVersion");
    assert_eq!(version["action"], "create");
    assert_eq!(
        version["source"],
        json!({"file": "apis/orders.yaml", "line": 9, "column": 7})
    );
    let fields = version["fields"].as_array().expect("fields");
    let stage = fields
        .iter()
        .find(|field| field["path"] == "lifecycleStage");
    let stage = stage.expect("the field");
    assert_eq!(
        [&stage["before"], &stage["after"]],
        [&Value::Null, &json!("production")]
    );
}

#[test]
fn requests_are_what_the_service_counted() {
    let mut center = ServiceFixture::with(|options| options.page_size = 2);
    let project = orders(Project::of(&center));
    for name in ["api-a", "api-b", "api-c"] {
        center.put(
            &format!("apis/{name}"),
            json!({"title": name, "kind": "rest"}),
        );
    }
    for round in ["empty", "applied", "cached"] {
        center.mark();
        let plan = project.run("plan --format json").success().json();
        assert_eq!(
            plan["requests"]["reads"],
            center.reads(),
            "{round}: {plan:#}"
        );
        assert_eq!(center.writes(), [""; 0]);
        let writes = plan["requests"]["writes"].clone();
        assert_eq!(writes, if round == "empty" { WRITES } else { 0 }, "{round}");
        center.mark();
        project.run("apply --auto-approve").success();
        assert_eq!(
            writes,
            center.writes().len(),
            "{round}: {:?}",
            center.writes()
        );
    }
    // With the digests remembered, no document is exported again.
    center.mark();
    project.run("plan").success();
    assert!(
        center
            .requests()
            .iter()
            .all(|request| request.method == "GET")
    );
}

#[test]
fn a_title_edit_is_one_field_at_its_place() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve").success();
    project.edit(
        "apis/orders.yaml",
        "title: Orders",
        "title: Ordres, verb\u{f6}ten",
    );
    let plan = project.run("plan --format json").success().json();
    assert_eq!(
        plan["changes"].as_array().map(Vec::len),
        Some(1),
        "{plan:#}"
    );
    let orders = change(&plan, "api/orders");
    assert_eq!(orders["action"], "update");
    assert_eq!(
        orders["fields"],
        json!([{"path": "title", "before": "Orders", "after": "Ordres, verb\u{f6}ten",
            "source": {"file": "apis/orders.yaml", "line": 5, "column": 10}}])
    );
    assert_eq!(orders["source"]["line"], 1);
    assert_eq!(plan["summary"]["unchanged"], RESOURCES - 1);
    assert_eq!(plan["requests"]["writes"], 1);
    project.run("plan").success().says(&[
        "~ api/orders",
        "title  Orders → Ordres, verb\u{f6}ten  ",
        ":5:10",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
    ]);
}

#[test]
fn a_field_that_is_removed_from_the_manifest_is_removed_from_the_service() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let title = "title: Orders\n";
    project.edit(
        "apis/orders.yaml",
        title,
        "title: Orders\n  summary: Soon gone\n",
    );
    project.run("apply --auto-approve").success();
    assert_eq!(
        center.get("apis/orders")["properties"]["summary"],
        "Soon gone"
    );
    project.edit("apis/orders.yaml", "  summary: Soon gone\n", "");
    let plan = project.run("plan --format json").success().json();
    assert_eq!(
        change(&plan, "api/orders")["fields"],
        json!([{"path": "summary", "before": "Soon gone", "after": null,
            "source": change(&plan, "api/orders")["source"]}])
    );
    project.run("apply --auto-approve").success();
    assert_eq!(
        center.get("apis/orders")["properties"]["summary"],
        Value::Null
    );
}

#[test]
fn a_saved_plan_holds_digests_and_no_document() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("plan --out plan.json").success();
    project.run("apply --auto-approve").success();
    project.edit(
        "apis/openapi.yaml",
        "List orders",
        "All the orders there are",
    );
    project
        .run("plan --out changed.json --format json")
        .success();
    for file in ["plan.json", "changed.json"] {
        let text = project.read(file);
        for words in ["List orders", "All the orders", "paths", TOKEN] {
            assert!(!text.contains(words), "{words}: {text}");
        }
        assert!(text.contains("sha256:"));
    }
    let plan: Value = serde_json::from_str(&project.read("changed.json")).unwrap();
    let fields = &change(&plan, "api/orders/version/1-0-0/definition/openapi")["fields"];
    assert_eq!(fields.as_array().map(Vec::len), Some(1), "{fields:#}");
    assert_eq!(fields[0]["path"], "source");
    for side in ["before", "after"] {
        let digest = fields[0][side].as_str().unwrap();
        assert!(
            digest.len() == 71 && digest.starts_with("sha256:"),
            "{digest}"
        );
    }
    assert_ne!(fields[0]["before"], fields[0]["after"]);
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    center.put(
        "apis/petstore",
        json!({"title": "Petstore", "kind": "rest"}),
    );
    for plan in ["plan", "plan --format json", "plan --show-unchanged"] {
        let first = project.run(plan).success();
        for _ in 0..3 {
            assert_eq!(project.run(plan).success().stdout(), first.stdout());
        }
    }
}

#[test]
fn only_selects_and_its_globs_cross_levels_only_with_two_stars() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center)).file("apis/b.yaml", &api("orders-b"));
    let addresses = |arguments: &str| {
        let arguments = format!("plan --format json {arguments}");
        let plan = project.run(&arguments).success().json();
        let changes = plan["changes"].as_array().expect("changes").clone();
        let text = |change: &Value| change["address"].as_str().map(str::to_owned);
        changes.iter().filter_map(text).collect::<Vec<_>>()
    };
    assert_eq!(
        addresses("--only environment/*"),
        ["environment/production"]
    );
    assert_eq!(
        addresses("--only api/orders-b --only metadata-schema/team").len(),
        2
    );
    assert_eq!(
        addresses("--only api/orders").len(),
        4,
        "with what lies below"
    );
    assert_eq!(addresses("--only api/orders*").len(), 5);
    assert_eq!(
        addresses("--only api/*/deployment/*"),
        ["api/orders/deployment/prod-eu"]
    );
    // What a selected change needs and nobody selected is told.
    let plan = project
        .run("plan --format json --only api/orders")
        .success();
    let codes: Vec<Value> = plan.json()["diagnostics"]
        .as_array()
        .expect("diagnostics")
        .iter()
        .map(|diagnostic| diagnostic["code"].clone())
        .collect();
    assert_eq!(codes, ["dependency-not-selected"; 2]);
    project
        .run("apply --auto-approve --only environment/*")
        .success()
        .says(&["Resources: 1 added"]);
    assert_eq!(center.writes(), ["PUT environments/production"]);
}

#[test]
fn show_unchanged_lists_what_is_as_declared() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve").success();
    project.run("plan --show-unchanged").success().says(&[
        "= metadata-schema/team",
        "= api/orders",
        "No changes.",
    ]);
    let plan = project.run("plan --show-unchanged --format json").success();
    assert_eq!(
        plan.json()["unchanged"].as_array().map(Vec::len),
        Some(RESOURCES)
    );
}

#[test]
fn reformatting_a_document_is_no_change() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve").success();
    let spaced = OPENAPI.replace(
        "'200': {description: Orders}",
        "'200':\n          description:   Orders",
    );
    project.write(
        "apis/openapi.yaml",
        format!("# Orders\r\n{}", spaced.replace('\n', "\r\n")),
    );
    project.run("plan --detailed-exitcode").success();
}
