//! Fields beside `spec` that belong under it.

use std::sync::Arc;

use serde_json::Value;

use super::secrets;
use crate::model::{Certainty, Deed, Diagnostic, Diagnostics, Fix, Sources, Span, TextEdit, code};
use crate::yaml::{Entry, Node, NodeValue, entry_end};

/// Reports fields of a kind that are beside `spec`, and returns `spec` with them, so that each mistake is one
/// problem. `None` if there are none.
pub(super) fn taken_in(
    (root, known): (&Node, &[&str]),
    schema: Option<&Value>,
    spec: Option<&Entry>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Arc<Node>> {
    let properties = schema?.get("properties")?.as_object()?;
    let inner = spec.and_then(|spec| spec.value.entries());
    if spec.is_some_and(|spec| !spec.value.is_null()) && inner.is_none() {
        return None;
    }
    let inner = inner.unwrap_or_default();
    let is_free = |name: &str| inner.iter().all(|other| other.key.text != name);
    let strays: Vec<&Entry> = root
        .entries()?
        .iter()
        .filter(|entry| properties.contains_key(&entry.key.text) && is_free(&entry.key.text))
        // `kind` is a field of the document too.
        .filter(|entry| !known.contains(&entry.key.text.as_str()))
        .collect();
    let first = strays.first()?;
    let fix = moved(root, &strays, spec, sources);
    for stray in &strays {
        let name = &stray.key.text;
        diagnostics.push(
            Diagnostic::error(code::UNKNOWN_FIELD, format!("unknown field `{name}`"))
                .at(stray.key.span, "no such field here")
                .help(format!("`{name}` belongs under `spec`: move it there"))
                .fix_opt(fix.clone()),
        );
    }
    let span = spec
        .filter(|_| !inner.is_empty())
        .map_or(first.key.span, |spec| spec.value.span);
    let all = inner.iter().chain(strays.iter().copied()).cloned();
    Some(Arc::new(Node {
        span,
        value: NodeValue::Mapping(all.collect()),
    }))
}

/// The edits that move entries of a document under `spec`; all of them together, as each alone would need its own
/// `spec`.
fn moved(root: &Node, strays: &[&Entry], spec: Option<&Entry>, sources: &Sources) -> Option<Fix> {
    let text = &*sources.get(root.span.source).text;
    let is_own = |span: Span| span.source == root.span.source && span.start >= root.span.start;
    let starts_a_line = root.span.start == 0 || text[..root.span.start].ends_with('\n');
    if !starts_a_line
        || text[root.span.start..].starts_with('{')
        || !strays.iter().all(|entry| is_own(entry.key.span))
        || strays.iter().any(|entry| secrets::has_key_of_secret(entry))
    {
        return None;
    }
    let chunks: Vec<(usize, usize)> = strays
        .iter()
        .map(|entry| lines_of(text, root, entry))
        .collect();
    // What an alias names must come before it.
    let is_moved_freely = chunks
        .iter()
        .all(|(start, end)| !text[*start..*end].contains(['&', '*']));
    let block = |indent: usize| indented(text, &chunks, indent);
    let insertion = match spec {
        None => {
            let at = chunks.first()?.0;
            (at, format!("spec:\n{}", block(2)))
        }
        Some(spec) => insertion(text, spec, strays, &block)?,
    };
    let edit = |start: usize, end: usize, new: String| TextEdit {
        span: Span {
            start,
            end,
            ..root.span
        },
        text: new,
    };
    let mut edits = vec![edit(insertion.0, insertion.0, insertion.1)];
    for (start, end) in &chunks {
        match start == &insertion.0 {
            true => edits[0].span.end = *end,
            false => edits.push(edit(*start, *end, String::new())),
        }
    }
    let names: Vec<String> = strays
        .iter()
        .map(|entry| format!("`{}`", entry.key.text))
        .collect();
    let object = format!("{} under `spec`", names.join(", "));
    let certainty = match is_moved_freely {
        true => Certainty::Certain,
        false => Certainty::Suggested,
    };
    Some(Fix::new(certainty, Deed::Move, object, edits))
}

/// The lines of ranges, indented more.
fn indented(text: &str, ranges: &[(usize, usize)], indent: usize) -> String {
    let indent = " ".repeat(indent);
    let mut block = String::new();
    let lines = ranges
        .iter()
        .flat_map(|(start, end)| text[*start..*end].lines());
    for line in lines {
        if !line.is_empty() {
            block.push_str(&indent);
        }
        block.push_str(line);
        block.push('\n');
    }
    block
}

/// Where entries are written below a `spec` that is there, and what.
fn insertion(
    text: &str,
    spec: &Entry,
    strays: &[&Entry],
    block: &dyn Fn(usize) -> String,
) -> Option<(usize, String)> {
    let key_end = spec.key.span.end;
    let Some(first) = spec.value.entries().and_then(<[Entry]>::first) else {
        let rest = &text[key_end..];
        let line = rest.find('\n').map_or(text.len(), |at| key_end + at + 1);
        // An empty mapping in braces, or a value that is an alias.
        let is_empty = text[key_end..line]
            .trim_end()
            .trim_start_matches(':')
            .split('#')
            .next()?
            .trim()
            .is_empty();
        return (is_empty && text[..line].ends_with('\n')).then(|| (line, block(2)));
    };
    if spec.value.span.start < key_end {
        return None;
    }
    if text[spec.value.span.start..].starts_with('{') {
        let mut new = String::new();
        for entry in strays {
            let (start, end) = (entry.key.span.start, entry_end(text, entry));
            let written = &text[start..end];
            let is_short = !written.contains('\n')
                && (entry.value.scalar().is_none_or(|scalar| !scalar.plain)
                    || !written.contains([',', '[', ']', '{', '}']));
            if !is_short {
                return None;
            }
            new.push_str(written);
            new.push_str(", ");
        }
        return Some((spec.value.span.start + 1, new));
    }
    let line = text[..first.key.span.start].rfind('\n')? + 1;
    let indent = &text[line..first.key.span.start];
    indent
        .chars()
        .all(|c| c == ' ')
        .then(|| (line, block(indent.len())))
}

/// The lines of an entry, with the comment behind it, and with those directly above it if they are not the first of
/// the document.
fn lines_of(text: &str, root: &Node, entry: &Entry) -> (usize, usize) {
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let mut start = line_start(entry.key.span.start);
    while start > root.span.start && text[line_start(start - 1)..].starts_with('#') {
        start = line_start(start - 1);
    }
    let end = entry_end(text, entry).max(entry.key.span.end);
    let end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    (start, end)
}
