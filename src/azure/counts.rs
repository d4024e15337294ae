//! Counts of requests.

use std::sync::atomic::{AtomicU64, Ordering};

/// The requests that a client has sent so far; retries are counted apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestCounts {
    /// GETs, pages of lists, links, and POSTs that only read.
    pub reads: u64,
    /// PUTs, PATCHes, and POSTs that change something.
    pub writes: u64,
    /// DELETEs.
    pub deletes: u64,
    /// Polls of long-running operations.
    pub polls: u64,
    /// Requests that were sent again.
    pub retries: u64,
    /// Throttled requests (429).
    pub throttled: u64,
}

/// How a request is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Read,
    Write,
    /// A POST that changes something; counted as a write.
    Action,
    Delete,
    Poll,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    reads: AtomicU64,
    writes: AtomicU64,
    deletes: AtomicU64,
    polls: AtomicU64,
    retries: AtomicU64,
    throttled: AtomicU64,
    /// Reads that are known to be necessary, sent or not.
    expected: AtomicU64,
}

impl Counters {
    pub(super) fn sent(&self, counted: Counted) {
        let counter = match counted {
            Counted::Read => &self.reads,
            Counted::Write | Counted::Action => &self.writes,
            Counted::Delete => &self.deletes,
            Counted::Poll => &self.polls,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// More reads will be necessary.
    pub(super) fn expect(&self, reads: usize) {
        self.expected.fetch_add(reads as u64, Ordering::Relaxed);
    }

    /// Fewer reads are necessary than was said.
    pub(super) fn expect_fewer(&self, reads: usize) {
        self.expected.fetch_sub(reads as u64, Ordering::Relaxed);
    }

    /// How many reads were said to be necessary.
    pub(super) fn expected(&self) -> u64 {
        self.expected.load(Ordering::Relaxed)
    }

    pub(super) fn retried(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn throttled(&self) {
        self.throttled.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn snapshot(&self) -> RequestCounts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        RequestCounts {
            reads: read(&self.reads),
            writes: read(&self.writes),
            deletes: read(&self.deletes),
            polls: read(&self.polls),
            retries: read(&self.retries),
            throttled: read(&self.throttled),
        }
    }
}
