//! Metadata schemas that are in use: cleared, changed and set again, or refused before anything is
//! sent.

use std::sync::Arc;

use apicenter::apply::{ApplyOptions, apply};
use apicenter::output::apply_summary;
use apicenter::plan::{Plan, PruneScope, WriteId};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::watch;

use super::case::{Case, address, refusals, show};
use super::fake_writers::Slow;

const SCHEMA: &str = "metadata-schema/rank";

fn schema(kind: &str, assigned: Value) -> Value {
    json!({"schema": {"type": kind}, "assignedTo": assigned})
}

fn api(properties: Value) -> Value {
    json!({"title": "A", "kind": "rest", "customProperties": properties})
}

fn optional() -> Value {
    json!([{"entity": "api"}])
}

fn required() -> Value {
    json!([{"entity": "api", "required": true}])
}

/// A schema, and an API that carries a value of it.
fn used(assigned: Value) -> Case {
    Case::equal()
        .have(SCHEMA, schema("string", assigned))
        .have("api/ranked", api(json!({"rank": "high"})))
}

/// The writes that make way for others.
fn written(plan: &Plan) -> Vec<String> {
    let prepared = plan.preparations.iter();
    prepared
        .map(|p| format!("{:?} {}", p.purpose, p.resource.address))
        .collect()
}

/// The steps of the only migration.
fn steps(plan: &Plan) -> Vec<String> {
    let [migration] = plan.migrations.as_slice() else {
        panic!("{:?}", plan.migrations);
    };
    let steps = migration.steps.iter();
    steps
        .map(|step| {
            let mut words = vec![step.action.word().to_owned()];
            words.extend(step.resources.iter().map(ToString::to_string));
            words.join(" ")
        })
        .collect()
}

#[test]
fn a_retyped_value_is_cleared_and_set_again() {
    let plan = used(optional())
        .declare(SCHEMA, schema("number", optional()))
        .declare("api/ranked", api(json!({"rank": 1})))
        .plan();
    assert_eq!(refusals(&plan), [""; 0]);
    assert_eq!(
        steps(&plan),
        ["clear api/ranked", "change", "set api/ranked"]
    );
    assert_eq!(written(&plan), ["Clear api/ranked"]);
    assert_eq!(plan.writes(), 3);
    assert_eq!(plan.summary().update, 2, "each resource counts once");
}

#[test]
fn a_value_that_fits_both_types_is_cleared_and_set_again_as_well() {
    let plan = Case::equal()
        .have(SCHEMA, schema("number", optional()))
        .declare(SCHEMA, schema("integer", optional()))
        .both("api/ranked", api(json!({"rank": 1})))
        .plan();
    assert_eq!(
        show(&plan),
        [
            "~ metadata-schema/rank schema.type: \"number\" => \"integer\"",
            "~ api/ranked",
        ]
    );
    assert_eq!(
        plan.changes[1].reason,
        "`rank` is cleared and set again, because its schema changes"
    );
    assert_eq!(
        steps(&plan),
        ["clear api/ranked", "change", "set api/ranked"]
    );
    assert!(plan.unchanged.iter().all(|a| a.to_string() != "api/ranked"));
    assert_eq!(plan.writes(), 3);
}

#[test]
fn a_value_that_is_not_declared_any_more_needs_no_write_of_its_own() {
    let plan = used(optional())
        .declare(SCHEMA, schema("number", optional()))
        .declare("api/ranked", api(json!({})))
        .plan();
    assert_eq!(steps(&plan), ["clear api/ranked", "change"]);
    assert_eq!(written(&plan), [""; 0]);
    assert_eq!(plan.writes(), 2);
}

#[test]
fn a_required_value_goes_once_the_schema_does_not_require_it() {
    let plan = used(required())
        .declare("api/ranked", api(json!({})))
        .prune(PruneScope::All)
        .plan();
    assert_eq!(refusals(&plan), [""; 0]);
    assert_eq!(steps(&plan), ["relax", "clear api/ranked", "delete"]);
    assert_eq!(written(&plan), ["Relax metadata-schema/rank"]);
    let relaxed = &plan.preparations[0].resource.body;
    assert_eq!(relaxed["assignedTo"], optional());
}

