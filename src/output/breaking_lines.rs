//! The lines of a document's difference at which it breaks.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::breaking_places::single;
use super::spec_diff::spans;
use crate::document::{Breaking, DiffLine, DiffLineKind, DocumentDiff, DocumentPlace};
use crate::model::Sources;
use crate::plan::TextChange;

/// For each finding, the position of the line in the difference that breaks; `None` where that is not shown, or not
/// known.
///
/// It is a line that changed within what the finding is about, on the side that names what the finding names; else the
/// line where that begins, if it is shown.
pub(super) fn breaking_lines(
    found: &[Breaking],
    text: &TextChange,
    compared: &DocumentDiff,
) -> Vec<Option<usize>> {
    let live = text.before.as_deref().unwrap_or_default();
    let (before, after) = match &compared.layout {
        Some((before, after)) => (before.as_str(), after.as_str()),
        None => (live, &*text.after.text),
    };
    let before = extents(before, found, |found| found.before.as_ref());
    let after = extents(after, found, |found| found.after.as_ref());
    let lines = &compared.diff.lines;
    let sides = before.iter().zip(&after);
    let found = found.iter().zip(sides);
    found
        .map(|(found, sides)| line_of(found, sides, lines))
        .collect()
}

/// The first and the last line of something, from 1.
type Extent = RangeInclusive<usize>;

fn line_of(
    found: &Breaking,
    (before, after): (&Option<Extent>, &Option<Extent>),
    lines: &[DiffLine],
) -> Option<usize> {
    let is_in = |extent: &Option<Extent>, number: Option<usize>| {
        let extent = extent.as_ref().zip(number);
        extent.is_some_and(|(extent, number)| extent.contains(&number))
    };
    let changed = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| match line.kind {
            DiffLineKind::Added => is_in(after, line.after),
            DiffLineKind::Removed => is_in(before, line.before),
            DiffLineKind::Context | DiffLineKind::Hunk | DiffLineKind::Note => false,
        });
    let names = names(found);
    let weight = |line: &DiffLine| {
        names
            .iter()
            .filter(|name| line.text.contains(**name))
            .count()
    };
    // Of several, the one with most of the names; then what is now; then the first.
    let best = changed.max_by_key(|(at, line)| {
        let is_now = line.kind == DiffLineKind::Added;
        (weight(line), is_now, std::cmp::Reverse(*at))
    });
    let starts = || {
        let is_start = |extent: &Option<Extent>, number: Option<usize>| {
            number.is_some() && extent.as_ref().map(|extent| *extent.start()) == number
        };
        let mut lines = lines.iter();
        lines.position(|line| is_start(after, line.after) || is_start(before, line.before))
    };
    best.map(|(at, _)| at).or_else(starts)
}

