//! Sign-ins that fail: what is wrong, and what to do about it.

use serde_json::json;

use super::closed_port::ClosedPort;
use super::fake_authority::{
    CLIENT, FakeAuthority, project, project_with, run, with_file, with_github, with_pipelines,
    with_program, with_secret,
};
use crate::cli::harness::Project;
use crate::cli::service_fixture::ServiceFixture;

const TRACE: &str = "0f0f0f0f-1111-2222-3333-444444444444";

/// A refusal as the public cloud writes it.
fn refusal(code: &str, sentence: &str) -> String {
    let text = format!(
        "{code}: {sentence}\r\nTrace ID: {TRACE}\r\nCorrelation ID: c\r\nTimestamp: 2026-01-01 00:00:00Z"
    );
    let number: u64 = code.trim_start_matches("AADSTS").parse().expect("a number");
    json!({"error": "invalid_client", "error_description": text, "error_codes": [number],
        "trace_id": TRACE, "correlation_id": "c"})
    .to_string()
}

/// Every command ends with 3 and these words, and doctor says the same.
fn fails(center: &ServiceFixture, project: &Project, words: &[&str]) {
    for command in [
        "plan",
        "plan --format json",
        "apply --auto-approve",
        "export --out out",
        "snapshot",
    ] {
        run(project, command).exit(3).talks(words);
    }
    run(project, "doctor").exit(3).says(words);
    assert_eq!(
        center.requests().len(),
        0,
        "nothing is sent without a token"
    );
}

#[test]
fn a_wrong_secret() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    authority.refuse(
        401,
        refusal(
            "AADSTS7000215",
            "Invalid client secret provided. Ensure it is the value.",
        ),
    );
    let project = with_secret(project(&center, &authority));
    let notes = format!("(HTTP 401, invalid_client, request id {TRACE})");
    let help = format!("az ad app credential reset --id {CLIENT}");
    fails(
        &center,
        &project,
        &[
            "signing in with client-secret failed: 127.0.0.1 reports AADSTS7000215: Invalid client secret provided",
            &notes,
            &help,
        ],
    );
    let told = run(&project, "plan").exit(3);
    assert!(!told.stderr().contains("Correlation"), "{}", told.stderr());
}

#[test]
fn a_subject_that_nobody_trusts() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let sentence =
        "No matching federated identity record found for presented assertion subject 'repo:a/b:x'.";
    authority.refuse(401, refusal("AADSTS700213", sentence));
    let bare = || project(&center, &authority);
    for project in [
        with_github(bare(), &authority),
        with_file(bare()),
        with_pipelines(bare(), &authority),
    ] {
        let words = [
            "AADSTS700213",
            "subject 'repo:a/b:x'",
            "federated-credential list --id 2222",
        ];
        fails(&center, &project, &words);
    }
}

#[test]
fn an_authority_that_cannot_be_reached() {
    let center = ServiceFixture::start();
    let closed = ClosedPort::hold();
    let address = closed.address();
    let project = with_secret(project_with(&center, &format!("http://{address}")));
    run(&project, "plan").exit(3).talks(&[
        &format!("signing in with client-secret failed: {address} refuses connections"),
        "3 attempts",
        "HTTPS_PROXY",
    ]);
}

#[test]
fn an_authority_that_never_answers() {
    let center = ServiceFixture::start();
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", deaf.local_addr().expect("an address"));
    let project = with_secret(project_with(&center, &url)).env("APICENTER_HTTP_TIMEOUT", "0.3");
    run(&project, "plan").exit(3).talks(&[&format!(
        "signing in with client-secret failed: {} sent no complete response within 0.3 s",
        url.trim_start_matches("http://")
    )]);
}

