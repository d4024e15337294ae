//! `diff`: two services, live or saved, in the words of a plan.

use serde_json::{Value, json};

use super::gateways;
use super::harness::Project;
use super::samples::{OPENAPI, orders};
use super::service_fixture::ServiceFixture;

/// What gives each target another host.
const HOSTS: &str = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: production}\nspec:\n  title: \
                     ${title}\n  kind: production\n  server: {type: Kubernetes, managementPortalUri: \
                     [\"https://${host}\"]}\n";

/// A project with the targets `dev` and `prod`, and more settings.
fn two_targets(dev: &ServiceFixture, prod: &ServiceFixture, more: &str) -> Project {
    let target = |center: &ServiceFixture, name: &str| {
        format!(
            "  {name}:\n    {}\n    variables: {{host: {name}.contoso.com, title: On {name}}}\n",
            center.target()
        )
    };
    let spec = format!(
        "targets:\n{}{}{more}",
        target(dev, "dev"),
        target(prod, "prod")
    );
    Project::with_spec(&spec).env("APICENTER_ACCESS_TOKEN", super::harness::TOKEN)
}

/// Gives the target `prod` overlays.
fn add_overlays(project: &Project) {
    project.edit(
        "apicenter.yaml",
        "{host: prod.contoso.com, title: On prod}",
        "{host: prod.contoso.com, title: On prod}\n      overlays: [\"overlays/prod/*.yaml\"]",
    );
}

/// The addresses of changes with their actions, such as `update api/orders`.
fn changes(plan: &Value) -> Vec<String> {
    let list = plan["changes"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    list.iter()
        .map(|one| format!("{} {}", text(&one["action"]), text(&one["address"])))
        .collect()
}

fn fields(plan: &Value, address: &str) -> Vec<(String, Value, Value)> {
    let list = plan["changes"].as_array().expect("a list");
    let change = list.iter().find(|one| one["address"] == address);
    let fields = change.expect("it changes")["fields"].as_array();
    let field = |field: &Value| {
        let path = field["path"].as_str().expect("a path").to_owned();
        (path, field["before"].clone(), field["after"].clone())
    };
    fields.expect("a list").iter().map(field).collect()
}

#[test]
fn two_targets_are_compared_in_the_words_of_a_plan() {
    let (dev, prod) = (ServiceFixture::start(), ServiceFixture::start());
    let project = orders(two_targets(&dev, &prod, ""));
    for target in ["dev", "prod"] {
        let arguments = format!("apply -t {target} --auto-approve");
        project.run(&arguments).success();
    }
    project
        .run("diff --from dev --to prod --detailed-exitcode")
        .exit(0)
        .says(&[
            "From   dev: service contoso in resource group rg",
            "To     prod: service contoso in resource group rg",
            "No changes. prod is as dev (6 resources).",
        ]);
    dev.put(
        "environments/production",
        json!({"title": "Live", "kind": "production"}),
    );
    dev.put("apis/weather", json!({"title": "Weather", "kind": "rest"}));
    prod.put("apis/old", json!({"title": "Old", "kind": "rest"}));
    dev.import(
        "apis/orders/versions/1-0-0/definitions/openapi",
        &OPENAPI.replace("List orders", "All orders"),
    );
    let ended = project
        .run("diff --from dev --to prod --detailed-exitcode")
        .exit(2)
        .says(&[
            "- api/old",
            "~ environment/production",
            "title  Production → Live",
            "summary: List orders",
            "summary: All orders",
            "+ api/weather",
            "Plan: 1 to add, 2 to change, 1 to destroy.",
        ]);
    assert!(!ended.stdout().contains("manifest"), "{}", ended.stdout());
    let back = project
        .run("diff --from prod --to dev --format json")
        .success();
    assert_eq!(
        changes(&back.json()),
        [
            "delete api/weather",
            "update environment/production",
            "update api/orders/version/1-0-0/definition/openapi",
            "create api/old",
        ]
    );
    let json = project
        .run("diff --from dev --to prod --format json")
        .success()
        .json();
    assert_eq!(
        (&json["from"]["name"], &json["target"]["name"]),
        (&json!("dev"), &json!("prod"))
    );
    assert_eq!(json["changes"][0]["reason"], "not in dev");
    assert_eq!(json["diagnostics"], json!([]));
    let source = &fields(&json, "api/orders/version/1-0-0/definition/openapi")[0];
    assert!(source.0 == "source" && source.1 != source.2, "{source:?}");
    project
        .run("diff --from dev --to prod --format markdown")
        .success()
        .says(&["## From `dev` to `prod`: 1 to add, 2 to change, 1 to destroy"])
        .never_says("apicenter apply");
    project
        .run("diff --from dev --to prod --format html")
        .success()
        .says(&["\"from\":{\"name\":\"dev\""]);
    project
        .run("diff --from dev --to prod --only api/weather --detailed-exitcode")
        .exit(2)
        .says(&["Plan: 1 to add, 0 to change, 0 to destroy."]);
}

#[test]
fn values_that_a_project_gives_each_target_are_no_difference() {
    let (dev, prod) = (ServiceFixture::start(), ServiceFixture::start());
    let api = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: Orders, kind: rest, \
               summary: \"at ${host}\"}\n";
    let overlay = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {description: Prod only.}\n";
    let project = two_targets(&dev, &prod, "")
        .file("environments.yaml", HOSTS)
        .file("api.yaml", api)
        .file("overlays/prod/orders.yaml", overlay);
    add_overlays(&project);
    for target in ["dev", "prod"] {
        let arguments = format!("apply -t {target} --auto-approve");
        project.run(&arguments).success();
    }
    project
        .run("diff --from dev --to prod --detailed-exitcode")
        .exit(0)
        .says(&["No changes."]);
    // The other fields of the same resource still count, and so does a value that is not as declared.
    dev.put(
        "apis/orders",
        json!({"title": "Order desk", "kind": "rest", "summary": "at dev.contoso.com"}),
    );
    dev.put(
        "environments/production",
        json!({"title": "On dev", "kind": "production",
            "server": {"type": "Kubernetes", "managementPortalUri": ["https://elsewhere.contoso.com"]}}),
    );
    let json = project
        .run("diff --from dev --to prod --format json")
        .success()
        .json();
    assert_eq!(
        fields(&json, "api/orders"),
        [("title".to_owned(), json!("Orders"), json!("Order desk"))]
    );
    assert_eq!(
        fields(&json, "environment/production"),
        [(
            "server.managementPortalUri".to_owned(),
            json!(["https://prod.contoso.com"]),
            json!(["https://elsewhere.contoso.com"])
        )]
    );
}

#[test]
fn snapshots_are_compared_without_a_project() {
    let (dev, prod) = (ServiceFixture::start(), ServiceFixture::start());
    let project = orders(two_targets(&dev, &prod, ""));
    project.run("apply -t dev --auto-approve").success();
    project.run("snapshot -t dev --out dev.json").success();
    dev.import(
        "apis/orders/versions/1-0-0/definitions/openapi",
        &OPENAPI.replace("List", "All"),
    );
    project.run("snapshot -t dev --out later.json").success();
    let alone = Project::empty();
    for name in ["dev.json", "later.json"] {
        alone.write(name, project.read(name));
    }
    alone
        .run("diff --from later.json --to dev.json --detailed-exitcode")
        .exit(2)
        .says(&[
            "From   later.json: snapshot of the service contoso in resource group rg",
            "To     dev.json: snapshot of",
            "~ api/orders",
            "source",
            "Plan: 0 to add, 1 to change, 0 to destroy.",
        ]);
    // A snapshot and the service that it is of.
    project
        .run("diff --from dev.json --to dev --detailed-exitcode")
        .exit(2)
        .says(&["To     dev: service contoso"]);
    project
        .run("diff --from later.json --to dev --detailed-exitcode")
        .exit(0)
        .says(&["No changes."]);
}

#[test]
fn a_promotion_is_written_as_manifests_and_overlays() {
    let (dev, prod) = (ServiceFixture::start(), ServiceFixture::start());
    let project = orders(two_targets(&dev, &prod, ""));
    for target in ["dev", "prod"] {
        let arguments = format!("apply -t {target} --auto-approve");
        project.run(&arguments).success();
    }
    dev.put(
        "environments/edge",
        json!({"title": "Edge", "kind": "staging"}),
    );
    dev.put("apis/weather", json!({"title": "Weather", "kind": "rest"}));
    dev.put(
        "apis/weather/deployments/d",
        json!({"title": "D", "environmentId": "/workspaces/default/environments/edge",
            "server": {"runtimeUri": ["https://w.contoso.com"]}}),
    );
    let orders =
        json!({"title": "Order desk", "kind": "rest", "customProperties": {"team": "checkout"}});
    dev.put("apis/orders", orders);
    dev.import(
        "apis/orders/versions/1-0-0/definitions/openapi",
        &OPENAPI.replace("List orders", "All orders"),
    );
    let before = project.read("apis/orders.yaml");
    project
        .run("diff --from dev --to prod --write .")
        .success()
        .talks(&[
            "note: add \"overlays/prod/*.yaml\" to the `overlays` of the target `prod` in apicenter.yaml",
            "Wrote 4 files to .: what brings prod in line with dev (4 new or changed).",
        ]);
    add_overlays(&project);
    assert_eq!(project.read("apis/orders.yaml"), before);
    assert_eq!(
        project.read("overlays/prod/api-orders.yaml"),
        "apiVersion: apicenter/v1\nkind: Api\nmetadata:\n  name: orders\nspec:\n  title: Order desk\n  versions:\n    - name: 1-0-0\n      definitions:\n        - name: openapi\n          source:\n            file: api-orders/1-0-0/openapi.yaml\n"
    );
    project.run("apply -t prod --auto-approve").success();
    project
        .run("diff --from dev --to prod --detailed-exitcode")
        .exit(0)
        .says(&["No changes."]);
    project.run("plan -t prod --detailed-exitcode").exit(0);
}

#[test]
fn a_promotion_elsewhere_is_a_project_of_its_own() {
    let (dev, prod) = (ServiceFixture::start(), ServiceFixture::start());
    let project = orders(two_targets(&dev, &prod, ""));
    project.run("apply -t dev --auto-approve").success();
    prod.put("apis/old", json!({"title": "Old", "kind": "rest"}));
    let folder = Project::empty();
    let out = folder.root().display();
    project
        .run(&format!("diff --from dev --to prod --write {out}"))
        .success()
        .talks(&[
            "note: api/old: no manifest deletes it; apply --prune",
            "Wrote ",
        ]);
    // The folder has all that is needed.
    project
        .run(&format!("apply -C {out} --auto-approve"))
        .success();
    project
        .run("diff --from dev --to prod --format json")
        .success();
    let rest = project
        .run("diff --from dev --to prod --format json")
        .success();
    assert_eq!(changes(&rest.json()), ["delete api/old"]);
    folder.edit(
        "environments/production.yaml",
        "title: Production",
        "title: Prod",
    );
    project
        .run("diff --from dev --to prod --write")
        .exit(64)
        .talks(&["--write <DIR>"]);
    prod.delete("environments/production");
    project
        .run(&format!("diff --from dev --to prod --write {out}"))
        .exit(5)
        .talks(&[
            "these files differ",
            "environments/production.yaml",
            "--force",
        ]);
    project
        .run(&format!("diff --from dev --to prod --write {out} --force"))
        .success();
}

#[test]
fn what_integrations_bring_in_is_matched_by_its_title() {
    let (dev, prod) = (ServiceFixture::start(), ServiceFixture::start());
    for center in [&dev, &prod] {
        gateways::linked(center)
            .run("apply --auto-approve --wait-sync=10m")
            .success();
    }
    let project = two_targets(&dev, &prod, "");
    project
        .run("diff --from dev --to prod --detailed-exitcode")
        .exit(0)
        .says(&["No changes."]);
    let list = dev.get("apis");
    let shipping = list["value"].as_array().expect("a list").iter();
    let mut shipping = shipping.filter(|api| api["properties"]["title"] == "Shipping");
    let api = shipping.next().expect("it was brought in");
    let mut properties = api["properties"].clone();
    properties["summary"] = json!("Parcels");
    let name = api["name"].as_str().expect("a name");
    dev.put(&format!("apis/{name}"), properties);
    let json = project
        .run("diff --from dev --to prod --format json")
        .success()
        .json();
    let changed = json["changes"].as_array().expect("a list");
    assert_eq!(changed.len(), 1, "{json}");
    assert_eq!(changed[0]["fields"][0]["path"], "summary");
    assert_eq!(changed[0]["fields"][0]["after"], "Parcels");
}

#[test]
fn an_ownership_marker_is_no_difference() {
    let (dev, prod) = (ServiceFixture::start(), ServiceFixture::start());
    let more = "ownership: {owner: checkout, property: managed-by}\n";
    let project = orders(two_targets(&dev, &prod, more));
    project.run("apply -t dev --auto-approve").success();
    let json = project
        .run("diff --from dev --to prod --format json")
        .success()
        .json();
    assert!(!json.to_string().contains("managed-by"), "{json}");
    assert_eq!(json["summary"]["create"], 6);
}

#[test]
fn wrong_sides_are_named() {
    let (dev, prod) = (ServiceFixture::start(), ServiceFixture::start());
    let project = two_targets(&dev, &prod, "")
        .file("old.json", r#"{"formatVersion": "0.9", "subscriptionId": "s", "resourceGroup": "g", "service": "x", "resources": []}"#)
        .file("no.json", "hello");
    project.run("diff --from dev --to nope").exit(64).talks(&[
        "--to nope: there is no such target and no such file",
        "the targets are `dev` and `prod`",
    ]);
    project
        .run("diff --from dev --to dev")
        .exit(64)
        .talks(&["--from and --to are both `dev`"]);
    project
        .run("diff --from dev")
        .exit(64)
        .talks(&["--to <TARGET|SNAPSHOT>"]);
    project
        .run("diff --from old.json --to dev")
        .exit(1)
        .talks(&["old.json: the snapshot has format 0.9, this program reads 1.0 and 1.1"]);
    project
        .run("diff --from no.json --to dev")
        .exit(1)
        .talks(&["no.json: not a snapshot"]);
    project
        .run("diff --from dev --to prod -t dev")
        .exit(64)
        .talks(&["--target cannot be used with diff"]);
    Project::empty()
        .run("diff --from dev --to prod")
        .exit(64)
        .talks(&[
            "--from dev: there is no such target and no such file",
            "there is no project",
        ]);
    let twins = format!("targets:\n  a:\n    {0}\n  b:\n    {0}\n", dev.target());
    Project::with_spec(&twins)
        .run("diff --from a --to b")
        .exit(64)
        .talks(&["the targets `a` and `b` are the same service"]);
}
