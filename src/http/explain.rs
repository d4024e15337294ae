//! Errors of the HTTP library in plain words: what failed, where, and what to do.

use std::error::Error;
use std::io;

use tokio_rustls::rustls;

use super::attempt::Attempt;
use super::error::{HttpError, HttpErrorKind};
use super::proxy::ProxyInUse;
use super::tls;

/// What resolvers say about a name that does not exist: glibc (two), musl (two), macOS, Windows. Everything else
/// may be temporary.
const NO_SUCH_NAME: [&str; 6] = [
    "Name or service not known",
    "No address associated with hostname",
    "Name does not resolve",
    "Name has no usable address",
    "nodename nor servname provided",
    "No such host is known",
];

/// The client could not be built.
pub(super) fn setup(error: &reqwest::Error) -> HttpError {
    let last = chain(error).last().map(ToString::to_string);
    let last = last.unwrap_or_else(|| error.to_string());
    let text = format!("cannot set up HTTP: {last}");
    HttpError::new(HttpErrorKind::InvalidRequest, text)
}

/// Explains an error of the library. Its own text contains the URL and is left out.
pub(super) fn explain(error: &reqwest::Error, attempt: &Attempt<'_>) -> HttpError {
    let chain = chain(error);
    let place = attempt.place();
    let last = chain.last().map(ToString::to_string);
    let last = last.unwrap_or_else(|| "no reason given".to_owned());
    let tls_error = chain
        .iter()
        .find_map(|cause| cause.downcast_ref::<rustls::Error>());
    let is_for_proxy = tunnel_error(&chain).as_deref() == Some(NO_PROXY_CONNECTION);
    let of_tls =
        tls_error.and_then(|it| tls::explain(it, attempt, is_for_proxy, error.is_connect()));
    if let Some(explained) = of_tls {
        return explained;
    }
    if error.is_timeout() && !error.is_connect() {
        let seconds = attempt.timeout.as_secs_f64();
        let text = format!("{place} sent no complete response within {seconds} s");
        return HttpError::new(HttpErrorKind::Timeout, text);
    }
    if error.is_connect() {
        return match attempt.proxy {
            Some(proxy) => through_proxy(error, &chain, attempt, proxy),
            None => directly(error, &chain, attempt),
        };
    }
    if error.is_builder() {
        let text = format!("the request cannot be built: {last}");
        return HttpError::new(HttpErrorKind::InvalidRequest, text);
    }
    let kinds = [io::ErrorKind::InvalidData, io::ErrorKind::InvalidInput];
    if io_error(&chain).is_some_and(|error| kinds.contains(&error.kind())) {
        let text = format!("the response from {place} cannot be decoded: {last}");
        return HttpError::new(HttpErrorKind::Undecodable, text);
    }
    let text = format!("{place} closed the connection: {last}");
    HttpError::new(HttpErrorKind::Broken, text)
}

