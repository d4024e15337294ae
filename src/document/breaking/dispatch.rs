//! Which comparison two texts take.

use serde_json::Value;

use super::findings::Findings;
use super::graphql::Source;
use super::{asyncapi, graphql, openapi, proto, wsdl};
use crate::document::proto::claims;

/// Compares two texts, some of which are trees.
pub(super) fn of_both(
    (before, after): (&str, &str),
    trees: (Option<&Value>, Option<&Value>),
    findings: &mut Findings,
) {
    match trees {
        (Some(before), Some(after)) => of_trees(before, after, findings),
        (None, None) => of_texts(before, after, findings),
        // A GraphQL schema may change from the result of its introspection to its own language.
        (Some(tree), None) => {
            graphql::compare(
                Source::Introspection(tree),
                Source::Language(after),
                findings,
            );
        }
        (None, Some(tree)) => {
            graphql::compare(
                Source::Language(before),
                Source::Introspection(tree),
                findings,
            );
        }
    }
}

fn of_trees(before: &Value, after: &Value, findings: &mut Findings) {
    let both = |is: fn(&Value) -> bool| is(before) && is(after);
    if both(openapi::is_openapi) {
        openapi::compare(before, after, findings);
    } else if both(asyncapi::is_asyncapi) {
        asyncapi::compare(before, after, findings);
    } else {
        let (before, after) = (Source::Introspection(before), Source::Introspection(after));
        graphql::compare(before, after, findings);
    }
}

fn of_texts(before: &str, after: &str, findings: &mut Findings) {
    let both = |is: fn(&str) -> bool| is(before) && is(after);
    if both(claims) {
        proto::compare(before, after, findings);
    } else if both(|text| text.trim_start().starts_with('<')) {
        wsdl::compare(before, after, findings);
    } else {
        graphql::compare(Source::Language(before), Source::Language(after), findings);
    }
}
