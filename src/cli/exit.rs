//! Every exit code, in one place. They are the same for every output format.

use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to change.
    Done = 0,
    /// Something went wrong that none of the others names.
    Error = 1,
    /// Changes are present; only with `--detailed-exitcode`.
    Changes = 2,
    /// Credentials are missing or refused, or a permission is.
    Authentication = 3,
    /// An apply did some of its changes and not the others.
    Partial = 4,
    /// A safety rule, an immutable field, or a plan that no longer matches.
    Refused = 5,
    /// The manifests are invalid.
    Invalid = 6,
    /// The program was called wrongly.
    Usage = 64,
    /// The user interrupted it.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
