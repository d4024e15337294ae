//! Fixes of what an alias names: the same text may be right in the other place.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::model::{Certainty, Diagnostic, Diagnostics, SourceId, Sources, Span};
use crate::yaml::{self, Node};

/// Leaves every fix inside a value that an alias names to the user.
pub(crate) fn doubt_shared_fixes(findings: &mut [Diagnostic], sources: &Sources) {
    let mut shared: BTreeMap<SourceId, SharedText> = BTreeMap::new();
    let fixes = findings
        .iter_mut()
        .filter_map(|finding| finding.fix.as_mut());
    for fix in fixes.filter(|fix| fix.is_certain()) {
        let is_shared = fix.edits.iter().any(|edit| {
            let source = edit.span.source;
            let shared = shared.entry(source);
            shared
                .or_insert_with(|| SharedText::of(source, sources))
                .has(edit.span)
        });
        if is_shared {
            fix.certainty = Certainty::Suggested;
        }
    }
}

/// What is shared in a file.
enum SharedText {
    /// These values.
    Values(Vec<Span>),
    /// Unknown, as not all of it can be read; there may be anchors.
    Unknown,
}

impl SharedText {
    fn of(source: SourceId, sources: &Sources) -> Self {
        let text = &sources.get(source).text;
        if !may_have_anchor(text) {
            return Self::Values(Vec::new());
        }
        let mut problems = Diagnostics::default();
        let documents = yaml::parse(source, text, &mut problems);
        if problems.has_errors() {
            return Self::Unknown;
        }
        let mut walk = Walk::default();
        for root in documents
            .iter()
            .filter_map(|document| document.root.as_ref())
        {
            walk.visit(root);
        }
        Self::Values(walk.shared)
    }

    fn has(&self, span: Span) -> bool {
        match self {
            Self::Values(values) => values
                .iter()
                .any(|value| value.start <= span.start && span.end <= value.end),
            Self::Unknown => true,
        }
    }
}

/// Whether a name follows a `&` where a value can begin.
fn may_have_anchor(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || "[{,".contains(c))
            && text[at + 1..].starts_with(|c: char| !c.is_whitespace())
    })
}

/// A walk that finds what is in a tree more than once: an alias is the very node that it names.
#[derive(Default)]
struct Walk {
    nodes: HashSet<*const Node>,
    /// Merge keys bring in the keys of another mapping with its values.
    keys: HashSet<Span>,
    shared: Vec<Span>,
}

impl Walk {
    fn visit(&mut self, node: &Arc<Node>) {
        if !self.nodes.insert(Arc::as_ptr(node)) {
            self.shared.push(node.span);
            return;
        }
        for entry in node.entries().into_iter().flatten() {
            if !self.keys.insert(entry.key.span) {
                self.shared.push(entry.key.span);
            }
            self.visit(&entry.value);
        }
        for item in node.items().into_iter().flatten() {
            self.visit(item);
        }
    }
}
