//! The time by which throttling counts.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The clock that refills the limits on requests. `Default` is the machine's; clones share one time.
#[derive(Debug, Clone, Default)]
pub struct ThrottleClock {
    /// The time of a stopped clock.
    stopped: Option<Arc<Mutex<Instant>>>,
}

impl ThrottleClock {
    /// A clock that only [`advance`](Self::advance) moves, so that tests do not depend on the machine's speed.
    #[must_use]
    pub fn stopped() -> Self {
        Self {
            stopped: Some(Arc::new(Mutex::new(Instant::now()))),
        }
    }

    /// Moves a stopped clock on; the machine's clock stays as it is.
    pub fn advance(&self, time: Duration) {
        if let Some(stopped) = &self.stopped {
            *stopped.lock().unwrap_or_else(PoisonError::into_inner) += time;
        }
    }

    pub(in crate::emulator) fn now(&self) -> Instant {
        self.stopped.as_ref().map_or_else(Instant::now, |stopped| {
            *stopped.lock().unwrap_or_else(PoisonError::into_inner)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::ThrottleClock;

    #[test]
    fn a_stopped_clock_moves_when_it_is_advanced() {
        let clock = ThrottleClock::stopped();
        let shared = clock.clone();
        let start = clock.now();
        assert_eq!(clock.now(), start);
        shared.advance(Duration::from_secs(3));
        assert_eq!(clock.now(), start + Duration::from_secs(3));
    }
}
