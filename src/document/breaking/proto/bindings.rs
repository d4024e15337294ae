//! What requests by HTTP mean for an rpc, before and after.

use std::collections::HashMap;

use super::field_types::FieldType;
use super::http::Binding;
use super::model::{File, Pair, Rpc};
use super::path_template::Variable;
use crate::document::breaking::findings::{Entry, Findings, Places, code};

/// Bindings among which the one that fits best is looked for; one address is bound once in most files.
const MAX_CANDIDATES: usize = 8;

/// Reports each binding that does not mean what it meant.
pub(super) fn compare(
    pair: &Pair<'_>,
    place: &str,
    (name, was, now): (&str, &Rpc, &Rpc),
    findings: &mut Findings,
) {
    let files = (pair.before, pair.after);
    let rpcs = Rpcs { files, was, now };
    let mut known: HashMap<(&str, &str), Vec<&Binding>> = HashMap::new();
    for binding in &now.bindings {
        known.entry(binding.address()).or_default().push(binding);
    }
    for binding in &was.bindings {
        // Each search for a wider binding goes through all of them.
        if findings.is_full() {
            return;
        }
        let wider = || {
            now.bindings
                .iter()
                .filter(|it| it.takes_address_of(binding))
        };
        let all: Vec<&Binding> = match known.get(&binding.address()) {
            Some(same) => same.iter().copied().take(MAX_CANDIDATES).collect(),
            None => wider().take(MAX_CANDIDATES).collect(),
        };
        let changes = all.into_iter().map(|other| rpcs.binding(binding, other));
        let changes = changes.min_by_key(Vec::len).unwrap_or_else(|| {
            let words = format!("is no longer called by {}", address(binding));
            vec![Entry::new("proto-http", words)]
        });
        for entry in changes {
            let message = format!("the rpc {} {}", code(name), entry.message);
            let places = Places::changed(&was.at, &now.at);
            findings.add(place, Entry { message, ..entry }.within(places));
        }
    }
}

fn address(binding: &Binding) -> String {
    code(&format!("{} {}", binding.method, binding.path))
}

/// An rpc of two files.
struct Rpcs<'p> {
    files: (&'p File, &'p File),
    was: &'p Rpc,
    now: &'p Rpc,
}

impl Rpcs<'_> {
    fn binding(&self, was: &Binding, now: &Binding) -> Vec<Entry<'static>> {
        let address = address(was);
        let taken = (
            self.was.takes.of.name.as_str(),
            self.now.takes.of.name.as_str(),
        );
        let returned = (
            self.was.returns.of.name.as_str(),
            self.now.returns.of.name.as_str(),
        );
        let parts = [
            ("takes", "body", taken, &was.body, &now.body),
            (
                "returns",
                "response body",
                returned,
                &was.response_body,
                &now.response_body,
            ),
        ];
        let mut entries = Vec::new();
        for (verb, noun, messages, was, now) in parts {
            let is_same = match (was, now) {
                (Some(was), Some(now)) => self.is_same_field(messages, (was, now)) == Some(true),
                (was, now) => was == now,
            };
            if !is_same {
                let shown = |field: &Option<String>| match field {
                    Some(field) => code(field),
                    None => "none".to_owned(),
                };
                let (now, was) = (shown(now), shown(was));
                let words = format!("{verb} another {noun} by {address}: {now} now, and was {was}");
                entries.push(Entry::new("proto-http", words));
            }
        }
        entries.extend(self.variables(taken, was, now));
        entries
    }

    /// What is said of variables of the path that are other fields, or other parts of it.
    fn variables(
        &self,
        messages: (&str, &str),
        was: &Binding,
        now: &Binding,
    ) -> Option<Entry<'static>> {
        let (before, after) = (&was.template, &now.template);
        let mut unknown = None;
        let mut is_other = before.variables.len() != after.variables.len();
        for variable in &after.variables {
            let segments = after.segments_in(variable, before);
            let Some(old) = before.variable_at(&segments) else {
                is_other = true;
                continue;
            };
            match self.is_same_field(messages, (&old.field, &variable.field)) {
                Some(is_same) => is_other |= !is_same,
                // Names that only changed places are other fields.
                None => match has(&before.variables, variable) || has(&after.variables, old) {
                    true => is_other = true,
                    false => unknown = Some((old, variable)),
                },
            }
        }
        let place = || {
            let (was, now) = (address(was), code(&now.path));
            format!("from the path of {was}, which is {now} now")
        };
        if is_other {
            let words = format!("takes other fields {}", place());
            return Some(Entry::new("proto-http", words));
        }
        let (old, variable) = unknown?;
        let words = format!(
            "may take other fields {}: whether {} is what {} was cannot be said",
            place(),
            code(&variable.field),
            code(&old.field)
        );
        Some(Entry::caution("proto-http", words))
    }

    /// Whether two paths lead to the same field: by their names, or by their numbers if fields were renamed. `None` if
    /// that is not known.
    fn is_same_field(&self, messages: (&str, &str), (was, now): (&str, &str)) -> Option<bool> {
        if was == now {
            return Some(true);
        }
        let before = numbers(self.files.0, messages.0, was)?;
        Some(before == numbers(self.files.1, messages.1, now)?)
    }
}

fn has(variables: &[Variable], one: &Variable) -> bool {
    variables.iter().any(|variable| variable.field == one.field)
}

/// The numbers of the fields that a path such as `a.b` leads through.
fn numbers(file: &File, message: &str, path: &str) -> Option<Vec<i32>> {
    let mut message = file.messages.get(message);
    path.split('.')
        .map(|name| {
            let (number, field) = message?.fields.named(name)?;
            message = match &field.of {
                FieldType::Named { of, .. } => file.messages.get(&of.name),
                FieldType::Scalar(_) | FieldType::Map(..) => None,
            };
            Some(number)
        })
        .collect()
}
