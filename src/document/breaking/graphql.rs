//! GraphQL schemas.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::{Findings, code, plain};

/// Types that every schema has.
pub(super) const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// What a schema defines.
#[derive(Default)]
pub(super) struct Schema {
    pub(super) types: BTreeMap<String, Type>,
    /// The types where operations begin, by `query`, `mutation` and `subscription`.
    pub(super) roots: BTreeMap<String, String>,
}

/// A type, an interface, an input, an enum, a union or a scalar.
#[derive(Default)]
pub(super) struct Type {
    /// The word that defines it.
    pub(super) kind: String,
    pub(super) fields: BTreeMap<String, Field>,
    /// The values of an enum, the members of a union.
    pub(super) values: BTreeSet<String>,
    pub(super) interfaces: BTreeSet<String>,
}

/// A field or an argument.
#[derive(Default)]
pub(super) struct Field {
    /// Its type as written, without blanks.
    pub(super) kind: String,
    pub(super) arguments: BTreeMap<String, Self>,
    pub(super) has_default: bool,
}

impl Field {
    fn is_required(&self) -> bool {
        self.kind.ends_with('!') && !self.has_default
    }
}

/// Compares two schemas; one that cannot be read leads to nothing.
pub(super) fn compare(before: &Option<Schema>, after: &Option<Schema>, findings: &mut Findings) {
    let (Some(before), Some(after)) = (before, after) else {
        return;
    };
    for (word, name) in &before.roots {
        if after.roots.get(word).is_none_or(|other| other != name) {
            let words = format!("{} is no longer the type {}", code(word), code(name));
            findings.breaks("schema", words);
        }
    }
    for (name, was) in &before.types {
        let place = format!("{} {}", was.kind, plain(name));
        let Some(now) = after.types.get(name) else {
            findings.breaks(&place, "type removed");
            continue;
        };
        if was.kind != now.kind {
            let words = format!("is {} now, and was {}", code(&now.kind), code(&was.kind));
            findings.breaks(&place, words);
            continue;
        }
        values(&place, was, now, findings);
        for interface in was.interfaces.difference(&now.interfaces) {
            let words = format!("no longer implements {}", code(interface));
            findings.breaks(&place, words);
        }
        if was.kind == "input" {
            inputs(&place, "field", &was.fields, &now.fields, findings);
        } else {
            outputs(&place, was, now, after, findings);
        }
    }
}

fn values(place: &str, was: &Type, now: &Type, findings: &mut Findings) {
    let noun = if was.kind == "union" {
        "member"
    } else {
        "value"
    };
    for value in was.values.difference(&now.values) {
        findings.breaks(place, format!("{noun} {} removed", code(value)));
    }
    for value in now.values.difference(&was.values) {
        findings.caution(place, format!("responses may contain {} now", code(value)));
    }
}

fn outputs(place: &str, was: &Type, now: &Type, schema: &Schema, findings: &mut Findings) {
    let is_one = |name: &str, of: &str| {
        let known = schema.types.get(name);
        name == of || known.is_some_and(|known| known.interfaces.contains(of))
    };
    for (name, field) in &was.fields {
        let Some(other) = now.fields.get(name) else {
            findings.breaks(place, format!("field {} removed", code(name)));
            continue;
        };
        if !fits(&other.kind, &field.kind, &is_one) {
            changed(
                place,
                &format!("field {}", code(name)),
                field,
                other,
                findings,
            );
        }
        let noun = format!("argument of {}", code(name));
        inputs(place, &noun, &field.arguments, &other.arguments, findings);
    }
}

/// What callers send: fields of inputs, arguments of fields.
fn inputs(
    place: &str,
    noun: &str,
    was: &BTreeMap<String, Field>,
    now: &BTreeMap<String, Field>,
    findings: &mut Findings,
) {
    for (name, input) in was {
        let words = format!("{noun} {}", code(name));
        let Some(other) = now.get(name) else {
            findings.breaks(place, format!("{words} removed"));
            continue;
        };
        let base = |field: &'_ Field| field.kind.trim_end_matches('!').to_owned();
        if !fits(&base(input), &base(other), &|a, b| a == b) {
            changed(place, &words, input, other, findings);
        } else if other.is_required() && !input.is_required() {
            findings.breaks(place, format!("the {words} is now required"));
        }
    }
    for (name, input) in now {
        if input.is_required() && !was.contains_key(name) {
            findings.breaks(
                place,
                format!("the {noun} {} is new and required", code(name)),
            );
        }
    }
}

fn changed(place: &str, what: &str, was: &Field, now: &Field, findings: &mut Findings) {
    let (now, was) = (code(&now.kind), code(&was.kind));
    findings.breaks(
        place,
        format!("the {what} has the type {now} now, and had {was}"),
    );
}

/// Whether a value of the first type is one of the second.
fn fits(narrow: &str, wide: &str, is_one: &dyn Fn(&str, &str) -> bool) -> bool {
    let (narrow, wide) = match (narrow.strip_suffix('!'), wide.strip_suffix('!')) {
        (Some(narrow), Some(wide)) => (narrow, wide),
        (None, Some(_)) => return false,
        (Some(narrow), None) => (narrow, wide),
        (None, None) => (narrow, wide),
    };
    let inner = |text: &str| -> Option<String> {
        Some(text.strip_prefix('[')?.strip_suffix(']')?.to_owned())
    };
    match (inner(narrow), inner(wide)) {
        (Some(narrow), Some(wide)) => fits(&narrow, &wide, is_one),
        (None, None) => is_one(narrow, wide),
        _ => false,
    }
}
