//! Whether two descriptions, one of which breaks nothing of the other, say the same.

pub(super) mod form;
mod tree;
mod xml;

use serde_json::Value;

use super::kind::ApiKind;
use super::{graphql, proto};
use form::Form;
pub use form::Sameness;

/// Compares two texts of a kind, some of which are trees.
pub(super) fn sameness(
    kind: ApiKind,
    (before, after): (&str, &str),
    trees: (Option<&Value>, Option<&Value>),
) -> Sameness {
    if before == after {
        return Sameness::Same;
    }
    let forms = |of: fn(&str) -> Option<Form>| match of(before).zip(of(after)) {
        Some((before, after)) => before.sameness(&after),
        None => Sameness::Different,
    };
    match (kind, trees) {
        (_, (Some(before), Some(after))) => tree::sameness(before, after),
        (ApiKind::GraphQl, (None, None)) => forms(graphql::form),
        (ApiKind::Protobuf, _) => forms(proto::form),
        (ApiKind::Wsdl, _) => forms(xml::form),
        _ => Sameness::Different,
    }
}
