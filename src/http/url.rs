//! Which hosts may be talked to, and how: https, or http on this machine.

use std::net::IpAddr;

use reqwest::Url;

/// Which hosts a client may send to in clear text. Over https it may send to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostPolicy {
    /// None: https only. Proxies are used as the environment configures them.
    HttpsOnly,
    /// Those on the loopback interface. No proxy is used.
    LoopbackHttp,
    /// Any host, for the metadata service of a machine, which has no certificate. No proxy is used.
    LocalHttp,
}

impl HostPolicy {
    /// The policy for a base URL: http is allowed only if the base itself is on this machine.
    #[must_use]
    pub fn of(base: &Url) -> Self {
        if is_loopback(base) {
            Self::LoopbackHttp
        } else {
            Self::HttpsOnly
        }
    }

    /// Whether a request may go to a URL.
    #[must_use]
    pub fn allows(self, url: &Url) -> bool {
        match url.scheme() {
            "https" => true,
            "http" => match self {
                Self::HttpsOnly => false,
                Self::LoopbackHttp => is_loopback(url),
                Self::LocalHttp => true,
            },
            _ => false,
        }
    }
}

/// Whether a URL points to this machine: 127.0.0.0/8, `::1` or `localhost`.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

/// Why a text is not a URL that tokens may be sent to; the end of a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// It cannot be parsed.
    #[error("is not a URL: {0}")]
    Invalid(String),
    /// It is neither https nor http on this machine.
    #[error("must be https; only loopback may be http, as tokens are sent to it")]
    NotHttps,
    /// It has credentials, a query or a fragment, or no host.
    #[error("must be scheme, host, port and path only")]
    NotBare,
}

/// Parses a URL that tokens may be sent to: https, or http on this machine.
///
/// # Errors
/// As described by [`BaseUrlError`]. No error contains a part of the text.
pub fn parse_base_url(text: &str) -> Result<Url, BaseUrlError> {
    let url = Url::parse(text).map_err(|error| BaseUrlError::Invalid(error.to_string()))?;
    if !HostPolicy::LoopbackHttp.allows(&url) {
        return Err(BaseUrlError::NotHttps);
    }
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    let has_more = url.query().is_some() || url.fragment().is_some();
    if has_credentials || has_more || url.host_str().is_none() {
        return Err(BaseUrlError::NotBare);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn loopback_is_this_machine_and_nothing_that_looks_like_it() {
        for near in [
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:80/",
            "http://LOCALHOST:1/arm",
        ] {
            assert!(is_loopback(&url(near)), "{near}");
        }
        for far in [
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://10.0.0.1",
            "http://[::2]/",
            "http://169.254.169.254",
        ] {
            assert!(!is_loopback(&url(far)), "{far}");
        }
    }

    #[test]
    fn clear_text_stays_where_the_policy_allows_it() {
        use HostPolicy::{HttpsOnly, LocalHttp, LoopbackHttp};
        let table = [
            ("https://example.com", [true, true, true]),
            ("http://127.0.0.1:81/x", [false, true, true]),
            ("http://169.254.169.254", [false, false, true]),
            ("ftp://127.0.0.1", [false, false, false]),
        ];
        for (text, expected) in table {
            let allowed = [HttpsOnly, LoopbackHttp, LocalHttp].map(|it| it.allows(&url(text)));
            assert_eq!(allowed, expected, "{text}");
        }
        assert_eq!(HostPolicy::of(&url("http://localhost:1")), LoopbackHttp);
        assert_eq!(HostPolicy::of(&url("https://example.com")), HttpsOnly);
    }

    #[test]
    fn a_base_is_a_bare_https_url_or_on_this_machine() {
        for good in ["https://example.com/arm", "http://127.0.0.1:8080"] {
            assert!(parse_base_url(good).is_ok(), "{good}");
        }
        let insecure = ["http://example.com", "ftp://localhost", "data:x"];
        assert!(
            insecure
                .iter()
                .all(|text| parse_base_url(text) == Err(BaseUrlError::NotHttps)),
        );
        for text in [
            "https://joe:pw@host",
            "https://host/?x=1",
            "https://host/#x",
        ] {
            assert_eq!(parse_base_url(text), Err(BaseUrlError::NotBare), "{text}");
        }
        for text in ["", "management.azure.com"] {
            assert!(matches!(
                parse_base_url(text),
                Err(BaseUrlError::Invalid(_))
            ));
        }
    }
}
