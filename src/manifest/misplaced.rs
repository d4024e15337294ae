//! Fields beside `spec` and under `metadata` that belong under `spec`.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::secrets;
use crate::model::{Certainty, Deed, Diagnostic, Diagnostics, Fix, Sources, Span, TextEdit, code};
use crate::yaml::{Entry, Node, NodeValue, entry_end};

/// A field that belongs under `spec`, and the mapping that it is in: the document or its `metadata`.
struct Stray<'a> {
    entry: &'a Entry,
    holder: &'a Node,
}

/// What was found about fields that are not where they belong.
#[derive(Default)]
pub(super) struct Misplaced {
    /// `spec` with the fields that belong there; `None` if there are none.
    pub(super) spec: Option<Arc<Node>>,
    /// The keys that are reported.
    reported: HashSet<(usize, usize)>,
}

impl Misplaced {
    pub(super) fn is_reported(&self, entry: &Entry) -> bool {
        let span = entry.key.span;
        self.reported.contains(&(span.start, span.end))
    }
}

/// Reports fields of a kind that are beside `spec` or under `metadata`, and returns `spec` with them, so that each
/// mistake is one problem.
///
/// Each holder comes with the fields that it has itself.
pub(super) fn misplaced(
    holders: &[(&Node, &[&str])],
    schema: Option<&Value>,
    spec: Option<&Entry>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Misplaced {
    let inner = spec.and_then(|spec| spec.value.entries());
    let has_other = inner.is_none() && spec.is_some_and(|spec| !spec.value.is_null());
    let properties = schema.and_then(|schema| schema.get("properties")?.as_object());
    let (Some(properties), false) = (properties, has_other) else {
        return Misplaced::default();
    };
    let inner = inner.unwrap_or_default();
    let mut taken: HashSet<&str> = inner.iter().map(|entry| &*entry.key.text).collect();
    let (mut strays, mut repeated) = (Vec::new(), Vec::new());
    for (holder, own) in holders {
        let entries = holder.entries().into_iter().flatten();
        // `kind` is a field of the document too.
        let others = entries.filter(|entry| !own.contains(&entry.key.text.as_str()));
        for entry in others.filter(|entry| properties.contains_key(&entry.key.text)) {
            match taken.insert(&entry.key.text) {
                true => strays.push(Stray { entry, holder }),
                false => repeated.push(entry),
            }
        }
    }
    let fix = moved(holders[0].0, &strays, spec, sources);
    let mut reported = HashSet::new();
    let mut report = |entry: &Entry, help: String, fix: Option<Fix>| {
        let (name, span) = (&entry.key.text, entry.key.span);
        reported.insert((span.start, span.end));
        diagnostics.push(
            Diagnostic::error(code::UNKNOWN_FIELD, format!("unknown field `{name}`"))
                .at(span, "no such field here")
                .help(help)
                .fix_opt(fix),
        );
    };
    for Stray { entry, .. } in &strays {
        let help = format!("`{}` belongs under `spec`: move it there", entry.key.text);
        report(entry, help, fix.clone());
    }
    for entry in repeated {
        let name = &entry.key.text;
        let help =
            format!("`{name}` belongs under `spec`, and another one is there: remove this one");
        report(entry, help, None);
    }
    let span = |first: &Stray<'_>| {
        spec.filter(|_| !inner.is_empty())
            .map_or(first.entry.key.span, |spec| spec.value.span)
    };
    let all = inner.iter().chain(strays.iter().map(|stray| stray.entry));
    let spec = strays.first().map(|first| {
        Arc::new(Node {
            span: span(first),
            value: NodeValue::Mapping(all.cloned().collect()),
        })
    });
    Misplaced { spec, reported }
}

