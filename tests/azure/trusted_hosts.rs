//! The project file does not decide alone where credentials go.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::clouds::proxy;
use super::fake_authority::{FakeAuthority, issued_token, project_with, run, with_az, with_secret};
use crate::cli::harness::Project;
use crate::cli::service_fixture::ServiceFixture;

/// A project for a cloud of its own, behind a proxy.
fn custom(cloud: &str, proxy: &str) -> Project {
    Project::with_spec(&format!(
        "targets:\n  live:\n    subscriptionId: s\n    resourceGroup: rg\n    service: contoso\n    cloud:\n{cloud}"
    ))
    .env("HTTPS_PROXY", proxy)
    .env("APICENTER_HTTP_TIMEOUT", "5")
}

const ALL_THREE: &str = "      resourceManager: https://arm.contoso.com\n      authority: https://in.contoso.com\n      audience: https://aud.contoso.com";

#[test]
fn every_address_that_only_the_project_names_is_refused_at_its_place() {
    let (proxy, wanted) = proxy();
    let project = with_secret(custom(ALL_THREE, &proxy));
    let places = [
        "apicenter.yaml:11:26: error[untrusted-host]: tokens are not sent to arm.contoso.com",
        "--allow-host arm.contoso.com",
        "APICENTER_ALLOWED_HOSTS",
        "apicenter.yaml:12:20: error[untrusted-host]: secrets are not sent to in.contoso.com",
        "apicenter.yaml:13:19: error[untrusted-host]: tokens are not requested for aud.contoso.com",
        "nothing was sent",
    ];
    for command in [
        "plan",
        "plan --format json",
        "apply --auto-approve",
        "export --out copy",
        "snapshot --out live.json",
        "import apim /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/r/providers/Microsoft.ApiManagement/service/x",
    ] {
        run(&project, command).exit(3).talks(&places);
    }
    run(&project, "doctor").exit(3).talks(&places[..5]);
    let ready = project.env("APICENTER_ACCESS_TOKEN", "ready");
    run(&ready, "plan").exit(3).talks(&places);
    let with_program = with_az(custom(ALL_THREE, &proxy));
    run(&with_program, "plan").exit(3).talks(&places);
    assert!(
        super::fake_authority::calls(&with_program, "az").is_empty(),
        "no token was asked for"
    );
    assert!(wanted.lock().expect("nobody panicked").is_empty());
}

#[test]
fn the_variable_and_the_flag_allow_hosts_together() {
    let (proxy, wanted) = proxy();
    let project = with_secret(custom(ALL_THREE, &proxy)).env(
        "APICENTER_ALLOWED_HOSTS",
        "IN.contoso.com, aud.contoso.com:443",
    );
    run(&project, "plan")
        .exit(3)
        .talks(&["error[untrusted-host]: tokens are not sent to arm.contoso.com"])
        .never_says("in.contoso.com");
    run(
        &project,
        "plan --allow-host contoso.com --allow-host arm.contoso.com:444",
    )
    .exit(3)
    .talks(&["error[untrusted-host]: tokens are not sent to arm.contoso.com"]);
    assert!(wanted.lock().expect("nobody panicked").is_empty());
    run(&project, "plan --allow-host arm.contoso.com")
        .exit(3)
        .talks(&["signing in with client-secret failed"])
        .never_says("untrusted-host");
    let wanted = wanted.lock().expect("nobody panicked");
    assert!(
        wanted
            .iter()
            .all(|line| line == "CONNECT in.contoso.com:443")
    );
    assert!(!wanted.is_empty());
    run(&project, "plan --allow-host *.contoso.com")
        .exit(64)
        .talks(&["is not a host name"]);
    let project = project.env("APICENTER_ALLOWED_HOSTS", "*");
    run(&project, "plan")
        .exit(64)
        .talks(&["APICENTER_ALLOWED_HOSTS: `*` is not a host name"]);
}

#[test]
fn a_token_of_a_known_cloud_goes_nowhere_else_whatever_is_allowed() {
    let (proxy, wanted) = proxy();
    for audience in [
        "https://management.azure.com",
        "https://management.core.windows.net/",
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    ] {
        let cloud =
            format!("      resourceManager: https://arm.contoso.com\n      audience: {audience}");
        let project = with_secret(custom(&cloud, &proxy)).env(
            "APICENTER_ALLOWED_HOSTS",
            "arm.contoso.com,management.azure.com",
        );
        run(&project, "plan").exit(3).talks(&[
            "apicenter.yaml:12:19: error[foreign-audience]: tokens for a service of Microsoft are never \
             sent to arm.contoso.com",
        ]);
    }
    assert!(wanted.lock().expect("nobody panicked").is_empty());

    // On this machine too.
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = with_secret(project_with(&center, &authority.url));
    project.edit(
        "apicenter.yaml",
        "https://management.example.com",
        "https://management.azure.com",
    );
    authority.mark();
    run(&project, "plan").exit(3).talks(&["foreign-audience"]);
    assert_eq!(authority.lines(), [""; 0]);
}

#[test]
fn a_ready_token_of_a_known_cloud_stays_here() {
    let claims = URL_SAFE_NO_PAD.encode(r#"{"aud": "https://management.azure.com/"}"#);
    let token = format!("e30.{claims}.signature");
    let (proxy, wanted) = proxy();
    let project = custom("      resourceManager: https://arm.contoso.com", &proxy)
        .env("APICENTER_ACCESS_TOKEN", &token);
    run(&project, "plan --allow-host arm.contoso.com")
        .exit(3)
        .talks(&["it is not sent to arm.contoso.com"])
        .never_says(&claims);
    assert!(wanted.lock().expect("nobody panicked").is_empty());
    let center = ServiceFixture::start();
    let project = Project::of(&center).env("APICENTER_ACCESS_TOKEN", &token);
    run(&project, "plan").exit(3).talks(&[
        "it is not sent to 127.0.0.1",
        "APICENTER_ACCESS_TOKEN=local",
    ]);
    run(
        &project.env("APICENTER_ACCESS_TOKEN", &issued_token()),
        "plan",
    )
    .success();
}

#[test]
fn the_authority_of_the_environment_precedes_that_of_the_project() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    // Not even looked at, so that it need not be allowed.
    let project = with_secret(project_with(&center, "https://in.contoso.com"))
        .env("AZURE_AUTHORITY_HOST", &authority.url);
    authority.mark();
    run(&project, "plan").success();
    assert_eq!(authority.lines().len(), 1);
}
