//! What a permission that is missing looks like: the same in every command as in `doctor`.

use apicenter::azure::permissions::needed_to_plan;
use apicenter::emulator::{Fault, FaultRule};
use serde_json::json;

use super::fake_authority::{FakeAuthority, OBJECT, project, run, with_secret};
use crate::cli::samples::orders;
use crate::cli::service_fixture::ServiceFixture;

const SERVICE: &str = "--scope /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/\
    Microsoft.ApiCenter/services/contoso (";

#[test]
fn whatever_reads_names_action_scope_and_role() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = orders(with_secret(project(&center, &authority)));
    center.inject(FaultRule::next("GET", "/apis", Fault::Status(403)).times(1000));
    for command in [
        "plan",
        "plan --format json",
        "apply --auto-approve",
        "export --out out",
        "snapshot",
    ] {
        run(&project, command).exit(3).talks(&[
            "not allowed; the request needs the permission Microsoft.ApiCenter/services/workspaces/api",
            "/read on /subscriptions/",
            "/services/contoso/workspaces/default/api",
            "help: grant the role: az role assignment create --role \"Azure API Center Service Reader\"",
            SERVICE,
            "apicenter doctor",
        ]);
    }
}

#[test]
fn an_apply_that_may_not_write_names_each_action_and_the_role_once() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = orders(with_secret(project(&center, &authority)));
    center.inject(FaultRule::next("PUT", "", Fault::Status(403)).times(1000));
    let ended = run(&project, "apply --auto-approve").exit(3).says(&[
        "Not done:",
        "metadata-schema/team: PUT",
        "Microsoft.ApiCenter/services/metadataSchemas/write",
        "environment/production: PUT",
        "Microsoft.ApiCenter/services/workspaces/environments/write",
    ]);
    let help = "help: grant the role: az role assignment create --role \"Azure API Center Service Contributor\"";
    assert_eq!(
        ended.stderr().matches(help).count(),
        1,
        "{}",
        ended.stderr()
    );
    assert_eq!(ended.stderr().matches(SERVICE).count(), 1);
}

#[test]
fn what_the_resource_manager_says_itself_is_told_briefly() {
    const ACTION: &str = "Microsoft.ApiCenter/services/metadataSchemas/read";
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let scope = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso";
    let message = format!(
        "The client '{OBJECT}' with object id '{OBJECT}' does not have authorization to perform action '{ACTION}' \
         over scope '{scope}/metadataSchemas' or the scope is invalid. If access was recently granted, please \
         refresh your credentials."
    );
    authority.serve(
        403,
        json!({"error": {"code": "AuthorizationFailed", "message": message}}),
    );
    let own = format!("cloud: {{resourceManager: \"{}\"", authority.url);
    let project = with_secret(project(&center, &authority));
    project.edit(
        "apicenter.yaml",
        &format!("cloud: {{resourceManager: \"{}\"", center.url()),
        &own,
    );
    let told = [
        &format!("the permission {ACTION} is missing on {scope}/metadataSchemas: The client"),
        "does not have authorization (HTTP 403, AuthorizationFailed)",
        "--role \"Azure API Center Service Reader\"",
        &format!("--assignee {OBJECT} --scope {scope} ("),
    ];
    run(&project, "plan").exit(3).talks(&told);
    run(&project, "doctor").exit(3).says(&told);
}

#[test]
fn doctor_knows_for_whom_the_role_is() {
    let center = ServiceFixture::with(|options| {
        options.actions = vec!["Microsoft.ApiCenter/services/read".to_owned()];
    });
    let authority = FakeAuthority::start(&center);
    let project = with_secret(project(&center, &authority));
    let all = needed_to_plan(false).len();
    let plan = format!("plan lacks {} of {all} permissions", all - 1);
    run(&project, "doctor").exit(3).says(&[
        &plan,
        &format!("--role \"Azure API Center Service Reader\" --assignee {OBJECT} --scope"),
    ]);
}
