//! `export` after deletes in the portal of what a declaration is matched with: APIs of gateways, and role
//! assignments.

use apicenter::emulator::{Fault, FaultRule};

use super::gateways::{INSTANCE, linked, service, synced, titles};
use super::harness::Project;
use super::service_fixture::ServiceFixture;

/// A role assignment as an export writes it.
fn readers(scope: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: RoleAssignment\nmetadata:\n  name: readers\nspec:\n  role: Azure API \
         Center Data Reader\n{scope}  principal:\n    objectId: 11111111-1111-1111-1111-111111111111\n    type: Group\n"
    )
}

fn delete_assignments(center: &ServiceFixture, role: &str) {
    for assignment in center.assignments().as_array().expect("a list") {
        let definition = assignment["properties"]["roleDefinitionId"].as_str();
        if definition.is_some_and(|id| id.ends_with(role)) {
            center.unmanage(assignment["id"].as_str().expect("an id"), "2022-04-01");
        }
    }
}

const DATA_READER: &str = "c7244dfb-f447-457d-b2ba-3999044d1706";

#[test]
fn a_role_assignment_that_was_deleted_in_the_portal_is_named_and_can_be_removed() {
    const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg";
    for scope in [String::new(), format!("  scope: {GROUP}\n")] {
        let center = ServiceFixture::start();
        let project = Project::of(&center)
            .file("service.yaml", service())
            .file("role-assignments/readers.yaml", &readers(&scope));
        project.run("apply --auto-approve").success();
        project
            .run("export --force")
            .success()
            .never_says("role-assignment/readers");
        delete_assignments(&center, DATA_READER);
        project.run("export --force").success().talks(&[
            "note: role-assignment/readers: declared in role-assignments/readers.yaml:1:1, not in the service; \
             the next apply creates it; --remove-stale removes the file",
        ]);
        project
            .run("plan")
            .success()
            .says(&["+ role-assignment/readers"]);
        project
            .run("export --force --remove-stale")
            .success()
            .says(&["Removed role-assignments/readers.yaml."]);
        project.run("plan").success().never_says("role-assignment");
    }
}

#[test]
fn role_assignments_that_cannot_be_read_are_not_taken_for_deleted() {
    for status in [403, 404] {
        let center = ServiceFixture::start();
        let project = Project::of(&center).file("role-assignments/readers.yaml", &readers(""));
        project.run("apply --auto-approve").success();
        let fault = Fault::Status(status);
        center.inject(FaultRule::next("GET", "/roleAssignments", fault).times(1000));
        project
            .run("export --force --remove-stale")
            .success()
            .talks(&[
                "cannot be read from here",
                "none of them is exported or noticed as deleted",
            ])
            .never_says("role-assignment/readers");
        assert!(project.path("role-assignments/readers.yaml").exists());
    }
}

#[test]
fn a_synchronised_api_that_vanished_is_named_and_can_be_removed() {
    let center = ServiceFixture::start();
    let text = "apiVersion: apicenter/v1\nkind: SyncedApi\nmetadata:\n  name: shipping\nspec:\n  match:\n    \
                integration: apim\n    title: Shipping\n  summary: Quotes and labels.\n";
    let project = linked(&center)
        .file("synced-apis/shipping.yaml", text)
        .file(
            "payments.yaml",
            &synced("Payments").replace("shipping", "payments"),
        );
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    project
        .run("export --force")
        .success()
        .never_says("synced-api/");
    // What is declared is exported under another path.
    project.remove("integration.yaml");
    for api in ["shipping", "payments"] {
        center.unmanage(&format!("{INSTANCE}/apis/{api}"), "2024-05-01");
    }
    center.wait_until("the synchronisation", |center| {
        let titles = titles(center);
        ["Shipping", "Payments"]
            .iter()
            .all(|gone| !titles.iter().any(|title| title == gone))
    });
    project.run("export --force").success().talks(&[
        "note: synced-api/payments: declared in payments.yaml:1:1, its API is not in the service; plans keep \
         looking for it; remove it there by hand: the file is not as an export writes it",
        "note: synced-api/shipping: declared in synced-apis/shipping.yaml:1:1, its API is not in the service; \
         plans keep looking for it; --remove-stale removes the file",
    ]);
    project
        .run("export --force --remove-stale")
        .success()
        .says(&["Removed synced-apis/shipping.yaml."])
        .never_says("Removed payments.yaml");
    project
        .run("plan")
        .success()
        .never_says("synced-api/shipping");
}

#[test]
fn with_its_integration_a_synchronised_api_is_stale_too() {
    let center = ServiceFixture::start();
    let project = linked(&center).file("synced.yaml", &synced("Shipping"));
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    center.delete("apiSources/apim");
    center.wait_until("the unlinking", |center| titles(center).is_empty());
    project.run("export --force").success().talks(&[
        "note: integration/apim: declared in integration.yaml:1:1, not in the service",
        "note: synced-api/shipping: declared in synced.yaml:1:1, its API is not in the service",
    ]);
}
