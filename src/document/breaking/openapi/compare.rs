//! Two whole documents.

use std::collections::BTreeMap;

use serde_json::Value;

use super::forms;
use super::operation::Sides;
use super::parameters;
use super::paths::Paths;
use super::responses;
use super::security;
use super::servers::Gone;
use super::sums::sums;
use super::view::{Api, Operation};
use crate::document::breaking::findings::{Entry, Findings, line};
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::tree::{entries, flag, resolve};

/// Callbacks within callbacks, at most.
const DEEPEST: usize = 4;

pub(crate) fn compare(before: &Value, after: &Value, findings: &mut Findings) {
    let forms = (forms::of(before), forms::of(after));
    let (one, other) = (Api::new(before, &forms.0), Api::new(after, &forms.1));
    let mut comparison = Comparison {
        schemas: Schemas::new(before, after),
        findings,
        gone: Gone::default(),
        number: 0,
    };
    comparison.paths(&one, &other);
    comparison.webhooks(&one, &other);
    let gone = std::mem::take(&mut comparison.gone);
    gone.report(findings);
    findings.sums = sums(&one, &other);
    findings.locate(before, after);
}

struct Comparison<'f, 'a> {
    schemas: Schemas<'a>,
    findings: &'f mut Findings,
    gone: Gone<'a>,
    /// Operations so far.
    number: usize,
}

type Operations<'a> = BTreeMap<String, Operation<'a>>;

impl<'a> Comparison<'_, 'a> {
    fn paths(&mut self, before: &Api<'a>, after: &Api<'a>) {
        let paths = Paths::of(after);
        for (path, item) in before.paths() {
            let was = before.operations(path, item);
            let Some((other_path, other_item)) = paths.find(before, path) else {
                self.path_removed(path, item, &was);
                continue;
            };
            let now = after.operations(other_path, other_item);
            let pairs = self.pairs(&line(path), &was, &now, false);
            for (place, before, after) in pairs {
                self.gone.compare(&place, before, after);
            }
        }
    }

    fn path_removed(&mut self, path: &str, item: &'a Value, was: &Operations<'a>) {
        if was.is_empty() {
            return;
        }
        let methods: Vec<&str> = was.keys().map(String::as_str).collect();
        let mut words = format!("path removed ({})", methods.join(", "));
        if was
            .values()
            .all(|operation| flag(operation.value, "deprecated"))
        {
            words.push_str("; it was deprecated");
        }
        let entry = Entry::new("path-removed", words).at(Some(item), None);
        let position = self.findings.add(&line(path), entry);
        self.findings.lists(
            position,
            methods
                .iter()
                .map(|method| format!("{method} {}", line(path))),
        );
    }

    /// Compares the operations that are in both.
    fn pairs<'o>(
        &mut self,
        path: &str,
        was: &'o Operations<'a>,
        now: &'o Operations<'a>,
        is_reversed: bool,
    ) -> Vec<(String, &'o Operation<'a>, &'o Operation<'a>)> {
        let mut pairs = Vec::new();
        for (method, operation) in was {
            let place = format!("{} {path}", line(method));
            let Some(other) = now.get(method) else {
                let is_deprecated = flag(operation.value, "deprecated");
                let note = if is_deprecated {
                    "; it was deprecated"
                } else {
                    ""
                };
                let entry = Entry::new("operation-removed", format!("operation removed{note}"));
                self.findings
                    .add(&place, entry.at(Some(operation.value), None));
                continue;
            };
            self.operation(&place, operation, other, is_reversed, 0);
            pairs.push((place, operation, other));
        }
        pairs
    }

    fn operation(
        &mut self,
        place: &str,
        before: &Operation<'a>,
        after: &Operation<'a>,
        is_reversed: bool,
        depth: usize,
    ) {
        self.number += 1;
        let sides = Sides {
            place,
            number: self.number,
            before,
            after,
            is_reversed,
        };
        parameters::compare(&sides, &mut self.schemas, self.findings);
        sides.body(&mut self.schemas, self.findings);
        responses::compare(&sides, &mut self.schemas, self.findings);
        sides.sunset(self.findings);
        if !is_reversed {
            security::compare(place, before, after, self.findings);
        }
        if depth < DEEPEST {
            self.callbacks(place, before, after, is_reversed, depth);
        }
    }

    /// Requests that the service sends once an operation was called.
    fn callbacks(
        &mut self,
        place: &str,
        before: &Operation<'a>,
        after: &Operation<'a>,
        is_reversed: bool,
        depth: usize,
    ) {
        for (name, callback) in entries(before.value, "callbacks") {
            let Some(callback) = resolve(before.api.root, callback) else {
                continue;
            };
            let other = after.value.get("callbacks").and_then(|all| all.get(name));
            let Some(other) = other.and_then(|other| resolve(after.api.root, other)) else {
                let entry = Entry::new(
                    "callback-removed",
                    format!("callback `{}` removed", line(name)),
                );
                self.findings
                    .add(place, entry.at(Some(callback), Some(after.value)));
                continue;
            };
            let items = |callback: &'a Value| {
                callback
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(key, _)| !key.starts_with("x-"))
            };
            let only = items(other)
                .next()
                .filter(|_| items(other).count() == 1 && items(callback).count() == 1);
            for (expression, item) in items(callback) {
                let same = other
                    .get(expression)
                    .map(|item| (expression, item))
                    .or(only);
                let was = before.api.operations(expression, item);
                let now = same
                    .map(|(expression, item)| after.api.operations(expression, item))
                    .unwrap_or_default();
                for (method, operation) in &was {
                    let words = format!(
                        "callback `{}`: {} {}",
                        line(name),
                        line(method),
                        line(expression)
                    );
                    let inner = format!("{place}: {words}");
                    match now.get(method) {
                        Some(other) => {
                            self.operation(&inner, operation, other, !is_reversed, depth + 1);
                        }
                        None => {
                            let entry = Entry::new("callback-removed", format!("{words} removed"));
                            self.findings
                                .add(place, entry.at(Some(operation.value), None));
                        }
                    }
                }
            }
        }
    }

    /// Requests that the service sends by itself.
    fn webhooks(&mut self, before: &Api<'a>, after: &Api<'a>) {
        for key in ["webhooks", "x-webhooks"] {
            for (name, item) in entries(before.root, key) {
                let was = before.operations(name, item);
                let other = after
                    .root
                    .get("webhooks")
                    .or_else(|| after.root.get("x-webhooks"))
                    .and_then(|all| all.get(name));
                let place = format!("webhook {}", line(name));
                match other {
                    Some(other) => {
                        let now = after.operations(name, other);
                        self.pairs(&place, &was, &now, true);
                    }
                    None if was.is_empty() => {}
                    None => {
                        let entry =
                            Entry::new("webhook-removed", "webhook removed").at(Some(item), None);
                        self.findings.add(&place, entry);
                    }
                }
            }
        }
    }
}
