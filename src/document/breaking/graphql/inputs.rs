//! What callers send: fields of inputs, arguments of fields and of directives.

use std::collections::BTreeMap;

use super::coercion;
use super::deprecation::since;
use super::model::Field;
use super::pair::Pair;
use crate::document::breaking::findings::{DocumentPlace, Entry, Findings, Impact, Places, code};

/// The rules for a kind of input.
pub(super) struct InputRules {
    /// What it is called.
    noun: &'static str,
    removed: &'static str,
    required: &'static str,
    changed: &'static str,
    default: &'static str,
}

pub(super) static ARGUMENT: InputRules = InputRules {
    noun: "argument",
    removed: "graphql-argument-removed",
    required: "graphql-argument-required",
    changed: "graphql-argument-type",
    default: "graphql-argument-default",
};

pub(super) static INPUT_FIELD: InputRules = InputRules {
    noun: "field",
    removed: "graphql-input-field-removed",
    required: "graphql-input-field-required",
    changed: "graphql-input-field-type",
    default: "graphql-input-field-default",
};

pub(super) static DIRECTIVE_ARGUMENT: InputRules = InputRules {
    noun: "argument",
    removed: "graphql-directive-argument",
    required: "graphql-directive-argument",
    changed: "graphql-directive-argument",
    default: "graphql-directive-argument",
};

/// What the inputs belong to.
pub(super) struct Owner<'p> {
    /// The type or the directive.
    pub(super) place: &'p str,
    pub(super) rules: &'static InputRules,
    /// The field whose arguments they are.
    pub(super) name: Option<&'p str>,
    /// Where it is in the new schema.
    pub(super) at: &'p DocumentPlace,
    /// How sure it is that somebody uses it.
    pub(super) impact: Impact,
}

impl Owner<'_> {
    /// The input in words, with the field that it is an argument of.
    fn words(&self, name: &str) -> String {
        let owner = self.name.map(|owner| format!(" of {}", code(owner)));
        let noun = self.rules.noun;
        format!("{noun} {}{}", code(name), owner.unwrap_or_default())
    }

    fn add(&self, rule: &'static str, words: String, places: Places, findings: &mut Findings) {
        let entry = Entry::new(rule, words).within(places);
        let impact = self.impact;
        findings.add(self.place, Entry { impact, ..entry });
    }
}

pub(super) fn compare<'a>(
    pair: &Pair<'a>,
    owner: &Owner<'_>,
    (was, now): (&'a BTreeMap<String, Field>, &'a BTreeMap<String, Field>),
    findings: &mut Findings,
) {
    for (name, input) in was {
        let words = owner.words(name);
        match now.get(name) {
            Some(other) => changed(pair, owner, &words, (input, other), findings),
            None => {
                let since = since(input.deprecated.as_deref());
                let places = Places::removed(&input.at, Some(owner.at));
                let words = format!("{words} removed{since}");
                owner.add(owner.rules.removed, words, places, findings);
            }
        }
    }
    for (name, input) in now {
        if input.is_required() && !was.contains_key(name) {
            let words = format!("the {} is new and required", owner.words(name));
            let places = Places::added(&input.at);
            owner.add(owner.rules.required, words, places, findings);
        }
    }
}

fn changed<'a>(
    pair: &Pair<'a>,
    owner: &Owner<'_>,
    words: &str,
    (was, now): (&'a Field, &'a Field),
    findings: &mut Findings,
) {
    let places = || Places::changed(&was.at, &now.at);
    let rules = owner.rules;
    if !pair.still_accepts(was.of.nullable(), now.of.nullable()) {
        let types = (now.of.to_string(), was.of.to_string());
        let (is, had) = (code(&types.0), code(&types.1));
        let words = format!("the {words} has the type {is} now, and had {had}");
        owner.add(rules.changed, words, places(), findings);
    } else if now.is_required() && !was.is_required() {
        let words = match &was.default {
            Some(default) => format!(
                "the {words} is now required; its default was {}",
                code(&default.text)
            ),
            None => format!("the {words} is now required"),
        };
        owner.add(rules.required, words, places(), findings);
    } else if now.is_non_null() && !was.is_non_null() {
        let words = format!("the {words} no longer accepts null");
        owner.add(rules.changed, words, places(), findings);
    } else if Pair::relies_on_items(&was.of, &now.of) {
        let (is, had) = (code(&now.of.to_string()), code(&was.of.to_string()));
        let words = format!(
            "the {words} has the type {is} now, and had {had}: not every service takes an item as a list of one"
        );
        let entry = Entry::caution(rules.changed, words);
        findings.add(owner.place, entry.within(places()));
    } else if !was.is_required()
        && !findings.is_full()
        && let Some(change) = default(pair, was, now)
    {
        // Who had to send it is not concerned by a default.
        let entry = Entry::caution(rules.default, format!("the {words} {change}"));
        findings.add(owner.place, entry.within(places()));
    }
}

/// What is said of another default.
fn default(pair: &Pair<'_>, was: &Field, now: &Field) -> Option<String> {
    match (&was.default, &now.default) {
        (Some(before), Some(after)) => {
            let is_same = coercion::is_same(
                (&pair.before.types, &before.value),
                (&pair.after.types, &after.value),
                &now.of,
            );
            (!is_same).then(|| {
                let (is, had) = (code(&after.text), code(&before.text));
                format!("has the default {is} now, and had {had}")
            })
        }
        (Some(before), None) => Some(format!(
            "no longer has a default; it was {}",
            code(&before.text)
        )),
        (None, Some(after)) => Some(format!(
            "has the default {} now, and had none",
            code(&after.text)
        )),
        (None, None) => None,
    }
}
