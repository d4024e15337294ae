//! The proxy of https requests, as variables of the environment set it.
//!
//! The client would ignore a variable whose value it cannot use, and connect directly. That would send requests
//! past the proxy that somebody wanted, so it is an error here.

use std::ffi::OsString;
use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{NoProxy, Proxy, Url};

use super::error::{HttpError, HttpErrorKind};

/// The variables that name a proxy. Of each pair, the first that is set counts; the second pair is for an empty or
/// missing first one.
const PROXY: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];
const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxy of https requests. Its password is not printed.
#[derive(Clone, Default)]
pub(super) struct ProxySetting {
    /// The variable that counts, and its value.
    variable: Option<(&'static str, String)>,
    /// Hosts that are connected to directly.
    except: String,
    /// Whether a proxy is set, but for http only.
    is_for_http_only: bool,
}

/// The proxy that a request goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProxyInUse {
    /// Scheme, host and port.
    pub(super) address: String,
    /// What set it: a variable, or the system.
    pub(super) source: &'static str,
    /// Whether it gets a user name.
    pub(super) has_user: bool,
}

impl fmt::Debug for ProxySetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variable = self.variable.as_ref().map(|(name, _)| name);
        f.debug_struct("ProxySetting")
            .field("variable", &variable)
            .finish_non_exhaustive()
    }
}

/// As messages name it.
impl fmt::Display for ProxyInUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.address, self.source)
    }
}

impl ProxySetting {
    pub(super) fn from_variables(get: impl Fn(&'static str) -> Option<OsString>) -> Self {
        let first = |names: [&'static str; 2]| {
            names.into_iter().find_map(|name| {
                let value = get(name)?.to_string_lossy().trim().to_owned();
                Some((name, value))
            })
        };
        let is_set = |(_, value): &(&str, String)| !value.is_empty();
        let variable = PROXY
            .into_iter()
            .find_map(|pair| first(pair).filter(is_set));
        let of_http = first(["HTTP_PROXY", "http_proxy"]).is_some_and(|it| is_set(&it));
        Self {
            is_for_http_only: of_http && variable.is_none(),
            variable,
            except: first(NO_PROXY).unwrap_or_default().1,
        }
    }

    /// Whether a proxy is set, but for http only.
    pub(super) fn is_for_http_only(&self) -> bool {
        self.is_for_http_only
    }

    /// The proxy for the client; `None` if no variable names one that can be used.
    pub(super) fn for_client(&self) -> Option<Proxy> {
        let (_, text) = self.variable.as_ref()?;
        let proxy = Proxy::https(parse(text).ok()?).ok()?;
        Some(proxy.no_proxy(NoProxy::from_string(&self.except)))
    }

    /// Whether a variable names a proxy, well or badly.
    pub(super) fn is_set(&self) -> bool {
        self.variable.is_some()
    }

    /// The proxy that a request to this URL goes through; `None` if it goes directly.
    ///
    /// # Errors
    /// If the variable is not the address of a proxy.
    pub(super) fn of(&self, url: &Url) -> Result<Option<ProxyInUse>, HttpError> {
        let Some((variable, text)) = &self.variable else {
            return Ok(system_proxy(url));
        };
        // The rules for exceptions are those of the client; its address does not matter to them.
        let matcher = Matcher::builder().all("http://proxy").no(&self.except);
        let uri = url.as_str().parse().ok();
        if uri.is_none_or(|uri| matcher.build().intercept(&uri).is_none()) {
            return Ok(None);
        }
        match parse(text) {
            Ok(proxy) => Ok(Some(ProxyInUse {
                address: address(&proxy),
                source: variable,
                has_user: !proxy.username().is_empty(),
            })),
            Err(reason) => {
                let shown = without_password(text);
                let host = url.host_str().unwrap_or_default();
                let text = format!("{variable} is `{shown}`, which {reason}");
                let error = HttpError::new(HttpErrorKind::InvalidRequest, text);
                Err(error.with_help(format!(
                    "write {variable}=http://HOST:PORT, or unset it; to connect to {host} directly, add it to \
                     NO_PROXY"
                )))
            }
        }
    }
}

/// Parses the address of a proxy; without a scheme it is http. The error ends a sentence.
fn parse(text: &str) -> Result<Url, String> {
    let with_scheme = match text.contains("://") {
        true => text.to_owned(),
        false => format!("http://{text}"),
    };
    let url = Url::parse(&with_scheme).map_err(|error| format!("is not a URL: {error}"))?;
    match url.scheme() {
        "http" | "https" => {}
        scheme if scheme.starts_with("socks") => {
            return Err("is a SOCKS proxy; only http and https proxies are supported".to_owned());
        }
        scheme => return Err(format!("must begin with http or https, not with {scheme}")),
    }
    let has_more = !["", "/"].contains(&url.path()) || url.query().is_some();
    if url.host_str().is_none_or(str::is_empty) || has_more || url.fragment().is_some() {
        return Err("must be scheme, host and port only".to_owned());
    }
    Ok(url)
}

/// Scheme, host and port.
fn address(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}://{host}:{port}", url.scheme())
}