/// The edits that move entries of a document under `spec`; all of them together, as each alone would need its own
/// `spec`.
fn moved(
    root: &Node,
    strays: &[Stray<'_>],
    spec: Option<&Entry>,
    sources: &Sources,
) -> Option<Fix> {
    strays.first()?;
    let text = &*sources.get(root.span.source).text;
    let is_movable = |stray: &Stray<'_>| {
        let (span, holder) = (stray.entry.key.span, stray.holder.span);
        span.source == root.span.source
            && holder.source == root.span.source
            && span.start >= holder.start
            && !text[holder.start..].starts_with('{')
            && !secrets::has_key_of_secret(stray.entry)
    };
    if line_start(text, root.span.start) != root.span.start || !strays.iter().all(is_movable) {
        return None;
    }
    let chunks: Option<Vec<Chunk>> = strays
        .iter()
        .map(|stray| Chunk::of(text, stray.holder, stray.entry))
        .collect();
    let chunks = chunks?;
    // What an alias names must come before it.
    let is_moved_freely = chunks
        .iter()
        .all(|chunk| !text[chunk.start..chunk.end].contains(['&', '*']));
    let block = |indent: usize| -> String {
        let parts = chunks.iter().map(|chunk| chunk.indented(text, indent));
        parts.collect()
    };
    let (at, inserted) = match spec {
        None => {
            let last = root.entries()?.last()?;
            let at = Chunk::of(text, root, last)?.end;
            let before = if text[..at].ends_with('\n') { "" } else { "\n" };
            (at, format!("{before}spec:\n{}", block(2)))
        }
        Some(spec) => insertion(text, spec, strays, &block)?,
    };
    let edits = replaced(root.span, &chunks, at, inserted);
    let names: Vec<String> = strays
        .iter()
        .map(|stray| format!("`{}`", stray.entry.key.text))
        .collect();
    let object = format!("{} under `spec`", names.join(", "));
    let certainty = match is_moved_freely {
        true => Certainty::Certain,
        false => Certainty::Suggested,
    };
    Some(Fix::new(certainty, Deed::Move, object, edits))
}

/// The edits that remove lines, and write a text at a place that may be where some of them are.
fn replaced(root: Span, chunks: &[Chunk], at: usize, inserted: String) -> Vec<TextEdit> {
    let edit = |start: usize, end: usize, text: String| TextEdit {
        span: Span { start, end, ..root },
        text,
    };
    let mut edits = vec![edit(at, at, inserted)];
    for Chunk { start, end, .. } in chunks {
        match () {
            () if *start == at => edits[0].span.end = *end,
            () if *end == at => edits[0].span.start = *start,
            () => edits.push(edit(*start, *end, String::new())),
        }
    }
    edits
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The lines of an entry, with the comment behind it, and with those directly above it if they are not the first of
/// its mapping.
struct Chunk {
    start: usize,
    end: usize,
    /// How far the entry is indented.
    indent: usize,
}

impl Chunk {
    /// `None` if the entry does not start its line.
    fn of(text: &str, holder: &Node, entry: &Entry) -> Option<Self> {
        let mut start = line_start(text, entry.key.span.start);
        let indent = entry.key.span.start - start;
        let is_indent = |line: &str| line.bytes().take(indent).all(|byte| byte == b' ');
        if !is_indent(&text[start..]) {
            return None;
        }
        while start > holder.span.start {
            let above = line_start(text, start - 1);
            let line = &text[above..start];
            if !is_indent(line) || !line.get(indent..)?.starts_with('#') {
                break;
            }
            start = above;
        }
        let end = entry_end(text, entry).max(entry.key.span.end);
        let end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        Some(Self { start, end, indent })
    }

    /// The lines at another indentation. Those that are indented less than the entry, such as comments, stay.
    fn indented(&self, text: &str, indent: usize) -> String {
        let mut block = String::new();
        for line in text[self.start..self.end].lines() {
            let spaces = line.bytes().take(self.indent).take_while(|b| *b == b' ');
            let rest = &line[spaces.count()..];
            if !rest.is_empty() {
                block.extend(std::iter::repeat_n(' ', indent));
            }
            block.push_str(rest);
            block.push('\n');
        }
        block
    }
}

/// Where entries are written below a `spec` that is there, and what.
fn insertion(
    text: &str,
    spec: &Entry,
    strays: &[Stray<'_>],
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
        for Stray { entry, .. } in strays {
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
    let line = line_start(text, first.key.span.start);
    let indent = &text[line..first.key.span.start];
    // Directly below `spec:`: a comment above the first field stays with it.
    let below = key_end + text[key_end..].find('\n')? + 1;
    indent
        .chars()
        .all(|c| c == ' ')
        .then(|| (below, block(indent.len())))
}
