//! The way from a document to a value in it.

use crate::yaml::PathStep;

/// One step from a value to a value inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The value of a key.
    Key(String),
    /// An item, counted from 0.
    Item(usize),
}

impl Step {
    pub(super) fn key(key: &str) -> Self {
        Self::Key(key.to_owned())
    }

    /// The same for an edit of a text.
    pub(super) fn borrowed(&self) -> PathStep<'_> {
        match self {
            Self::Key(key) => PathStep::Key(key),
            Self::Item(at) => PathStep::Item(*at),
        }
    }
}

/// A way with one more step.
pub(super) fn with(steps: &[Step], step: Step) -> Vec<Step> {
    let mut longer = Vec::with_capacity(steps.len() + 1);
    longer.extend_from_slice(steps);
    longer.push(step);
    longer
}
