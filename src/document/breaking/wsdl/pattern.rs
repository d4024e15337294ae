//! What an operation sends and receives, in which order.

use crate::document::breaking::findings::Impact;

/// A message exchange pattern, under its name in version 2.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    InOnly,
    RobustInOnly,
    InOut,
    InOptionalOut,
    OutOnly,
    RobustOutOnly,
    OutIn,
    OutOptionalIn,
    /// Neither an input nor an output.
    Empty,
}

impl Pattern {
    /// The pattern that an operation of version 2 names.
    pub(super) fn named(address: &str) -> Option<Self> {
        Some(match address.trim().rsplit('/').next()? {
            "in-only" => Self::InOnly,
            "robust-in-only" => Self::RobustInOnly,
            "in-out" => Self::InOut,
            "in-opt-out" => Self::InOptionalOut,
            "out-only" => Self::OutOnly,
            "robust-out-only" => Self::RobustOutOnly,
            "out-in" => Self::OutIn,
            "out-opt-in" => Self::OutOptionalIn,
            _ => return None,
        })
    }

    /// The pattern of an operation that has these messages.
    pub(super) fn of(has_input: bool, has_output: bool, is_output_first: bool) -> Self {
        match (has_input, has_output) {
            (true, true) if is_output_first => Self::OutIn,
            (true, true) => Self::InOut,
            (true, false) => Self::InOnly,
            (false, true) => Self::OutOnly,
            (false, false) => Self::Empty,
        }
    }

    /// What another pattern means for callers, if anything.
    pub(super) fn impact_of(self, now: Self) -> Option<Impact> {
        match (self, now) {
            (was, now) if was == now => None,
            // A response that always comes is one that may come, and callers may always send one.
            (Self::InOptionalOut, Self::InOut) | (Self::OutIn, Self::OutOptionalIn) => None,
            (Self::InOnly, Self::RobustInOnly)
            | (Self::RobustInOnly, Self::InOnly)
            | (Self::OutOnly, Self::RobustOutOnly)
            | (Self::RobustOutOnly, Self::OutOnly) => Some(Impact::Caution),
            _ => Some(Impact::Break),
        }
    }

    /// In words, what is sent in which order.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::InOnly => "one-way",
            Self::RobustInOnly => "one-way with faults",
            Self::InOut => "request and response",
            Self::InOptionalOut => "a request with a response that may be left out",
            Self::OutOnly => "a notification",
            Self::RobustOutOnly => "a notification with faults",
            Self::OutIn => "a request to callers",
            Self::OutOptionalIn => "a request to callers that they may leave unanswered",
            Self::Empty => "without messages",
        }
    }
}
