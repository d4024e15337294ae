//! Exit code 5: safety rules, immutable fields, and plans that no longer match.

use serde_json::json;

use super::harness::Project;
use super::samples::{api, apis, orders};
use super::service_fixture::ServiceFixture;

const TWELVE: [&str; 12] = [
    "api-a", "api-b", "api-c", "api-d", "api-e", "api-f", "api-g", "api-h", "api-i", "api-j",
    "api-k", "api-l",
];

fn twelve(more: &str) -> (ServiceFixture, Project) {
    let center = ServiceFixture::start();
    let project = Project::of_with(&center, &format!("prune: {{scope: all}}\n{more}"));
    project.write("apis.yaml", apis(TWELVE));
    project.run("apply --auto-approve -q").success();
    (center, project)
}

#[test]
fn too_many_deletes_are_refused_and_nothing_is_sent() {
    let (mut center, project) = twelve("");
    project.write("apis.yaml", apis(TWELVE[..8].iter().copied()));
    center.mark();
    for format in ["text", "json"] {
        project
            .run(&format!("plan --prune --format {format}"))
            .exit(5)
            .says(&[
                "too many deletes: 4 of 12 resources, 33.33% where safety.maxDeletes allows 30%",
            ]);
        project
            .run(&format!("apply --prune --auto-approve --format {format}"))
            .exit(5)
            .talks(&["a safety rule forbids this plan; nothing was sent"]);
    }
    assert_eq!(center.writes(), [""; 0]);
    // Three of twelve is below the limit.
    project.write("apis.yaml", apis(TWELVE[..9].iter().copied()));
    project
        .run("apply --prune --auto-approve")
        .success()
        .says(&["Resources: 0 added, 0 changed, 3 destroyed."]);
}

#[test]
fn the_limit_holds_for_a_repository_that_declares_nothing() {
    let (mut center, project) = twelve("");
    project.remove("apis.yaml");
    center.mark();
    project.run("apply --prune --auto-approve").exit(5);
    assert_eq!(center.writes(), [""; 0]);
    // Without --prune nothing is ever deleted.
    project.run("apply --auto-approve").success();
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn limits_can_be_numbers_and_start_where_the_project_says() {
    let (_center, project) = twelve("safety: {maxDeletes: 2}");
    project.write("apis.yaml", apis(TWELVE[..9].iter().copied()));
    project
        .run("plan --prune")
        .exit(5)
        .says(&["3 of 12 resources where safety.maxDeletes allows 2"]);
    let (_center, project) = twelve("safety: {minExisting: 13}");
    project.write("apis.yaml", apis(TWELVE[..2].iter().copied()));
    project.run("plan --prune").success();
    let (_center, project) = twelve("safety: {maxDeletes: \"100%\"}");
    project.remove("apis.yaml");
    project
        .run("apply --prune --auto-approve")
        .success()
        .says(&["12 destroyed."]);
}

#[test]
fn a_location_that_changes_is_refused_at_its_place() {
    let mut center = ServiceFixture::start();
    let service = "apiVersion: apicenter/v1\nkind: Service\nmetadata: {name: contoso}\n\
                   spec:\n  location: westeurope\n  sku: {name: Standard}\n";
    let project = Project::of(&center)
        .file("service.yaml", service)
        .file("a.yaml", &api("orders"));
    center.mark();
    project
        .run("plan")
        .exit(5)
        .says(&["! service", "location", "service.yaml:5:13"]);
    project.run("apply --auto-approve").exit(5);
    let json = project.run("plan --format json").exit(5).json();
    assert_eq!(json["refusals"][0]["source"]["line"], 5);
    assert_eq!(json["changes"][0]["action"], "blocked");
    assert_eq!(center.writes(), [""; 0]);
    project.edit("service.yaml", "westeurope", "East US");
    project.run("apply --auto-approve").success();
}

#[test]
fn expect_plan_applies_that_plan_or_refuses() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let json = project.run("plan --format json").success().json();
    let id = json["planId"].as_str().expect("an id").to_owned();
    center.mark();
    let unlike = "p2-00000000000000000000000000000000";
    for wrong in [unlike, "p1-000000000000", "nonsense"] {
        for format in ["text", "json"] {
            project
                .run(&format!(
                    "apply --expect-plan {wrong} --auto-approve --format {format}"
                ))
                .exit(5)
                .talks(&[
                    "the plan is now",
                    &id,
                    wrong,
                    "nothing was sent; the changes are now:",
                    "environment/production: create",
                    "plan --out FILE",
                ]);
        }
    }
    assert_eq!(center.writes(), [""; 0]);
    project
        .run(&format!("apply --expect-plan {id} --auto-approve"))
        .success();
    assert_ne!(center.writes().len(), 0);
}

