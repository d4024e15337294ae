//! Whether the numbers and strings of one branch are among those of another.

use serde_json::Value;

use super::branch::Branch;
use super::failure::{InclusionFailure, What};
use super::keywords::format_limits;
use super::numbers::{self, Limit, is_above, is_below, one};
use super::patterns::matches;
use super::texts::is_checked;
use crate::model::Decimal;

pub(super) fn keyword<'a>(
    name: &'static str,
    narrow: Option<String>,
    wide: Option<String>,
    candidates: Vec<Value>,
) -> InclusionFailure<'a> {
    InclusionFailure::new(What::Keyword { name, narrow, wide }, candidates)
}

pub(super) fn numbers<'a>(narrow: &Branch<'a>, wide: &Branch<'a>) -> Vec<InclusionFailure<'a>> {
    let (own, other) = (&narrow.numbers, &wide.numbers);
    let mut failures = Vec::new();
    let refused = |near: &[&Decimal]| -> Vec<Value> {
        let refuses = |value: &Value| {
            let number = value.as_number().and_then(Decimal::of);
            number.is_none_or(|number| !other.accepts(&number))
        };
        own.samples(near).into_iter().filter(refuses).collect()
    };
    if other.is_integer && !own.is_integer && own.keeps_to(&one()) != Some(true) {
        let what = What::Types {
            narrow: vec!["number"],
            wide: vec!["integer"],
            missing: vec!["number"],
        };
        failures.push(InclusionFailure::new(what, refused(&[])));
    }
    failures.extend(limits(narrow, wide, &refused));
    for step in &other.multiples {
        if own.keeps_to(step) != Some(true) {
            let was: Vec<String> = own.multiples.iter().map(ToString::to_string).collect();
            let was = (!was.is_empty()).then(|| was.join(", "));
            failures.push(keyword(
                "multipleOf",
                was,
                Some(step.to_string()),
                refused(&[step]),
            ));
        }
    }
    failures
}

/// The least and the most number. Where a format explains both, it is named.
fn limits<'a>(
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
    refused: &impl Fn(&[&Decimal]) -> Vec<Value>,
) -> Vec<InclusionFailure<'a>> {
    let (own, other) = (&narrow.numbers, &wide.numbers);
    let mut failures = Vec::new();
    let lower = other
        .lower
        .as_ref()
        .filter(|limit| is_above(limit, own.lower.as_ref()));
    let upper = other
        .upper
        .as_ref()
        .filter(|limit| is_below(limit, own.upper.as_ref()));
    let format = wide.number_format.filter(|format| {
        let limits = format_limits(format);
        let (least, most) = limits.unzip();
        let is = |limit: Option<&Limit>, of: Option<&str>| {
            limit.is_none_or(|limit| of.and_then(Decimal::parse).as_ref() == Some(&limit.at))
        };
        (lower.is_some() || upper.is_some()) && is(lower, least) && is(upper, most)
    });
    if let Some(format) = format {
        let near: Vec<&Decimal> = [lower, upper]
            .into_iter()
            .flatten()
            .map(|limit| &limit.at)
            .collect();
        let what = What::Format {
            narrow: narrow.number_format.map(str::to_owned),
            wide: format.to_owned(),
        };
        failures.push(InclusionFailure::new(what, refused(&near)));
    } else {
        for (limit, was, names) in [
            (lower, &own.lower, ["minimum", "exclusiveMinimum"]),
            (upper, &own.upper, ["maximum", "exclusiveMaximum"]),
        ] {
            if let Some(limit) = limit {
                let name = names[usize::from(limit.is_exclusive)];
                let was = was.as_ref().map(|was| was.at.to_string());
                failures.push(keyword(
                    name,
                    was,
                    Some(limit.at.to_string()),
                    refused(&[&limit.at]),
                ));
            }
        }
    }
    failures
}

pub(super) fn strings<'a>(narrow: &Branch<'a>, wide: &Branch<'a>) -> Vec<InclusionFailure<'a>> {
    let (own, other) = (&narrow.texts, &wide.texts);
    let mut failures = Vec::new();
    let text = |texts: Vec<String>| texts.into_iter().map(Value::String).collect::<Vec<_>>();
    if other.length.least > own.length.least {
        let mut short = own.clone();
        short.length.most = Some(other.length.least - 1);
        let was = Some(own.length.least).filter(|least| *least > 0);
        failures.push(keyword(
            "minLength",
            was.map(|was| was.to_string()),
            Some(other.length.least.to_string()),
            text(short.samples()),
        ));
    }
    if let Some(most) = other
        .length
        .most
        .filter(|most| own.length.most.is_none_or(|own| own > *most))
    {
        let mut long = own.clone();
        long.length.least = long.length.least.max(most.saturating_add(1));
        failures.push(keyword(
            "maxLength",
            own.length.most.map(|was| was.to_string()),
            Some(most.to_string()),
            text(long.samples()),
        ));
    }
    for pattern in other.patterns.difference(&own.patterns) {
        let mut all = own.samples();
        all.retain(|text| matches(pattern, text) != Some(true));
        let was: Vec<&str> = own.patterns.iter().copied().collect();
        let was = (!was.is_empty()).then(|| was.join(", "));
        failures.push(keyword(
            "pattern",
            was,
            Some((*pattern).to_owned()),
            text(all),
        ));
    }
    for format in other.formats.difference(&own.formats) {
        if own.formats.iter().any(|own| includes(format, own)) {
            continue;
        }
        let candidates = if is_checked(format) {
            text(own.samples())
        } else {
            Vec::new()
        };
        let what = What::Format {
            narrow: own.formats.first().map(|format| (*format).to_owned()),
            wide: (*format).to_owned(),
        };
        failures.push(InclusionFailure::new(what, candidates));
    }
    failures
}

/// Whether every string of a format has another one too.
fn includes(wide: &str, narrow: &str) -> bool {
    matches!(
        (wide, narrow),
        ("idn-email", "email")
            | ("idn-hostname", "hostname")
            | ("uri-reference" | "iri" | "iri-reference" | "url", "uri")
            | ("uri" | "iri" | "uri-reference", "url")
            | ("iri-reference", "iri" | "uri-reference")
    )
}

/// Whether no number is in both.
pub(super) fn are_numbers_disjoint(one: &Branch<'_>, other: &Branch<'_>) -> bool {
    let mut both: numbers::Numbers = one.numbers.clone();
    both.meet(&other.numbers);
    both.settle();
    both.is_empty()
}
