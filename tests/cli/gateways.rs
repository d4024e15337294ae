//! Gateways from outside: integrations, the roles that they need, and what the catalogue adds to the APIs
//! that they bring in.

use apicenter::model::BUILT_IN_ROLES;
use serde_json::{Value, json};

use super::harness::Project;
use super::service_fixture::{PATIENCE, ServiceFixture};

pub(super) const INSTANCE: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso-apim";

pub(super) fn service() -> &'static str {
    "apiVersion: apicenter/v1\nkind: Service\nmetadata: {name: contoso}\nspec:\n  location: eastus\n  \
     sku: Standard\n  identity: SystemAssigned\n"
}

pub(super) fn role() -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: RoleAssignment\nmetadata: {{name: reads-apim}}\nspec:\n  \
         role: API Management Service Reader Role\n  scope: {INSTANCE}\n  principal: \
         {{serviceIdentity: true}}\n"
    )
}

pub(super) fn integration() -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: Integration\nmetadata: {{name: apim}}\nspec:\n  source:\n    \
         apiManagement:\n      resourceId: {INSTANCE}\n"
    )
}

pub(super) fn synced(title: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: SyncedApi\nmetadata: {{name: shipping}}\nspec:\n  match: \
         {{integration: apim, title: {title}}}\n  summary: Quotes and labels.\n"
    )
}

/// A project with everything that an integration needs.
pub(super) fn linked(center: &ServiceFixture) -> Project {
    Project::of_with(center, "prune: {enabled: false, scope: all}")
        .file("service.yaml", service())
        .file("role.yaml", &role())
        .file("integration.yaml", &integration())
}

/// The plan as data.
pub(super) fn plan(project: &Project, flags: &str) -> Value {
    project
        .run(&format!("plan --format json {flags}"))
        .success()
        .json()
}

pub(super) fn actions(plan: &Value) -> Vec<String> {
    let changes = plan["changes"].as_array().expect("changes");
    changes
        .iter()
        .map(|change| {
            let text = |field: &str| change[field].as_str().unwrap_or_default().to_owned();
            format!("{} {}", text("action"), text("address"))
        })
        .collect()
}

/// The titles of the live APIs.
pub(super) fn titles(center: &ServiceFixture) -> Vec<String> {
    let list = center.get("apis");
    let mut titles: Vec<String> = list["value"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|api| Some(api["properties"]["title"].as_str()?.to_owned()))
        .collect();
    titles.sort();
    titles
}

#[test]
fn a_gateway_is_linked_in_one_apply_and_its_apis_are_enriched() {
    let center = ServiceFixture::start();
    let project = linked(&center).file("synced.yaml", &synced("Shipping"));
    project
        .run("plan")
        .success()
        .says(&["warning: `Shipping` is not synchronised by integration/apim yet"])
        .never_says("integration-prerequisite");
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success()
        .says(&[
            "Apply complete! Resources: 2 added, 1 changed, 0 destroyed.",
            "APIs that integrations have synchronised in the meantime:",
            "Apply complete! Resources: 0 added, 1 changed, 0 destroyed.",
        ]);
    assert!(titles(&center).contains(&"Shipping".to_owned()));
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."])
        .never_says("left alone");
    let apis = center.get("apis");
    let shipping = apis["value"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|api| api["properties"]["title"] == "Shipping")
        .expect("it is there");
    assert_eq!(shipping["properties"]["summary"], "Quotes and labels.");
}

#[test]
fn what_an_integration_lacks_is_told_with_the_manifest_that_adds_it() {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file("integration.yaml", &integration());
    project.run("plan").success().says(&[
        "warning: integration/apim needs a managed identity of the service, and there is none",
        "kind: Service",
        "metadata: {name: contoso}",
        "identity: SystemAssigned",
        // The role is missing as well, and one plan says so.
        "warning: integration/apim needs the role `API Management Service Reader Role` on its source",
        "kind: RoleAssignment",
    ]);
    let project = project.file("service.yaml", service());
    project.run("plan").success().says(&[
        "warning: integration/apim needs the role `API Management Service Reader Role` on its source",
        "declare it, or ignore this warning if a custom role, or a group of the identity, permits \
         `Microsoft.ApiManagement/service/apis/read`",
        "kind: RoleAssignment",
        &format!("scope: {INSTANCE}"),
        "principal: {serviceIdentity: true}",
    ]);
    // The service reports the same, and waiting for it does not hide that.
    project
        .run("apply --auto-approve --wait-sync=10m")
        .exit(1)
        .talks(&["integration/apim does not synchronise: "]);
    project
        .run("plan")
        .success()
        .says(&["warning: integration/apim is not synchronising: "]);
    // With the role it heals.
    let project = project.file("role.yaml", &role());
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    project.run("plan").success().never_says("warning");
}

