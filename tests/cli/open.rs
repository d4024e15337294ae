//! `open`: where the portal shows a resource.

use super::harness::Project;
use super::samples::orders;

/// A project with a target in each cloud, and the emulator.
pub(super) fn project() -> Project {
    let target = |name: &str, cloud: &str| {
        format!(
            "  {name}:\n    subscriptionId: 00000000-0000-0000-0000-000000000001\n    \
             resourceGroup: rg-apis\n    service: contoso\n    cloud: {cloud}\n"
        )
    };
    let targets = [
        target("prod", "public"),
        target("gov", "usgovernment"),
        target("own", "{resourceManager: \"https://arm.contoso.com\"}"),
    ];
    let spec = format!(
        "targets:\n  local: {{emulator: {{}}}}\n{}",
        targets.concat()
    );
    orders(Project::with_spec(&spec))
}

const SERVICE: &str = "/#resource/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-apis/providers/Microsoft.ApiCenter/services/contoso";

#[test]
fn the_address_of_a_page_is_printed() {
    let project = project();
    for (arguments, page) in [
        ("open -t prod", "/overview"),
        ("open service -t prod", "/overview"),
        ("open api/orders -t prod", "/workspaces/default/apis/orders"),
        (
            "open apis/orders/versions/1-0-0 -t prod",
            "/workspaces/default/apis/orders",
        ),
        (
            "open environment/production -t prod --print",
            "/workspaces/default/environments/production",
        ),
        ("open metadata-schema/team -t prod", "/metadataSchemas/team"),
    ] {
        let ended = project.run(arguments).success();
        assert_eq!(
            ended.stdout(),
            format!("https://portal.azure.com{SERVICE}{page}\n")
        );
        assert_eq!(ended.stderr(), "", "{arguments}");
    }
    let page = project.run("open api/orders -t gov").success();
    assert!(
        page.stdout()
            .starts_with("https://portal.azure.us/#resource/")
    );
}

#[test]
fn what_has_no_page_is_an_error() {
    let project = project();
    project.run("open api/orders -t local").exit(1).talks(&[
        "the target `local` is the embedded emulator, which has no portal",
        "-t selects",
    ]);
    project
        .run("open -t own")
        .exit(1)
        .talks(&["the cloud of the target `own` has no portal that this program knows"]);
    project.run("open orders -t prod").exit(64).talks(&[
        "`orders` is not an address",
        "addresses look like api/orders",
    ]);
    project
        .run("open synced-api/orders -t prod")
        .exit(64)
        .talks(&["has no page of its own"]);
    project
        .run("open role-assignment/reader -t prod")
        .exit(64)
        .talks(&["Access control (IAM)"]);
    let unknown = project.run("open api/ordres -t prod").success();
    unknown
        .says(&["/apis/ordres\n"])
        .talks(&["note: api/ordres is not declared here; did you mean `api/orders`?"]);
}
