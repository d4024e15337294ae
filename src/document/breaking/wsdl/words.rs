//! Failures of the projection in the words of XML Schema.

use std::collections::HashMap;

use serde_json::Value;

use super::built_in::{FORMS, own_bound};
use super::choices::GROUP;
use super::projection::Projection;
use super::snippet::Snippet;
use crate::document::breaking::findings::{code, codes, plain};
use crate::document::breaking::inclusion::{
    Direction, InclusionFailure, NOT_FOUND, SchemaStep, What, short,
};
use crate::document::breaking::location::SchemaLocation;
use crate::document::breaking::schema::{Worded, Wording};
use crate::document::breaking::words;
use crate::model::Decimal;

/// The numbers of XML elements by the addresses of the schemas that they became.
pub(super) type Sources = HashMap<usize, usize>;

/// The element or the part that messages are about.
pub(super) struct XmlWording<'w, 'p, 't> {
    pub(super) before: (&'w Projection<'p, 't>, &'w Sources),
    pub(super) after: (&'w Projection<'p, 't>, &'w Sources),
    /// Its declarations before and after, or their types.
    pub(super) numbers: (Option<usize>, Option<usize>),
    pub(super) name: &'w str,
    /// Whether the words begin with its name.
    pub(super) is_named: bool,
}

impl<'a> Wording<'a> for XmlWording<'_, '_, '_> {
    fn worded(
        &self,
        location: SchemaLocation<'_>,
        failure: &InclusionFailure<'a>,
        witness: Option<Value>,
    ) -> Worded {
        let is_request = location.direction == Direction::Request;
        let (own, other) = failure.origin;
        let origin = if is_request {
            (own, other)
        } else {
            (other, own)
        };
        let words = Words {
            before: (self.before.0, self.before.1.get(&origin.0).copied()),
            after: (self.after.0, self.after.1.get(&origin.1).copied()),
            is_request,
            what: &failure.what,
        };
        let steps: Vec<&SchemaStep> = failure.steps().collect();
        let (is_type, predicate) = words.predicate(&steps);
        let subject = self.subject(&steps, &failure.what);
        let message = match subject.as_str() {
            "" => format!("{} {predicate}", location.part),
            subject => format!("{}: {subject} {predicate}", location.part),
        };
        let (projection, number) = if is_request {
            (self.before.0, self.numbers.0)
        } else {
            (self.after.0, self.numbers.1)
        };
        let snippet = |value| Snippet::new(projection, number, self.name, value);
        let is_shown = |_: &&Value| is_type || !says_all(&failure.what);
        let shown = witness.as_ref().filter(is_shown);
        let shown = shown.map(|value| short(&snippet(value).part(steps.iter().copied())));
        let whole = witness.as_ref().map(|value| snippet(value).whole());
        Worded {
            rule: if is_type {
                "schema-type"
            } else {
                words::rule(location.direction, &failure.what)
            },
            message,
            shown,
            witness: whole.map(Value::String),
            is_said_once: true,
        }
    }
}

impl XmlWording<'_, '_, '_> {
    /// What the words are about: an element, an attribute or a text.
    fn subject(&self, steps: &[&SchemaStep], what: &What) -> String {
        let names = steps.iter().filter_map(|step| match step {
            SchemaStep::Property(name) | SchemaStep::Anything(name) => Some(name.as_str()),
            SchemaStep::Item(_) => None,
        });
        let mut names: Vec<&str> = names.collect();
        let one = match what {
            What::Required { name, .. }
            | What::Undescribed { name }
            | What::Removed { name }
            | What::Hidden { name }
            | What::Closed { name: Some(name) } => Some(name.as_str()),
            _ => None,
        };
        names.extend(one);
        let last = names.last().copied().unwrap_or_default();
        let around = |names: &[&str]| match names {
            [] if self.is_named => format!(" of {}", code(self.name)),
            [] => String::new(),
            names => format!(" of {}", code(&names.join("/"))),
        };
        let outer = &names[..names.len().saturating_sub(1)];
        if let Some(attribute) = last.strip_prefix('@') {
            let around = if outer.is_empty() {
                String::new()
            } else {
                around(outer)
            };
            return format!("attribute {}{around}", code(attribute));
        }
        if let Some(group) = last.strip_prefix(GROUP) {
            let members = group.split('#').next().unwrap_or_default().split('|');
            return format!("a choice between {}", codes(members));
        }
        if last == "$" {
            return match (one, outer) {
                (Some(_), outer) => format!("the text{}", around(outer)),
                (None, []) if self.is_named => code(self.name),
                (None, []) => String::new(),
                (None, outer) => code(&outer.join("/")),
            };
        }
        match (one, names.as_slice()) {
            (None, []) if self.is_named => code(self.name),
            (None, []) => String::new(),
            (Some(_), names) => format!("element {}", code(&names.join("/"))),
            (None, names) => code(&names.join("/")),
        }
    }
}