#[test]
fn a_required_schema_that_is_retyped_is_required_again_at_the_end() {
    let plan = used(required())
        .declare(SCHEMA, schema("number", required()))
        .declare("api/ranked", api(json!({"rank": 1})))
        .plan();
    assert_eq!(
        steps(&plan),
        [
            "relax",
            "clear api/ranked",
            "define",
            "set api/ranked",
            "require"
        ]
    );
    assert_eq!(plan.writes(), 5);
    assert_eq!(plan.summary().update, 2);
}

#[test]
fn a_schema_becomes_required_once_every_declared_resource_has_a_value() {
    let case = Case::equal()
        .have("api/ranked", api(json!({})))
        .declare(SCHEMA, schema("string", required()))
        .declare("api/ranked", api(json!({"rank": "high"})))
        .desire(
            "api/orders",
            "customProperties",
            json!({"team": "checkout", "rank": "low"}),
        );
    let new = case.plan();
    assert_eq!(
        steps(&new),
        ["define", "set api/orders api/ranked", "require"]
    );
    assert_eq!(written(&new), ["Define metadata-schema/rank"]);
    assert_eq!((new.summary().create, new.summary().update), (1, 2));
    // Where it is optional already, values come first and nothing is written twice.
    let known = case.have(SCHEMA, schema("string", optional())).plan();
    assert_eq!(steps(&known), ["set api/orders api/ranked", "require"]);
    assert_eq!(known.writes(), 3);
}

#[test]
fn whoever_lacks_what_becomes_required_is_named() {
    let mut case = Case::equal()
        .declare(SCHEMA, schema("string", required()))
        .desire(
            "api/orders",
            "customProperties",
            json!({"team": "checkout", "rank": "low"}),
        );
    for i in 0..7 {
        case = case.have(&format!("api/other-{i}"), api(json!({})));
    }
    let plan = case.plan();
    let messages: Vec<&str> = plan
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "metadata-schema/rank becomes required, and 7 resources in the service have no value: \
             api/other-0, api/other-1, api/other-2, api/other-3, api/other-4 and 2 more"
        ]
    );
    // One that is required already is not reported.
    let known = case.have(SCHEMA, schema("string", required())).plan();
    assert!(known.diagnostics.is_empty());
}

#[test]
fn a_resource_without_the_value_waits_until_it_may_lack_it() {
    let plan = Case::equal()
        .have(SCHEMA, schema("string", required()))
        .declare(SCHEMA, schema("string", optional()))
        .declare("api/new", api(json!({})))
        .plan();
    let position = |at: &str| {
        plan.changes
            .iter()
            .position(|c| c.address.to_string() == at)
    };
    let (Some(schema), Some(new)) = (position(SCHEMA), position("api/new")) else {
        panic!("{:?}", show(&plan));
    };
    assert!(
        plan.changes[new]
            .waits_for
            .contains(&WriteId::Change(schema))
    );
}

#[test]
fn a_schema_cannot_go_while_somebody_elses_resource_uses_it() {
    let to_environments = json!([{"entity": "environment"}]);
    let case = used(optional()).declare(SCHEMA, schema("string", to_environments));
    assert_eq!(
        refusals(&case.plan()),
        [
            "metadata-schema/rank cannot be unassigned while it is in use by api/ranked (not declared here)"
        ]
    );
    let both = json!([{"entity": "api"}, {"entity": "environment"}]);
    let more = case.declare(SCHEMA, schema("string", both)).plan();
    assert!(refusals(&more).is_empty(), "it may be assigned to more");
}

