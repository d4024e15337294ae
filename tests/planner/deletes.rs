//! What is deleted, in which order, and what never is.

use apicenter::plan::{PruneScope, Step, WriteId};
use serde_json::json;

use super::case::{Case, address, refusals, show, texts};

fn unlimited(case: Case) -> Case {
    case.at_most(apicenter::plan::MaxDeletes::Count(1000), 0)
}

#[test]
fn nothing_is_deleted_without_prune() {
    let plan = Case::equal().undeclare("api/orders").plan();
    assert_eq!(show(&plan), Vec::<String>::new());
    assert_eq!(texts(&plan.unmanaged), ["api/orders"]);
}

#[test]
fn children_of_a_declared_resource_go_with_prune() {
    let case = Case::equal()
        .undeclare("api/orders/deployment/eu")
        .prune(PruneScope::Owned);
    let plan = case.plan();
    assert_eq!(show(&plan), ["- api/orders/deployment/eu"]);
    assert_eq!(plan.changes[0].reason, "not declared below api/orders");
    assert!(plan.unmanaged.is_empty());
}

#[test]
fn resources_of_nobody_stay_where_only_our_own_are_pruned() {
    let case = Case::equal()
        .undeclare("api/orders")
        .undeclare("environment/test")
        .prune(PruneScope::Owned);
    let plan = case.plan();
    assert_eq!(show(&plan), Vec::<String>::new());
    assert_eq!(texts(&plan.unmanaged), ["environment/test", "api/orders"]);
}

#[test]
fn the_marker_makes_a_resource_ours() {
    let case = Case::equal()
        .undeclare("environment/test")
        .ours()
        .prune(PruneScope::Owned);
    let mine = case.clone().set_live(
        "environment/test",
        "customProperties",
        json!({"managed-by": "us"}),
    );
    let plan = mine.plan();
    assert_eq!(show(&plan), ["- environment/test"]);
    assert_eq!(
        plan.changes[0].reason,
        "not declared, and marked managed-by: us"
    );
    let theirs = case.set_live(
        "environment/test",
        "customProperties",
        json!({"managed-by": "them"}),
    );
    assert_eq!(theirs.changes(), Vec::<String>::new());
    assert_eq!(texts(&theirs.plan().unmanaged), ["environment/test"]);
}

#[test]
fn a_cascade_lists_all_that_vanishes_and_sends_one_delete() {
    let case = Case::equal().undeclare("api/orders").prune(PruneScope::All);
    let plan = unlimited(case).plan();
    assert_eq!(
        show(&plan),
        [
            "- api/orders",
            "- api/orders/version/1-0-0",
            "- api/orders/version/1-0-0/definition/openapi",
            "- api/orders/deployment/eu",
        ]
    );
    assert_eq!((plan.summary().delete, plan.writes()), (4, 1));
    let top = address("api/orders");
    for change in &plan.changes[1..] {
        let Step::Delete { with, .. } = &change.step else {
            panic!("a delete");
        };
        assert_eq!(with.as_ref(), Some(&top));
        assert_eq!(change.reason, "vanishes with api/orders");
    }
}

#[test]
fn everything_undeclared_goes_in_reverse_where_all_is_ours() {
    let mut case = unlimited(Case::equal().prune(PruneScope::All));
    case.desired.resources.clear();
    let plan = case.plan();
    assert_eq!(
        show(&plan),
        [
            "- metadata-schema/team",
            "- environment/prod",
            "- environment/test",
            "- api/orders",
            "- api/orders/version/1-0-0",
            "- api/orders/version/1-0-0/definition/openapi",
            "- api/orders/deployment/eu",
        ],
        "the service itself never goes"
    );
    // Whatever is named goes after what names it, here the API with all below it.
    assert_eq!(plan.changes[0].waits_for, [WriteId::Change(3)]);
    assert_eq!(plan.changes[1].waits_for, [WriteId::Change(3)]);
    assert_eq!(plan.changes[2].waits_for, []);
    assert!(refusals(&plan).is_empty());
}

#[test]
fn metadata_schemas_go_only_where_all_is_ours() {
    let case = Case::equal()
        .have("metadata-schema/old", json!({"schema": {"type": "string"}}))
        .ours();
    let owned = case.clone().prune(PruneScope::Owned).plan();
    assert_eq!(texts(&owned.unmanaged), ["metadata-schema/old"]);
    assert!(!show(&owned).contains(&"- metadata-schema/old".to_owned()));
    let all = case.prune(PruneScope::All).changes();
    assert!(all.contains(&"- metadata-schema/old".to_owned()));
}

