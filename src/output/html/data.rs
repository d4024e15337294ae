//! What a page carries: the plan in its machine form, and the differences of texts.

use serde::Serialize;
use serde_json::Value;

use super::arrangement::Arrangement;
use crate::document::{Diff, DocumentDiff, Impact};
use crate::model::Decimal;
use crate::output::breaking_lines::breaking_lines;
use crate::output::json::{PlanJson, Requests};
use crate::output::redactor::Redactor;
use crate::output::review::{Review, sign};
use crate::plan::{Change, Plan};

/// How two texts of one field differ.
#[derive(Debug, Serialize)]
struct TextDiff {
    /// Position in `changes`.
    change: usize,
    /// Position in its `fields`.
    field: usize,
    added: usize,
    removed: usize,
    /// Lines that differ and are not in `lines`.
    omitted: usize,
    /// Each with its sign in front.
    lines: Vec<String>,
    /// The lines at which findings are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<Mark>,
}

/// A line at which a document breaks callers, or may.
#[derive(Debug, Serialize)]
struct Mark {
    /// Position in `lines`.
    line: usize,
    /// `breaking` or `cautions`: the list of the change that has the finding.
    list: &'static str,
    /// Position in that list.
    finding: usize,
}

/// A plan; ids of the subscription and of principals are cut as in a comment.
pub(super) fn of_plan(plan: &Plan, review: &Review<'_>) -> Value {
    let json = PlanJson::new(
        plan,
        review.diagnostics,
        review.sources,
        Requests::default(),
        review.options.clone(),
        review.show_unchanged,
    );
    let redactor = Redactor {
        subscription: &plan.target.service.subscription,
    };
    let mut value = assemble(&json, &diffs(plan, review), redactor);
    if plan.from.is_some() {
        value["plan"]["from"]["subscriptionId"] = Value::String(String::new());
    }
    if review.is_emulator {
        value["plan"]["target"]["subscriptionId"] = Value::String(String::new());
    }
    let name = |address| Value::String(redactor.address(address));
    for (change, value) in plan.changes.iter().zip(list(&mut value["plan"]["changes"])) {
        value["address"] = name(&change.address);
    }
    for (address, value) in plan
        .unmanaged
        .iter()
        .zip(list(&mut value["plan"]["unmanaged"]))
    {
        *value = name(address);
    }
    if review.show_unchanged {
        let values = list(&mut value["plan"]["unchanged"]);
        for (address, value) in plan.unchanged.iter().zip(values) {
            *value = name(address);
        }
    }
    if let Some(fields) = value.as_object_mut() {
        fields.extend(Arrangement::new(plan, review, redactor).fields());
    }
    show_by_digits(&mut value);
    with_origin(value, review)
}

/// Where the plan comes from, which whoever may read the repository knows.
fn with_origin(mut value: Value, review: &Review<'_>) -> Value {
    let origin = serde_json::to_value(review.origin);
    value["origin"] = origin.expect("output structs have string keys");
    if let Some(portal) = &review.portal {
        value["portal"] = portal.service.as_str().into();
    }
    if let Some(words) = review.elsewhere {
        value["elsewhere"] = words.into();
    }
    value["origin"]["program"] = env!("CARGO_PKG_VERSION").into();
    value
}

/// Manifests that cannot be planned: no plan, only problems.
pub(super) fn of_failure(target: &str, review: &Review<'_>) -> Value {
    let json = PlanJson::invalid(review.diagnostics, review.sources);
    let mut value = assemble(&json, &[], Redactor { subscription: "" });
    value["plan"]["target"]["name"] = Value::String(target.to_owned());
    with_origin(value, review)
}

fn assemble(plan: &PlanJson, diffs: &[TextDiff], redactor: Redactor<'_>) -> Value {
    let value =
        |result: serde_json::Result<Value>| result.expect("output structs have string keys");
    let mut plan = value(serde_json::to_value(plan));
    if let Some(plan) = plan.as_object_mut() {
        // How many reads it took is not part of the plan, and may differ between equal plans.
        plan.shift_remove("requests");
    }
    let diffs = value(serde_json::to_value(diffs));
    redactor.value(serde_json::json!({"plan": plan, "diffs": diffs}))
}

/// Numbers that no float holds become texts: the page's script would round them.
fn show_by_digits(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().map(|float| format!("{float:e}"));
            let rounded = float.and_then(|text| Decimal::parse(&text));
            if rounded != Decimal::of(number) {
                *value = Value::String(number.to_string());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(show_by_digits),
        Value::Object(entries) => entries.values_mut().for_each(show_by_digits),
        _ => {}
    }
}

fn list(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_array_mut().into_iter().flatten()
}

fn diffs(plan: &Plan, review: &Review<'_>) -> Vec<TextDiff> {
    let mut diffs = Vec::new();
    for (i, change) in plan.changes.iter().enumerate() {
        if change.before().is_none() || change.after().is_none() {
            continue;
        }
        for (j, field) in change.fields.iter().enumerate() {
            if let Some(document) = review.document_diff(change, field) {
                let marks = marks(change, &document);
                diffs.push(text_diff(i, j, document.diff, marks));
            } else if let Some(diff) = review.text_diff(change, field) {
                diffs.push(text_diff(i, j, diff, Vec::new()));
            }
        }
    }
    diffs
}

fn text_diff(change: usize, field: usize, diff: Diff, marks: Vec<Mark>) -> TextDiff {
    let lines = diff.lines.iter();
    TextDiff {
        change,
        field,
        added: diff.added,
        removed: diff.removed,
        omitted: diff.omitted,
        lines: lines
            .map(|line| format!("{}{}", sign(line.kind), line.text))
            .collect(),
        marks,
    }
}

/// The lines of a document at which findings are, in the order of the lists of the change.
fn marks(change: &Change, document: &DocumentDiff) -> Vec<Mark> {
    let found = change.breaking();
    let Some(text) = change.text.as_ref().filter(|_| !found.is_empty()) else {
        return Vec::new();
    };
    let lines = breaking_lines(found, text, document);
    let lists = [(Impact::Break, "breaking"), (Impact::Caution, "cautions")];
    let of_list = |(impact, list)| {
        let of_impact = found.iter().zip(&lines);
        let of_impact = of_impact.filter(move |(found, _)| found.impact == impact);
        of_impact
            .enumerate()
            .filter_map(move |(finding, (_, line))| {
                Some(Mark {
                    line: (*line)?,
                    list,
                    finding,
                })
            })
    };
    lists.into_iter().flat_map(of_list).collect()
}