#[test]
fn deleting_an_integration_lists_what_goes_with_it_and_wants_a_consent_of_its_own() {
    let mut center = ServiceFixture::start();
    let project = linked(&center);
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    let brought = titles(&center).len();
    assert!(brought >= 5);
    project.remove("integration.yaml");
    assert_eq!(
        actions(&plan(&project, "")),
        [""; 0],
        "nothing without --prune"
    );
    let file = project.read("apicenter.yaml");
    project.write(
        "apicenter.yaml",
        file.trim_end().to_owned() + "\n  safety: {maxDeletes: \"100%\"}\n",
    );
    let found = plan(&project, "--prune");
    let deletes = actions(&found);
    assert!(deletes.contains(&"delete integration/apim".to_owned()));
    assert!(deletes.contains(&"delete environment/azure-api-management".to_owned()));
    let apis = deletes.iter().filter(|line| line.matches('/').count() == 1);
    assert_eq!(apis.filter(|line| line.contains("api/")).count(), brought);
    assert_eq!(found["requests"]["writes"], 1, "one DELETE is sent");
    center.mark();
    project.run("apply --prune --auto-approve").exit(5).talks(&[
        "also removes other resources",
        "--allow-destroy integration/apim",
    ]);
    assert_eq!(center.writes(), [""; 0]);
    project
        .run("apply --prune --auto-approve --allow-destroy integration/apim")
        .success()
        .says(&["Apply complete!"]);
    assert_eq!(center.writes(), ["DELETE apiSources/apim"]);
    assert_eq!(titles(&center), [""; 0]);
    assert_eq!(actions(&plan(&project, "--prune")), [""; 0]);
}

#[test]
fn only_an_integration_still_tells_all_that_goes_with_it() {
    let center = ServiceFixture::start();
    let project = linked(&center);
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    project.remove("integration.yaml");
    let file = project.read("apicenter.yaml");
    project.write(
        "apicenter.yaml",
        file.trim_end().to_owned() + "\n  safety: {maxDeletes: \"100%\"}\n",
    );
    let all = project.run("plan --prune").stdout;
    let told = all
        .lines()
        .find(|line| line.starts_with("warning: deleting integration/apim also deletes "))
        .expect("the whole plan warns");
    project
        .run("plan --prune --only integration/apim")
        .success()
        .says(&[told]);
}

#[test]
fn only_a_synchronised_api_is_found_among_all() {
    let center = ServiceFixture::start();
    let project = linked(&center);
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    let project = project.file("synced.yaml", &synced("Shipping"));
    project
        .run("plan --only synced-api/shipping")
        .success()
        .says(&["as synced-api/shipping says", "Plan: 0 to add, 1 to change"]);
}

#[test]
fn what_follows_an_apply_of_one_api_stays_within_it() {
    let mut center = ServiceFixture::start();
    let project = linked(&center).file(
        "orders.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: Orders\n  kind: rest\n  \
         versions: [{name: 1-0-0, title: v1, lifecycleStage: design}]\n",
    );
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    let apis = center.get("apis");
    let all = apis["value"].as_array().expect("a list");
    let shipping = all
        .iter()
        .find(|api| api["properties"]["title"] == "Shipping")
        .expect("a synchronised API");
    let name = shipping["name"].as_str().expect("a name").to_owned();
    // A version that the gateway does not have keeps the declaration waiting.
    let waiting = synced("Shipping") + "  versions: [{title: v9, lifecycleStage: design}]\n";
    let project = project.file("synced.yaml", &waiting);
    project.edit("orders.yaml", "title: Orders", "title: Others");
    center.mark();
    project
        .run(&format!("apply --auto-approve --only api/{name}"))
        .success();
    for write in center.writes() {
        assert!(write.contains(&name), "{write}");
    }
    assert_eq!(center.get("apis/orders")["properties"]["title"], "Orders");
}

