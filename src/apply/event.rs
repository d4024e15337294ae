//! What an apply tells while it runs.

use std::time::Duration;

/// Something happened to a change, named by its position in the plan.
#[derive(Debug, Clone)]
pub enum Event {
    /// Its first request is about to be sent.
    Started {
        /// Position of the change.
        change: usize,
    },
    /// A write that makes way for it, named by its own position, is done.
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
        /// What went wrong, in plain words.
        message: String,
    },
    /// It was not tried, because what it needs failed.
    Skipped {
        /// Position of the change.
        change: usize,
        /// Position of the change that failed.
        because: usize,
    },
}
