//! How long-running operations are polled.

use std::time::Duration;

/// How long-running operations are polled.
#[derive(Debug, Clone)]
pub struct Polling {
    /// The wait before the first poll, and the shortest of all; it doubles with each.
    pub first: Duration,
    /// The longest wait of our own choosing.
    pub ceiling: Duration,
    /// After this long, polling ends and the operation is left to the service.
    pub deadline: Duration,
}

impl Default for Polling {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(200),
            ceiling: Duration::from_secs(5),
            deadline: Duration::from_secs(15 * 60),
        }
    }
}
