//! Why a request got no complete response.

use super::retry::RetryReason;

/// What kind of failure an [`HttpError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpErrorKind {
    /// The request cannot be sent: the client cannot be set up, or the URL is not allowed.
    InvalidRequest,
    /// The host's certificate is not trusted.
    Certificate,
    /// No connection, and another attempt cannot help: the name does not exist, the proxy refuses, there is no TLS.
    /// Nothing was sent.
    Unreachable,
    /// No connection for now: network, proxy or TLS. Nothing was sent.
    Connect,
    /// No complete response in time.
    Timeout,
    /// The connection broke before the response was complete.
    Broken,
    /// The response cannot be decoded.
    Undecodable,
    /// The response exceeds the client's limit.
    TooLarge,
}

/// Why a request got no complete response.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct HttpError {
    kind: HttpErrorKind,
    message: String,
    help: Option<String>,
}

impl HttpError {
    pub(super) fn new(kind: HttpErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            help: None,
        }
    }

    /// The same, with what to do about it.
    pub(super) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> HttpErrorKind {
        self.kind
    }

    /// A fragment that names the host and its port, and contains no other part of the URL.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it, if that is known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Why the request may have to be sent again.
    #[must_use]
    pub fn retry_reason(&self) -> RetryReason {
        match self.kind {
            HttpErrorKind::InvalidRequest
            | HttpErrorKind::Certificate
            | HttpErrorKind::Unreachable
            | HttpErrorKind::TooLarge => RetryReason::NotRetryable,
            HttpErrorKind::Connect => RetryReason::NotSent,
            HttpErrorKind::Timeout | HttpErrorKind::Broken | HttpErrorKind::Undecodable => {
                RetryReason::ConnectionLost
            }
        }
    }
}
