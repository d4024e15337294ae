//! What is behind a click: the fields of each resource and the lines of each document.

use super::changes::declared;
use super::context::MarkdownContext;
use super::escaper::{count, fence, grouped, value};
use super::grouping::by_root;
use super::truncation::{Part, Priority};
use crate::document::Diff;
use crate::output::review::sign;
use crate::output::unmodelled::unmodelled;
use crate::plan::{Action, Change, FieldChange};

/// Longest value that is shown whole, in characters.
const LONGEST_VALUE: usize = 200;

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
    for field in &change.fields {
        push_field(lines, context, change, field);
    }
    for text in unmodelled(change) {
        lines.push(format!("    {}", escaper.line(&text)));
    }
}

fn push_field(
    lines: &mut Vec<String>,
    context: MarkdownContext<'_>,
    change: &Change,
    field: &FieldChange,
) {
    let MarkdownContext {
        review, escaper, ..
    } = context;
    let path = escaper.line(&field.path);
    let place = match (change.action(), field.place) {
        (Action::Create, _) | (_, None) => String::new(),
        (_, Some(span)) => escaper.line(&format!("  {}", review.place(span))),
    };
    let is_document = change.is_document(field);
    if !is_document && let Some(diff) = review.text_diff(change, field) {
        lines.push(format!("!   {path}:{place}"));
        push_diff(lines, context, &diff, "    ");
        return;
    }
    let shown = |v: &serde_json::Value| escaper.line(&value(v, LONGEST_VALUE));
    let before = field.before.as_ref().map(shown);
    let after = field.after.as_ref().map(shown);
    let is_same = before.is_some() && before == after;
    if let Some(before) = before {
        let place = if after.is_none() { place.as_str() } else { "" };
        lines.push(format!("-   {path}: {before}{place}"));
    }
    if let Some(after) = after {
        let size = match &change.text {
            Some(text) if is_document => {
                format!(" ({})", count(text.after.text.lines().count(), "line"))
            }
            _ => String::new(),
        };
        lines.push(format!("+   {path}: {after}{size}{place}"));
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
            let field = change
                .fields
                .iter()
                .find(|field| change.is_document(field))?;
            let diff = context.review.text_diff(change, field)?;
            Some(document(context, change, &diff))
        })
        .collect()
}

fn document(context: MarkdownContext<'_>, change: &Change, diff: &Diff) -> Part {
    let escaper = context.escaper;
    let counts = format!("+{} −{}", grouped(diff.added), grouped(diff.removed));
    let mut lines = Vec::new();
    push_diff(&mut lines, context, diff, "");
    let full = format!(
        "<details><summary>Document of {}: {counts} lines</summary>\n\n{}\n</details>\n",
        escaper.html_address(&change.address),
        fence("diff", &lines)
    );
    let short = format!(
        "- Document of {}: {counts} lines\n",
        escaper.address(&change.address)
    );
    Part::new(Priority::Document, 1, [full, short, String::new()])
}
