//! A file to write.

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path below the folder, with `/` between its parts.
    pub path: &'static str,
    /// Its text.
    pub text: String,
}
