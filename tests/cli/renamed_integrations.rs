//! Integrations that get another name: the service has no way to rename them, so what they brought in goes and comes again.

use super::gateways::{linked, synced, titles};
use super::service_fixture::ServiceFixture;

#[test]
fn a_rename_is_confirmed_by_itself_and_what_is_added_to_apis_is_applied_again() {
    let mut center = ServiceFixture::with(|options| options.enforce_roles = false);
    let project = linked(&center).file("synced.yaml", &synced("Shipping"));
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    let synchronised = titles(&center);
    project
        .run("mv integration/apim integration/gateway")
        .success();
    project.run("plan").success().says(&[
        "> integration/gateway  (was integration/apim)",
        "`Shipping` is not synchronised by integration/gateway yet",
        "renaming integration/gateway deletes",
        "--allow-destroy integration/gateway",
    ]);

    center.mark();
    project
        .run("apply --auto-approve")
        .exit(5)
        .talks(&["renaming integration/gateway also removes other resources"]);
    assert_eq!(center.writes(), [""; 0]);

    project
        .run("apply --auto-approve --allow-destroy integration/gateway --wait-sync=10m")
        .success();
    assert_eq!(titles(&center), synchronised);
    let apis = center.get("apis");
    let mut apis = apis["value"].as_array().expect("a list").iter();
    let shipping = apis.find(|api| api["properties"]["title"] == "Shipping");
    assert_eq!(
        shipping.expect("it is there")["properties"]["summary"],
        "Quotes and labels."
    );
    project.run("plan").success().says(&["No changes."]);
}
