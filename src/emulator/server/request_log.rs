//! The requests an emulator received, for tests to count.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Enough for any test, small enough that a server may run for weeks.
const KEPT: usize = 10_000;

/// A request as it arrived, with the status of its response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The method, upper case.
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The query as sent, without the question mark; empty when there was none.
    pub query: String,
    /// Whether it came over HTTP/2.
    pub is_http2: bool,
    /// The status of the response; `None` if the connection was cut or there was no response.
    pub status: Option<u16>,
}

/// The last requests, oldest first.
#[derive(Debug, Default)]
pub(in crate::emulator) struct RequestLog(Mutex<VecDeque<RecordedRequest>>);

impl RequestLog {
    pub(in crate::emulator) fn push(&self, request: RecordedRequest) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(request);
    }

    pub(in crate::emulator) fn all(&self) -> Vec<RecordedRequest> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}
