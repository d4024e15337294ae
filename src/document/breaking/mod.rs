//! What a changed description breaks for those who call the API.
//!
//! Only what is known to break is claimed. What cannot be judged (a reference to an address, a keyword
//! that nobody reads here, a format without rules) leads to no claim, and the absence of a claim is not a promise.

mod asyncapi;
mod findings;
mod graphql;
mod inclusion;
mod introspection;
mod location;
mod openapi;
mod pointers;
mod proto;
mod schema;
mod sdl;
mod tree;
mod words;
mod wsdl;

use serde_json::Value;

use super::{content, digest};
use findings::Findings;
pub use findings::{Breaking, Impact};

/// What the second text breaks that the first one promised, in an order that depends on the texts
/// alone; at most a thousand entries.
///
/// Empty where the texts describe different kinds of API, or none that is known here.
#[must_use]
pub fn breaking(before: &str, after: &str) -> Vec<Breaking> {
    let (before, after) = (content::normalised(before), content::normalised(after));
    let mut findings = Findings::default();
    match (digest::meaning(&before), digest::meaning(&after)) {
        (Some(before), Some(after)) => of_trees(&before, &after, &mut findings),
        (None, None) => of_texts(&before, &after, &mut findings),
        // A GraphQL schema may change from the result of its introspection to its own language.
        (Some(tree), None) => graphql::compare(
            &introspection::read(&tree),
            &sdl::read(&after),
            &mut findings,
        ),
        (None, Some(tree)) => graphql::compare(
            &sdl::read(&before),
            &introspection::read(&tree),
            &mut findings,
        ),
    }
    findings.into_list()
}

fn of_trees(before: &Value, after: &Value, findings: &mut Findings) {
    let both = |is: fn(&Value) -> bool| is(before) && is(after);
    if both(openapi::is_openapi) {
        openapi::compare(before, after, findings);
    } else if both(asyncapi::is_asyncapi) {
        asyncapi::compare(before, after, findings);
    } else {
        let (before, after) = (introspection::read(before), introspection::read(after));
        graphql::compare(&before, &after, findings);
    }
}

fn of_texts(before: &str, after: &str, findings: &mut Findings) {
    let both = |is: fn(&str) -> bool| is(before) && is(after);
    if both(super::proto::claims) {
        proto::compare(before, after, findings);
    } else if both(|text| text.trim_start().starts_with('<')) {
        wsdl::compare(before, after, findings);
    } else {
        graphql::compare(&sdl::read(before), &sdl::read(after), findings);
    }
}

#[cfg(test)]
mod tests;
