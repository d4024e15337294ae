//! GraphQL schemas, in their own language and as results of introspection.

mod coercion;
mod deprecation;
mod directives;
mod form;
mod implementations;
mod inputs;
mod introspection;
mod language;
mod literal;
mod model;
mod outputs;
mod pair;
mod roots;
mod rules;
mod sums;
mod type_ref;
mod types;
mod values;

use serde_json::Value;

use super::findings::Findings;
pub(super) use form::form;
use model::Schema;
use pair::Pair;
pub(super) use rules::RULES;

/// What a schema is read from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// A text in the schema definition language.
    Language(&'a str),
    /// The result of an introspection.
    Introspection(&'a Value),
}

impl Source<'_> {
    fn read(self) -> Option<Schema> {
        match self {
            Self::Language(text) => language::read(text),
            Self::Introspection(tree) => introspection::read(tree),
        }
    }
}

/// Whether this is a schema that can be read.
pub(super) fn is_schema(source: Source<'_>) -> bool {
    source.read().is_some()
}

/// Compares two schemas; one that cannot be read leads to nothing.
pub(super) fn compare(before: Source<'_>, after: Source<'_>, findings: &mut Findings) {
    let (Some(before), Some(after)) = (before.read(), after.read()) else {
        return;
    };
    let pair = Pair::of(&before, &after);
    findings.sums = sums::sums(&pair);
    roots::compare(&pair, findings);
    types::compare(&pair, findings);
    implementations::added_types(&pair, findings);
    directives::compare(&pair, findings);
}