#[test]
fn an_authority_that_answers_something_else() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = with_secret(project(&center, &authority));
    for (status, body, words) in [
        (
            200,
            "<html><title>Welcome</title></html>",
            "not with a token",
        ),
        (200, "{form}", "not with a token"),
        (200, "\"{form}\"", "not with a token"),
        (200, "{}", "contains no token"),
        (
            200,
            r#"{"access_token": "", "expires_in": 1}"#,
            "contains no token",
        ),
        (
            200,
            r#"{"access_token": ["{form}"]}"#,
            "something that is not a token",
        ),
        (
            302,
            "",
            "127.0.0.1 refused without giving a reason (HTTP 302",
        ),
        (
            407,
            "",
            "127.0.0.1 refused without giving a reason (HTTP 407",
        ),
        (403, "<h1>Blocked by Contoso</h1>", "Blocked by Contoso"),
        (
            400,
            r#"{"error": "odd", "error_description": "{form}"}"#,
            "reports client_id=",
        ),
    ] {
        authority.refuse(status, body);
        let words = ["signing in with client-secret failed: ", words];
        run(&project, "plan -vv").exit(3).talks(&words);
    }
}

#[test]
fn an_authority_that_is_busy_is_asked_again() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = with_secret(project(&center, &authority));
    for (status, times) in [(503, 3), (400, 1)] {
        authority.mark();
        authority.refuse(status, "");
        run(&project, "plan").exit(3);
        assert_eq!(authority.lines().len(), times, "{status}");
    }
}

#[test]
fn files_that_hold_no_token() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = with_file(project(&center, &authority));
    project.write("token", " \n");
    run(&project, "plan")
        .exit(3)
        .talks(&["the token file `", "(AZURE_FEDERATED_TOKEN_FILE) is empty"]);
    project.remove("token");
    run(&project, "plan").exit(3).talks(&[
        "cannot read the token file `",
        "(AZURE_FEDERATED_TOKEN_FILE)",
    ]);
}

#[test]
fn azure_cli_that_is_missing_signed_out_odd_or_hanging() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let bare = || project(&center, &authority).env("PATH", "/nowhere");
    run(&bare(), "plan --auth azure-cli").exit(3).talks(&[
        "signing in with azure-cli failed: az not found on PATH",
        "install the Azure CLI",
    ]);
    let signed_out = "echo WARNING: old >&2; echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1";
    for (script, words) in [
        (
            signed_out,
            [
                "azure-cli failed: Please run 'az login' to setup account",
                "sign in with: az login",
            ],
        ),
        (
            "echo 'ERROR: AADSTS700082: The refresh token has expired. Trace ID: x' >&2; exit 1",
            ["AADSTS700082: The refresh token has expired", "az login"],
        ),
        (
            "echo the-assertion-of-somebody-else",
            ["`az` responded with something that is not a token", "help:"],
        ),
        (
            "echo '{\"accessToken\": \"x\", \"tokenType\": \"Bearer\"}'",
            ["2.54.0 or newer", "help:"],
        ),
    ] {
        let project = with_program(project(&center, &authority), "az", script);
        run(&project, "plan -vv").exit(3).talks(&words);
    }
    let hanging = with_program(project(&center, &authority), "az", "exec sleep 3600");
    let hanging = hanging.env("APICENTER_HTTP_TIMEOUT", "0.5");
    run(&hanging, "plan")
        .exit(3)
        .talks(&["`az` returned no token within 0.5 s"]);
}

#[test]
fn no_identity_on_this_machine() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let nowhere = project(&center, &authority);
    run(&nowhere, "plan --auth managed-identity")
        .exit(3)
        .talks(&[
            "signing in with managed-identity failed: 127.0.0.1:9 refuses connections",
            "this machine has no Azure metadata service",
        ]);
    authority.refuse(
        400,
        json!({"error": "invalid_request", "error_description": "Identity not found"}),
    );
    let machine =
        project(&center, &authority).env("AZURE_POD_IDENTITY_AUTHORITY_HOST", &authority.url);
    run(&machine, "plan").exit(3).talks(&[
        "signing in with managed-identity failed: 127.0.0.1 reports Identity not found",
        "assign an identity",
    ]);
}

#[test]
fn a_token_that_the_service_does_not_accept() {
    use apicenter::emulator::{Fault, FaultRule};
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    center.inject(FaultRule::next("GET", "", Fault::Status(401)).times(1000));
    let project = with_secret(project(&center, &authority));
    run(&project, "plan")
        .exit(3)
        .talks(&["AZURE_TENANT_ID must be the tenant of the subscription"]);
    run(&project, "doctor")
        .exit(3)
        .says(&["signed in with client-secret", "AZURE_TENANT_ID must be"]);
}
