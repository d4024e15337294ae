//! One table of rules, to which rules can be added at run time.

use std::collections::BTreeSet;
use std::fs;

use apicenter::checks::{Rule, RuleScope, Rules};
use apicenter::model::{Code, Diagnostic, Diagnostics, LiveState};
use apicenter::output::{render_diagnostics, render_sarif};
use apicenter::plan::{self, plan_with};
use apicenter::project::{LoadOptions, LoadedProject};
use apicenter::schema::{OtherSubjects, explain};
use serde_json::Value;

/// As a rule that comes from a file would be: nothing of it is known when the program is built.
fn code(name: &str) -> Code {
    Code::new(format!("team-{name}"), format!("Every API has the {name}."))
}

fn rules() -> Rules {
    let summary = code("summary");
    let over_manifests = Rule::over_manifests(summary.id.clone(), move |input, diagnostics| {
        for declared in input.desired.resources.values() {
            if !declared.resource.body.contains_key("summary") {
                let message = format!("{} has no summary", declared.resource.address);
                let place = declared.place.expect("declared in a file");
                let found = Diagnostic::warning(summary.clone(), message);
                diagnostics.push(found.at(place, "declared here"));
            }
        }
    });
    let creates = code("approval");
    let over_plans = plan::PlanRule::over_plan(creates.id.clone(), move |input, findings| {
        for change in &input.plan.changes {
            let message = format!("{} needs an approval", change.address);
            findings.warn(Diagnostic::warning(creates.clone(), message));
        }
    });
    Rules::built_in().with(over_manifests).with(over_plans)
}

fn text(project: &LoadedProject, diagnostics: &[Diagnostic]) -> String {
    let diagnostics: Diagnostics = diagnostics.iter().cloned().collect();
    render_diagnostics(&diagnostics, &project.sources, false).to_string()
}

fn sarif(project: &LoadedProject, diagnostics: &[Diagnostic]) -> Value {
    let text = render_sarif(diagnostics, &[], &project.sources, "", "apicenter.yaml");
    serde_json::from_str(&text.to_string()).expect("SARIF is JSON")
}

#[test]
fn a_rule_that_is_made_at_run_time_runs_over_manifests_and_plans() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a writable folder");
    };
    write(
        "apicenter.yaml",
        "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: shop-catalog}\nspec:\n  targets: \
         {local: {emulator: {}}}\n",
    );
    write(
        "orders.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: Orders, kind: \
         rest}\n",
    );
    let options = LoadOptions {
        rules: rules(),
        ..LoadOptions::default()
    };
    let project = LoadedProject::open(folder.path(), options).expect("a project");

    let shown = text(&project, &project.diagnostics);
    let expected = "orders.yaml:1:1: warning[team-summary]: api/orders has no summary";
    assert!(shown.contains(expected), "{shown}");
    let log = sarif(&project, &project.diagnostics);
    let run = &log["runs"][0];
    assert_eq!(run["results"][0]["ruleId"], "team-summary");
    let index = run["results"][0]["ruleIndex"].as_u64().expect("an index");
    let rule = &run["tool"]["driver"]["rules"][usize::try_from(index).expect("small")];
    assert_eq!(rule["id"], "team-summary");
    assert_eq!(
        rule["shortDescription"]["text"],
        "Every API has the summary."
    );

    let (desired, live) = (&project.desired, LiveState::default());
    let plan = plan_with(desired, &live, &project.options, project.rules().of_plans());
    let found = plan.diagnostics.clone();
    let shown = text(&project, &found);
    let expected = "warning[team-approval]: api/orders needs an approval";
    assert!(shown.contains(expected), "{shown}");
    let log = sarif(&project, &found);
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "team-approval");

    let codes = [code("approval")];
    let others = OtherSubjects {
        codes: &codes,
        ..OtherSubjects::default()
    };
    let text = explain("team-approval", others).expect("known");
    assert_eq!(
        text,
        "team-approval\n  Every API has the approval.\n  An Exemption can accept it.\n"
    );
}

#[test]
fn the_table_has_rules_of_both_scopes_with_ids_of_their_own() {
    let rules = Rules::built_in();
    let ids: BTreeSet<(RuleScope, &str)> =
        rules.iter().map(|rule| (rule.scope(), rule.id())).collect();
    assert_eq!(ids.len(), rules.iter().count(), "{ids:?}");
    for scope in [RuleScope::Manifest, RuleScope::Plan] {
        assert!(rules.iter().any(|rule| rule.scope() == scope));
    }
    let is_plain = |id: &str| id.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    assert!(
        ids.iter().all(|(_, id)| !id.is_empty() && is_plain(id)),
        "{ids:?}"
    );
}
