//! Every exit code, in one place. They are the same for every output format.

use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to change.
    Done = 0,
    /// Any other error.
    Error = 1,
    /// Changes are present; only with `--detailed-exitcode`.
    Changes = 2,
    /// Credentials or permissions are missing or rejected.
    Authentication = 3,
    /// An apply made only some of its changes, or `drift --write` wrote only some of the edits.
    Partial = 4,
    /// A safety rule, an immutable field, a level of `--fail-on`, or a plan that no longer matches.
    Refused = 5,
    /// The manifests are invalid.
    Invalid = 6,
    /// The command line is invalid.
    Usage = 64,
    /// The user interrupted it.
    Interrupted = 130,
}

impl Exit {
    /// The same for a run whose output could not be written: it is not a success, and other failures stay.
    pub(super) fn without_output(self) -> Self {
        match self {
            Self::Done | Self::Changes => Self::Error,
            other => other,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