#[test]
fn synchronised_resources_are_never_pruned_and_never_fought_over() {
    let mut center = ServiceFixture::start();
    let project = linked(&center);
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    let found = plan(&project, "--prune");
    assert_eq!(actions(&found), [""; 0]);
    assert_eq!(found["unmanaged"], json!([]));
    // A declared API that is the gateway's is held back, and told what to do instead.
    let apis = center.get("apis");
    let name = apis["value"][0]["name"]
        .as_str()
        .expect("a name")
        .to_owned();
    project.write(
        "api.yaml",
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: \"{name}\"}}\nspec: {{title: Mine, \
             kind: rest}}\n"
        ),
    );
    center.mark();
    project
        .run("apply --auto-approve")
        .exit(5)
        .talks(&["integration/apim keeps api/", "SyncedApi"]);
    assert_eq!(center.writes(), [""; 0]);
    project.remove("api.yaml");
    // Nor is the type of the linked environment fought over.
    project.write(
        "environment.yaml",
        "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: azure-api-management}\nspec: \
         {title: Gateway, kind: production, server: {type: Kubernetes}}\n",
    );
    project.run("apply --auto-approve").success();
    project.run("plan").success().says(&["No changes."]);
}

#[test]
fn only_what_the_catalogue_owns_can_be_declared_on_a_synchronised_api() {
    let center = ServiceFixture::start();
    let project = linked(&center).file(
        "synced.yaml",
        &format!("{}  description: Mine.\n  kind: rest\n", synced("Shipping")),
    );
    project.run("validate").exit(6).talks(&[
        "`description` cannot be set",
        "the gateway owns a synchronised API's description",
        "`kind` cannot be set",
    ]);
    project.write("synced.yaml", synced("Shipping").replace("apim,", "nope,"));
    project
        .run("validate")
        .exit(6)
        .talks(&["no integration `integration/nope` is declared"]);
}

#[test]
fn two_apis_of_one_title_are_an_error_that_names_both() {
    let center = ServiceFixture::start();
    let project = linked(&center);
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    let other = format!("{INSTANCE}/apis/shipping-too");
    center.manage(
        &other,
        &json!({"properties": {"displayName": "Shipping", "path": "shipping-too", "protocols": ["https"]}}),
    );
    let patience = std::time::Instant::now() + PATIENCE;
    while titles(&center)
        .iter()
        .filter(|title| *title == "Shipping")
        .count()
        < 2
    {
        assert!(
            std::time::Instant::now() < patience,
            "{:?}",
            titles(&center)
        );
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    project.write("synced.yaml", synced("Shipping"));
    project
        .run("plan")
        .exit(5)
        .says(&["integration/apim has 2 APIs titled `Shipping`: api/"]);
}

#[test]
fn literal_keys_are_refused_and_never_shown() {
    let amazon = "apiVersion: apicenter/v1\nkind: Integration\nmetadata: {name: aws}\nspec:\n  source:\n    \
         amazonApiGateway:\n      accessKey: AKIAIOSFODNN7EXAMPLE\n      secretAccessKey: \
         https://v.vault.azure.net/secrets/s\n      region: eu-central-1\n";
    let project = Project::local().file("aws.yaml", amazon);
    for format in ["", "--format json", "--format sarif", "--format junit"] {
        let outcome = project.run(&format!("validate {format}")).exit(6);
        outcome.never_says("AKIA");
    }
    project
        .run("plan")
        .exit(6)
        .talks(&["only the address of a Key Vault secret is allowed here"])
        .never_says("AKIA");
}

#[test]
fn an_assignment_is_found_by_what_it_says_and_replaced_where_it_cannot_change() {
    let mut center = ServiceFixture::start();
    let project = Project::of_with(
        &center,
        "ownership: {owner: us, property: managed-by}\nprune: {enabled: true}",
    )
    .file("service.yaml", service());
    let assignment = |role: &str, object: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: RoleAssignment\nmetadata: {{name: readers}}\nspec:\n  role: \
             {role}\n  principal: {{objectId: {object}, type: Group}}\n"
        )
    };
    let group = "11111111-1111-1111-1111-111111111111";
    project.write(
        "role.yaml",
        assignment("Azure API Center Data Reader", group),
    );
    project.run("apply --auto-approve").success();
    project.run("plan").success().says(&["No changes."]);
    // By GUID it is the same role.
    project.write(
        "role.yaml",
        assignment("C7244DFB-f447-457d-b2ba-3999044d1706", group),
    );
    project.run("plan").success().says(&["No changes."]);
    // Another role is another assignment: the new one is made, then the old one goes.
    project.write("role.yaml", assignment("Reader", group));
    let found = plan(&project, "");
    assert_eq!(actions(&found), ["replace role-assignment/readers"]);
    assert_eq!(found["summary"]["replace"], 1);
    center.mark();
    project.run("apply --auto-approve").success();
    let writes = center.writes();
    assert_eq!(writes.len(), 2, "{writes:?}");
    assert!(writes[0].starts_with("PUT") && writes[1].starts_with("DELETE"));
    project.run("plan").success().says(&["No changes."]);
    // Undeclared, it carries our marker, and goes.
    project.remove("role.yaml");
    project.write(
        "other.yaml",
        assignment("Azure API Center Data Reader", group).replace("readers", "others"),
    );
    assert_eq!(
        actions(&plan(&project, "")),
        [
            "delete role-assignment/readers",
            "create role-assignment/others"
        ]
    );
    project.run("apply --auto-approve").success();
    project.run("plan").success().says(&["No changes."]);
}

