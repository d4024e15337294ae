//! Variables in manifests: `${stage}` takes the target's value, `$${` is a plain `${`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::words::did_you_mean;
use crate::model::{Diagnostic, Diagnostics, Span, code};
use crate::yaml::{Entry, Node, NodeValue, Scalar};

/// The tree with every variable replaced; places stay those of the file.
pub(super) fn substitute(
    node: &Arc<Node>,
    variables: &BTreeMap<String, String>,
    target: &str,
    diagnostics: &mut Diagnostics,
) -> Arc<Node> {
    Substitution {
        variables,
        target,
        diagnostics,
    }
    .node(node)
}

struct Substitution<'a> {
    variables: &'a BTreeMap<String, String>,
    target: &'a str,
    diagnostics: &'a mut Diagnostics,
}

impl Substitution<'_> {
    fn node(&mut self, node: &Arc<Node>) -> Arc<Node> {
        let value = match &node.value {
            NodeValue::Scalar(scalar) if !scalar.text.contains("${") => return Arc::clone(node),
            NodeValue::Scalar(scalar) => NodeValue::Scalar(Scalar {
                text: self.text(&scalar.text, node.span),
                plain: scalar.plain,
                tag: scalar.tag.clone(),
            }),
            NodeValue::Sequence(items) => {
                NodeValue::Sequence(items.iter().map(|item| self.node(item)).collect())
            }
            NodeValue::Mapping(entries) => NodeValue::Mapping(
                entries
                    .iter()
                    .map(|entry| Entry {
                        key: entry.key.clone(),
                        value: self.node(&entry.value),
                    })
                    .collect(),
            ),
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
                Some(value) => out.push_str(value),
                None => {
                    self.unset(name, span);
                    out.push_str(&from[..=end]);
                }
            }
            rest = &from[end + 1..];
        }
        out + rest
    }

    fn unset(&mut self, name: &str, span: Span) {
        let known: Vec<&str> = self.variables.keys().map(String::as_str).collect();
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
