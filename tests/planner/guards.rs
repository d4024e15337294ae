//! Rules over the whole plan: how much may go, what cannot change, what the service takes.

use apicenter::plan::{MaxDeletes, PruneScope};
use serde_json::json;

use super::case::{Case, refusals, show};

/// Ten environments that could be deleted, the last `undeclared` of which are not declared.
fn ten(undeclared: usize) -> Case {
    let mut case = Case::empty().prune(PruneScope::All);
    for i in 0..10 {
        let at = format!("environment/env-{i}");
        let spec = json!({"title": "E", "kind": "testing"});
        case = case.have(&at, spec.clone());
        if i < 10 - undeclared {
            case = case.declare(&at, spec);
        }
    }
    case
}

#[test]
fn a_share_of_deletes_up_to_the_limit_is_allowed() {
    let plan = ten(3).plan();
    assert!(refusals(&plan).is_empty());
    assert_eq!(plan.summary().delete, 3);
}

#[test]
fn a_share_above_the_limit_refuses_the_plan_with_the_numbers() {
    let plan = ten(4).plan();
    assert_eq!(
        refusals(&plan),
        ["too many deletes: 4 of 10 resources, 40% where safety.maxDeletes allows 30%"]
    );
    assert!(plan.refusals[0].help.contains("safety.maxDeletes"));
    assert_eq!(plan.summary().delete, 4, "they are shown all the same");
}

#[test]
fn a_number_of_deletes_is_a_limit_as_well() {
    assert!(
        ten(4)
            .at_most(MaxDeletes::Count(4), 1)
            .plan()
            .refusals
            .is_empty()
    );
    let plan = ten(4).at_most(MaxDeletes::Count(3), 1).plan();
    assert_eq!(
        refusals(&plan),
        ["too many deletes: 4 of 10 resources where safety.maxDeletes allows 3"]
    );
}

#[test]
fn the_limit_holds_from_min_existing_on() {
    let case = ten(10).lack("environment/env-9");
    assert!(case.plan().refusals.is_empty(), "nine are fewer than ten");
    let plan = case.at_most(MaxDeletes::Percent(30.0), 9).plan();
    assert_eq!(
        refusals(&plan),
        ["too many deletes: 9 of 9 resources, 100% where safety.maxDeletes allows 30%"]
    );
}

#[test]
fn a_repository_that_declares_nothing_is_refused_by_the_defaults() {
    assert_eq!(refusals(&ten(10).plan()).len(), 1);
}

#[test]
fn children_count_on_both_sides() {
    let mut case = Case::equal().undeclare("api/orders").prune(PruneScope::All);
    case = case.at_most(MaxDeletes::Count(3), 1);
    // One metadata schema, two environments, and the API with three below it; not the service.
    assert_eq!(
        refusals(&case.plan()),
        ["too many deletes: 4 of 7 resources where safety.maxDeletes allows 3"]
    );
}

#[test]
fn only_what_could_be_deleted_counts() {
    let strangers = |mut case: Case| {
        for i in 0..100 {
            let at = format!("api/stranger-{i}");
            case = case.have(&at, json!({"title": "S", "kind": "rest"}));
        }
        case
    };
    let case = strangers(Case::equal())
        .undeclare("api/orders/version/1-0-0")
        .undeclare("api/orders/deployment/eu")
        .prune(PruneScope::Owned)
        .at_most(MaxDeletes::Percent(30.0), 1);
    assert_eq!(
        refusals(&case.plan()),
        // Both environments are declared, and so are ours.
        ["too many deletes: 3 of 6 resources, 50% where safety.maxDeletes allows 30%"]
    );
}

#[test]
fn protected_and_synchronised_resources_are_no_part_of_the_share() {
    let mut case = ten(4).protect(&["environment/env-0"]);
    case.live_mut("environment/env-1").synchronised = true;
    let plan = case.at_most(MaxDeletes::Percent(30.0), 8).plan();
    assert_eq!(
        refusals(&plan),
        ["too many deletes: 4 of 8 resources, 50% where safety.maxDeletes allows 30%"]
    );
}

