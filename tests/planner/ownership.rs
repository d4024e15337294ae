//! The marker: what carries another owner's is not ours to change.

use apicenter::plan::PruneScope;
use serde_json::json;

use super::case::{Case, show};

const RULE: &str = "owned by `them` (customProperties.managed-by in the service); clear that value there to take it over";

fn marked(owner: &str) -> serde_json::Value {
    json!({"team": "checkout", "managed-by": owner})
}

/// `api/orders` is declared with our marker, and lives with somebody's.
fn orders_of(owner: &str) -> Case {
    Case::equal()
        .ours()
        .desire("api/orders", "customProperties", marked("us"))
        .set_live("api/orders", "customProperties", marked(owner))
}

#[test]
fn a_resource_of_ours_changes_freely() {
    let case = orders_of("us").set_live("api/orders", "title", json!("Old"));
    assert_eq!(case.changes(), [r#"~ api/orders title: "Old" => "Orders""#]);
}

#[test]
fn a_resource_of_nobody_is_taken_over() {
    let case = Case::equal()
        .ours()
        .desire("api/orders", "customProperties", marked("us"));
    assert_eq!(
        case.changes(),
        [r#"~ api/orders customProperties.managed-by: - => "us""#]
    );
}

#[test]
fn a_resource_of_another_owner_is_blocked_and_stops_nothing_else() {
    let case = orders_of("them").set_live("environment/prod", "title", json!("Old"));
    let plan = case.plan();
    assert_eq!(
        show(&plan),
        [
            format!("! api/orders customProperties.managed-by: \"them\" => \"us\" ({RULE})"),
            r#"~ environment/prod title: "Old" => "Prod""#.to_owned(),
        ]
    );
    assert_eq!((plan.summary().blocked, plan.writes()), (1, 1));
    assert!(plan.refusals.is_empty());
}

#[test]
fn what_lies_below_another_owners_resource_is_blocked_as_well() {
    let case = orders_of("them").lack("api/orders/deployment/eu").set_live(
        "api/orders/version/1-0-0",
        "title",
        json!("Old"),
    );
    let plan = case.plan();
    assert_eq!(plan.summary().blocked, 3);
    assert_eq!(plan.writes(), 0);
    assert!(!plan.has_changes());
}

#[test]
fn the_marker_means_nothing_where_the_project_uses_none() {
    let mut case = orders_of("them");
    case.options.ownership = None;
    assert_eq!(case.changes().len(), 1);
    assert_eq!(case.plan().summary().update, 1);
}

#[test]
fn another_owners_resource_is_not_pruned() {
    let case = orders_of("them")
        .undeclare("api/orders")
        .prune(PruneScope::Owned);
    assert_eq!(case.changes(), Vec::<String>::new());
}

#[test]
fn undeclared_children_of_another_owners_resource_are_not_pruned() {
    let case = orders_of("them")
        .undeclare("api/orders/deployment/eu")
        .prune(PruneScope::Owned);
    let plan = case.plan();
    assert_eq!(plan.summary().delete, 0, "{:?}", show(&plan));
    assert_eq!(plan.writes(), 0);
}

#[test]
fn only_does_not_open_another_owners_resource() {
    let case = orders_of("them")
        .set_live("api/orders/version/1-0-0", "title", json!("Old"))
        .only(&["api/orders/version/1-0-0"]);
    let plan = case.plan();
    assert_eq!(plan.writes(), 0, "{:?}", show(&plan));
}
