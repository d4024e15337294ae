//! Which live resources integrations brought in, and what happens to them when an integration goes or gets
//! another gateway.

use serde_json::{Value, json};

use super::gateways::{INSTANCE, actions, integration, linked, plan, service, synced, titles};
use super::harness::Project;
use super::service_fixture::ServiceFixture;

/// A second instance with one API, which only the system-assigned identity may read.
fn second_instance(center: &ServiceFixture) -> String {
    let instance = ServiceFixture::instance("fabrikam-apim");
    let tier = json!({"location": "eastus", "sku": {"name": "Developer", "capacity": 1},
        "properties": {"publisherEmail": "api@contoso.com", "publisherName": "Contoso"}});
    center.manage(&instance, &tier);
    let api = json!({"properties": {"displayName": "Billing", "path": "billing", "protocols": ["https"]}});
    center.manage(&format!("{instance}/apis/billing"), &api);
    instance
}

/// A service whose integrations need no roles.
fn without_roles() -> ServiceFixture {
    ServiceFixture::with(|options| options.enforce_roles = false)
}

fn named(name: &str, instance: &str) -> String {
    integration()
        .replace("name: apim}", &format!("name: {name}}}"))
        .replace(INSTANCE, instance)
}

fn names(center: &ServiceFixture) -> Vec<String> {
    let list = center.get("apis");
    let items = list["value"].as_array().expect("a list").iter();
    items
        .map(|api| api["name"].as_str().expect("a name").to_owned())
        .collect()
}

/// The addresses of topmost resources that a plan deletes.
fn deleted(plan: &Value) -> Vec<String> {
    actions(plan)
        .into_iter()
        .filter_map(|line| line.strip_prefix("delete ").map(str::to_owned))
        .filter(|address| address.matches('/').count() == 1)
        .collect()
}

/// Makes the service with its identity, copies, and declares the integration again.
fn copy_before_the_link(center: &ServiceFixture, project: &Project, apis: &str) {
    project.remove("integration.yaml");
    project.run("apply --auto-approve").success();
    center.copy(&[format!("{INSTANCE}/apis/{apis}")]);
    project.write("integration.yaml", integration());
}

fn has_environment(center: &ServiceFixture, name: &str) -> bool {
    let list = center.get("environments");
    let mut items = list["value"].as_array().expect("a list").iter();
    items.any(|environment| environment["name"] == name)
}