#[test]
fn blocked_deletes_are_not_counted() {
    let case = ten(4).protect(&["environment/env-9"]);
    let plan = case.at_most(MaxDeletes::Percent(34.0), 1).plan();
    assert!(refusals(&plan).is_empty(), "{:?}", refusals(&plan));
    assert_eq!((plan.summary().delete, plan.summary().blocked), (3, 1));
}

#[test]
fn a_location_cannot_change() {
    let plan = Case::equal()
        .set_live("service", "location", json!("northeurope"))
        .plan();
    assert_eq!(
        refusals(&plan),
        [
            "the location of the service cannot change from `northeurope` to `westeurope` once \
             it exists"
        ]
    );
    assert_eq!(plan.summary().blocked, 1);
    assert!(
        plan.refusals[0]
            .help
            .starts_with("set it back to `northeurope`")
    );
}

#[test]
fn a_location_in_the_portals_words_is_the_same() {
    let case = Case::equal().set_live("service", "location", json!("West Europe"));
    assert_eq!(case.changes(), Vec::<String>::new());
}

/// `count` versions of an API with a live pricing plan; `there` of them live already.
fn versions(sku: &str, count: usize, there: usize) -> Case {
    let api = json!({"title": "A", "kind": "rest"});
    let mut case = Case::empty()
        .both(
            "service",
            json!({"location": "westeurope", "sku": {"name": sku}}),
        )
        .both("api/big", api);
    for i in 0..count {
        let at = format!("api/big/version/v-{i}");
        let spec = json!({"title": "v", "lifecycleStage": "design"});
        case = case.declare(&at, spec.clone());
        if i < there {
            case = case.have(&at, spec);
        }
    }
    case
}

#[test]
fn more_than_the_pricing_plan_allows_is_refused_with_the_numbers() {
    assert!(versions("Free", 5, 0).plan().refusals.is_empty());
    assert!(versions("Standard", 6, 0).plan().refusals.is_empty());
    assert_eq!(
        refusals(&versions("Free", 6, 5).plan()),
        ["6/5 versions of one API (api/big): more than the pricing plan Free allows"]
    );
}

#[test]
fn what_is_there_already_is_no_reason_to_refuse() {
    let case = versions("Free", 6, 6).set_live("api/big", "title", json!("Old"));
    assert!(case.plan().refusals.is_empty());
}

#[test]
fn undeclared_resources_count_until_they_are_deleted() {
    let case = versions("Free", 5, 4).have(
        "api/big/version/old",
        json!({"title": "v", "lifecycleStage": "design"}),
    );
    assert_eq!(refusals(&case.plan()).len(), 1, "{:?}", show(&case.plan()));
    assert!(case.prune(PruneScope::Owned).plan().refusals.is_empty());
}

#[test]
fn the_pricing_plan_that_is_declared_counts() {
    let grows = versions("Free", 6, 5).desire("service", "sku", json!({"name": "Standard"}));
    assert!(grows.plan().refusals.is_empty());
}

#[test]
fn the_project_may_raise_a_limit() {
    let mut case = versions("Free", 6, 5);
    case.options.limits.insert("versionsPerApi".to_owned(), 6);
    assert!(case.plan().refusals.is_empty());
}

#[test]
fn a_share_just_above_the_limit_does_not_look_like_the_limit() {
    let mut case = ten(7);
    for i in 10..23 {
        let at = format!("environment/env-{i}");
        case = case.both(&at, json!({"title": "E", "kind": "testing"}));
    }
    case.options.limits.insert("environments".to_owned(), 100);
    let plan = case.plan();
    assert!(
        !refusals(&plan)[0].contains("30% where safety.maxDeletes allows 30%"),
        "{:?}",
        refusals(&plan)
    );
}