#[test]
fn an_unknown_role_is_told_with_a_suggestion() {
    let project = Project::local().file(
        "role.yaml",
        &role().replace(
            "API Management Service Reader Role",
            "API Management Service Reader",
        ),
    );
    project.run("validate").exit(6).talks(&[
        "unknown role `API Management Service Reader`",
        "did you mean `API Management Service Reader Role`?",
    ]);
}

#[test]
fn a_role_for_nobody_is_an_error() {
    let center = ServiceFixture::start();
    let nobody = role().replace("serviceIdentity: true", "serviceIdentity: false");
    Project::of(&center)
        .file("role.yaml", &nobody)
        .run("validate")
        .exit(6)
        .talks(&[
            "role.yaml:7:32: error[missing-field]: `serviceIdentity: false` leaves nobody",
            "write `true`, or name somebody by `objectId`",
        ]);
}

#[test]
fn a_deleted_service_keeps_its_name_and_can_be_brought_back() {
    let center = ServiceFixture::without_service(|_| {});
    let api = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: Orders, kind: \
               rest}\n";
    let project = Project::of(&center)
        .file("service.yaml", service())
        .file("api.yaml", api);
    project.run("apply --auto-approve").success();
    center.delete("");
    project
        .run("apply --auto-approve")
        .exit(4)
        .talks(&["keeps its name for 30 days: set `restore: true`"]);
    project.write("service.yaml", format!("{}  restore: true\n", service()));
    project.remove("api.yaml");
    project.run("apply --auto-approve").success();
    assert_eq!(titles(&center), ["Orders"]);
    project
        .run("plan")
        .success()
        .says(&["api/orders", "No changes."]);
}

#[test]
fn an_export_holds_what_was_added_to_synchronised_apis_and_the_roles_on_the_service() {
    let center = ServiceFixture::start();
    let own = "apiVersion: apicenter/v1\nkind: RoleAssignment\nmetadata: {name: readers}\nspec:\n  role: \
               Azure API Center Data Reader\n  principal: {objectId: \
               11111111-1111-1111-1111-111111111111, type: Group}\n  description: For everybody.\n";
    let project = linked(&center)
        .file("synced.yaml", &synced("Shipping"))
        .file("own.yaml", own);
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    project.run("export --out copy").success();
    assert_eq!(
        project.read("copy/synced-apis/shipping.yaml"),
        "apiVersion: apicenter/v1\nkind: SyncedApi\nmetadata:\n  name: shipping\nspec:\n  match:\n    \
         integration: apim\n    title: Shipping\n  summary: Quotes and labels.\n"
    );
    assert_eq!(
        project.read("copy/role-assignments/azure-api-center-data-reader-11111111.yaml"),
        "apiVersion: apicenter/v1\nkind: RoleAssignment\nmetadata:\n  name: \
         azure-api-center-data-reader-11111111\nspec:\n  role: Azure API Center Data Reader\n  \
         principal:\n    objectId: 11111111-1111-1111-1111-111111111111\n    type: Group\n  \
         description: For everybody.\n"
    );
    let copied = project.run("-C copy plan").success();
    copied.says(&["No changes."]);
    project
        .run("export --out copy")
        .success()
        .says(&["0 written"]);
}