#[test]
fn copies_from_before_the_link_belong_to_nobody() {
    let center = without_roles();
    let project = linked(&center);
    copy_before_the_link(&center, &project, "*");
    let copies = names(&center);
    assert!(copies.len() >= 5, "{copies:?}");

    // A declaration for a synchronised API is not confused by a copy of the same title.
    let project = project.file("synced.yaml", &synced("Shipping"));
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success()
        .says(&["Apply complete! Resources: 0 added, 1 changed, 0 destroyed."]);
    assert_eq!(names(&center).len(), 2 * copies.len());
    let found = plan(&project, "");
    let mut unmanaged: Vec<String> = copies.iter().map(|name| format!("api/{name}")).collect();
    unmanaged.sort();
    assert_eq!(found["unmanaged"], json!(unmanaged));

    // An export has them, with the environment that they are deployed to.
    project.run("export --out copy").success();
    for name in &copies {
        assert!(project.path(&format!("copy/apis/{name}/api.yaml")).exists());
    }
    project
        .run("-C copy plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
    std::fs::remove_dir_all(project.path("copy")).expect("it was there");

    // They survive the integration, and so does the environment.
    project.remove("synced.yaml");
    project.remove("integration.yaml");
    project.edit(
        "apicenter.yaml",
        "scope: all",
        "scope: all}\n  safety: {maxDeletes: \"100%\"",
    );
    let selected = "--prune --only integration/apim";
    let going = deleted(&plan(&project, selected));
    assert_eq!(going.len(), 1 + copies.len(), "{going:?}");
    assert!(
        copies
            .iter()
            .all(|name| !going.contains(&format!("api/{name}")))
    );
    project
        .run(&format!(
            "apply {selected} --auto-approve --allow-destroy integration/apim"
        ))
        .success()
        .says(&["0 added, 0 changed, "]);
    assert_eq!(names(&center), copies);
    assert!(has_environment(&center, "azure-api-management"));
    // What nobody owns goes with the next plan that prunes everything.
    project.run("apply --prune --auto-approve").success();
    assert_eq!(titles(&center), [""; 0]);
    assert!(!has_environment(&center, "azure-api-management"));
}

#[test]
fn an_integration_and_the_copies_go_together_with_their_environment() {
    let center = without_roles();
    let project = linked(&center);
    copy_before_the_link(&center, &project, "*");
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    project.remove("integration.yaml");
    project.edit(
        "apicenter.yaml",
        "scope: all",
        "scope: all}\n  safety: {maxDeletes: \"100%\"",
    );
    project
        .run("apply --prune --auto-approve --allow-destroy integration/apim")
        .success();
    assert_eq!(titles(&center), [""; 0]);
    assert!(!has_environment(&center, "azure-api-management"));
    project.run("plan --prune").success().says(&["No changes."]);
}

#[test]
fn an_apply_counts_only_what_really_vanished() {
    let center = without_roles();
    let project = linked(&center);
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    let brought = names(&center).len();
    // A copy from after the link looks like what the integration brought in.
    center.copy(&[format!("{INSTANCE}/apis/shipping")]);
    center.wait_until("the copy", |center| names(center).len() == brought + 1);
    project.remove("integration.yaml");
    project.edit(
        "apicenter.yaml",
        "scope: all",
        "scope: all}\n  safety: {maxDeletes: \"100%\"",
    );
    let selected = "--prune --only integration/apim";
    let planned = plan(&project, selected)["summary"]["delete"]
        .as_u64()
        .expect("a number");
    let told = project
        .run(&format!(
            "apply {selected} --auto-approve --allow-destroy integration/apim --format json"
        ))
        .success()
        .json();
    let left = names(&center);
    assert_eq!(left.len(), 1);
    let remains: Vec<&Value> = told["results"]
        .as_array()
        .expect("results")
        .iter()
        .filter(|result| result["outcome"] == "remains")
        .collect();
    let address = format!("api/{}", left[0]);
    assert!(
        remains
            .iter()
            .any(|result| result["address"] == address.as_str())
    );
    let destroyed = told["destroyed"].as_u64().expect("a number");
    assert_eq!(destroyed, planned - remains.len() as u64);
}

#[test]
fn what_carries_our_marker_is_ours_wherever_it_is_deployed() {
    let center = without_roles();
    let spec = "ownership: {owner: us, property: managed-by}\nprune: {enabled: false}\n\
                external: [environment/azure-api-management, integration/apim]";
    let api = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: By hand\n  \
               kind: rest\n  deployments: [{name: gateway, environment: azure-api-management}]\n";
    let others = linked(&center);
    others.run("apply --auto-approve --wait-sync=10m").success();
    let project = Project::of_with(&center, spec).file("orders.yaml", api);
    project.run("apply --auto-approve").success();
    project.run("plan").success().says(&["No changes."]);
    // Somebody without a marker sees that it is there, and does not delete it.
    let seen = plan(&others, "");
    assert_eq!(actions(&seen), [""; 0]);
    assert!(
        seen["unmanaged"]
            .as_array()
            .expect("a list")
            .contains(&json!("api/orders"))
    );
    // An export of the owner has it.
    project.remove("orders.yaml");
    project.run("export").success();
    assert!(project.path("apis/orders/api.yaml").exists());
    std::fs::remove_dir_all(project.path("apis")).expect("it was there");
    // Undeclared, it is listed, and deleted with --prune.
    let found = plan(&project, "");
    assert!(
        found["unmanaged"]
            .as_array()
            .expect("a list")
            .contains(&json!("api/orders"))
    );
    project.run("apply --prune --auto-approve").success();
    assert!(!titles(&center).contains(&"By hand".to_owned()));
}

#[test]
fn another_gateway_loses_what_the_integration_brought_in_and_wants_consent() {
    let mut center = without_roles();
    let second = second_instance(&center);
    let project = linked(&center).file("synced.yaml", &synced("Shipping"));
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    let brought = names(&center);
    // Another way to write the same id changes nothing.
    project.write(
        "integration.yaml",
        integration().replace("contoso-apim", "Contoso-APIM"),
    );
    project.run("plan").success().says(&["No changes."]);
    project.write("integration.yaml", named("apim", &second));
    for flags in ["", "--only integration/apim"] {
        let found = plan(&project, flags);
        let lost = deleted(&found);
        assert_eq!(lost.len(), brought.len(), "{flags}: {lost:?}");
        assert!(actions(&found).contains(&"update integration/apim".to_owned()));
        assert_eq!(found["requests"]["writes"], 1);
    }
    project.run("plan").success().says(&[
        "- with the change of integration/apim:",
        "- api/1783927816773801726  \"Orders\"",
        "with version \"v2\", definition \"OpenAPI\", version \"v1\", definition \"OpenAPI\"",
        "`Shipping` is not synchronised by integration/apim yet",
        "pointing integration/apim at another gateway deletes",
        "--allow-destroy integration/apim",
    ]);
    center.mark();
    project
        .run("apply --auto-approve")
        .exit(5)
        .talks(&["another gateway for integration/apim also removes other resources"]);
    assert_eq!(center.writes(), [""; 0]);
    // The first title is no longer there; the gateway's own is.
    project.write("synced.yaml", synced("Billing"));
    project
        .run("apply --auto-approve --allow-destroy integration/apim --wait-sync=10m")
        .success();
    assert_eq!(titles(&center), ["Billing"]);
    assert!(names(&center).iter().all(|name| !brought.contains(name)));
    project.run("plan").success().says(&["No changes."]);
    let api = &center.get("apis")["value"][0];
    assert_eq!(api["properties"]["summary"], "Quotes and labels.");
}

#[test]
fn what_is_protected_stops_another_gateway() {
    let center = without_roles();
    let second = second_instance(&center);
    let project = linked(&center);
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    let name = names(&center).remove(0);
    project.edit(
        "apicenter.yaml",
        "scope: all",
        &format!("scope: all}}\n  safety: {{protect: [\"api/{name}\"]"),
    );
    project.write("integration.yaml", named("apim", &second));
    project
        .run("apply --auto-approve --allow-destroy integration/apim")
        .exit(5)
        .says(&["is protected by safety.protect"]);
    assert!(names(&center).contains(&name));
}

#[test]
fn another_region_or_key_is_another_gateway_too() {
    let center = without_roles();
    let amazon = "apiVersion: apicenter/v1\nkind: Integration\nmetadata: {name: aws}\nspec:\n  source:\n    \
                  amazonApiGateway:\n      accessKey: https://contoso-vault.vault.azure.net/secrets/a\n      \
                  secretAccessKey: https://contoso-vault.vault.azure.net/secrets/s\n      region: eu-central-1\n";
    let project = Project::of(&center)
        .file("service.yaml", service())
        .file("aws.yaml", amazon);
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    assert_eq!(names(&center).len(), 2);
    for (old, new) in [
        ("eu-central-1", "us-east-1"),
        ("secrets/a\n", "secrets/b\n"),
        ("secrets/s\n", "secrets/t\n"),
    ] {
        project.write("aws.yaml", amazon.replace(old, new));
        assert_eq!(deleted(&plan(&project, "")).len(), 2, "{new}");
        project.run("apply --auto-approve").exit(5);
    }
    // Whose identity reads it is another question.
    project.write(
        "aws.yaml",
        format!("{amazon}  importSpecification: never\n"),
    );
    project
        .run("plan")
        .success()
        .says(&["0 to add, 1 to change, 0 to destroy"]);
}

#[test]
fn integrations_with_one_environment_lose_only_their_own() {
    let center = without_roles();
    let second = second_instance(&center);
    let project = linked(&center).file("second.yaml", &named("second", &second));
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    assert!(titles(&center).contains(&"Billing".to_owned()));
    let shared = names(&center).len();
    let title = synced("Billing").replace("integration: apim", "integration: second");
    project.write("synced.yaml", title);
    project.run("apply --auto-approve").success();
    project.remove("synced.yaml");
    project.remove("second.yaml");
    project.edit(
        "apicenter.yaml",
        "scope: all",
        "scope: all}\n  safety: {maxDeletes: \"100%\"",
    );
    let going = deleted(&plan(&project, "--prune"));
    assert_eq!(going.len(), 2, "{going:?}");
    project
        .run("apply --prune --auto-approve --allow-destroy integration/second")
        .success();
    assert_eq!(names(&center).len(), shared - 1);
    assert!(has_environment(&center, "azure-api-management"));
    project.run("plan --prune").success().says(&["No changes."]);
}

#[test]
fn no_more_integrations_than_the_pricing_plan_allows() {
    let center = without_roles();
    let project = Project::of(&center).file("service.yaml", service());
    for name in ["first", "second", "third"] {
        project.write(&format!("{name}.yaml"), named(name, INSTANCE));
    }
    project.run("validate").success();
    project.run("apply --auto-approve").success();
    project.write("fourth.yaml", named("fourth", INSTANCE));
    project.run("validate").exit(6).talks(&[
        "third.yaml:3:18: error[service-limit]: 4/3 integrations",
        "spec.limits.integrations",
    ]);
    // One that nobody declares counts as well.
    project.remove("first.yaml");
    project.run("validate").success();
    project
        .run("plan")
        .exit(5)
        .says(&["4/3 integrations: more than the pricing plan Standard allows"]);
    // The free plan allows one.
    let free = Project::local()
        .file(
            "service.yaml",
            &service().replace("sku: Standard", "sku: Free"),
        )
        .file("a.yaml", &named("first", INSTANCE))
        .file("b.yaml", &named("second", INSTANCE));
    free.run("validate")
        .exit(6)
        .talks(&["2/1 integrations: more than the pricing plan Free allows"]);
    let raised = Project::with_spec("targets: {local: {emulator: {}}}\nlimits: {integrations: 2}")
        .file(
            "service.yaml",
            &service().replace("sku: Standard", "sku: Free"),
        )
        .file("a.yaml", &named("first", INSTANCE))
        .file("b.yaml", &named("second", INSTANCE));
    raised.run("validate").success();
}

#[test]
fn a_snapshot_keeps_when_resources_were_created() {
    let center = without_roles();
    let project = linked(&center);
    copy_before_the_link(&center, &project, "shipping");
    let copy = names(&center).remove(0);
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    project.run("snapshot --out live.json").success();
    let live: Value = serde_json::from_str(&project.read("live.json")).expect("JSON");
    let resources = live["resources"].as_array().expect("a list");
    let entry = resources
        .iter()
        .find(|entry| entry["address"] == format!("api/{copy}").as_str());
    assert!(entry.expect("the copy")["createdAt"].is_string());
    let found = plan(&project, "--against live.json");
    assert_eq!(found["unmanaged"], json!([format!("api/{copy}")]));
}
