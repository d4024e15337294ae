//! Variables in manifests: `${stage}` takes the target's value, `$${` is a plain `${`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::wording::{NearSearches, did_you_mean};
use crate::model::{Diagnostic, Diagnostics, Span, code};
use crate::yaml::{Entry, Node, NodeValue, Scalar};

/// The most bytes that variables may add to all manifests of a project (chosen here: as many as one manifest has
/// at most).
const MOST_ADDED: usize = 16 * 1024 * 1024;

/// What the variables of a project's manifests may still cost.
pub(super) struct Room {
    /// How many bytes they may add; none once it was not enough, which is reported once.
    left: Option<usize>,
    searches: NearSearches,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            left: Some(MOST_ADDED),
            searches: NearSearches::default(),
        }
    }
}

/// The tree with every variable replaced; places stay those of the file.
pub(super) fn substitute(
    node: &Arc<Node>,
    variables: &BTreeMap<String, String>,
    target: &str,
    room: &mut Room,
    diagnostics: &mut Diagnostics,
) -> Arc<Node> {
    Substitution {
        variables,
        target,
        room,
        done: HashMap::new(),
        diagnostics,
    }
    .node(node)
}

struct Substitution<'a> {
    variables: &'a BTreeMap<String, String>,
    target: &'a str,
    room: &'a mut Room,
    /// The values that several aliases share, by where they are, so that they stay shared.
    done: HashMap<*const Node, Arc<Node>>,
    diagnostics: &'a mut Diagnostics,
}

impl Substitution<'_> {
    fn node(&mut self, node: &Arc<Node>) -> Arc<Node> {
        let is_shared = Arc::strong_count(node) > 1;
        if is_shared && let Some(done) = self.done.get(&Arc::as_ptr(node)) {
            return Arc::clone(done);
        }
        let new = self.replaced(node);
        if is_shared {
            self.done.insert(Arc::as_ptr(node), Arc::clone(&new));
        }
        new
    }

    fn replaced(&mut self, node: &Arc<Node>) -> Arc<Node> {
        let value = match &node.value {
            NodeValue::Scalar(scalar) if !scalar.text.contains("${") => return Arc::clone(node),
            NodeValue::Scalar(scalar) => NodeValue::Scalar(Scalar {
                text: self.text(&scalar.text, node.span),
                plain: scalar.plain,
                tag: scalar.tag.clone(),
            }),
            NodeValue::Sequence(items) => {
                let new: Vec<Arc<Node>> = items.iter().map(|item| self.node(item)).collect();
                if new
                    .iter()
                    .zip(items)
                    .all(|(new, old)| Arc::ptr_eq(new, old))
                {
                    return Arc::clone(node);
                }
                NodeValue::Sequence(new)
            }
            NodeValue::Mapping(entries) => {
                let values: Vec<Arc<Node>> = entries.iter().map(|e| self.node(&e.value)).collect();
                let mut pairs = values.iter().zip(entries);
                if pairs.all(|(new, old)| Arc::ptr_eq(new, &old.value)) {
                    return Arc::clone(node);
                }
                let keys = entries.iter().map(|entry| entry.key.clone());
                let new = keys.zip(values).map(|(key, value)| Entry { key, value });
                NodeValue::Mapping(new.collect())
            }
        };
        Arc::new(Node {
            span: node.span,
            value,
        })
    }

    fn text(&mut self, text: &str, span: Span) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            if let Some(before) = before.strip_suffix('$') {
                out.push_str(before);
                out.push_str("${");
                rest = &from[2..];
                continue;
            }
            out.push_str(before);
            let Some(end) = from.find('}') else {
                self.report("`${` is never closed".to_owned(), span, None);
                return out + from;
            };
            let name = &from[2..end];
            match self.variables.get(name) {
                Some(value) if self.takes(value, span) => out.push_str(value),
                Some(_) => out.push_str(&from[..=end]),
                None => {
                    self.unset(name, span);
                    out.push_str(&from[..=end]);
                }
            }
            rest = &from[end + 1..];
        }
        out + rest
    }

    /// Whether there is room for one more value. If not, the first place is reported, and what follows stays as it
    /// is written.
    fn takes(&mut self, value: &str, span: Span) -> bool {
        let Some(left) = self.room.left else {
            return false;
        };
        self.room.left = left.checked_sub(value.len());
        if self.room.left.is_none() {
            let message = format!("variables add more than {MOST_ADDED} bytes to the manifests");
            self.diagnostics.push(
                Diagnostic::error(code::VARIABLES_TOO_LARGE, message)
                    .at(span, "up to here")
                    .help("give the variables shorter values, or use them less often"),
            );
        }
        self.room.left.is_some()
    }

    fn unset(&mut self, name: &str, span: Span) {
        let mut known: Vec<&str> = Vec::new();
        if self.room.searches.afford(self.variables.len()) {
            known.extend(self.variables.keys().map(String::as_str));
        }
        let message = format!(
            "the variable `{name}` is not set for the target `{}`",
            self.target
        );
        self.report(message, span, did_you_mean(name, &known));
    }

    fn report(&mut self, message: String, span: Span, hint: Option<String>) {
        let how = format!(
            "set it under spec.targets.{}.variables in apicenter.yaml, or write `$${{` for a plain \
             `${{`",
            self.target
        );
        self.diagnostics.push(
            Diagnostic::error(code::UNSET_VARIABLE, message)
                .at(span, "used here")
                .help(hint.map_or(how.clone(), |hint| format!("{hint} Otherwise {how}"))),
        );
    }
}