/// Whether the service says that it can read the source of an integration.
fn can_read(center: &ServiceFixture) -> bool {
    center.get("apiSources/apim")["properties"]["linkState"]["state"] == "syncing"
}

/// Whether a plan misses a role for the integration; its own warnings, not those of the service.
fn misses_a_role(project: &Project) -> bool {
    let plan = plan(project, "");
    let found = plan["diagnostics"].as_array().expect("a list");
    found
        .iter()
        .any(|one| one["code"] == "integration-prerequisite")
}

#[test]
fn the_plan_and_the_service_take_the_same_roles_for_sufficient() {
    const VAULT: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/keys";
    let amazon = "apiVersion: apicenter/v1\nkind: Integration\nmetadata: {name: apim}\nspec:\n  source:\n    \
        amazonApiGateway:\n      accessKey: https://keys.vault.azure.net/secrets/a\n      \
        secretAccessKey: https://keys.vault.azure.net/secrets/b\n      region: eu-west-1\n";
    for (scope, integration) in [(INSTANCE, integration()), (VAULT, amazon.to_owned())] {
        let mut sufficient = 0;
        for role_id in BUILT_IN_ROLES.iter().map(|role| role.id) {
            let center = ServiceFixture::start();
            let role = format!(
                "apiVersion: apicenter/v1\nkind: RoleAssignment\nmetadata: {{name: reads}}\nspec:\n  \
                 role: {role_id}\n  scope: {scope}\n  principal: {{serviceIdentity: true}}\n"
            );
            let project = Project::of(&center)
                .file("service.yaml", service())
                .file("role.yaml", &role)
                .file("integration.yaml", &integration);
            let before = misses_a_role(&project);
            project.run("apply --auto-approve --no-verify -q").success();
            let can_read = can_read(&center);
            assert_eq!(
                before, !can_read,
                "{role_id} at {scope}, before it is assigned"
            );
            assert_eq!(misses_a_role(&project), !can_read, "{role_id} at {scope}");
            sufficient += usize::from(can_read);
        }
        assert!(
            (3..BUILT_IN_ROLES.len() - 3).contains(&sufficient),
            "{sufficient}"
        );
    }
}

#[test]
fn what_a_custom_role_permits_is_not_known_and_the_warning_says_so() {
    let center = ServiceFixture::start();
    let custom = "0badc0de-0000-4000-8000-000000000001";
    let project = Project::of(&center)
        .file("service.yaml", service())
        .file(
            "role.yaml",
            &role().replace("API Management Service Reader Role", custom),
        )
        .file("integration.yaml", &integration());
    project.run("plan").success().says(&[
        &format!(
            "on its source; it has the role {custom}, which is not a built-in role, so what it permits is not \
             known"
        ),
        "if that custom role permits `Microsoft.ApiManagement/service/apis/read`, ignore this warning; \
         otherwise declare the built-in role",
    ]);
}

#[test]
fn the_roles_at_one_scope_are_read_once_however_it_is_written() {
    let mut center = ServiceFixture::start();
    let project = linked(&center);
    for written in ["contoso-apim", "Contoso-APIM"] {
        project.write("role.yaml", role().replace("contoso-apim", written));
        center.mark();
        project.run("plan").success();
        let reads = center
            .requests()
            .into_iter()
            .filter(|request| request.path.ends_with("/roleAssignments"));
        assert_eq!(reads.count(), 1, "{written}");
    }
}
