//! What a request handler returns.

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::response::HandlerResponse;
use crate::emulator::store::error::StoreError;

/// Why a request is not carried out: the service refuses it, or the store fails.
#[derive(Debug)]
pub(in crate::emulator) enum HandlerError {
    Response(Box<HandlerResponse>),
    Store(StoreError),
}

/// The result of every handler; `?` ends it with a refusal.
pub(in crate::emulator) type HandlerResult<T = HandlerResponse> = Result<T, HandlerError>;

impl From<HandlerResponse> for HandlerError {
    fn from(response: HandlerResponse) -> Self {
        Self::Response(Box::new(response))
    }
}

impl From<StoreError> for HandlerError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Turns a refusal into its response; a failed store remains an error.
pub(in crate::emulator) fn into_response<T: From<HandlerResponse>>(
    result: HandlerResult<T>,
) -> Result<T, StoreError> {
    match result {
        Ok(done) => Ok(done),
        Err(HandlerError::Response(response)) => Ok(T::from(*response)),
        Err(HandlerError::Store(error)) => Err(error),
    }
}

/// A completed write: its response, and the work that continues after it.
#[derive(Debug)]
pub(in crate::emulator) struct WriteOutcome {
    pub(in crate::emulator) response: HandlerResponse,
    pub(in crate::emulator) follow_up: Option<FollowUp>,
}

impl From<HandlerResponse> for WriteOutcome {
    fn from(response: HandlerResponse) -> Self {
        Self {
            response,
            follow_up: None,
        }
    }
}

/// Work that continues after a response, and after a restart.
#[derive(Debug, Clone)]
pub(in crate::emulator) enum FollowUp {
    /// A job on this subject (a key), once it is due.
    Job {
        name: String,
        subject: String,
        due: Ticks,
    },
    /// Fetches the document of an import by link.
    Fetch { operation: String },
    /// All of these.
    Batch(Vec<Self>),
}

impl FollowUp {
    /// All of these as one; `None` for an empty list.
    pub(in crate::emulator) fn batch(all: Vec<Self>) -> Option<Self> {
        (!all.is_empty()).then_some(Self::Batch(all))
    }
}
