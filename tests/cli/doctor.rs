//! `doctor`: what is missing before anything is planned, and what to do about it.

use apicenter::azure::permissions::{needed_to_apply, needed_to_plan};

use super::harness::Project;
use super::service_fixture::ServiceFixture;

/// What the role Azure API Center Service Reader permits (documented).
const READER: [&str; 2] = [
    "Microsoft.ApiCenter/services/*/read",
    "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/exportSpecification/action",
];

/// How many permissions a plan without rulesets needs.
fn to_plan() -> usize {
    needed_to_plan(false).len()
}

fn center_for(actions: &[&str]) -> ServiceFixture {
    let mut all: Vec<String> = actions.iter().map(|action| (*action).to_owned()).collect();
    all.push("Microsoft.ApiCenter/services/read".to_owned());
    ServiceFixture::with(|options| options.actions = all)
}

#[test]
fn who_may_do_everything_is_told_so() {
    let center = ServiceFixture::start();
    let plan = format!("plan: all {} permissions are granted", to_plan());
    let _ = Project::of(&center).run("doctor").success().says(&[
        "the manifests declare 0 resources",
        "the service contoso responds and accepts the token",
        &plan,
        "apply: all ",
    ]);
    assert!(center.writes().is_empty());
}

#[test]
fn a_reader_may_plan_and_is_told_what_an_apply_needs() {
    let center = center_for(&READER);
    let project = Project::of(&center);
    let _ = project.run("doctor --plan").success();
    let plan = format!("plan: all {} permissions are granted", to_plan());
    let all = needed_to_apply().len();
    let apply = format!("problem  apply lacks {all} of {all} permissions:");
    let _ = project.run("doctor").exit(3).says(&[
        &plan,
        &apply,
        "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/importSpecification/action",
        "--role \"Azure API Center Service Contributor\"",
        "--scope /subscriptions/",
    ]);
}

#[test]
fn a_plain_reader_cannot_read_documents() {
    let center = center_for(&["*/read"]);
    let plan = format!("problem  plan lacks 1 of {} permissions:", to_plan());
    let _ = Project::of(&center).run("doctor --plan").exit(3).says(&[
        &plan,
        "exportSpecification/action",
        "--role \"Azure API Center Service Reader\"",
    ]);
}

#[test]
fn who_declares_a_ruleset_must_be_allowed_to_export_one() {
    let center = center_for(&READER);
    let project = Project::of(&center)
        .file(
            "lint.yaml",
            "apiVersion: apicenter/v1\nkind: Analyzer\nmetadata: {name: lint}\nspec: {ruleset: rules}\n",
        )
        .file("rules/ruleset.yml", "rules: {}\n");
    let all = needed_to_plan(true).len();
    let lacks = all - to_plan();
    let plan = format!("problem  plan lacks {lacks} of {all} permissions:");
    let _ = project.run("doctor --plan").exit(3).says(&[
        &plan,
        "analyzerConfigs/exportRuleset/action",
        "--role \"Azure API Center Service Contributor\"",
    ]);
}

#[test]
fn what_stands_in_the_way_is_told_with_the_exit_code_that_others_use() {
    let center = ServiceFixture::without_service(|_| {});
    let project = Project::of(&center);
    let _ = project
        .run("doctor")
        .exit(1)
        .says(&["the service contoso does not exist"]);
    project.write(
        "a.yaml",
        "apiVersion: apicenter/v1\nkind: Nope\nmetadata: {name: abc}\nspec: {}\n",
    );
    let _ = project
        .run("doctor")
        .exit(6)
        .says(&["the manifests are invalid"]);
}

#[test]
fn the_embedded_emulator_needs_nothing() {
    let _ = Project::local()
        .run("doctor")
        .success()
        .says(&["permits everything"]);
}
