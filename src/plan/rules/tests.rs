//! The table of rules, and each rule at the edges of what it allows.

use serde_json::{Value, json};

use super::*;
use crate::model::{Diagnostic, OwnershipMarker, Patterns, SyncOrigin};
use crate::plan::model::{Action, MaxDeletes, PlanOptions, PruneScope};
use crate::plan::tests::{address, desired, live};
use crate::plan::{plan, plan_with};

fn codes_of(plan: &Plan) -> Vec<&str> {
    plan.refusals
        .iter()
        .map(|refusal| refusal.code.as_ref())
        .collect()
}

fn pruning() -> PlanOptions {
    let mut options = PlanOptions::default();
    options.prune.enabled = true;
    options.prune.scope = PruneScope::All;
    options
}

/// This many environments.
fn environments(count: usize) -> Vec<(String, Value)> {
    (0..count)
        .map(|i| (format!("environment/e{i}"), json!({"title": "E"})))
        .collect()
}

fn plan_of_deletes(existing: usize, deletes: usize, options: &PlanOptions) -> Plan {
    let all = environments(existing);
    let borrowed: Vec<(&str, Value)> = all
        .iter()
        .map(|(at, body)| (at.as_str(), body.clone()))
        .collect();
    plan(&desired(&borrowed[deletes..]), &live(&borrowed), options)
}

#[test]
fn every_code_of_the_table_is_known_and_no_rule_has_anothers() {
    let mut seen = std::collections::BTreeSet::new();
    for rule in &PlanRules::built_in() {
        for code in rule.codes() {
            assert!(
                code::ALL.iter().any(|known| known.id == code.as_ref()),
                "src/model/code.rs has no `{code}`"
            );
            assert!(seen.insert(code.clone()), "two rules report `{code}`");
        }
    }
}

#[test]
fn a_rule_from_elsewhere_may_block_refuse_and_warn_under_its_own_code() {
    let code = String::from("contoso-naming");
    let only_lower = PlanRule::over_changes(code.clone(), |input| {
        let name = input.change.address.name();
        (name != name.to_lowercase()).then(|| format!("`{name}` is not lower-case"))
    });
    let few = PlanRule::over_plan("contoso-few", |input, findings| {
        if input.plan.changes.len() > 1 {
            findings.refuse("more than one change", "split it", None);
            findings.warn(Diagnostic::warning(code::CASCADE, "much at once"));
        }
        for i in 0..input.plan.changes.len() {
            findings.block(i, "too many");
        }
    });
    let rules = PlanRules::built_in().with(only_lower).with(few);
    let desired = desired(&[
        ("environment/Prod", json!({})),
        ("environment/test", json!({})),
    ]);
    let plan = plan_with(&desired, &live(&[]), &PlanOptions::default(), &rules);
    let blocks: Vec<String> = plan
        .changes
        .iter()
        .filter_map(|change| change.blocked.as_ref())
        .map(|block| format!("{}: {block}", block.code))
        .collect();
    // The first rule that blocks a change gives its reason.
    assert_eq!(
        blocks,
        [
            "contoso-naming: `Prod` is not lower-case",
            "contoso-few: too many"
        ]
    );
    assert_eq!(codes_of(&plan), ["contoso-few"]);
    assert_eq!(plan.diagnostics.len(), 1);
    assert_eq!(plan.writes(), 0);
}

#[test]
fn a_share_of_deletes_is_allowed_up_to_the_limit_and_refused_above_it() {
    let mut options = pruning();
    options.safety.max_deletes = MaxDeletes::Percent(30.0);
    assert!(codes_of(&plan_of_deletes(10, 3, &options)).is_empty());
    let refused = plan_of_deletes(10, 4, &options);
    assert_eq!(codes_of(&refused), ["too-many-deletes"]);
    assert!(
        refused.refusals[0]
            .message
            .contains("4 of 10 resources, 40%")
    );
    // Nine are fewer than the ten from which the limit applies.
    assert!(codes_of(&plan_of_deletes(9, 9, &options)).is_empty());
    options.safety.max_deletes = MaxDeletes::Percent(0.0);
    assert!(codes_of(&plan_of_deletes(10, 0, &options)).is_empty());
    assert_eq!(
        codes_of(&plan_of_deletes(10, 1, &options)),
        ["too-many-deletes"]
    );
}

#[test]
fn a_number_of_deletes_is_allowed_up_to_the_limit_and_refused_above_it() {
    let mut options = pruning();
    options.safety.max_deletes = MaxDeletes::Count(2);
    options.safety.min_existing = 0;
    assert!(codes_of(&plan_of_deletes(2, 2, &options)).is_empty());
    assert_eq!(
        codes_of(&plan_of_deletes(3, 3, &options)),
        ["too-many-deletes"]
    );
}

