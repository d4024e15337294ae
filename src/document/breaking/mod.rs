//! What a changed description breaks for those who call the API.
//!
//! Only what is known to break is claimed. What cannot be judged (a reference to an address, a keyword
//! that nobody reads here, a format without rules) leads to no claim, and the absence of a claim is not a promise.

mod asyncapi;
mod comparison;
mod credentials;
mod dispatch;
mod findings;
mod graphql;
mod inclusion;
mod kind;
mod location;
mod media_type;
mod openapi;
mod pointers;
mod proto;
mod rank;
mod rule;
mod rules;
mod sameness;
mod schema;
mod schemes;
mod server_addresses;
mod sum;
mod text_range;
mod tree;
mod words;
mod wsdl;

use super::{content, digest};
pub use comparison::{Comparison, NamedText, NotComparable, compare};
use dispatch::of_both;
use findings::Findings;
pub use findings::{Breaking, DocumentPlace, Impact};
pub use kind::ApiKind;
use rank::ranked;
pub use rule::BreakingRule;
pub use rules::BREAKING_RULES;
pub use sameness::Sameness;
pub use sum::Sum;
pub use text_range::TextRange;

/// What a changed description means for those who call the API.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effects {
    /// What breaks, the weightiest first; at most a thousand entries.
    pub findings: Vec<Breaking>,
    /// How many parts of the API were removed and added.
    pub sums: Vec<Sum>,
}

/// What the second text breaks that the first one promised.
///
/// Empty where the texts describe different kinds of API, or none that is known here.
#[must_use]
pub fn effects(before: &str, after: &str) -> Effects {
    let mut findings = found(before, after);
    let sums = std::mem::take(&mut findings.sums);
    Effects {
        findings: ranked(findings.into_list()),
        sums,
    }
}

fn found(before: &str, after: &str) -> Findings {
    let (before, after) = (content::normalised(before), content::normalised(after));
    let trees = (digest::meaning(&before), digest::meaning(&after));
    let mut findings = Findings::default();
    of_both(
        (&before, &after),
        (trees.0.as_ref(), trees.1.as_ref()),
        &mut findings,
    );
    findings
}

/// The findings in the order in which they were made.
#[cfg(test)]
fn breaking(before: &str, after: &str) -> Vec<Breaking> {
    found(before, after).into_list()
}

#[cfg(test)]
mod tests;
