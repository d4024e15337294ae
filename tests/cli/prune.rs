//! Deleting what is not declared: off by default, and never further than its scope.

use serde_json::{Value, json};

use super::harness::Project;
use super::samples::{api, apis, orders};
use super::service_fixture::ServiceFixture;

const OWNED: &str = "ownership: {owner: contoso-catalog, property: managed-by}";

fn count(center: &ServiceFixture, path: &str) -> usize {
    center.get(path)["value"].as_array().map_or(0, Vec::len)
}

#[test]
fn without_prune_nothing_is_deleted_and_the_rest_is_listed() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of_with(&center, OWNED));
    project.run("apply --auto-approve").success();
    for i in 0..7 {
        center.put(
            &format!("apis/extra-{i}"),
            json!({"title": "Extra", "kind": "rest"}),
        );
    }
    project.remove("apis/orders.yaml");
    center.mark();
    project.run("apply --auto-approve").success().says(&[
        "Unmanaged (in the service, not in the manifests; not changed):",
        "    api/extra-0\n",
        "    and 3 more: --show-unmanaged lists them",
        "No changes.",
    ]);
    project.run("plan --show-unmanaged").success().says(&[
        "    api/extra-6\n",
        "    api/orders\n      api/orders/version/1-0-0\n",
    ]);
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn owned_reaches_what_carries_the_marker_and_children_of_declared_apis() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of_with(&center, OWNED))
        .file("apis/b.yaml", &apis(["marked-api", "api-c", "api-d"]));
    project.run("apply --auto-approve").success();
    let marked = center.get("apis/orders");
    assert_eq!(
        marked["properties"]["customProperties"]["managed-by"],
        "contoso-catalog"
    );
    center.put("apis/foreign", json!({"title": "Foreign", "kind": "rest"}));
    center.put(
        "environments/by-hand",
        json!({"title": "By hand", "kind": "testing"}),
    );
    let theirs = json!({"title": "Theirs", "kind": "rest",
        "customProperties": {"managed-by": "somebody-else"}});
    center.put("apis/theirs", theirs);
    let version = json!({"title": "v9", "lifecycleStage": "design"});
    center.put("apis/orders/versions/9-0-0", version);
    project.write("apis/b.yaml", apis(["api-c", "api-d"]));

    let plan = project.run("plan --prune --format json").success().json();
    let deletes: Vec<&str> = plan["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .filter(|change| change["action"] == "delete")
        .filter_map(|change| change["address"].as_str())
        .collect();
    assert_eq!(deletes, ["api/marked-api", "api/orders/version/9-0-0"]);
    assert_eq!(
        plan["unmanaged"],
        json!(["environment/by-hand", "api/foreign", "api/theirs"])
    );
    center.mark();
    project
        .run("apply --prune --auto-approve")
        .success()
        .says(&["Resources: 0 added, 0 changed, 2 destroyed."]);
    let mut writes = center.writes();
    writes.sort();
    assert_eq!(
        writes,
        [
            "DELETE apis/marked-api",
            "DELETE apis/orders/versions/9-0-0"
        ]
    );
    project.run("plan --prune --detailed-exitcode").success();
}

#[test]
fn a_resource_of_another_owner_is_not_changed() {
    let mut center = ServiceFixture::start();
    let project = Project::of_with(&center, OWNED).file("a.yaml", &api("orders"));
    project.run("apply --auto-approve").success();
    center.put(
        "apis/orders",
        json!({"title": "Theirs", "kind": "rest",
            "customProperties": {"managed-by": "somebody-else"}}),
    );
    center.mark();
    let _ = project
        .run("apply --auto-approve")
        .exit(5)
        .says(&["! api/orders", "owned by `somebody-else`", "1 blocked."])
        .talks(&[
            "Declared, but blocked by a rule:",
            "the service is not as declared",
        ]);
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn all_deletes_everything_that_is_not_declared_from_the_top() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of_with(
        &center,
        "prune: {scope: all, enabled: true}",
    ));
    project.run("apply --auto-approve").success();
    project.write("keep.yaml", api("keep"));
    project.remove("apis/orders.yaml");
    project.remove("ground.yaml");
    let plan = project.run("plan --format json").success().json();
    assert_eq!(plan["summary"]["delete"], 6, "{plan:#}");
    assert_eq!(
        plan["requests"]["writes"], 4,
        "deletes for the topmost only"
    );
    center.mark();
    project
        .run("apply --auto-approve")
        .success()
        .says(&["Resources: 1 added, 0 changed, 6 destroyed."]);
    let deletes: Vec<String> = center
        .writes()
        .into_iter()
        .filter(|write| write.starts_with("DELETE"))
        .collect();
    assert_eq!(deletes[0], "DELETE apis/orders", "{deletes:?}");
    assert_eq!(deletes.len(), 3, "{deletes:?}");
    assert_eq!(
        [count(&center, "apis"), count(&center, "environments")],
        [1, 0]
    );
}

#[test]
fn what_is_protected_is_blocked_and_stops_nothing_else() {
    let center = ServiceFixture::start();
    let spec = "prune: {scope: all}\nsafety: {protect: [\"environment/prod*\"]}";
    let project = Project::of_with(&center, spec).file("a.yaml", &api("stays"));
    center.put(
        "environments/production",
        json!({"title": "P", "kind": "production"}),
    );
    center.put(
        "environments/testing",
        json!({"title": "T", "kind": "testing"}),
    );
    let run = project.run("plan --prune").success();
    run.says(&[
        "! environment/production",
        "blocked: protected by safety.protect",
        "Plan: 1 to add, 0 to change, 1 to destroy. 1 blocked.",
    ]);
    let plan = project.run("plan --prune --format json").success().json();
    let blocked: Vec<&Value> = plan["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .filter(|change| change["action"] == "blocked")
        .collect();
    assert_eq!(blocked.len(), 1, "{plan:#}");
    assert_eq!(blocked[0]["address"], "environment/production");
    assert_eq!(plan["summary"]["blocked"], 1);
    project
        .run("apply --prune --auto-approve")
        .success()
        .says(&["Resources: 1 added, 0 changed, 1 destroyed."]);
    assert_eq!(center.get("environments/production")["name"], "production");
    // Only blocked changes are left: nothing would be sent.
    project.run("plan --prune --detailed-exitcode").success();
}

#[test]
fn what_is_ignored_is_left_to_others() {
    let mut center = ServiceFixture::start();
    let ignore = "ignore: [{kind: Api, field: summary}]";
    let project = Project::of_with(&center, ignore).file("a.yaml", &api("orders"));
    project.run("apply --auto-approve").success();
    center.put(
        "apis/orders",
        json!({"title": "orders", "kind": "rest", "summary": "From another team"}),
    );
    center.mark();
    project.run("plan --detailed-exitcode").success();
    project.edit("a.yaml", "title: orders", "title: Orders");
    project.run("apply --auto-approve").success();
    let live = center.get("apis/orders");
    assert_eq!(live["properties"]["summary"], "From another team");
    assert_eq!(live["properties"]["title"], "Orders");
}
