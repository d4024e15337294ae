//! Names as parts of addresses.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What has a meaning in an address, or none anywhere (RFC 3986: all but the unreserved characters and the slash).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A path as part of an address: what has a meaning there is escaped, its slashes are kept.
#[must_use]
pub fn url_path(path: &str) -> String {
    utf8_percent_encode(path, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_an_address_is_escaped() {
        assert_eq!(
            url_path("a b/é](x)#?&.yaml"),
            "a%20b/%C3%A9%5D%28x%29%23%3F%26.yaml"
        );
        assert_eq!(url_path("apis/orders-v1_~.yaml"), "apis/orders-v1_~.yaml");
    }
}
