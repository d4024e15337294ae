//! What a page carries: the plan in its machine form, and the differences of texts.

use std::io;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::arrangement::Arrangement;
use super::json_text::{JsonText, show_by_digits};
use crate::document::{Diff, DocumentDiff, Impact};
use crate::output::apply_command::apply_command;
use crate::output::authors::author_words;
use crate::output::breaking_lines::breaking_lines;
use crate::output::json::{CHANGES, PlanJson, Requests};
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

/// A plan as JSON; ids of the subscription and of principals are cut as in a comment. Only one change at a time is a
/// value: all of them would take much more memory than their text.
pub(super) fn of_plan(plan: &Plan, review: &Review<'_>, out: &mut dyn io::Write) -> io::Result<()> {
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
    let (frame, changes) = json.into_parts();
    let mut value = assemble(frame, redactor);
    if plan.from.is_some() {
        value["plan"]["from"]["subscriptionId"] = Value::String(String::new());
    }
    if review.is_emulator {
        value["plan"]["target"]["subscriptionId"] = Value::String(String::new());
    }
    name_listed(&mut value["plan"], plan, review, redactor);
    show_by_digits(&mut value);
    let changes = plan.changes.iter().zip(changes.iter());
    let changes = changes.map(|(change, json)| {
        let mut value = redactor.value(to_value(json));
        value["address"] = Value::String(redactor.address(&change.address));
        value
    });
    let mut changes = Some(changes);
    let mut text = JsonText::new(out);
    text.object("plan", |text| {
        for (key, value) in value["plan"].as_object().into_iter().flatten() {
            match changes.take_if(|_| key == CHANGES) {
                Some(changes) => text.list(key, changes)?,
                None => text.field(key, value)?,
            }
        }
        Ok(())
    })?;
    let diffs = diffs(plan, review).into_iter();
    text.list("diffs", diffs.map(|diff| redactor.value(to_value(diff))))?;
    Arrangement::new(plan, review, redactor).write(&mut text)?;
    if let Some(words) = author_words(plan) {
        text.field("authors", &words.into())?;
    }
    let command = apply_command(plan, review.options, redactor);
    if let Some(command) = command.filter(|_| plan.refusals.is_empty()) {
        text.field("command", &command.into())?;
    }
    for (key, value) in origin(review) {
        text.field(&key, &value)?;
    }
    text.end()
}

/// Gives the resources in lists their names as the redactor shows them.
fn name_listed(listed: &mut Value, plan: &Plan, review: &Review<'_>, redactor: Redactor<'_>) {
    let mut lists = vec![
        ("unmanaged", &plan.unmanaged),
        ("leftAlone", &plan.left_alone),
    ];
    if review.show_unchanged {
        lists.push(("unchanged", &plan.unchanged));
    }
    for (key, addresses) in lists {
        let values = listed.get_mut(key).into_iter().flat_map(list);
        for (address, value) in addresses.iter().zip(values) {
            *value = Value::String(redactor.address(address));
        }
    }
}

/// Where the plan comes from, which whoever may read the repository knows.
fn origin(review: &Review<'_>) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut origin = to_value(review.origin);
    origin["program"] = env!("CARGO_PKG_VERSION").into();
    fields.insert("origin".to_owned(), origin);
    if let Some(portal) = &review.portal {
        fields.insert("portal".to_owned(), portal.service.as_str().into());
    }
    if let Some(words) = review.elsewhere {
        fields.insert("elsewhere".to_owned(), words.into());
    }
    fields
}

/// Manifests that cannot be planned: no plan, only problems.
pub(super) fn of_failure(
    target: &str,
    review: &Review<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let (frame, _) = PlanJson::invalid(review.diagnostics, review.sources).into_parts();
    let mut value = assemble(frame, Redactor { subscription: "" });
    value["plan"]["target"]["name"] = Value::String(target.to_owned());
    value["diffs"] = Value::Array(Vec::new());
    let mut text = JsonText::new(out);
    for (key, value) in value.as_object().into_iter().flatten() {
        text.field(key, value)?;
    }
    for (key, value) in origin(review) {
        text.field(&key, &value)?;
    }
    text.end()
}

/// The plan without its changes.
fn assemble(mut plan: Value, redactor: Redactor<'_>) -> Value {
    if let Some(plan) = plan.as_object_mut() {
        // How many reads it took is not part of the plan, and may differ between equal plans.
        plan.shift_remove("requests");
    }
    redactor.value(json!({"plan": plan}))
}

fn to_value(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("output structs have string keys")
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
