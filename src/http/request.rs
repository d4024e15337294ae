//! A request to be sent, as often as needed.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The URL; it is never logged, as its query may contain a signature.
    pub url: Url,
    /// All headers but those that the client sets for every request.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// Whether sending it twice has the same effect as sending it once.
    pub idempotent: bool,
}

impl HttpRequest {
    /// A request without headers and body; all methods but POST are idempotent.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            idempotent: method != Method::POST,
            method,
            url,
            headers: HeaderMap::new(),
            body: Vec::new(),
        }
    }

    /// The same request with a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The same request with a JSON body.
    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        let kind = HeaderValue::from_static("application/json");
        self.headers.insert(CONTENT_TYPE, kind);
        self.body = body.to_string().into_bytes();
        self
    }
}
