//! Keys of a mapping: which are allowed, which stand twice, which are merged in.

use std::collections::HashMap;
use std::sync::Arc;

use super::node::{Entry, Key, Node, NodeValue};
use crate::model::{Diagnostic, Diagnostics, Span, code};

/// Above this many keys, finding the same key twice needs an index.
const FEW: usize = 12;

/// A mapping that is not finished yet. Keys and values are pushed in turn.
#[derive(Default)]
pub(super) struct MappingBuilder {
    entries: Vec<Entry>,
    merges: Vec<Merge>,
    pending: Option<Pending>,
    started: bool,
    first_refused: bool,
}

struct Merge {
    key: Span,
    place: Span,
    value: Arc<Node>,
}

/// The key whose value comes next.
enum Pending {
    Key(Key),
    Merge(Span),
    Refused,
}

impl MappingBuilder {
    /// Whether nothing was pushed yet.
    pub(super) fn is_empty(&self) -> bool {
        !self.started
    }

    /// Whether the first key cannot be kept.
    pub(super) fn first_refused(&self) -> bool {
        self.first_refused
    }

    /// Takes the next key or value; `place` is where it stands, also if it is an alias.
    pub(super) fn push(
        &mut self,
        node: Arc<Node>,
        place: Span,
        alias: bool,
        diagnostics: &mut Diagnostics,
    ) {
        let is_first = !std::mem::replace(&mut self.started, true);
        match self.pending.take() {
            None => {
                let key = key(node, place, alias, diagnostics);
                self.first_refused |= is_first && matches!(key, Pending::Refused);
                self.pending = Some(key);
            }
            Some(Pending::Key(key)) => self.entries.push(Entry { key, value: node }),
            Some(Pending::Merge(key)) => self.merges.push(Merge {
                key,
                place,
                value: node,
            }),
            Some(Pending::Refused) => {}
        }
    }

    /// The entries, each key once: its own first, then those of the merged mappings.
    pub(super) fn finish(self, diagnostics: &mut Diagnostics) -> Vec<Entry> {
        let mut entries = self.entries;
        report_duplicates(&mut entries, diagnostics);
        if let [first, others @ ..] = self.merges.as_slice() {
            for other in others {
                diagnostics.push(duplicate("<<", first.key, other.key));
            }
            merge(&mut entries, first, diagnostics);
        }
        entries
    }
}

fn key(node: Arc<Node>, place: Span, alias: bool, diagnostics: &mut Diagnostics) -> Pending {
    // A scalar that only the mapping holds gives its text away; one with an anchor keeps it.
    let text = match Arc::try_unwrap(node) {
        Ok(Node {
            value: NodeValue::Scalar(scalar),
            ..
        }) => Some((scalar.plain, scalar.text)),
        Ok(_) => None,
        Err(node) => node
            .scalar()
            .map(|scalar| (scalar.plain, scalar.text.clone())),
    };
    match text {
        Some((true, text)) if text == "<<" && !alias => Pending::Merge(place),
        Some((_, text)) => Pending::Key(Key { text, span: place }),
        None => {
            diagnostics.push(
                Diagnostic::error(code::YAML_SYNTAX, "a key must be a text")
                    .at(place, "this key is a list or a mapping")
                    .help("quote it if it should be a text; `{{ name }}` at the start of a value needs quotes"),
            );
            Pending::Refused
        }
    }
}

/// Reports every key that stands twice, and keeps the first.
fn report_duplicates(entries: &mut Vec<Entry>, diagnostics: &mut Diagnostics) {
    let mut twice = Vec::new();
    if entries.len() <= FEW {
        for (i, entry) in entries.iter().enumerate() {
            let first = entries[..i].iter().find(|e| e.key.text == entry.key.text);
            twice.extend(first.map(|first| (i, first.key.span)));
        }
    } else {
        let mut seen = HashMap::with_capacity(entries.len());
        for (i, entry) in entries.iter().enumerate() {
            let first = *seen
                .entry(entry.key.text.as_str())
                .or_insert(entry.key.span);
            if first != entry.key.span {
                twice.push((i, first));
            }
        }
    }
    for &(i, first) in &twice {
        let key = &entries[i].key;
        diagnostics.push(duplicate(&key.text, first, key.span));
    }
    let mut places = twice.iter().map(|&(i, _)| i).peekable();
    let mut index = 0;
    entries.retain(|_| {
        let drop = places.next_if_eq(&index).is_some();
        index += 1;
        !drop
    });
}

fn duplicate(key: &str, first: Span, second: Span) -> Diagnostic {
    let short: String = key.chars().take(60).collect();
    Diagnostic::error(
        code::YAML_DUPLICATE_KEY,
        format!("the key `{short}` appears twice in this mapping"),
    )
    .at(second, "appears here again")
    .related(first, "first appears here")
    .help("remove one of the two, or rename it")
}

/// Adds the entries of a mapping, or of each mapping of a list, whose keys are not there yet.
fn merge(entries: &mut Vec<Entry>, merge: &Merge, diagnostics: &mut Diagnostics) {
    let mut sources = Vec::new();
    let mut fine = true;
    match &merge.value.value {
        NodeValue::Mapping(source) => sources.push(source),
        NodeValue::Sequence(items) => {
            for item in items {
                match &item.value {
                    NodeValue::Mapping(source) => sources.push(source),
                    _ => fine = false,
                }
            }
        }
        // An alias to nothing was reported already.
        NodeValue::Scalar(scalar) => {
            fine = scalar.text.is_empty() && merge.place.end > merge.place.start;
        }
    }
    if !fine {
        diagnostics.push(
            Diagnostic::error(
                code::YAML_SYNTAX,
                "`<<` takes a mapping or a list of mappings",
            )
            .at(merge.place, "this is something else")
            .help("quote the key if `<<` is its name"),
        );
    }
    let mut seen: HashMap<String, ()> = entries
        .iter()
        .map(|entry| (entry.key.text.clone(), ()))
        .collect();
    for entry in sources.into_iter().flatten() {
        if seen.insert(entry.key.text.clone(), ()).is_none() {
            entries.push(entry.clone());
        }
    }
}
