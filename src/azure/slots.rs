//! How many requests are under way at once.

use tokio::sync::{Semaphore, SemaphorePermit};

use super::counts::Counted;

/// How much is done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parallelism {
    /// The most requests that only read: GETs, and some POSTs.
    pub reads: usize,
    /// The most PUTs, PATCHes and DELETEs, and the most POSTs that change something: imports, for the greatest part. The
    /// service may take long for these, and they hold up no others.
    pub writes: usize,
    /// The most changes of an apply that are under way. One whose import the service still carries out, or that waits
    /// for a slot, sends nothing.
    pub changes: usize,
}

impl Parallelism {
    /// The same number of each.
    #[must_use]
    pub fn of(requests: usize) -> Self {
        Self {
            reads: requests,
            writes: requests,
            changes: requests,
        }
    }
}

impl Default for Parallelism {
    /// 64 reads, 16 writes and 16 imports (chosen here: at usual latencies the rate limit binds first). Of changes twice as
    /// many as of writes, so that no slot waits for a change; more would only make an interrupted apply end later.
    fn default() -> Self {
        Self {
            reads: 64,
            writes: 16,
            changes: 32,
        }
    }
}

/// A slot for each request that may be under way.
#[derive(Debug)]
pub(super) struct Slots {
    reads: Semaphore,
    writes: Semaphore,
    actions: Semaphore,
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
            actions: Semaphore::new(slots(parallelism.writes)),
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
            Counted::Action => &self.actions,
        };
        // They are never closed.
        slots.acquire().await.ok()
    }
}
