//! A complete response.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::json::{JsonError, parse_json};

/// A complete response, whatever its status.
#[derive(Clone)]
pub struct HttpResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// Without what may be a secret: headers and the body.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
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
    /// If the body is not JSON, or has too many values.
    pub fn json(&self) -> Result<Option<Value>, JsonError> {
        parse_json(&self.body)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderValue, LOCATION};

    use super::*;

    #[test]
    fn debug_output_has_no_secrets() {
        let link = HeaderValue::from_static("https://example.com/?sig=s1gn4ture");
        let response = HttpResponse {
            status: StatusCode::OK,
            headers: [(LOCATION, link)].into_iter().collect(),
            body: br#"{"access_token": "t0ken"}"#.to_vec(),
        };
        assert_eq!(
            format!("{response:?}"),
            "HttpResponse { status: 200, body_length: 25, .. }"
        );
    }
}
