//! The comment of a pull request, as the program writes it in a pipeline.

use std::path::Path;

use insta::assert_snapshot;

use super::drift::copy;
use super::harness::Project;
use super::samples::orders;
use super::service_fixture::{SUBSCRIPTION, ServiceFixture};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

#[test]
fn the_first_plan_of_an_organisation_is_a_short_comment() {
    let project = Project::empty();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/contoso");
    copy(&example, project.root());
    let ended = project.run("plan --format markdown").success();
    let shown = ended.scrubbed();
    let (visible, rest) = shown
        .split_once("<details>")
        .expect("something is behind a click");
    assert!(visible.lines().count() <= 40, "{visible}");
    let folded: Vec<&str> = rest
        .lines()
        .filter_map(|line| line.split_once("<summary>"))
        .map(|(_, summary)| summary)
        .collect();
    assert_snapshot!(format!("{visible}[…]\n{}", folded.join("\n")));
}

#[test]
fn places_are_links_to_the_commit_on_each_forge() {
    let center = ServiceFixture::start();
    let forges: [(&[(&str, &str)], &str); 3] = [
        (
            &[
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_REPOSITORY", "contoso/apis"),
                ("GITHUB_SHA", COMMIT),
            ],
            "https://github.com/contoso/apis/blob/0123456789abcdef0123456789abcdef01234567/apis/orders.yaml#L1",
        ),
        (
            &[
                ("TF_BUILD", "True"),
                ("BUILD_REPOSITORY_PROVIDER", "TfsGit"),
                (
                    "BUILD_REPOSITORY_URI",
                    "https://contoso@dev.azure.com/contoso/My%20Project/_git/apis",
                ),
                ("BUILD_SOURCEVERSION", COMMIT),
            ],
            "https://dev.azure.com/contoso/My%20Project/_git/apis?path=/apis/orders.yaml\
             &version=GC0123456789abcdef0123456789abcdef01234567&line=1&lineEnd=1",
        ),
        (
            &[
                ("GITLAB_CI", "true"),
                ("CI_PROJECT_PATH", "contoso/apis"),
                ("CI_PROJECT_URL", "https://gitlab.contoso.com/contoso/apis"),
                ("CI_COMMIT_SHA", COMMIT),
            ],
            "https://gitlab.contoso.com/contoso/apis/-/blob/0123456789abcdef0123456789abcdef01234567/apis/orders.yaml#L1",
        ),
    ];
    for (variables, page) in forges {
        let mut project = orders(Project::of(&center));
        for (name, value) in variables {
            project = project.env(name, value);
        }
        let ended = project.run("plan --format markdown").success();
        let markdown = ended.stdout();
        assert!(
            markdown.contains(&format!("]({page}")),
            "{page} in\n{markdown}"
        );
        // The service is not one of a cloud with a portal.
        assert!(!markdown.contains("portal"), "{markdown}");
    }
}

#[test]
fn an_api_is_a_link_to_the_portal_where_the_target_is_azure() {
    let center = ServiceFixture::start();
    let prod = format!(
        "  prod: {{subscriptionId: {SUBSCRIPTION}, resourceGroup: rg, service: contoso}}\n"
    );
    let project = orders(Project::of_with(&center, &prod));
    project.run("-t live snapshot --out live.json").success();
    let ended = project
        .run("-t prod plan --against live.json --format markdown")
        .success();
    let page = format!(
        "[`api/orders`](https://portal.azure.com/#resource/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/\
         Microsoft.ApiCenter/services/contoso/workspaces/default/apis/orders)"
    );
    assert!(ended.stdout().contains(&page), "{}", ended.stdout());
}
