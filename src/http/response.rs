//! A complete response.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// A complete response, whatever its status.
#[derive(Debug, Clone)]
pub struct HttpResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// A header as text; none if it is missing, empty or not text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?.to_str().ok()?;
        (!value.is_empty()).then_some(value)
    }

    /// The body as JSON; none if it is empty. A byte order mark before it is skipped.
    ///
    /// # Errors
    /// If the body is not JSON.
    pub fn json(&self) -> Result<Option<Value>, serde_json::Error> {
        let body = self.body.trim_ascii();
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        if body.is_empty() {
            return Ok(None);
        }
        serde_json::from_slice(body).map(Some)
    }
}
