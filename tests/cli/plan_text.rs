//! Plans as people read them: how much is shown, how wide, and what is said while they are made.

use std::path::Path;

use insta::assert_snapshot;

use super::drift::copy;
use super::harness::Project;
use super::samples::orders;
use super::service_fixture::ServiceFixture;

/// The example organisation of the repository.
fn contoso() -> Project {
    let project = Project::empty();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/contoso");
    copy(&example, project.root());
    project
}

#[test]
fn the_first_plan_of_an_organisation_fits_a_screen_at_any_width() {
    let mut project = contoso();
    for width in ["80", "100", "200"] {
        project = project.env("COLUMNS", width);
        let ended = project.run("plan").success();
        let lines = ended.stdout().lines().count();
        assert!(lines <= 60, "{lines} lines at {width} columns");
        assert_snapshot!(format!("first_plan_at_{width}"), ended.scrubbed());
    }
}

#[test]
fn a_plan_is_as_long_as_it_is_asked_to_be() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let usual = project.run("plan").success();
    let usual = usual.says(&[
        "+ api/orders  \"Orders\"  1 version, 1 definition, 1 deployment",
        "Every resource with every field: --details\n",
        "Plan: 6 to add, 0 to change, 0 to destroy.\n",
    ]);
    assert!(!usual.stdout().contains("lifecycleStage"));
    for flag in ["--details", "-v"] {
        let details = project.run(&format!("plan {flag}")).success();
        let details = details.says(&[
            "+ api/orders/version/1-0-0  \"v1\"",
            "lifecycleStage  production",
            "+ api/orders/version/1-0-0/definition/openapi  \"OpenAPI\"",
            "source                 sha256:",
            "Plan: 6 to add, 0 to change, 0 to destroy.\n",
        ]);
        assert!(!details.stdout().contains("--details"));
    }
    let summary = project.run("plan --summary").success();
    let summary = summary.says(&[
        "add   change  destroy",
        "API                    1        0        0",
        "API version            1        0        0",
        "API definition         1        0        0",
        "deployment             1        0        0",
        "Plan: 6 to add, 0 to change, 0 to destroy.\n",
    ]);
    assert!(!summary.stdout().contains("api/orders"));
    project.run("plan --summary --details").exit(64);
    let applied = project.run("apply --summary --auto-approve").success();
    let applied = applied.says(&["API version", "Apply complete! Resources: 6 added"]);
    assert!(!applied.stdout().contains("api/orders"));
}

#[test]
fn a_read_says_when_it_begins_and_what_it_took() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let _ = project.run("plan").success().talks(&[
        "reading contoso\n",
        "read 1 resource in ",
        " s (",
        " requests)\n",
    ]);
    let ended = project.run("apply --auto-approve").success();
    let _ = ended.talks(&[
        "reading contoso\n",
        "read ",
        "+ api/orders: created",
        "verifying contoso\n",
        "verified in ",
        "applied and verified in ",
    ]);
    project.edit("apis/orders.yaml", "title: Orders", "title: Order desk");
    let ended = project.run("apply --auto-approve --no-verify").success();
    let ended = ended.talks(&["reading contoso\n", "applied in "]);
    assert!(!ended.stderr().contains("verif"), "{}", ended.stderr());
    // Nothing of it is in the result.
    let ended = project.run("plan --format json").success();
    assert!(ended.json()["planId"].is_string());
    assert_eq!(project.run("plan -q").success().stderr(), "");
}

#[test]
fn warnings_of_manifests_come_before_the_first_request() {
    let ended = contoso().run("plan").success();
    let ended = ended.talks(&[
        "warning[custom-property-deprecated]",
        "1 warning\n",
        "reading contoso\n",
    ]);
    assert_eq!(ended.stderr().matches("1 warning\n").count(), 1);
}
