//! Fields that callers select.

use super::deprecation::since;
use super::inputs::{self, ARGUMENT, Owner};
use super::model::Type;
use super::pair::Pair;
use crate::document::breaking::findings::{Entry, Findings, Impact, Places, code};

pub(super) fn compare<'a>(
    pair: &Pair<'a>,
    place: &str,
    (was, now): (&'a Type, &'a Type),
    findings: &mut Findings,
) {
    for (name, field) in &was.fields {
        let Some(other) = now.fields.get(name) else {
            let since = since(field.deprecated.as_deref());
            let words = format!("field {} removed{since}", code(name));
            let places = Places::removed(&field.at, Some(&now.at));
            findings.add(
                place,
                Entry::new("graphql-field-removed", words).within(places),
            );
            continue;
        };
        if !pair.still_returns(&other.of, &field.of) {
            let types = (other.of.to_string(), field.of.to_string());
            let words = format!(
                "the field {} has the type {} now, and had {}",
                code(name),
                code(&types.0),
                code(&types.1)
            );
            let places = Places::changed(&field.at, &other.at);
            findings.add(
                place,
                Entry::new("graphql-field-type", words).within(places),
            );
        }
        let owner = Owner {
            place,
            rules: &ARGUMENT,
            name: Some(name),
            at: &other.at,
            impact: Impact::Break,
        };
        let arguments = (&field.arguments, &other.arguments);
        inputs::compare(pair, &owner, arguments, findings);
    }
}
