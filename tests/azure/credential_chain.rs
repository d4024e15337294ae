//! Which way to sign in is taken where there are several, and what is said where there is none.

use insta::assert_snapshot;

use super::fake_authority::{
    CLIENT, FakeAuthority, TENANT, calls, project, run, with_az, with_azd, with_file, with_github,
    with_pipelines, with_program, with_secret,
};
use crate::cli::harness::Project;
use crate::cli::service_fixture::ServiceFixture;

#[test]
fn the_first_that_is_there_is_taken() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let mut all = with_azd(with_az(with_secret(with_file(with_github(
        with_pipelines(project(&center, &authority), &authority),
        &authority,
    )))))
    .env("IDENTITY_ENDPOINT", &format!("{}/msi/token", authority.url))
    .env("IDENTITY_HEADER", "x");
    for (method, without) in [
        ("client-secret", "AZURE_CLIENT_SECRET"),
        ("workload-identity", "AZURE_FEDERATED_TOKEN_FILE"),
        ("github-oidc", "ACTIONS_ID_TOKEN_REQUEST_URL"),
        ("azure-pipelines", "SYSTEM_ACCESSTOKEN"),
    ] {
        let signed_in = format!("signed in with {method}, ");
        run(&all, "doctor").success().says(&[&signed_in]);
        run(&all, "doctor --auth auto")
            .success()
            .says(&[&signed_in]);
        all = all.env(without, "");
    }
    for (method, program) in [("azure-cli", "az"), ("azure-developer-cli", "azd")] {
        run(&all, "doctor")
            .success()
            .says(&[&format!("signed in with {method}, ")]);
        assert_eq!(calls(&all, program).len(), 1);
        all.remove(&format!("programs/{program}"));
    }
    run(&all, "doctor")
        .success()
        .says(&["signed in with managed-identity, "]);
}

#[test]
fn flag_then_variable_then_auto_and_a_ready_token_wins_over_all() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let both = with_az(with_secret(project(&center, &authority)));
    let both = both.env("APICENTER_AUTH", "azure-cli");
    run(&both, "plan").success();
    assert_eq!((calls(&both, "az").len(), authority.lines().len()), (1, 0));
    run(&both, "--auth Client-Secret plan").success();
    run(&both, "plan --auth auto").success();
    assert_eq!((calls(&both, "az").len(), authority.lines().len()), (1, 2));
    let ready = both.env("APICENTER_ACCESS_TOKEN", "ready");
    run(&ready, "doctor --auth client-secret")
        .success()
        .says(&["signed in with APICENTER_ACCESS_TOKEN\n"]);
    assert_eq!((calls(&ready, "az").len(), authority.lines().len()), (1, 2));
}

#[test]
fn a_way_that_does_not_exist_is_wrong_usage() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = with_secret(project(&center, &authority));
    run(&project, "plan --auth password")
        .exit(64)
        .talks(&["'password'", "client-secret"]);
    let project = project.env("APICENTER_AUTH", "password");
    run(&project, "plan")
        .exit(64)
        .talks(&["APICENTER_AUTH: `password`", "client-secret"]);
    assert_eq!(authority.lines(), [""; 0]);
}

#[test]
fn where_there_is_nothing_each_way_says_what_it_lacks() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = project(&center, &authority).env("AZURE_TENANT_ID", TENANT);
    let told = run(&project, "plan").exit(3);
    assert_snapshot!(told.scrubbed_stderr(), @r"
    error: no credentials for this target
          client-secret        lacks AZURE_CLIENT_ID, AZURE_CLIENT_SECRET
          workload-identity    lacks AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE
          github-oidc          lacks AZURE_CLIENT_ID, ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN
          azure-pipelines      lacks AZURESUBSCRIPTION_CLIENT_ID, AZURESUBSCRIPTION_SERVICE_CONNECTION_ID, SYSTEM_OIDCREQUESTURI, SYSTEM_ACCESSTOKEN
          azure-cli            requires the program `az`, which is not on the PATH
          azure-developer-cli  requires the program `azd`, which is not on the PATH
          managed-identity     requires an Azure metadata service; http://127.0.0.1:[PORT] does not respond
      help: an emulator accepts any token: APICENTER_ACCESS_TOKEN=local
    ");
    let public = "targets: {live: {subscriptionId: s, resourceGroup: rg, service: contoso}}";
    let public =
        Project::with_spec(public).env("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9");
    run(&public, "plan")
        .exit(3)
        .talks(&["run az login", "APICENTER_ACCESS_TOKEN"]);
    let examined = run(&project, "doctor").exit(3);
    for line in told.stderr().lines() {
        let words = line
            .trim_start_matches("error: ")
            .trim_start_matches("  help: ")
            .trim();
        assert!(examined.stdout().contains(words), "{words}");
    }
    assert_eq!(center.requests().len(), 0);
}

#[test]
fn a_way_that_was_asked_for_says_what_it_lacks() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = project(&center, &authority).env("AZURE_CLIENT_ID", CLIENT);
    for (method, words) in [
        (
            "client-secret",
            "it lacks AZURE_TENANT_ID, AZURE_CLIENT_SECRET",
        ),
        (
            "workload-identity",
            "it lacks AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE",
        ),
        (
            "github-oidc",
            "ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        ),
        (
            "azure-pipelines",
            "SYSTEM_OIDCREQUESTURI, SYSTEM_ACCESSTOKEN",
        ),
    ] {
        let start = format!("--auth {method} cannot be used here");
        run(&project, &format!("plan --auth {method}"))
            .exit(3)
            .talks(&[&start, words]);
    }
}

#[test]
fn what_was_half_set_up_is_named_when_the_next_fails() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let github = with_github(project(&center, &authority), &authority).env("AZURE_CLIENT_ID", "");
    let project = with_program(
        github,
        "az",
        "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
    );
    run(&project, "plan").exit(3).talks(&[
        "signing in with azure-cli failed: Please run 'az login'",
        "github-oidc was skipped, as it lacks AZURE_CLIENT_ID",
    ]);
}