#[test]
fn synchronised_resources_are_neither_deleted_nor_listed() {
    let mut case = Case::equal()
        .undeclare("environment/test")
        .prune(PruneScope::All);
    case.live_mut("environment/test").synchronised = true;
    let plan = case.plan();
    assert!(plan.changes.is_empty() && plan.unmanaged.is_empty());
}

#[test]
fn a_protected_resource_is_blocked_and_stops_nothing_else() {
    let case = Case::equal()
        .have(
            "environment/prod-eu",
            json!({"title": "EU", "kind": "production"}),
        )
        .undeclare("environment/test")
        .prune(PruneScope::All)
        .protect(&["environment/prod*"]);
    let plan = unlimited(case).plan();
    assert_eq!(
        show(&plan),
        [
            "- environment/test",
            "! environment/prod-eu (protected by safety.protect)",
        ]
    );
    let summary = plan.summary();
    assert_eq!((summary.delete, summary.blocked), (1, 1));
    assert_eq!(plan.writes(), 1);
}

#[test]
fn a_protected_child_keeps_what_it_hangs_from() {
    let case = Case::equal()
        .undeclare("api/orders")
        .prune(PruneScope::All)
        .protect(&["api/*/deployment/eu"]);
    assert_eq!(
        unlimited(case).changes(),
        [
            "! api/orders (api/orders/deployment/eu would be deleted with it and is protected by safety.protect)"
        ]
    );
    let above = Case::equal()
        .undeclare("api/orders/deployment/eu")
        .prune(PruneScope::All)
        .protect(&["api/orders"]);
    assert_eq!(
        unlimited(above).changes(),
        ["! api/orders/deployment/eu (protected by safety.protect)"]
    );
}

#[test]
fn protected_resources_may_change() {
    let case = Case::equal()
        .set_live("environment/prod", "title", json!("Old"))
        .protect(&["environment/prod*"]);
    assert_eq!(
        case.changes(),
        [r#"~ environment/prod title: "Old" => "Prod""#]
    );
}

#[test]
fn what_is_renamed_goes_after_what_still_names_it_has_changed() {
    let case = Case::equal()
        .undeclare("environment/prod")
        .desire("api/orders/deployment/eu", "environment", json!("test"))
        .prune(PruneScope::All);
    let plan = unlimited(case).plan();
    assert_eq!(
        show(&plan),
        [
            "- environment/prod",
            r#"~ api/orders/deployment/eu environment: "prod" => "test""#,
        ]
    );
    assert_eq!(plan.changes[0].waits_for, [WriteId::Change(1)]);
    assert_eq!(plan.changes[1].waits_for, []);
}

#[test]
fn deletes_are_printed_before_updates_and_creates() {
    let case = Case::equal()
        .undeclare("api/orders/deployment/eu")
        .lack("environment/test")
        .set_live("api/orders", "title", json!("Old"))
        .prune(PruneScope::Owned);
    let plan = unlimited(case).plan();
    let symbols: String = plan.changes.iter().map(|c| c.action().symbol()).collect();
    assert_eq!(symbols, "-~+");
}

#[test]
fn a_circle_among_updates_does_not_free_the_deletes() {
    // Two metadata schemas change while two APIs swap them: whichever goes first, something waits.
    let api = |schema: &str| json!({"title": "A", "kind": "rest", "customProperties": {schema: 1}});
    let schema =
        |kind: &str| json!({"schema": {"type": "number"}, "assignedTo": [{"entity": kind}]});
    let mut case = Case::equal()
        .undeclare("environment/prod")
        .desire("api/orders/deployment/eu", "environment", json!("test"))
        .prune(PruneScope::All);
    for (at, one, other) in [("api/x", "one", "two"), ("api/y", "two", "one")] {
        case = case.have(at, api(one)).declare(at, api(other));
        let at = format!("metadata-schema/{one}");
        case = case
            .have(&at, schema("api"))
            .declare(&at, schema("environment"));
    }
    let plan = unlimited(case).plan();
    let at = |text: &str| {
        plan.changes
            .iter()
            .position(|c| c.address == address(text))
            .unwrap()
    };
    let goes = &plan.changes[at("environment/prod")];
    assert_eq!(
        goes.waits_for,
        [WriteId::Change(at("api/orders/deployment/eu"))]
    );
}
