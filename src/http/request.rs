//! A request to be sent, as often as needed.

use std::fmt;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;

/// A request to be sent.
#[derive(Clone)]
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
    /// The size of the response, in bytes, beyond which it is refused, if that is less than the client allows.
    pub most_bytes: Option<usize>,
}

/// Without what may be a secret: headers, the query and the body.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("host", &self.url.host_str().unwrap_or_default())
            .field("path", &self.url.path())
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
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
            most_bytes: None,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn debug_output_has_no_secrets() {
        let url = Url::parse("https://me:pa55@example.com/a/b?sig=s1gn4ture#fr4gment").unwrap();
        let token = HeaderValue::from_static("Bearer t0ken");
        let request = HttpRequest::new(Method::POST, url)
            .header(reqwest::header::AUTHORIZATION, token)
            .json(&json!({"client_secret": "s3cret"}));
        assert_eq!(
            format!("{request:?}"),
            "HttpRequest { method: POST, host: \"example.com\", path: \"/a/b\", body_length: 26, .. }"
        );
    }
}
