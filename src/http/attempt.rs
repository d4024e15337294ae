//! What is known about a request that failed.

use std::time::Duration;

use reqwest::Url;

use super::network::Network;
use super::proxy::ProxyInUse;

/// A request that failed.
pub(super) struct Attempt<'a> {
    pub(super) url: &'a Url,
    /// The proxy that it went through.
    pub(super) proxy: Option<&'a ProxyInUse>,
    pub(super) network: &'a Network,
    /// The limit for the whole request.
    pub(super) timeout: Duration,
    /// The limit for connecting.
    pub(super) connect_timeout: Duration,
}

impl Attempt<'_> {
    /// The host that was asked.
    pub(super) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// That host with its port.
    pub(super) fn place(&self) -> String {
        place(self.url)
    }
}

/// Host and port of a URL.
pub(super) fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