/// Whether a value would only say again what the words say.
fn says_all(what: &What) -> bool {
    matches!(
        what,
        What::Required { .. }
            | What::Removed { .. }
            | What::Closed { name: Some(_) }
            | What::Values {
                is_listed: true,
                ..
            }
            | What::Discriminator { .. }
            | What::Default { .. }
    )
}

/// Both declarations of what failed.
struct Words<'w, 'p, 't, 'f> {
    before: (&'w Projection<'p, 't>, Option<usize>),
    after: (&'w Projection<'p, 't>, Option<usize>),
    is_request: bool,
    what: &'f What,
}

impl Words<'_, '_, '_, '_> {
    /// What is said of the subject, and whether it is about its type.
    fn predicate(&self, steps: &[&SchemaStep]) -> (bool, String) {
        if let Some(words) = self.types() {
            return (true, words);
        }
        let is_request = self.is_request;
        let words = match self.what {
            What::Types { missing, .. } if *missing == ["null"] => match is_request {
                true => "is no longer nillable".to_owned(),
                false => "is nillable now".to_owned(),
            },
            What::Types { narrow, wide, .. } => {
                let (was, now) = self.in_time(json_types(narrow), json_types(wide));
                format!("has {now} now, and had {was}")
            }
            What::Keyword { name, narrow, wide } => {
                let is_text = steps.last().is_some_and(|step| is_text(step));
                self.keyword(name, narrow.as_deref(), wide.as_deref(), is_text)
            }
            What::Closed { name: None } if is_request => {
                "no longer takes elements or attributes that it does not name".to_owned()
            }
            What::Closed { name: None } => {
                "may have elements or attributes that it does not name".to_owned()
            }
            What::Closed { name: Some(_) } if !is_request => "is new".to_owned(),
            What::Alternative { label } => self.alternative(label.as_deref()),
            What::Default { was, now } => {
                let bare = |text: &str| code(text.trim_matches('"'));
                match now {
                    Some(now) => {
                        format!("has the default {} now, and had {}", bare(now), bare(was))
                    }
                    None => format!("no longer has a default; it was {}", bare(was)),
                }
            }
            What::Unknown { reason } => {
                let reason = match *reason {
                    NOT_FOUND => self.unread().unwrap_or_else(|| {
                        "it has a type or an element that is not in the description".to_owned()
                    }),
                    reason => reason.to_owned(),
                };
                format!("changed, and whether that breaks cannot be said: {reason}")
            }
            what => words::predicate(is_request, what),
        };
        (false, words)
    }

    fn in_time<T>(&self, narrow: T, wide: T) -> (T, T) {
        if self.is_request {
            (narrow, wide)
        } else {
            (wide, narrow)
        }
    }

    fn alternative(&self, label: Option<&str>) -> String {
        match (self.is_request, label) {
            (true, Some(label)) => format!("no longer takes {}", code(label)),
            (false, Some(label)) => format!("may have {} now", code(label)),
            (true, None) => "no longer takes all the content that it took".to_owned(),
            (false, None) => "may have content now that it did not have".to_owned(),
        }
    }

    /// The built-in types that both are made of, where these differ and explain the failure.
    fn types(&self) -> Option<String> {
        let base = |(projection, number): (&Projection<'_, '_>, Option<usize>)| {
            projection.base_of(number?)
        };
        let (was, now) = (base(self.before)?, base(self.after)?);
        let wide_type = if self.is_request { &now } else { &was };
        let explains = match self.what {
            What::Types { missing, .. } => *missing != ["null"],
            What::Format { .. } => true,
            What::Keyword {
                name: "pattern",
                wide,
                ..
            } => FORMS.iter().any(|(_, form)| wide.as_deref() == Some(*form)),
            What::Keyword { name, wide, .. } => is_bound_of(wide_type, name, wide.as_deref()),
            _ => false,
        };
        (explains && was != now)
            .then(|| format!("has the type {} now, and had {}", code(&now), code(&was)))
    }

    /// A facet, or how often an element appears.
    fn keyword(
        &self,
        name: &str,
        narrow: Option<&str>,
        wide: Option<&str>,
        is_text: bool,
    ) -> String {
        let facet = match (name, is_text) {
            ("minItems", false) => return self.occurrences("minOccurs", narrow, wide, "0"),
            ("maxItems", false) => return self.occurrences("maxOccurs", narrow, wide, "unbounded"),
            ("minItems", true) => "minLength",
            ("maxItems", true) => "maxLength",
            ("minimum", _) => "minInclusive",
            ("maximum", _) => "maxInclusive",
            ("exclusiveMinimum", _) => "minExclusive",
            ("exclusiveMaximum", _) => "maxExclusive",
            ("multipleOf", _) => "fractionDigits",
            (name, _) => name,
        };
        let (was, now) = self.in_time(narrow, wide);
        let sides = [self.before, self.after];
        let [was, now] = [(was, sides[0]), (now, sides[1])].map(|(text, (projection, number))| {
            let kind = number.and_then(|number| projection.base_of(number));
            let is_implied = kind.is_some_and(|kind| is_bound_of(&kind, name, text));
            let text = text.filter(|text| !is_implied && !FORMS.iter().any(|(_, f)| f == text))?;
            Some(match name {
                "pattern" => code(&facet_pattern(text)),
                "multipleOf" => digits(text),
                _ => plain(text),
            })
        });
        match (was, now) {
            (Some(was), Some(now)) => format!("has {facet} {now} now, and had {was}"),
            (None, Some(now)) => format!("has {facet} {now} now, and had none"),
            (Some(was), None) => format!("no longer has {facet} {was}"),
            (None, None) => format!("has another {facet}"),
        }
    }

    /// How often an element appears: as it is written, where that differs.
    fn occurrences(
        &self,
        name: &str,
        narrow: Option<&str>,
        wide: Option<&str>,
        none: &str,
    ) -> String {
        let written = |(projection, number): (&Projection<'_, '_>, Option<usize>)| {
            let stated = projection.tree.node(number?).attribute(name);
            Some(stated.map_or("1", str::trim).to_owned())
        };
        let (was, now) = match (written(self.before), written(self.after)) {
            (Some(was), Some(now)) if was != now => (was, now),
            _ => {
                let or_none = |text: Option<&str>| text.unwrap_or(none).to_owned();
                self.in_time(or_none(narrow), or_none(wide))
            }
        };
        format!("has {name} {now} now, and had {was}")
    }

    /// What cannot be compared, in words.
    fn unread(&self) -> Option<String> {
        let unread = |(projection, number): (&Projection<'_, '_>, Option<usize>)| {
            projection.unread_at(number?)
        };
        let (was, now) = (unread(self.before), unread(self.after));
        now.or(was)
    }
}

fn is_text(step: &SchemaStep) -> bool {
    matches!(step, SchemaStep::Property(name) if name == "$" || name.starts_with('@'))
}

/// Whether a type has a bound by itself.
fn is_bound_of(kind: &str, keyword: &str, bound: Option<&str>) -> bool {
    let own = kind
        .strip_prefix("xs:")
        .and_then(|name| own_bound(name, keyword));
    own.is_some() && own == bound.and_then(Decimal::parse)
}

/// What is written for types of the projection that have no name.
fn json_types(names: &[&str]) -> String {
    let words: Vec<&str> = names
        .iter()
        .map(|name| match *name {
            "object" => "elements",
            "array" => "a list",
            "integer" => "an integer",
            "number" => "a number",
            "boolean" => "a boolean",
            "null" => "nil",
            _ => "a text",
        })
        .collect();
    match words.as_slice() {
        [] => "anything".to_owned(),
        words => words.join(" or "),
    }
}

/// The pattern of a facet as it is written.
fn facet_pattern(text: &str) -> String {
    let all: Vec<&str> = text
        .split(")$, ^(?:")
        .map(|one| one.strip_prefix("^(?:").unwrap_or(one))
        .map(|one| one.strip_suffix(")$").unwrap_or(one))
        .filter(|one| !FORMS.iter().any(|(_, form)| form == one))
        .collect();
    all.join(" and ")
}

/// The digits after the point that a step leaves.
fn digits(step: &str) -> String {
    match step.split_once('.') {
        Some((_, fraction)) => fraction.len().to_string(),
        None => "0".to_owned(),
    }
}
