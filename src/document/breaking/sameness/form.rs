//! What a text says, in a form that is the same however it is written.

/// How much of a description is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// Both mean the same, whatever their layout, order and notation.
    Same,
    /// Only what is said for people differs: descriptions, summaries and, in proto files, comments.
    ExceptDescriptions,
    /// More than that differs, or it is not known.
    Different,
}

/// Statements in an order of their own.
#[derive(Debug, Default)]
pub(in crate::document::breaking) struct Form {
    pub(in crate::document::breaking) meaning: Vec<String>,
    /// What is said for people, with what it is about.
    pub(in crate::document::breaking) descriptions: Vec<String>,
}

impl Form {
    pub(in crate::document::breaking) fn sorted(mut self) -> Self {
        self.meaning.sort_unstable();
        self.descriptions.sort_unstable();
        self
    }

    pub(in crate::document::breaking) fn sameness(&self, other: &Self) -> Sameness {
        match self.meaning == other.meaning {
            true if self.descriptions == other.descriptions => Sameness::Same,
            true => Sameness::ExceptDescriptions,
            false => Sameness::Different,
        }
    }
}
