//! Progress events of an apply.

use std::time::Duration;

/// Progress of a change.
#[derive(Debug, Clone)]
pub enum Event {
    /// Its first request is about to be sent.
    Started {
        /// Position of the change.
        change: usize,
    },
    /// A preparatory write for a change has completed.
    Prepared {
        /// Position of the preparation.
        preparation: usize,
        /// Time since it started.
        elapsed: Duration,
    },
    /// It is done.
    Finished {
        /// Position of the change.
        change: usize,
        /// Time since it started.
        elapsed: Duration,
    },
    /// It failed.
    Failed {
        /// Position of the change.
        change: usize,
        /// The error as text.
        message: String,
    },
    /// It was not tried, because a change that it needs failed.
    Skipped {
        /// Position of the change.
        change: usize,
        /// Position of the change that failed.
        because: usize,
    },
}
