//! Scalars as written, before the core schema says what they mean.

/// A scalar as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text after escapes and line folding; empty where nothing was written.
    pub text: String,
    /// Neither quoted nor a block text nor tagged, so that it may be a number, a boolean or null.
    pub plain: bool,
    /// The explicit tag, such as `!!str`.
    pub tag: Option<String>,
}
