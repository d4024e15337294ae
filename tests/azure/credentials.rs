//! Each way to sign in, from the variables to the token that the service gets.

use std::collections::BTreeMap;

use super::fake_authority::{
    ASSERTION, AUDIENCE, CLIENT, FakeAuthority, OBJECT, REQUEST_TOKEN, ReceivedRequest, SECRET,
    TENANT, calls, client, project, run, with_az, with_azd, with_file, with_github, with_pipelines,
    with_secret,
};
use crate::cli::harness::Project;
use crate::cli::samples::orders;
use crate::cli::service_fixture::ServiceFixture;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// `doctor` says who is signed in, and a plan and an apply need one token each.
fn works(
    center: &ServiceFixture,
    project: Project,
    method: &str,
    tokens: impl Fn(&Project) -> usize,
) {
    let project = orders(project);
    run(&project, "doctor").success().says(&[
        &format!(
            "ok       signed in with {method}, tenant {TENANT}, client {CLIENT}, object {OBJECT}"
        ),
        "the service contoso responds and accepts the token",
    ]);
    assert_eq!(tokens(&project), 1);
    run(&project, "plan -vv")
        .success()
        .says(&["Plan: 6 to add"]);
    run(&project, "apply --auto-approve").success();
    assert_eq!(tokens(&project), 3, "one for each run");
    assert!(center.writes().len() > 5);
}

fn form<'a>(pairs: &[(&'a str, &'a str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect()
}

fn token_line() -> String {
    format!("POST /{TENANT}/oauth2/v2.0/token")
}

fn token_requests(authority: &FakeAuthority) -> Vec<ReceivedRequest> {
    let mut seen = authority.seen();
    seen.retain(|seen| seen.line == token_line());
    seen
}

#[test]
fn client_secret() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = with_secret(project(&center, &authority));
    works(&center, project, "client-secret", |_| {
        authority.lines().len()
    });
    let scope = format!("{AUDIENCE}/.default");
    for seen in authority.seen() {
        assert_eq!(seen.line, token_line());
        let expected = [
            ("client_id", CLIENT),
            ("client_secret", SECRET),
            ("grant_type", "client_credentials"),
            ("scope", &scope),
        ];
        assert_eq!(seen.form, form(&expected));
        assert_eq!(
            seen.header("content-type"),
            "application/x-www-form-urlencoded"
        );
    }
}

fn presents_the_assertion(seen: &ReceivedRequest) {
    let scope = format!("{AUDIENCE}/.default");
    let expected = [
        ("client_assertion", ASSERTION),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_id", CLIENT),
        ("grant_type", "client_credentials"),
        ("scope", &scope),
    ];
    assert_eq!(seen.form, form(&expected));
}

#[test]
fn workload_identity() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = with_file(project(&center, &authority));
    works(&center, project, "workload-identity", |_| {
        authority.lines().len()
    });
    authority.seen().iter().for_each(presents_the_assertion);
}

#[test]
fn github_oidc() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = with_github(project(&center, &authority), &authority);
    works(&center, project, "github-oidc", |_| {
        token_requests(&authority).len()
    });
    for pair in authority.seen().chunks(2) {
        let [asked, presented] = pair else {
            panic!("a request without its pair");
        };
        assert_eq!(asked.line, "GET /github");
        assert_eq!(
            asked.header("authorization"),
            format!("Bearer {REQUEST_TOKEN}")
        );
        assert_eq!(asked.query["audience"], "api://AzureADTokenExchange");
        assert_eq!(asked.query["api-version"], "2.0");
        assert_eq!(presented.line, token_line());
        presents_the_assertion(presented);
    }
}

#[test]
fn azure_pipelines() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = with_pipelines(project(&center, &authority), &authority);
    works(&center, project, "azure-pipelines", |_| {
        token_requests(&authority).len()
    });
    for pair in authority.seen().chunks(2) {
        let [asked, presented] = pair else {
            panic!("a request without its pair");
        };
        assert_eq!(asked.line, "POST /pipelines");
        assert_eq!(
            asked.header("authorization"),
            format!("Bearer {REQUEST_TOKEN}")
        );
        assert_eq!(asked.query["serviceConnectionId"], "connection-1");
        presents_the_assertion(presented);
    }
}

#[test]
fn azure_cli_is_run_once_however_much_is_sent() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let with_tenant = with_az(project(&center, &authority)).env("AZURE_TENANT_ID", TENANT);
    let asked = format!("account get-access-token -o json --scope {AUDIENCE}/.default");
    run(&with_tenant, "doctor").success();
    assert_eq!(
        calls(&with_tenant, "az"),
        [format!("{asked} --tenant {TENANT}")]
    );

    let project = with_az(project(&center, &authority));
    works(&center, project, "azure-cli", |project| {
        let calls = calls(project, "az");
        assert!(calls.iter().all(|call| *call == asked), "{calls:?}");
        calls.len()
    });
    assert_eq!(
        authority.lines(),
        [""; 0],
        "only az speaks to the authority"
    );
}

#[test]
fn azure_developer_cli() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = with_azd(project(&center, &authority));
    works(&center, project, "azure-developer-cli", |project| {
        let calls = calls(project, "azd");
        let expected = format!("auth token -o json --no-prompt --scope {AUDIENCE}/.default");
        assert!(calls.iter().all(|call| *call == expected), "{calls:?}");
        calls.len()
    });
}

#[test]
fn managed_identity_of_an_app_service() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let project = project(&center, &authority)
        .env("IDENTITY_ENDPOINT", &format!("{}/msi/token", authority.url))
        .env("IDENTITY_HEADER", REQUEST_TOKEN);
    works(&center, project, "managed-identity", |_| {
        authority.lines().len()
    });
    for seen in authority.seen() {
        assert_eq!(seen.line, "GET /msi/token");
        assert_eq!(seen.header("x-identity-header"), REQUEST_TOKEN);
        assert_eq!(seen.query["resource"], AUDIENCE);
        assert!(!seen.query.contains_key("client_id"));
    }
}

#[test]
fn managed_identity_of_a_machine() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let machine = |project: Project| {
        project.env(
            "AZURE_POD_IDENTITY_AUTHORITY_HOST",
            &format!("{}/", authority.url),
        )
    };
    let works = |project: &Project, arguments: &str| {
        run(project, arguments)
            .success()
            .says(&["signed in with managed-identity, tenant"]);
    };
    // Nothing says that there is one: it is looked for, by a request without the header.
    works(&machine(project(&center, &authority)), "doctor");
    let path = "GET /metadata/identity/oauth2/token";
    assert_eq!(authority.lines(), [path, path]);
    assert!(!authority.seen()[0].headers.contains_key("metadata"));
    assert_eq!(authority.seen()[1].query["resource"], AUDIENCE);

    // Somebody says that there is one: nothing is looked for. The client picks one of several.
    authority.mark();
    works(
        &machine(client(project(&center, &authority))),
        "doctor --auth managed-identity",
    );
    assert_eq!(authority.lines(), [path]);
    assert_eq!(authority.seen()[0].query["client_id"], CLIENT);
}
