//! Expressions that cannot be understood.

/// An expression that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}\n    {text}\n    {}^", " ".repeat(*at))]
pub struct BadCondition {
    /// The expression.
    pub text: String,
    /// What is wrong.
    pub message: String,
    /// Where, in characters.
    pub at: usize,
}
