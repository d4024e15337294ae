//! How much a service may list.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::send::ArmResponse;
use crate::http::memory_of;
use crate::live::{ErrorKind, RequestInfo, ServiceError};
use crate::model::counted;

/// The most pages of one list; the service allows some thousands of resources at most.
const MOST_PAGES: usize = 10_000;

/// The most bytes of all pages of one list (chosen here: a full service has about a third of this).
const MOST_LIST_BYTES: usize = 64 * 1024 * 1024;

/// The most memory that all lists of one read may take, in bytes (chosen here: a full service takes less). So much
/// is also reached by many lists, none of which is too long.
const MOST_LISTED_MEMORY: usize = 2 * 1024 * 1024 * 1024;

/// Counts a page with those of all lists of this read.
pub(super) fn count_listed(
    listed: &AtomicUsize,
    page: &ArmResponse,
    info: &RequestInfo,
) -> Result<(), ServiceError> {
    let memory = memory_of(&page.http.body);
    let before = listed.fetch_add(memory, Ordering::Relaxed);
    if before.saturating_add(memory) > MOST_LISTED_MEMORY {
        let text = format!(
            "the lists of this service have more values than this program reads: they take more than \
             {MOST_LISTED_MEMORY} bytes of memory"
        );
        return Err(ServiceError::new(ErrorKind::Protocol, text).about(info));
    }
    Ok(())
}

/// How long a list has become: a service may list anything, even without an end.
pub(super) struct ListLength {
    pages: usize,
    bytes: usize,
    since: Instant,
    timeout: Duration,
}

impl ListLength {
    pub(super) fn new(timeout: Duration) -> Self {
        Self {
            pages: 0,
            bytes: 0,
            since: Instant::now(),
            timeout,
        }
    }

    /// Counts a page.
    pub(super) fn add(
        &mut self,
        page: &ArmResponse,
        info: &RequestInfo,
    ) -> Result<(), ServiceError> {
        self.pages += 1;
        self.bytes += page.http.body.len();
        if self.bytes > MOST_LIST_BYTES {
            return Err(self.endless(&format!("{MOST_LIST_BYTES} bytes"), info));
        }
        Ok(())
    }

    /// Whether one more page is too much.
    pub(super) fn check_next(&self, info: &RequestInfo) -> Result<(), ServiceError> {
        if self.pages >= MOST_PAGES {
            return Err(self.endless(&format!("{MOST_PAGES} pages"), info));
        }
        if self.since.elapsed() >= self.timeout {
            return Err(self.endless(&format!("{} seconds", self.timeout.as_secs()), info));
        }
        Ok(())
    }

    fn endless(&self, limit: &str, info: &RequestInfo) -> ServiceError {
        let text = format!(
            "the list does not end within {limit}: {} and {} bytes were read",
            counted(self.pages, "page"),
            self.bytes
        );
        ServiceError::new(ErrorKind::Protocol, text).about(info)
    }
}
