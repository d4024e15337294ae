//! Plans as JSON: held to the published schema, complete enough to rely on.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use apicenter::model::{Body, Diagnostic, Sources, Span, code};
use apicenter::output::{OptionsJson, PlanJson, Requests};
use apicenter::plan::PruneScope;
use serde_json::{Value, json};

use super::case::{Case, address};
use crate::schemas::{errors, validator};

fn machine_form(case: &Case, sources: &Sources, diagnostics: &[Diagnostic]) -> Value {
    let plan = case.plan();
    let requests = Requests {
        reads: 3,
        writes: plan.writes(),
    };
    let options = OptionsJson::default();
    let json = PlanJson::new(&plan, diagnostics, sources, requests, options, true);
    serde_json::to_value(json).unwrap()
}

/// A plan that has every part: each action, a refusal, something unmanaged, something unmodelled.
fn full() -> Value {
    let mut sources = Sources::default();
    let source = sources.add("apis/orders.yaml", "# Orders\nkind: Api\n");
    let span = Span {
        source,
        start: 9,
        end: 13,
    };
    let mut case = Case::equal()
        .set_live("api/orders", "title", json!("Old"))
        .set_live("service", "location", json!("northeurope"))
        .lack("environment/test")
        .undeclare("api/orders/version/1-0-0")
        .have(
            "environment/stray",
            json!({"title": "S", "kind": "testing"}),
        )
        .prune(PruneScope::Owned);
    case.live_mut("api/orders").unmodelled = Body::from_iter([("novel".to_owned(), json!(1))]);
    let declared = case
        .desired
        .resources
        .get_mut(&address("api/orders"))
        .unwrap();
    declared.place = Some(span);
    let warning = Diagnostic::warning(code::UNKNOWN_VALUE, "hm")
        .at(span, "here")
        .related(span, "and here")
        .help("say it otherwise");
    machine_form(&case, &sources, &[warning])
}

#[test]
fn plans_are_valid_and_have_every_part() {
    let validator = validator("plan.schema.json");
    let full = full();
    assert_eq!(errors(&validator, &full), Vec::<String>::new());
    for part in [
        "changes",
        "unmanaged",
        "unchanged",
        "refusals",
        "diagnostics",
    ] {
        let items = full[part].as_array().unwrap();
        assert!(!items.is_empty(), "the sample has no {part}: {full:#}");
    }
    let actions: Vec<&str> = full["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["delete", "delete", "blocked", "update", "create"]);
}

#[test]
fn a_change_says_what_where_and_why() {
    let full = full();
    let update = &full["changes"][3];
    assert_eq!(
        *update,
        json!({
            "address": "api/orders", "kind": "Api", "action": "update",
            "reason": "1 field differs from the manifest",
            "fields": [{"path": "title", "before": "Old", "after": "Orders",
                "source": {"file": "apis/orders.yaml", "line": 2, "column": 1}}],
            "unmodelled": ["novel"],
            "source": {"file": "apis/orders.yaml", "line": 2, "column": 1},
        })
    );
    assert_eq!(full["formatVersion"], "1.0");
    assert_eq!(full["target"]["name"], "prod");
    assert_eq!(full["target"]["service"], "contoso");
    assert_eq!(full["unmanaged"], json!(["environment/stray"]));
    assert_eq!(full["summary"]["unmanaged"], 1);
    // An update, a create, and one delete for the version and the definition below it.
    assert_eq!(full["requests"], json!({"reads": 3, "writes": 3}));
}

#[test]
fn a_plan_of_nothing_and_no_plan_at_all_are_valid_too() {
    let validator = validator("plan.schema.json");
    let sources = Sources::default();
    let nothing = machine_form(&Case::empty(), &sources, &[]);
    let invalid = serde_json::to_value(PlanJson::invalid(&[], &sources)).unwrap();
    assert_eq!(invalid["planId"], Value::Null);
    for value in [nothing, invalid] {
        assert_eq!(errors(&validator, &value), Vec::<String>::new());
    }
}

#[test]
fn a_reader_may_rely_on_what_is_always_there() {
    let validator = validator("plan.schema.json");
    for pointer in [
        "/formatVersion",
        "/planId",
        "/target",
        "/summary",
        "/changes",
        "/unmanaged",
        "/diagnostics",
        "/requests",
        "/digest",
        "/summary/blocked",
        "/requests/writes",
        "/changes/0/address",
        "/changes/0/kind",
        "/changes/0/action",
        "/changes/0/reason",
        "/changes/0/fields",
        "/changes/0/fields/0/before",
        "/changes/0/fields/0/after",
        "/diagnostics/0/code",
        "/diagnostics/0/source/line",
    ] {
        let mut value = full();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        assert!(parent.shift_remove(key).is_some(), "{pointer} is not there");
        assert!(!validator.is_valid(&value), "without {pointer}");
    }
}