/// No connection, without a proxy.
fn directly(
    error: &reqwest::Error,
    chain: &[&(dyn Error + 'static)],
    attempt: &Attempt<'_>,
) -> HttpError {
    let place = attempt.place();
    let failed = match fault(error, chain) {
        Fault::Refused => {
            let text = format!("{place} refuses connections");
            HttpError::new(HttpErrorKind::Connect, text)
        }
        Fault::Name { kind, reason } => {
            let host = attempt.host();
            let text =
                format!("no connection to {place}: the name {host} cannot be resolved: {reason}");
            return HttpError::new(kind, text).with_help(format!(
                "check the name {host} and the network; {}",
                proxy_advice(attempt)
            ));
        }
        Fault::Timeout => {
            let seconds = attempt.connect_timeout.as_secs_f64();
            let text = format!("no connection to {place} within {seconds} s");
            HttpError::new(HttpErrorKind::Connect, text)
        }
        Fault::Other(reason) => {
            let text = format!("no connection to {place}: {reason}");
            HttpError::new(HttpErrorKind::Connect, text)
        }
    };
    failed.with_help(format!(
        "check the address, the network and firewalls; {}",
        proxy_advice(attempt)
    ))
}

fn proxy_advice(attempt: &Attempt<'_>) -> &'static str {
    if attempt.network.proxy.is_for_http_only() {
        "HTTP_PROXY is not used for https: set HTTPS_PROXY"
    } else if attempt.network.proxy.is_set() {
        "NO_PROXY excludes it from the proxy"
    } else {
        "if there is a proxy, set HTTPS_PROXY"
    }
}

/// The text of the library if there is no connection to the proxy itself.
const NO_PROXY_CONNECTION: &str = "failed to create underlying connection";

/// No connection through a proxy.
fn through_proxy(
    error: &reqwest::Error,
    chain: &[&(dyn Error + 'static)],
    attempt: &Attempt<'_>,
    proxy: &ProxyInUse,
) -> HttpError {
    let (place, host) = (attempt.place(), attempt.host());
    let source = proxy.source;
    let bypass = format!("if {host} can be reached directly, add it to NO_PROXY");
    let (kind, text, help) = match tunnel_error(chain).as_deref() {
        Some("proxy authorization required") if proxy.has_user => (
            HttpErrorKind::Unreachable,
            "does not accept the user name and the password".to_owned(),
            format!("check both in {source}; special characters must be percent-encoded"),
        ),
        Some("proxy authorization required") => (
            HttpErrorKind::Unreachable,
            "requires a user name and a password".to_owned(),
            format!(
                "add USER:PASSWORD@ before the host in {source}, with special characters percent-encoded"
            ),
        ),
        Some("unsuccessful" | "proxy response headers too long") => (
            HttpErrorKind::Unreachable,
            "does not connect to it".to_owned(),
            format!("check {source}, or ask those who run the proxy to allow {place}; {bypass}"),
        ),
        _ => {
            let (kind, text) = match fault(error, chain) {
                Fault::Refused => (HttpErrorKind::Unreachable, "refuses connections".to_owned()),
                Fault::Name { kind, reason } => (
                    kind,
                    format!("has a name that cannot be resolved: {reason}"),
                ),
                Fault::Timeout => {
                    let seconds = attempt.connect_timeout.as_secs_f64();
                    let text = format!("opened no connection within {seconds} s");
                    (HttpErrorKind::Connect, text)
                }
                Fault::Other(reason) => (HttpErrorKind::Connect, format!("failed: {reason}")),
            };
            let help = format!("check {source} and that the proxy is running; {bypass}");
            (kind, text, help)
        }
    };
    let text = format!("no connection to {place}: the proxy {proxy} {text}");
    HttpError::new(kind, text).with_help(help)
}

/// Why there is no connection.
enum Fault {
    Refused,
    Name { kind: HttpErrorKind, reason: String },
    Timeout,
    Other(String),
}

fn fault(error: &reqwest::Error, chain: &[&(dyn Error + 'static)]) -> Fault {
    let last = chain.last().map(ToString::to_string).unwrap_or_default();
    if error.is_timeout() {
        return Fault::Timeout;
    }
    if chain.iter().any(|cause| cause.to_string() == "dns error") {
        let is_final = NO_SUCH_NAME.iter().any(|text| last.contains(text));
        let kind = match is_final {
            true => HttpErrorKind::Unreachable,
            false => HttpErrorKind::Connect,
        };
        let reason = last.trim_start_matches("failed to lookup address information: ");
        let reason = reason.to_owned();
        return Fault::Name { kind, reason };
    }
    match io_error(chain).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => Fault::Refused,
        _ => Fault::Other(last),
    }
}

/// What the library says about a tunnel that was not opened.
fn tunnel_error(chain: &[&(dyn Error + 'static)]) -> Option<String> {
    chain.iter().find_map(|cause| {
        let text = cause.to_string();
        text.strip_prefix("tunnel error: ").map(str::to_owned)
    })
}

fn io_error<'a>(chain: &[&'a (dyn Error + 'static)]) -> Option<&'a io::Error> {
    chain.iter().find_map(|cause| cause.downcast_ref())
}

/// The causes below an error, innermost last.
///
/// The error inside an [`io::Error`] is not its source (that is the source of the one inside), so it is looked at too.
fn chain(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut next = error.source();
    let causes = std::iter::from_fn(move || {
        let cause = next?;
        let inner = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
        Some(cause)
    });
    causes.collect()
}
