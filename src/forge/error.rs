//! Why a comment could not be written.

use std::fmt;

/// What sort of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgeErrorKind {
    /// Something was not said, or said wrongly: a variable, a flag, the text.
    Usage,
    /// A token or a permission is missing.
    Denied,
    /// Anything else.
    Failed,
}

/// Why a comment could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgeError {
    /// What sort of failure it is.
    pub kind: ForgeErrorKind,
    /// One sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether the request may have been carried out all the same.
    pub(super) uncertain: bool,
}

impl ForgeError {
    pub(super) fn new(kind: ForgeErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            help: None,
            uncertain: false,
        }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(ForgeErrorKind::Usage, message)
    }

    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::new(ForgeErrorKind::Failed, message)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for ForgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ForgeError {}
