//! One request, as the resource provider sees it after the gateway let it through.

use axum::http::Method;
use serde_json::Value;

/// A request with its path still unread.
#[derive(Debug, Clone)]
pub(in crate::emulator) struct HandlerRequest {
    pub(in crate::emulator) method: Method,
    /// As the caller wrote it: ids echo its casing.
    pub(in crate::emulator) path: String,
    pub(in crate::emulator) query: Query,
    /// `None` when no body was sent.
    pub(in crate::emulator) body: Option<Value>,
    /// `http://host:port` as the caller addressed the emulator, for absolute links.
    pub(in crate::emulator) base: String,
}

impl HandlerRequest {
    /// Whether the method is GET or HEAD.
    pub(in crate::emulator) fn is_read(&self) -> bool {
        self.method == Method::GET || self.method == Method::HEAD
    }
}

/// The decoded query.
#[derive(Debug, Clone, Default)]
pub(in crate::emulator) struct Query(Vec<(String, String)>);

impl Query {
    pub(in crate::emulator) fn parse(raw: &str) -> Self {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(key, true), decoded(value, true))
        });
        Self(pairs.collect())
    }

    /// The value of a parameter; names compare without case.
    pub(in crate::emulator) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Undoes percent-encoding; what is not valid stays as it is.
pub(in crate::emulator) fn decoded(text: &str, plus_is_space: bool) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(value) => {
                plain.push(value);
                at += 3;
            }
            None => {
                plain.push(if byte == b'+' && plus_is_space {
                    b' '
                } else {
                    byte
                });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Encodes everything but unreserved characters, for values in a query.
pub(in crate::emulator) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::{Query, decoded, encoded};

    #[test]
    fn queries_are_decoded() {
        let query = Query::parse("$filter=name%20eq%20%27x%27&API-Version=2024-03-01&a+b=1+2");
        assert_eq!(query.get("$filter"), Some("name eq 'x'"));
        assert_eq!(query.get("api-version"), Some("2024-03-01"));
        assert_eq!(query.get("a b"), Some("1 2"));
        assert_eq!(decoded("100%", false), "100%");
        assert_eq!(decoded(&encoded("ä'/ +"), false), "ä'/ +");
    }
}
