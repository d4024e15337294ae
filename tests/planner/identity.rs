//! The plan's id: equal plans, and only those, have equal ids.

use std::sync::Arc;

use apicenter::model::{Body, DesiredState, LiveState};
use apicenter::plan::PruneScope;
use serde_json::{Value, json};

use super::case::Case;

fn changing() -> Case {
    Case::equal()
        .set_live("api/orders", "title", json!("Old"))
        .lack("environment/test")
}

fn id(case: &Case) -> String {
    case.plan().id
}

#[test]
fn it_has_128_bits_and_says_its_version() {
    let id = id(&changing());
    let digits = id.strip_prefix("p2-").unwrap();
    assert_eq!(digits.len(), 32);
    assert!(digits.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
}

#[test]
fn the_order_in_which_things_are_read_does_not_matter() {
    let case = changing();
    let mut other = case.clone();
    other.desired = DesiredState::default();
    other.live = LiveState::default();
    for (address, declared) in case.desired.resources.iter().rev() {
        let mut declared = declared.clone();
        let resource = Arc::make_mut(&mut declared.resource);
        resource.body = backwards(&resource.body);
        other.desired.resources.insert(address.clone(), declared);
    }
    for (address, live) in case.live.resources.iter().rev() {
        let mut live = live.clone();
        live.resource.body = backwards(&live.resource.body);
        other.live.resources.insert(address.clone(), live);
    }
    assert_eq!(id(&case), id(&other));
}

/// The same mapping with its keys in the opposite order, nested ones included.
fn backwards(body: &Body) -> Body {
    let value = |value: &Value| match value {
        Value::Object(map) => Value::Object(backwards(map)),
        other => other.clone(),
    };
    let entries = body.iter().rev();
    entries
        .map(|(key, inner)| (key.clone(), value(inner)))
        .collect()
}

#[test]
fn what_the_plan_does_not_touch_does_not_matter() {
    let case = changing();
    let before = id(&case);
    assert_eq!(
        id(&case
            .clone()
            .both("environment/more", json!({"title": "M", "kind": "testing"}))),
        before
    );
    assert_eq!(
        id(&case
            .clone()
            .have("api/stranger", json!({"title": "S", "kind": "rest"}))),
        before,
        "an unmanaged resource"
    );
    let mut moved = case;
    for declared in moved.desired.resources.values_mut() {
        declared.place = None;
    }
    moved.live_mut("environment/prod").unmodelled = Body::from_iter([("x".into(), json!(1))]);
    assert_eq!(
        id(&moved),
        before,
        "an unmodelled field of what stays as it is"
    );
}

#[test]
fn whatever_would_be_done_differently_makes_another_id() {
    let case = changing();
    let with_target = |change: &dyn Fn(&mut apicenter::plan::Target)| {
        let mut case = case.clone();
        change(&mut case.options.target);
        case
    };
    let mut unmodelled = case.clone();
    unmodelled.live_mut("api/orders").unmodelled = Body::from_iter([("x".into(), json!(1))]);
    let variants = [
        ("nothing", case.clone()),
        (
            "a touched live value",
            case.clone().set_live("api/orders", "title", json!("Older")),
        ),
        (
            "an untouched live value of a touched resource",
            case.clone()
                .set_live("api/orders", "license", json!({"name": "MIT"})),
        ),
        (
            "a desired value",
            case.clone().desire("api/orders", "title", json!("New")),
        ),
        (
            "a new resource's value",
            case.clone().desire("environment/test", "title", json!("T")),
        ),
        (
            "one change fewer",
            case.clone().undeclare("environment/test"),
        ),
        (
            "another action",
            case.clone()
                .have("environment/test", json!({"title": "X", "kind": "testing"})),
        ),
        (
            "a delete",
            case.clone()
                .undeclare("api/orders/deployment/eu")
                .prune(PruneScope::Owned),
        ),
        ("a kept field of a touched resource", unmodelled),
        (
            "the target's name",
            with_target(&|target| target.name = "test".into()),
        ),
        (
            "the subscription",
            with_target(&|target| target.service.subscription = "t".into()),
        ),
        (
            "the resource group",
            with_target(&|target| target.service.resource_group = "h".into()),
        ),
        (
            "the service",
            with_target(&|target| target.service.name = "fabrikam".into()),
        ),
        ("no change at all", Case::equal()),
    ];
    let ids: Vec<(&str, String)> = variants
        .iter()
        .map(|(what, case)| (*what, id(case)))
        .collect();
    for (i, (what, id)) in ids.iter().enumerate() {
        for (other, other_id) in &ids[..i] {
            assert_ne!(id, other_id, "{what} against {other}");
        }
    }
}

#[test]
fn a_blocked_change_is_another_plan_than_one_that_happens() {
    let case = Case::equal()
        .undeclare("api/orders/deployment/eu")
        .prune(PruneScope::Owned);
    let blocked = case.clone().protect(&["api/orders/**"]);
    assert_ne!(id(&case), id(&blocked));
}

#[test]
fn names_that_differ_in_case_alone_are_the_same() {
    let spec = json!({"title": "M", "kind": "testing"});
    let lower = Case::empty().declare("environment/more", spec.clone());
    let upper = Case::empty().declare("environment/MORE", spec);
    assert_eq!(id(&lower), id(&upper));
}