/// What a finding names: code in its words, and texts of the value that shows it.
fn names(found: &Breaking) -> Vec<&str> {
    fn collect<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
        match value {
            Value::String(text) => into.push(text),
            Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
            Value::Object(entries) => entries.iter().for_each(|(key, value)| {
                into.push(key);
                collect(value, into);
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut names: Vec<&str> = found.message.split('`').skip(1).step_by(2).collect();
    if let Some(witness) = &found.witness {
        collect(witness, &mut names);
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Which lines of a text the findings are about.
fn extents(
    text: &str,
    found: &[Breaking],
    place: fn(&Breaking) -> Option<&DocumentPlace>,
) -> Vec<Option<Extent>> {
    let mut sources = Sources::default();
    let part = [single(&mut sources, "", text)];
    let lines: Vec<&str> = part[0].text.lines().collect();
    let spans = spans(&part, found, place);
    let extent = |(found, span): (&Breaking, _)| {
        let (_, start) = sources.locate(span?);
        // A place in a text that is not a tree is within one line.
        let Some(pointer) = place(found)?.pointer() else {
            return Some(start.line..=start.line);
        };
        let is_item = pointer
            .rsplit('/')
            .next()
            .is_some_and(|step| step.bytes().all(|byte| byte.is_ascii_digit()));
        Some(start.line..=last_line(&lines, start.line, start.column, is_item))
    };
    found.iter().zip(spans).map(extent).collect()
}

/// The last line of what begins at a line and a column: all below it is indented further, or is a list beside its key.
fn last_line(lines: &[&str], line: usize, column: usize, is_item: bool) -> usize {
    let first = lines.get(line - 1).copied().unwrap_or_default();
    let above = first.chars().take(column - 1).collect::<String>();
    // What is at the sign of an item belongs to it as a whole.
    let indent = match above.trim_end().strip_suffix('-') {
        Some(sign) if is_item => sign.chars().count(),
        _ => column - 1,
    };
    let is_within = |text: &&&str| {
        let inner = text.trim_start();
        let own = text.chars().count() - inner.chars().count();
        let is_list = !is_item && own == indent && inner.starts_with("- ");
        inner.is_empty() || own > indent || is_list
    };
    line + lines.iter().skip(line).take_while(is_within).count()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::document::{DiffOptions, digest, document_diff, effects};
    use crate::model::Document;

    /// Each finding with its line, or with nothing.
    fn marked(before: &str, after: &str) -> Vec<String> {
        let effects = effects(before, after);
        let found = effects.findings.clone();
        let document = Document {
            digest: digest(after),
            text: Arc::from(after),
            link: None,
            files: None,
            file: None,
            parts: Vec::new(),
        };
        let text = TextChange {
            before: Some(Arc::from(before)),
            after: Arc::new(document),
            effects,
        };
        let compared = document_diff(before, after, DiffOptions::default());
        let lines = breaking_lines(&found, &text, &compared);
        let found = found.iter().zip(lines);
        found
            .map(|(found, line)| {
                let line = line.map(|at| &compared.diff.lines[at]);
                let line = line.map_or("", |line| line.text.trim());
                format!("{}: {line}", found.message)
            })
            .collect()
    }

    const BEFORE: &str = "openapi: 3.0.3
info: {title: Payments, version: '1'}
paths:
  /payments:
    get:
      parameters:
        - name: page
          in: query
          schema: {type: integer}
      responses:
        '200': {description: All.}
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Refund'}
      responses:
        '201': {description: Done.}
    delete:
      responses:
        '204': {description: None is left.}
components:
  schemas:
    Refund:
      type: object
      properties:
        reason:
          type: string
          enum:
            - fraud
            - goodwill
            - duplicate
";

    #[test]
    fn a_finding_is_at_the_line_that_makes_it() {
        let without_delete = BEFORE.replace(
            "    delete:\n      responses:\n        '204': {description: None is left.}\n",
            "",
        );
        let found = marked(BEFORE, &without_delete);
        assert_eq!(found, ["operation removed: delete:"]);
        let fewer = BEFORE.replace("            - goodwill\n", "");
        let found = marked(BEFORE, &fewer);
        assert!(found[0].ends_with(": - goodwill"), "{found:?}");
        let required = BEFORE.replace(
            "          in: query\n",
            "          in: query\n          required: true\n",
        );
        let found = marked(BEFORE, &required);
        assert!(found[0].ends_with(": required: true"), "{found:?}");
        let other = BEFORE.replace("{type: integer}", "{type: boolean}");
        let found = marked(BEFORE, &other);
        assert!(found[0].ends_with(": schema: {type: boolean}"), "{found:?}");
    }

    #[test]
    fn documents_in_another_layout_have_lines_of_the_layout_that_is_shown() {
        let operation = json!({"responses": {"204": {"description": "None is left."}}});
        let description = |operations: Value| {
            json!({"openapi": "3.0.3", "info": {"title": "Payments", "version": "1"},
                "paths": {"/payments": operations}})
        };
        let before = description(json!({"get": operation, "delete": operation}));
        let after = description(json!({"get": operation}));
        let after = serde_json::to_string_pretty(&after).unwrap();
        let found = marked(&before.to_string(), &after);
        assert_eq!(found, ["operation removed: delete:"]);
    }
}
