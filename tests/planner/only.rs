//! A plan for a part of the catalogue.

use apicenter::model::{Diagnostic, code};
use apicenter::plan::{Plan, PruneScope};
use serde_json::json;

use super::case::{Case, refusals, show, texts};

/// Everything is declared and nothing is there.
fn nothing_live() -> Case {
    let mut case = Case::equal();
    case.live.resources.clear();
    case
}

#[test]
fn a_resource_covers_what_lies_below_it() {
    let case = nothing_live().only(&["api/orders/version/1-0-0"]);
    assert_eq!(
        case.changes(),
        [
            "+ api/orders/version/1-0-0",
            "+ api/orders/version/1-0-0/definition/openapi",
        ]
    );
}

#[test]
fn patterns_may_be_globs_and_names_compare_without_case() {
    let case = nothing_live();
    assert_eq!(
        case.clone().only(&["environment/*"]).changes(),
        ["+ environment/prod", "+ environment/test"]
    );
    assert_eq!(
        case.clone().only(&["api/*/deployment/EU"]).changes(),
        ["+ api/orders/deployment/eu"]
    );
    assert_eq!(
        case.only(&["environment/prod", "metadata-schema/**"])
            .changes(),
        ["+ metadata-schema/team", "+ environment/prod"]
    );
}

#[test]
fn what_is_left_out_is_not_listed_either() {
    let case = Case::equal()
        .undeclare("api/orders")
        .undeclare("environment/test")
        .only(&["environment/*"]);
    let plan = case.plan();
    assert_eq!(texts(&plan.unmanaged), ["environment/test"]);
    assert_eq!(texts(&plan.unchanged), ["environment/prod"]);
    let pruned = case.prune(PruneScope::All).only(&["api/other"]);
    assert_eq!(pruned.changes(), Vec::<String>::new());
}

#[test]
fn a_needed_resource_that_is_neither_live_nor_selected_is_told() {
    let plan = nothing_live().only(&["api/orders/deployment"]).plan();
    assert!(plan.changes.is_empty());
    let plan = nothing_live().only(&["api/orders/deployment/eu"]).plan();
    assert_eq!(show(&plan), ["+ api/orders/deployment/eu"]);
    let needed: Vec<&Diagnostic> = needed(&plan).collect();
    let messages: Vec<&str> = needed.iter().map(|d| &d.message[..]).collect();
    assert_eq!(
        messages,
        [
            "api/orders/deployment/eu needs api/orders, which --only leaves out",
            "api/orders/deployment/eu needs environment/prod, which --only leaves out",
            "api/orders/deployment/eu needs api/orders/version/1-0-0/definition/openapi, which \
             --only leaves out",
        ]
    );
    assert_eq!(needed[0].help.as_deref(), Some("add --only api/orders"));
}

#[test]
fn a_needed_resource_that_is_selected_as_well_is_fine() {
    let case = nothing_live().only(&["api/orders", "environment/prod", "metadata-schema/*"]);
    let plan = case.plan();
    assert_eq!(plan.summary().create, 6);
    assert_eq!(needed(&plan).count(), 0);
}

#[test]
fn a_needed_resource_that_is_live_is_fine() {
    let plan = Case::equal()
        .lack("api/orders/deployment/eu")
        .only(&["api/orders/deployment/eu"])
        .plan();
    assert_eq!(show(&plan), ["+ api/orders/deployment/eu"]);
    assert_eq!(needed(&plan).count(), 0);
}

#[test]
fn a_change_outside_the_selection_is_not_made() {
    let case = Case::equal()
        .set_live("api/orders", "title", json!("Old"))
        .set_live("environment/prod", "title", json!("Old"))
        .only(&["api/orders"]);
    assert_eq!(case.changes(), [r#"~ api/orders title: "Old" => "Orders""#]);
    assert!(refusals(&case.plan()).is_empty());
}

/// What the plan says of resources that are needed and not selected.
fn needed(plan: &Plan) -> impl Iterator<Item = &Diagnostic> {
    let is_needed = |found: &&Diagnostic| found.code == code::DEPENDENCY_NOT_SELECTED;
    plan.diagnostics.iter().filter(is_needed)
}
