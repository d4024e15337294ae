//! A rule by which a breaking change is found: its stable name, and what it means.

/// A rule that finds breaking changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakingRule {
    /// The stable name, as in JSON.
    pub id: &'static str,
    /// One sentence that says what the rule reports.
    pub meaning: &'static str,
}

pub(super) const fn rule(id: &'static str, meaning: &'static str) -> BreakingRule {
    BreakingRule { id, meaning }
}
