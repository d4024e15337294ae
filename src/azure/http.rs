//! The HTTP client that requests to the resource manager and to the sign-in authority share in kind.

use std::error::Error as _;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

use crate::live::ErrorKind;
use crate::live::ServiceError;

/// What the program calls itself.
pub(super) const USER_AGENT: &str = concat!("apicenter/", env!("CARGO_PKG_VERSION"));

/// How an HTTP client is set up.
pub(super) struct HttpSettings<'a> {
    /// What the client calls itself.
    pub(super) user_agent: &'a str,
    /// How long one attempt may take, from connecting to the last byte.
    pub(super) timeout: Duration,
    /// How long connecting may take.
    pub(super) connect_timeout: Duration,
    /// Whether the hosts are on this machine or next to it: no proxy is asked, and http is allowed.
    pub(super) is_local: bool,
}

impl HttpSettings<'_> {
    /// Builds the client. Redirects are not followed: one could carry a secret elsewhere.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the TLS set-up is unusable.
    pub(super) fn build(&self) -> Result<Client, ServiceError> {
        let mut http = Client::builder()
            .user_agent(self.user_agent)
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .redirect(Policy::none())
            .https_only(!self.is_local)
            .http2_keep_alive_interval(Duration::from_secs(20));
        if self.is_local {
            http = http.no_proxy();
        }
        http.build().map_err(|error| {
            let cause = error.source().map(ToString::to_string);
            let text = format!(
                "no HTTP client: {}",
                cause.unwrap_or_else(|| error.to_string())
            );
            ServiceError::new(ErrorKind::Configuration, text)
        })
    }
}
