//! One thing differs: what the plan says about it.

use std::sync::Arc;

use apicenter::model::unmodelled_paths;
use apicenter::plan::{Action, Step, WriteId};
use serde_json::json;

use super::case::{Case, address, show, texts};

#[test]
fn equal_states_need_nothing() {
    let case = Case::equal();
    let plan = case.plan();
    assert_eq!(show(&plan), Vec::<String>::new());
    assert!(!plan.has_changes() && plan.refusals.is_empty() && plan.diagnostics.is_empty());
    assert_eq!(plan.unchanged.len(), case.desired.resources.len());
    assert_eq!(plan.writes(), 0);
}

#[test]
fn what_is_declared_and_not_there_is_created_with_every_field() {
    let plan = Case::equal().lack("environment/test").plan();
    assert_eq!(show(&plan), ["+ environment/test"]);
    let change = &plan.changes[0];
    let fields: Vec<&str> = change.fields.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(fields, ["title", "kind"]);
    assert!(change.fields.iter().all(|field| field.before.is_none()));
    assert_eq!(change.reason, "not in the service yet");
    assert_eq!((plan.summary().create, plan.writes()), (1, 1));
}

#[test]
fn an_update_names_exactly_the_field_that_differs() {
    let case = Case::equal().set_live("api/orders", "title", json!("Bestellungen"));
    let plan = case.plan();
    assert_eq!(
        show(&plan),
        [r#"~ api/orders title: "Bestellungen" => "Orders""#]
    );
    assert_eq!(plan.changes[0].reason, "1 field differs from the manifest");
    assert_eq!((plan.summary().update, plan.writes()), (1, 1));
    assert_eq!(plan.summary().unchanged, case.desired.resources.len() - 1);
}

#[test]
fn a_field_that_is_not_declared_any_more_is_removed() {
    let case = Case::equal().set_live("api/orders", "description", json!("Old."));
    assert_eq!(case.changes(), [r#"~ api/orders description: "Old." => -"#]);
}

#[test]
fn a_field_that_is_declared_and_absent_is_added() {
    let case = Case::equal().desire(
        "api/orders",
        "customProperties",
        json!({"team": "checkout", "tier": [1]}),
    );
    assert_eq!(
        case.changes(),
        ["~ api/orders customProperties.tier: - => [1]"]
    );
}

#[test]
fn names_and_known_values_compare_without_case() {
    let case = Case::equal()
        .lack("api/orders")
        .have(
            "api/Orders",
            json!({"title": "Orders", "kind": "REST", "summary": "All orders.",
                "customProperties": {"team": "checkout"}}),
        )
        .undeclare("api/orders/version/1-0-0")
        .undeclare("api/orders/deployment/eu");
    assert_eq!(case.changes(), Vec::<String>::new());
}

#[test]
fn creates_come_parents_first_and_wait_for_parents_and_references() {
    let mut case = Case::equal();
    case.live.resources.clear();
    let plan = case.plan();
    assert_eq!(
        show(&plan),
        [
            "+ service",
            "+ metadata-schema/team",
            "+ environment/prod",
            "+ environment/test",
            "+ api/orders",
            "+ api/orders/version/1-0-0",
            "+ api/orders/version/1-0-0/definition/openapi",
            "+ api/orders/deployment/eu",
        ]
    );
    let waits: Vec<Vec<usize>> = plan
        .changes
        .iter()
        .map(|change| change.waits_for.iter().copied().map(position).collect())
        .collect();
    assert_eq!(waits[4], [0, 1], "the service and the metadata schema");
    assert_eq!(waits[5], [0, 4]);
    assert_eq!(waits[7], [0, 2, 4, 6], "its environment and definition too");
    // The definition takes two requests: the resource and its document.
    assert_eq!(plan.writes(), plan.changes.len() + 1);
}

/// The position of the change that a write is.
fn position(id: WriteId) -> usize {
    match id {
        WriteId::Change(i) => i,
        WriteId::Preparation(_) => panic!("no write prepares another in this plan"),
    }
}

#[test]
fn a_new_reference_waits_for_what_it_names() {
    let case = Case::equal().lack("environment/test").desire(
        "api/orders/deployment/eu",
        "environment",
        json!("test"),
    );
    let plan = case.plan();
    assert_eq!(
        show(&plan),
        [
            r#"~ api/orders/deployment/eu environment: "prod" => "test""#,
            "+ environment/test",
        ]
    );
    assert_eq!(plan.changes[0].waits_for, [WriteId::Change(1)]);
}

#[test]
fn live_fields_that_nobody_models_are_named_and_no_change() {
    let mut case = Case::equal();
    let novel = json!({"novel": {"since": 1}, "other": [{"x": 1}]});
    case.live_mut("api/orders").unmodelled = novel.as_object().unwrap().clone();
    assert_eq!(case.changes(), Vec::<String>::new());

    let plan = case.set_live("api/orders", "title", json!("Old")).plan();
    let change = &plan.changes[0];
    assert_eq!(change.action(), Action::Update);
    assert_eq!(
        unmodelled_paths(&change.unmodelled),
        ["novel.since", "other[0].x"]
    );
}

#[test]
fn both_sides_of_a_change_are_whole_resources() {
    let case = Case::equal().set_live("environment/prod", "title", json!("Old"));
    let plan = case.plan();
    let Step::Update { before, after } = &plan.changes[0].step else {
        panic!("an update");
    };
    let at = address("environment/prod");
    assert_eq!(**before, case.live.resources[&at].resource);
    assert_eq!(after, &case.desired.resources[&at].resource);
}

#[test]
fn ignored_fields_are_left_to_others() {
    let path = "customProperties.compliance";
    let live = json!({"team": "checkout", "compliance": "ok"});
    let case = Case::equal().set_live("api/orders", "customProperties", live);
    assert_eq!(
        case.changes(),
        [r#"~ api/orders customProperties.compliance: "ok" => -"#]
    );
    let case = case.ignore("Api", path);
    assert_eq!(case.changes(), Vec::<String>::new());

    // It is written back as it is when something else changes.
    let plan = case.set_live("api/orders", "title", json!("Old")).plan();
    assert_eq!(show(&plan), [r#"~ api/orders title: "Old" => "Orders""#]);
    let after = plan.changes[0].after().unwrap();
    assert_eq!(after.body["customProperties"]["compliance"], "ok");
}

#[test]
fn an_ignored_field_that_is_only_declared_stays_away() {
    let all = json!({"team": "checkout", "compliance": "ok"});
    let case = Case::equal().desire("api/orders", "customProperties", all);
    let case = case.ignore("Api", "customProperties.compliance");
    assert_eq!(case.changes(), Vec::<String>::new());
    // Another kind's rule says nothing about this one.
    let other = Case::equal()
        .set_live("environment/prod", "description", json!("x"))
        .ignore("Api", "description");
    assert_eq!(other.changes().len(), 1);
}

#[test]
fn ignoring_a_whole_mapping_leaves_no_empty_one_behind() {
    let nothing = Case::equal()
        .set_live("api/orders", "customProperties", json!({}))
        .ignore("Api", "customProperties.team");
    assert_eq!(nothing.changes(), Vec::<String>::new());
    let whole = Case::equal()
        .set_live("api/orders", "customProperties", json!({"a": 1}))
        .ignore("Api", "customProperties");
    assert_eq!(whole.changes(), Vec::<String>::new());
}

#[test]
fn what_the_service_cannot_clear_is_kept_and_not_shown() {
    let mut case = Case::equal();
    let at = address("service");
    let declared = case.desired.resources.get_mut(&at).unwrap();
    let resource = Arc::make_mut(&mut declared.resource);
    resource.body.shift_remove("sku");
    assert_eq!(case.changes(), Vec::<String>::new());
    let plan = case.set_live("service", "tags", json!({"a": "b"})).plan();
    assert_eq!(show(&plan), [r#"~ service tags.a: "b" => -"#]);
    let after = plan.changes[0].after().unwrap();
    assert_eq!(after.body["sku"], json!({"name": "Standard"}));
}

#[test]
fn undeclared_resources_are_listed_topmost_only_and_left_alone() {
    let case = Case::equal()
        .undeclare("api/orders/version/1-0-0")
        .have("api/petstore", json!({"title": "Pets", "kind": "rest"}))
        .have(
            "api/petstore/version/1-0-0",
            json!({"title": "v1", "lifecycleStage": "design"}),
        );
    let plan = case.plan();
    assert_eq!(show(&plan), Vec::<String>::new());
    assert_eq!(
        texts(&plan.unmanaged),
        ["api/orders/version/1-0-0", "api/petstore"]
    );
    assert_eq!(plan.summary().unmanaged, 2);
}

#[test]
fn the_service_itself_is_neither_unmanaged_nor_required() {
    let case = Case::equal().undeclare("service");
    let plan = case.plan();
    assert!(plan.changes.is_empty() && plan.unmanaged.is_empty());
}

#[test]
fn equal_numbers_within_lists_of_mappings_are_equal() {
    let case = Case::equal()
        .desire(
            "api/orders",
            "customProperties",
            json!({"slos": [{"name": "a", "target": 99.0}]}),
        )
        .set_live(
            "api/orders",
            "customProperties",
            json!({"slos": [{"name": "a", "target": 99}]}),
        );
    assert_eq!(case.changes(), Vec::<String>::new());
    let nested = Case::equal()
        .desire(
            "api/orders",
            "customProperties",
            json!({"m": [[1.0], [2.0]]}),
        )
        .set_live("api/orders", "customProperties", json!({"m": [[1], [2]]}));
    assert_eq!(nested.changes(), Vec::<String>::new());
}