#[test]
fn a_protected_resource_stays_with_all_that_would_vanish_with_it() {
    let live = live(&[
        ("api/a", json!({})),
        ("api/a/deployment/eu", json!({})),
        ("api/b", json!({})),
    ]);
    let blocks = |pattern: &str| -> Vec<String> {
        let mut options = pruning();
        options.safety.protect = Patterns::new([pattern]).unwrap();
        plan(&desired(&[]), &live, &options)
            .changes
            .iter()
            .map(|change| match &change.blocked {
                Some(block) => format!("{}: {}", change.address, block.code),
                None => change.address.to_string(),
            })
            .collect()
    };
    let kept = ["api/b", "api/a: protected"];
    assert_eq!(blocks("api/a"), kept);
    assert_eq!(
        blocks("api/a/deployment/*"),
        kept,
        "a child keeps its parent"
    );
    assert_eq!(blocks("api/*/deployment/us").len(), 3);
}

#[test]
fn another_owners_resource_is_not_changed_nor_anything_below_it() {
    let mut options = PlanOptions {
        ownership: Some(OwnershipMarker {
            property: "managed-by".to_owned(),
            owner: "us".to_owned(),
        }),
        ..PlanOptions::default()
    };
    let live = live(&[
        ("api/a", json!({"customProperties": {"managed-by": "them"}})),
        ("api/a/deployment/eu", json!({"title": "old"})),
    ]);
    let desired = desired(&[
        ("api/a", json!({"customProperties": {"managed-by": "us"}})),
        ("api/a/deployment/eu", json!({"title": "new"})),
    ]);
    let blocked = |options: &PlanOptions| -> Vec<String> {
        plan(&desired, &live, options)
            .changes
            .iter()
            .filter_map(|change| Some(change.blocked.as_ref()?.code.to_string()))
            .collect()
    };
    assert_eq!(blocked(&options), ["foreign-owner", "foreign-owner"]);
    options.prune.scope = PruneScope::All;
    assert!(blocked(&options).is_empty(), "there is no other owner");
}

#[test]
fn what_an_integration_certainly_keeps_is_not_written() {
    let mut live = live(&[("api/a", json!({"title": "old"}))]);
    let desired = desired(&[("api/a", json!({"title": "new"}))]);
    for (is_confirmed, action) in [(true, Action::Blocked), (false, Action::Update)] {
        let integration = address("integration/apim");
        let origin = SyncOrigin {
            integration,
            others: Vec::new(),
            is_confirmed,
        };
        live.origins.insert(address("api/a"), origin);
        let plan = plan(&desired, &live, &PlanOptions::default());
        assert_eq!(
            plan.changes[0].action(),
            action,
            "is_confirmed: {is_confirmed}"
        );
    }
}

#[test]
fn an_immutable_field_refuses_the_plan_and_blocks_its_change() {
    let at = |location: &str| [("service", json!({"location": location}))];
    let moved = plan(
        &desired(&at("northeurope")),
        &live(&at("westeurope")),
        &PlanOptions::default(),
    );
    assert_eq!(codes_of(&moved), ["immutable-field"]);
    assert_eq!(moved.summary().blocked, 1);
    // A create sets it for the first time.
    let new = plan(
        &desired(&at("northeurope")),
        &live(&[]),
        &PlanOptions::default(),
    );
    assert!(codes_of(&new).is_empty());
}

#[test]
fn a_resource_that_only_leaves_out_is_named_unless_it_is_there() {
    let both = [
        ("environment/prod", json!({})),
        ("api/a", json!({})),
        ("api/a/deployment/eu", json!({"environment": "prod"})),
    ];
    let options = PlanOptions {
        only: Patterns::new(["api/a/deployment/*"]).unwrap(),
        ..PlanOptions::default()
    };
    let warnings = |live: &[(&str, Value)]| {
        let plan = plan(&desired(&both), &crate::plan::tests::live(live), &options);
        plan.diagnostics
            .iter()
            .filter(|found| found.code == code::DEPENDENCY_NOT_SELECTED)
            .count()
    };
    assert_eq!(warnings(&[]), 2, "its parent and its environment");
    assert_eq!(warnings(&both[..1]), 1);
    assert_eq!(warnings(&both[..2]), 0);
}

#[test]
fn rules_report_in_the_order_of_the_table_whatever_the_order_of_the_input() {
    let mut states = vec![
        ("api/a", json!({"customProperties": {"rank": "x"}})),
        ("api/b", json!({"customProperties": {"rank": "x"}})),
        (
            "metadata-schema/rank",
            json!({"schema": {"type": "string"}, "assignedTo": [{"entity": "api"}]}),
        ),
        ("service", json!({"location": "westeurope"})),
    ];
    let desired = desired(&[
        (
            "metadata-schema/rank",
            json!({"schema": {"type": "number"}, "assignedTo": [{"entity": "api"}]}),
        ),
        ("service", json!({"location": "northeurope"})),
    ]);
    let first = plan(&desired, &live(&states), &PlanOptions::default());
    assert_eq!(codes_of(&first), ["schema-in-use", "immutable-field"]);
    states.reverse();
    assert_eq!(
        plan(&desired, &live(&states), &PlanOptions::default()),
        first
    );
}
