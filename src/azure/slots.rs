//! How many requests are under way at once.

use tokio::sync::{Semaphore, SemaphorePermit};

use super::counts::Counted;

/// The most requests that are sent at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parallelism {
    /// GETs, and POSTs that only read.
    pub reads: usize,
    /// Everything that changes something.
    pub writes: usize,
}

impl Parallelism {
    /// The same number of each.
    #[must_use]
    pub fn of(requests: usize) -> Self {
        Self {
            reads: requests,
            writes: requests,
        }
    }
}

impl Default for Parallelism {
    /// 64 reads and 16 writes (chosen here: at usual latencies the rate limit binds first).
    fn default() -> Self {
        Self {
            reads: 64,
            writes: 16,
        }
    }
}

/// A slot for each request that may be under way.
#[derive(Debug)]
pub(super) struct Slots {
    reads: Semaphore,
    writes: Semaphore,
    reads_at_once: usize,
}

impl Slots {
    /// As many slots; at least one of each.
    pub(super) fn new(parallelism: Parallelism) -> Self {
        let slots = |number: usize| number.clamp(1, Semaphore::MAX_PERMITS);
        let reads_at_once = slots(parallelism.reads);
        Self {
            reads: Semaphore::new(reads_at_once),
            writes: Semaphore::new(slots(parallelism.writes)),
            reads_at_once,
        }
    }

    /// The slots for reads.
    pub(super) fn reads_at_once(&self) -> usize {
        self.reads_at_once
    }

    /// Waits for a slot. It is held until the response has arrived.
    pub(super) async fn acquire(&self, counted: Counted) -> Option<SemaphorePermit<'_>> {
        let slots = match counted {
            Counted::Read | Counted::Poll => &self.reads,
            Counted::Write | Counted::Delete => &self.writes,
        };
        // They are never closed.
        slots.acquire().await.ok()
    }
}