/// What may be shown of a text that is perhaps not a URL: nothing before the last `@` but the scheme.
fn without_password(text: &str) -> String {
    let Some((before, after)) = text.rsplit_once('@') else {
        return text.to_owned();
    };
    match before.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://***@{after}"),
        None => format!("***@{after}"),
    }
}

/// The proxy in the settings of macOS or Windows. No variable names one, so nothing else is found.
fn system_proxy(url: &Url) -> Option<ProxyInUse> {
    if !cfg!(any(windows, target_os = "macos")) {
        return None;
    }
    let found = Matcher::from_system().intercept(&url.as_str().parse().ok()?)?;
    Some(ProxyInUse {
        address: found.uri().to_string().trim_end_matches('/').to_owned(),
        source: "from the settings of the system",
        has_user: found.basic_auth().is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(variables: &[(&'static str, &str)]) -> ProxySetting {
        ProxySetting::from_variables(|name| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| value.into())
        })
    }

    fn of(variables: &[(&'static str, &str)]) -> Option<(String, &'static str)> {
        let url = Url::parse("https://arm.contoso.com/x").unwrap();
        let proxy = setting(variables).of(&url).unwrap();
        proxy.map(|proxy| (proxy.address, proxy.source))
    }

    #[test]
    fn the_variable_that_counts_is_named() {
        let proxy = |address: &str, source| Some((address.to_owned(), source));
        let table: &[(&[(&'static str, &str)], _)] = &[
            (
                &[("HTTPS_PROXY", "http://p:1"), ("https_proxy", "http://q:2")],
                proxy("http://p:1", "HTTPS_PROXY"),
            ),
            (
                &[("https_proxy", "p:1"), ("ALL_PROXY", "q:2")],
                proxy("http://p:1", "https_proxy"),
            ),
            (
                &[("HTTPS_PROXY", " "), ("all_proxy", "https://q/")],
                proxy("https://q:443", "all_proxy"),
            ),
            (&[("HTTPS_PROXY", ""), ("https_proxy", "p:1")], None),
            (&[("HTTP_PROXY", "p:1")], None),
            (
                &[("HTTPS_PROXY", "http://joe:pw@p")],
                proxy("http://p:80", "HTTPS_PROXY"),
            ),
            (
                &[("HTTPS_PROXY", "p:1"), ("NO_PROXY", "x, .contoso.com")],
                None,
            ),
            (&[("HTTPS_PROXY", "socks5://p:1"), ("no_proxy", "*")], None),
            (
                &[("HTTPS_PROXY", "p:1"), ("NO_PROXY", ""), ("no_proxy", "*")],
                proxy("http://p:1", "HTTPS_PROXY"),
            ),
        ];
        for (variables, expected) in table {
            assert_eq!(of(variables), *expected, "{variables:?}");
        }
        assert!(setting(&[("HTTP_PROXY", "p:1")]).is_for_http_only());
    }

    #[test]
    fn what_is_not_the_address_of_a_proxy_is_refused_without_its_password() {
        let url = Url::parse("https://arm.contoso.com/x").unwrap();
        for (text, shown) in [
            ("http://", "`http://`, which is not a URL"),
            (
                "http//p:1",
                "`http//p:1`, which must be scheme, host and port only",
            ),
            ("http:/p:1", "must be scheme, host and port only"),
            ("http://p:port", "is not a URL: invalid port number"),
            ("http://[::1", "is not a URL"),
            ("two words", "is not a URL"),
            ("http://p/proxy.pac", "must be scheme, host and port only"),
            ("ftp://p:21", "must begin with http or https, not with ftp"),
            ("socks5h://p:1080", "is a SOCKS proxy"),
            ("http://joe:s3cret@p:port", "`http://***@p:port`"),
            ("joe:s3cret@[p", "`***@[p`"),
        ] {
            let setting = setting(&[("HTTPS_PROXY", text)]);
            let error = setting.of(&url).unwrap_err();
            assert!(error.message().contains(shown), "{error}");
            assert!(error.message().starts_with("HTTPS_PROXY is `"), "{error}");
            assert!(error.help().is_some_and(|help| help.contains("NO_PROXY")));
            assert!(
                !format!("{error:?} {setting:?}").contains("s3cret"),
                "{error:?}"
            );
            assert!(setting.for_client().is_none());
        }
    }
}