#[test]
fn whoever_is_in_the_way_is_named_with_the_reason() {
    let case = used(optional()).declare(SCHEMA, schema("number", optional()));
    let message = |case: Case| refusals(&case.plan()).join("; ");
    let start = "metadata-schema/rank cannot change its type while it is in use by api/ranked";
    let declared = case.clone().declare("api/ranked", api(json!({"rank": 1})));
    for (other, why) in [
        (
            declared.clone().only(&["metadata-schema/*"]),
            "left out by --only",
        ),
        (
            declared.clone().ignore("Api", "customProperties.rank"),
            "left to others by `ignore`",
        ),
        (
            declared.clone().ignore("Api", "customProperties"),
            "left to others by `ignore`",
        ),
    ] {
        assert_eq!(message(other), format!("{start} ({why})"));
    }
    let mut theirs = declared.clone().ours();
    theirs = theirs.set_live(
        "api/ranked",
        "customProperties",
        json!({"rank": "high", "managed-by": "them"}),
    );
    assert!(message(theirs).contains("api/ranked (blocked: api/ranked is owned by `them`"));
    let mut synchronised = case.clone();
    synchronised.live_mut("api/ranked").synchronised = true;
    let why = "kept by an integration, not declared here";
    assert_eq!(message(synchronised), format!("{start} ({why})"));
    let mut many = declared;
    for i in 0..8 {
        many = many.have(&format!("api/other-{i}"), api(json!({"rank": "x"})));
    }
    let message = message(many);
    assert!(
        message.ends_with("api/other-4 (not declared here) and 3 more"),
        "{message}"
    );
}

#[test]
fn what_is_written_without_a_required_value_is_told_before() {
    let case = Case::equal()
        .both(SCHEMA, schema("string", required()))
        .declare("api/new", api(json!({})))
        .ignore("Api", "customProperties.rank");
    let plan = case.plan();
    let messages: Vec<&str> = plan
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    let expected = "metadata-schema/rank requires a value, and api/new has none";
    assert_eq!(messages, [expected], "not of what stays as it is");
    let optional = case.clone().declare(SCHEMA, schema("string", optional()));
    assert!(optional.plan().diagnostics.is_empty());
    // Nobody declares the schema here.
    assert_eq!(case.undeclare(SCHEMA).plan().diagnostics.len(), 1);
}

#[tokio::test]
async fn a_value_that_cannot_be_cleared_keeps_its_schema_and_others_say_what_they_lost() {
    let case = used(optional())
        .have("api/also", api(json!({"rank": "low"})))
        .declare(SCHEMA, schema("number", optional()))
        .declare("api/also", api(json!({"rank": 2})))
        .declare("api/ranked", api(json!({"rank": 1})));
    let plan = case.plan();
    let mut writer = Slow::new(case.live.clone());
    writer.fails.insert(address("api/ranked"));
    let (_keep, stop) = watch::channel(false);
    let options = ApplyOptions {
        parallelism: 4,
        stop,
    };
    let (events, _ignored) = unbounded_channel();
    let writer = Arc::new(writer);
    let report = apply(&plan, Arc::clone(&writer), options, events).await;
    let text = apply_summary(&plan, &report);
    assert_snapshot!(text, @"
    Not done:
      ~ metadata-schema/rank: needs api/ranked
      ~ api/also: `rank` cleared, then: needs api/ranked
      ~ api/ranked: told to fail

    Apply incomplete. Resources: 0 added, 0 changed, 0 destroyed.
    Fix the errors, if any, and run apply again: it makes a new plan and does what is left.
    ");
    assert_eq!(writer.log(), ["put api/also", "put api/ranked"]);
}

#[test]
fn the_steps_are_part_of_the_plans_id() {
    let case = used(optional())
        .declare(SCHEMA, schema("number", optional()))
        .declare("api/ranked", api(json!({"rank": 1})));
    let plan = case.plan();
    assert_eq!(plan, case.plan());
    // The same changes, and another value on the way: what else is live is written with it.
    let steps = |body: &Value| {
        let mut other = case.clone();
        other.live_mut("api/ranked").resource.body["title"] = body.clone();
        other.plan()
    };
    let (one, other) = (steps(&json!("A")), steps(&json!("B")));
    assert_eq!(one.id, plan.id);
    assert_ne!(other.id, plan.id);
}
