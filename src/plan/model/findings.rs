//! What rules decide about a plan.

use std::borrow::Cow;
use std::fmt;

use crate::model::{Address, Span};

/// The stable name of a rule, such as `too-many-deletes`.
pub type RuleCode = Cow<'static, str>;

/// Why a change is blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The rule that blocks it.
    pub code: RuleCode,
    /// The reason as a fragment of a sentence.
    pub reason: String,
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// Why the whole plan is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The rule that refuses it.
    pub code: RuleCode,
    /// What is refused, with the numbers.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where the cause is declared.
    pub place: Option<Span>,
    /// The live resource that is the cause, if it is one.
    pub address: Option<Address>,
}
