//! What is behind a click: the fields of each resource and the lines of each document.

use serde_json::Value;

use super::changes::declared;
use super::context::MarkdownContext;
use super::escaper::{count, fence};
use super::grouping::by_root;
use super::part::{Part, Priority};
use super::values::{document as document_words, impacts, line_counts};
use crate::document::Diff;
use crate::output::outline::{Shown, ShownField, shown_fields};
use crate::output::review::sign;
use crate::output::spec_diff::sums_words;
use crate::output::spelling::spelled;
use crate::output::text::cut;
use crate::output::unmodelled::unmodelled;
use crate::output::value::is_digest;
use crate::plan::{Action, Change};

/// Longest value that is shown whole, in characters.
const LONGEST_VALUE: usize = 200;

/// What says enough of a digest, in characters.
const SHORT_DIGEST: usize = 19;

/// The fields of every change, one part for each API with what is below it.
pub(super) fn fields(context: MarkdownContext<'_>) -> Vec<Part> {
    let declared: Vec<&Change> = declared(context).collect();
    by_root(&declared)
        .into_values()
        .map(|mut group| {
            group.sort_by(|a, b| a.address.cmp(&b.address));
            let mut lines = Vec::new();
            for change in &group {
                if !lines.is_empty() {
                    lines.push(String::new());
                }
                push_change(&mut lines, context, change);
            }
            Part::new(
                Priority::Fields,
                group.len(),
                [fence("diff", &lines), String::new()],
            )
        })
        .collect()
}

fn push_change(lines: &mut Vec<String>, context: MarkdownContext<'_>, change: &Change) {
    let MarkdownContext {
        review, escaper, ..
    } = context;
    let action = change.action();
    let sign = match action {
        Action::Create => '+',
        Action::Delete => '-',
        _ => '!',
    };
    let place = change
        .place
        .map_or(String::new(), |p| format!("  {}", review.place(p)));
    let address = escaper.bare_address(&change.address);
    lines.push(format!(
        "{sign} {} {address}{}",
        action.word(),
        escaper.line(&place)
    ));
    for field in shown_fields(change) {
        push_field(lines, context, change, &field);
    }
    for text in unmodelled(change) {
        lines.push(format!("    {}", escaper.line(&text)));
    }
}

fn push_field(
    lines: &mut Vec<String>,
    context: MarkdownContext<'_>,
    change: &Change,
    field: &ShownField<'_>,
) {
    let MarkdownContext {
        review, escaper, ..
    } = context;
    let path = escaper.line(&field.label);
    let place = match (change.action(), field.place) {
        (Action::Create, _) | (_, None) => String::new(),
        (_, Some(span)) => escaper.line(&format!("  {}", review.place(span))),
    };
    match &field.shown {
        Shown::Document { field, .. } => {
            let sign = if field.before.is_some() { '!' } else { '+' };
            let words = document_words(context, change, field).replace("**", "");
            lines.push(format!("{sign}   {path}: {words}{place}"));
        }
        Shown::Choices { removed, added } => {
            let sides = [('-', removed), ('+', added)];
            for (sign, value) in sides.iter().flat_map(|(sign, values)| {
                let values = values.iter();
                values.map(move |value| (sign, spelled(Some(value))))
            }) {
                lines.push(format!("{sign}   {path}: {}", escaper.line(&value)));
            }
        }
        Shown::Value {
            before,
            after,
            note,
        } => {
            push_value(
                lines,
                context,
                (&path, &place),
                before.as_deref(),
                after.as_deref(),
            );
            lines.extend(note.map(|note| format!("    ({note})")));
        }
    }
}

fn push_value(
    lines: &mut Vec<String>,
    context: MarkdownContext<'_>,
    (path, place): (&str, &str),
    before: Option<&Value>,
    after: Option<&Value>,
) {
    if let Some(diff) = context.review.value_diff(before, after) {
        lines.push(format!("!   {path}:{place}"));
        push_diff(lines, context, &diff, "    ");
        return;
    }
    let shown = |value: &Value| {
        let most = match value.as_str().is_some_and(is_digest) {
            true => SHORT_DIGEST,
            false => LONGEST_VALUE,
        };
        context.escaper.line(&cut(&spelled(Some(value)), most))
    };
    let (before, after) = (before.map(shown), after.map(shown));
    let is_same = before.is_some() && before == after;
    if let Some(before) = before {
        let place = if after.is_none() { place } else { "" };
        lines.push(format!("-   {path}: {before}{place}"));
    }
    if let Some(after) = after {
        lines.push(format!("+   {path}: {after}{place}"));
    }
    if is_same {
        lines.push("    (they differ in what is cut off here)".to_owned());
    }
}

fn push_diff(lines: &mut Vec<String>, context: MarkdownContext<'_>, diff: &Diff, indent: &str) {
    for line in &diff.lines {
        let sign = sign(line.kind);
        let indent = if sign.is_empty() { "" } else { indent };
        let text = context.escaper.line(&line.text);
        lines.push(format!("{sign}{indent}{text}").trim_end().to_owned());
    }
    if diff.omitted > 0 {
        lines.push(format!("    … and {}", count(diff.omitted, "more line")));
    }
}

/// The documents that change, each behind a click of its own.
pub(super) fn documents(context: MarkdownContext<'_>) -> Vec<Part> {
    declared(context)
        .filter_map(|change| {
            let diff = context.diffs.get(&change.address)?;
            Some(document(context, change, diff))
        })
        .collect()
}

fn document(context: MarkdownContext<'_>, change: &Change, diff: &Diff) -> Part {
    let escaper = context.escaper;
    let counts = format!("{}{}", line_counts(diff), impacts(change).replace("**", ""));
    let counts = match sums_words(change.sums()) {
        Some(sums) => format!("{counts}; {sums}"),
        None => counts,
    };
    let mut lines = Vec::new();
    push_diff(&mut lines, context, diff, "");
    let full = format!(
        "<details><summary>Document of {}: {counts}</summary>\n\n{}\n</details>\n",
        escaper.html_address(&change.address),
        fence("diff", &lines)
    );
    let short = format!(
        "- Document of {}: {counts}\n",
        escaper.address(&change.address)
    );
    Part::new(Priority::Document, 1, [full, short, String::new()])
}
