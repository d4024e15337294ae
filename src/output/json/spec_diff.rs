//! What the difference of two descriptions breaks, in machine form.

use schemars::JsonSchema;
use serde::Serialize;

use super::breaking::BreakingJson;
use crate::document::{Impact, Sameness, Sum};
use crate::output::spec_diff::SpecDiff;

/// Version of this form.
const FORMAT: &str = "1.0";

/// What the second of two descriptions breaks.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpecDiffJson {
    /// Version of this form.
    format_version: &'static str,
    /// The old description: its path, its address, or `-`.
    before: String,
    /// The new description.
    after: String,
    /// What both describe: `openapi`, `asyncapi`, `graphql`, `grpc` or `wsdl`.
    kind: &'static str,
    /// Whether both mean the same, whatever their layout, order and notation.
    same: bool,
    /// Whether both mean the same except in descriptions, summaries and comments.
    descriptions_only: bool,
    /// Whether everything was looked for; false if the findings are so many that the search stopped.
    complete: bool,
    /// The counts.
    summary: SpecSummaryJson,
    /// What breaks callers, the weightiest first.
    breaking: Vec<BreakingJson>,
    /// What may break callers.
    cautions: Vec<BreakingJson>,
}

/// How much was found.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SpecSummaryJson {
    /// Findings in `breaking`.
    breaking: usize,
    /// Findings in `cautions`.
    cautions: usize,
    /// Parts of the API that were removed and added.
    parts: Vec<SumJson>,
}

/// How many of something were removed and added.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SumJson {
    /// What is counted, in the singular: `path`, `operation`, `type`, `message`.
    part: &'static str,
    /// How many only the old description has.
    removed: usize,
    /// How many only the new description has.
    added: usize,
}

impl SumJson {
    fn list<'s>(sums: impl IntoIterator<Item = &'s Sum>) -> Vec<Self> {
        let json = |sum: &Sum| Self {
            part: sum.noun,
            removed: sum.removed,
            added: sum.added,
        };
        sums.into_iter().map(json).collect()
    }

    /// Those of which some were removed or added.
    pub(super) fn list_changed(sums: &[Sum]) -> Vec<Self> {
        Self::list(sums.iter().filter(|sum| sum.is_changed()))
    }
}

impl SpecDiffJson {
    /// Puts a comparison into this form.
    #[must_use]
    pub fn new(diff: &SpecDiff<'_>) -> Self {
        let list = |impact: Impact| {
            let of_impact = diff
                .located
                .iter()
                .filter(|located| located.found.impact == impact);
            of_impact
                .map(|located| {
                    let sources = (diff.before.sources, diff.after.sources);
                    BreakingJson::new(located.found).located(
                        located.before.map(|span| (span, sources.0)),
                        located.after.map(|span| (span, sources.1)),
                    )
                })
                .collect()
        };
        let (breaking, cautions) = diff.counts();
        Self {
            format_version: FORMAT,
            before: diff.before.name.to_owned(),
            after: diff.after.name.to_owned(),
            kind: diff.comparison.kind.name(),
            same: diff.comparison.sameness == Sameness::Same,
            descriptions_only: diff.comparison.sameness == Sameness::ExceptDescriptions,
            complete: !diff.comparison.is_cut,
            summary: SpecSummaryJson {
                breaking,
                cautions,
                parts: SumJson::list(&diff.comparison.sums),
            },
            breaking: list(Impact::Break),
            cautions: list(Impact::Caution),
        }
    }
}
