//! Why a request got no complete response.

use std::error::Error;
use std::io;

use super::retry::RetryReason;

/// What kind of failure an [`HttpError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpErrorKind {
    /// The request cannot be sent: the client cannot be set up, or the URL is not allowed.
    InvalidRequest,
    /// The host's certificate is not trusted.
    Certificate,
    /// No connection: name resolution, network, proxy or TLS. Nothing was sent.
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
}

impl HttpError {
    pub(super) fn new(kind: HttpErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> HttpErrorKind {
        self.kind
    }

    /// A fragment that names the host and contains no other part of the URL.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Why the request may have to be sent again.
    #[must_use]
    pub fn retry_reason(&self) -> RetryReason {
        match self.kind {
            HttpErrorKind::InvalidRequest
            | HttpErrorKind::Certificate
            | HttpErrorKind::TooLarge => RetryReason::NotRetryable,
            HttpErrorKind::Connect => RetryReason::NotSent,
            HttpErrorKind::Timeout | HttpErrorKind::Broken | HttpErrorKind::Undecodable => {
                RetryReason::ConnectionLost
            }
        }
    }

    /// The client could not be built.
    pub(super) fn setup(error: &reqwest::Error) -> Self {
        let last = causes(error).pop().unwrap_or_else(|| error.to_string());
        Self::new(
            HttpErrorKind::InvalidRequest,
            format!("cannot set up HTTP: {last}"),
        )
    }

    /// Explains an error of the library. Its own text contains the URL and is left out.
    pub(super) fn explain(error: &reqwest::Error, host: &str, timeout: f64) -> Self {
        let causes = causes(error);
        let mentions = |words: &[&str]| {
            causes
                .iter()
                .any(|cause| words.iter().any(|word| cause.contains(word)))
        };
        let io_kind = io_kind(error);
        let last = causes.last().map_or("no reason given", String::as_str);
        let (kind, message) = if mentions(&["certificate", "Certificate"]) {
            let text = format!(
                "the certificate of {host} is not trusted: {last} (on Linux, SSL_CERT_FILE names a \
                 file with the authorities to trust)"
            );
            (HttpErrorKind::Certificate, text)
        } else if error.is_timeout() && !error.is_connect() {
            let text = format!("{host} sent no complete response within {timeout} s");
            (HttpErrorKind::Timeout, text)
        } else if error.is_timeout() {
            let text = format!("no connection to {host}; a proxy or firewall may be in the way");
            (HttpErrorKind::Connect, text)
        } else if mentions(&["dns error", "failed to lookup"]) {
            let text = format!("the name {host} cannot be resolved");
            (HttpErrorKind::Connect, text)
        } else if error.is_connect() && io_kind == Some(io::ErrorKind::ConnectionRefused) {
            let text = format!("{host} refuses connections");
            (HttpErrorKind::Connect, text)
        } else if error.is_connect() {
            let text = format!("no connection to {host}: {last}");
            (HttpErrorKind::Connect, text)
        } else if error.is_builder() {
            let text = format!("the request cannot be built: {last}");
            (HttpErrorKind::InvalidRequest, text)
        } else if let Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) = io_kind {
            let text = format!("the response from {host} cannot be decoded: {last}");
            (HttpErrorKind::Undecodable, text)
        } else {
            let text = format!("{host} closed the connection: {last}");
            (HttpErrorKind::Broken, text)
        };
        Self::new(kind, message)
    }
}

/// The causes below an error, innermost last.
fn causes(error: &reqwest::Error) -> Vec<String> {
    chain(error).map(ToString::to_string).collect()
}

fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    chain(error)
        .find_map(|cause| cause.downcast_ref::<io::Error>())
        .map(io::Error::kind)
}

fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}