#[test]
fn a_plan_has_the_same_id_everywhere_and_another_one_after_any_change() {
    let plan = |change: fn(&ServiceFixture, &Project)| {
        let center = ServiceFixture::start();
        let project = orders(Project::of(&center));
        center.put(
            "environments/production",
            json!({"title": "Old", "kind": "production"}),
        );
        change(&center, &project);
        let json = project.run("plan --format json").success().json();
        json["planId"].as_str().expect("an id").to_owned()
    };
    let id = plan(|_, _| {});
    assert_eq!(id, plan(|_, _| {}), "another center, folder and port");
    assert!(id.len() == 35 && id.starts_with("p2-"), "{id}");
    let comment = |_: &ServiceFixture, project: &Project| {
        project.edit("ground.yaml", "---\n", "# nothing but words\n---\n");
    };
    assert_eq!(id, plan(comment));
    let manifest = |_: &ServiceFixture, project: &Project| {
        project.edit("apis/orders.yaml", "title: Orders", "title: Order");
    };
    assert_ne!(id, plan(manifest));
    let document = |_: &ServiceFixture, project: &Project| {
        project.edit("apis/openapi.yaml", "List orders", "All orders");
    };
    assert_ne!(id, plan(document));
    let live = |center: &ServiceFixture, _: &Project| {
        center.put(
            "environments/production",
            json!({"title": "Older", "kind": "production"}),
        );
    };
    assert_ne!(id, plan(live));
}

#[test]
fn a_saved_plan_is_applied_or_refused_once_the_service_has_changed() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("plan --out plan.json").success();
    center.put(
        "environments/production",
        json!({"title": "By hand", "kind": "production"}),
    );
    center.mark();
    project
        .run("apply plan.json --auto-approve")
        .exit(5)
        .talks(&[
            "nothing was sent; what moved:",
            "    environment/production: create in the saved plan, update now",
            "review the new plan",
        ])
        .never_says("api/orders: create in");
    assert_eq!(center.writes(), [""; 0]);
    let refused = project
        .run("apply plan.json --auto-approve --format json")
        .exit(5)
        .json();
    assert_eq!(
        refused["refusals"][1],
        "environment/production: create in the saved plan, update now"
    );

    project.run("plan --out plan.json").success();
    project
        .run("apply plan.json --auto-approve")
        .success()
        .says(&["Apply complete! Resources: 5 added, 1 changed, 0 destroyed."]);

    project.edit("apis/orders.yaml", "title: Orders", "title: Order");
    project.run("plan --out plan.json").success();
    project.edit("apis/orders.yaml", "title: Order\n", "title: Ordering\n");
    center.mark();
    project
        .run("apply plan.json --auto-approve")
        .exit(5)
        .talks(&["what moved:", "    api/orders: other values in title"]);
    assert_eq!(center.writes(), [""; 0]);

    // What somebody else did meanwhile is no longer in the plan.
    center.delete("apis/orders/deployments/prod-eu");
    project.run("apply --auto-approve -q").success();
    project.edit("apis/orders.yaml", "title: Ordering\n", "title: Orders\n");
    project.run("plan --out plan.json").success();
    project.run("apply --auto-approve -q").success();
    project
        .run("apply plan.json --auto-approve")
        .exit(5)
        .talks(&["    api/orders: update in the saved plan, no change now"]);
}

#[test]
fn a_saved_plan_keeps_its_options() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project
        .run("plan --only environment/* --out plan.json")
        .success();
    project
        .run("apply plan.json --auto-approve")
        .success()
        .says(&["Resources: 1 added"]);
    assert_eq!(center.writes(), ["PUT environments/production"]);
}

#[test]
fn what_is_no_saved_plan_is_told() {
    let project = orders(Project::local());
    project.write("plan.json", "{}");
    project
        .run("apply plan.json --auto-approve")
        .exit(1)
        .talks(&["plan.json is not a saved plan", "plan --out FILE"]);
    project.run("apply none.json --auto-approve").exit(1);
}
