//! The requests of azure_identity, sent by the HTTP client of this program.
//!
//! Without a transport of our own every credential would panic: azure_core is built without one. This one
//! also does what azure_identity does not: it allows http to an authority on this machine, limits the waits
//! that a response asks for, and reads error responses with line breaks (observed: azure_identity 1.0.0
//! cannot read those of the public cloud).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::error::ErrorKind as AzureKind;
use azure_core::http::headers::{HeaderName, HeaderValue, Headers};
use azure_core::http::request::Body;
use azure_core::http::{AsyncRawResponse, ClientOptions, Request, RetryOptions};
use azure_core::http::{HttpClient as AzureHttpClient, Transport as AzureTransport, headers};

use super::advice::sentence;
use crate::azure::errors::{ErrorBody, ErrorSource, from_http};
use crate::http::header::{self, HeaderMap};
use crate::http::{
    HostPolicy, HttpClient, HttpErrorKind, HttpRequest, HttpResponse, HttpSettings, Method,
    Network, RetryPolicy, RetryReason, StatusCode, USER_AGENT, Url, redact_values,
};
use crate::live::ErrorKind;
use crate::live::ServiceError;

/// The size limit for responses with a token, in bytes.
const MAX_RESPONSE_BYTES: usize = 1024 * 1024;
/// Where azure_identity asks for the identity of a machine (documented).
const METADATA_HOST: &str = "169.254.169.254";

/// Sends the requests of credentials, and explains error responses.
pub(super) struct Transport {
    http: HttpClient,
    authority: Url,
    /// Replaces the metadata service of a machine.
    metadata: Option<Url>,
    retry: RetryPolicy,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport(…)")
    }
}

impl Transport {
    /// For an authority, with limits for each attempt.
    pub(super) fn new(
        authority: &Url,
        timeout: Duration,
        connect_timeout: Duration,
        network: &Network,
    ) -> Result<Self, ServiceError> {
        let hosts = HostPolicy::of(authority);
        Self::build(authority, None, hosts, (timeout, connect_timeout), network)
    }

    /// For the metadata service of this machine, or what replaces it.
    pub(super) fn nearby(
        authority: &Url,
        metadata: Option<Url>,
        timeout: Duration,
        network: &Network,
    ) -> Result<Self, ServiceError> {
        // It is on this host: if it does not respond soon, it does not exist.
        let connect = timeout.min(Duration::from_secs(2));
        let hosts = HostPolicy::LocalHttp;
        Self::build(authority, metadata, hosts, (timeout, connect), network)
    }

    fn build(
        authority: &Url,
        metadata: Option<Url>,
        hosts: HostPolicy,
        (timeout, connect_timeout): (Duration, Duration),
        network: &Network,
    ) -> Result<Self, ServiceError> {
        let http = HttpClient::new(&HttpSettings {
            user_agent: USER_AGENT,
            timeout,
            connect_timeout,
            hosts,
            max_response_bytes: MAX_RESPONSE_BYTES,
            network,
        });
        Ok(Self {
            http: http.map_err(|error| from_http(&error))?,
            authority: authority.clone(),
            metadata,
            retry: RetryPolicy {
                max_attempts: 3,
                longest_asked: Duration::from_secs(20),
                deadline: Duration::from_secs(60),
                ..RetryPolicy::default()
            },
        })
    }

    /// The options for azure_identity.
    pub(super) fn options(self: &Arc<Self>) -> ClientOptions {
        let mut cloud = CustomConfiguration::default();
        cloud.authority_host = self.stand_in();
        ClientOptions {
            // This transport has its own retries.
            retry: RetryOptions::none(),
            transport: Some(AzureTransport::new(Arc::<Self>::clone(self))),
            cloud: Some(Arc::new(CloudConfiguration::Custom(cloud))),
            ..ClientOptions::default()
        }
    }

    /// The authority as azure_identity accepts it: with https. [`Self::route`] maps it back.
    fn stand_in(&self) -> String {
        let host = self.authority.host_str().unwrap_or_default();
        match self.authority.port() {
            Some(port) => format!("https://{host}:{port}"),
            None => format!("https://{host}"),
        }
    }

    /// The real URL of a request.
    fn route(&self, url: &Url) -> Result<Url, ServiceError> {
        let place = |url: &Url| (url.host_str().map(str::to_owned), url.port());
        let mut to = url.clone();
        let target = if url.scheme() == "https" && place(url) == place(&self.authority) {
            Some(&self.authority)
        } else if url.host_str() == Some(METADATA_HOST) {
            self.metadata.as_ref()
        } else {
            None
        };
        if let Some(target) = target {
            to = target.clone();
            let folder = target.path().trim_end_matches('/');
            to.set_path(&format!("{folder}{}", url.path()));
            to.set_query(url.query());
        }
        if self.http.hosts().allows(&to) {
            return Ok(to);
        }
        let host = to.host_str().unwrap_or_default();
        let text = format!("tokens are requested over https only, not from {host} over http");
        Err(ServiceError::new(ErrorKind::Authentication, text))
    }

    /// Sends a request with retries; anything but a success with a JSON object is an error.
    pub(super) async fn send(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<HttpResponse, ServiceError> {
        let url = self.route(url)?;
        let secrets = secrets(&headers, &body);
        let request = HttpRequest {
            method,
            url,
            headers,
            body,
            // A token that is never used does no harm.
            idempotent: true,
            most_bytes: None,
        };
        let reason = |response: &HttpResponse| self.retry_reason(response.status);
        let (result, attempts) = self.http.send(&request, &self.retry, reason).await;
        let error = match result {
            Ok(response) if response.status.is_success() => {
                return with_token(response, &request.url);
            }
            Ok(response) => explain(&response, &request.url, &secrets),
            // Not sent, so nobody was asked for credentials.
            Err(error) if error.kind() == HttpErrorKind::InvalidRequest => from_http(&error),
            Err(error) => ServiceError::new(ErrorKind::Authentication, error.message())
                .with_help(error.help().unwrap_or_default()),
        };
        Err(error.with_attempts(attempts))
    }

    /// Documented: the metadata service responds 404 and 410 while it is being set up.
    fn retry_reason(&self, status: StatusCode) -> Option<RetryReason> {
        let is_nearby = self.http.hosts() == HostPolicy::LocalHttp;
        match status.as_u16() {
            200..=299 => None,
            404 | 410 if is_nearby => Some(RetryReason::Status(503)),
            status => Some(RetryReason::Status(status)),
        }
    }
}

/// The response, if it can contain a token. Its text is never shown: it may be the token.
fn with_token(response: HttpResponse, url: &Url) -> Result<HttpResponse, ServiceError> {
    if response
        .json()
        .is_ok_and(|value| value.is_some_and(|value| value.is_object()))
    {
        return Ok(response);
    }
    let host = url.host_str().unwrap_or_default();
    let text = format!(
        "{host} responded, but not with a token; a proxy or a sign-in page may be in the way"
    );
    let error = ServiceError::new(ErrorKind::Authentication, text);
    Err(error.with_status(response.status.as_u16()))
}

/// The error that a response reports, without the secrets of its request.
fn explain(response: &HttpResponse, url: &Url, secrets: &[String]) -> ServiceError {
    let text = redact_values(&String::from_utf8_lossy(&response.body), secrets);
    let mut body = ErrorBody::parse(text.as_bytes());
    let (line, trace) = sentence(&body.text);
    let host = url.host_str().unwrap_or_default();
    body.text = match body.source {
        ErrorSource::Service if !line.is_empty() => format!("{host} reports {line}"),
        ErrorSource::Service | ErrorSource::Empty => {
            format!("{host} refused without giving a reason")
        }
        ErrorSource::Foreign => format!("{host} sent an unexpected response: {line}"),
    };
    body.source = ErrorSource::Service;
    let error = body.into_error_of(ErrorKind::Authentication, response.status);
    error.with_request_id(trace.as_deref())
}

/// The secrets of a request, which no message may contain: its bearer token, and those of its form.
fn secrets(headers: &HeaderMap, body: &[u8]) -> Vec<String> {
    let names = ["authorization", "x-identity-header"];
    let values = names.iter().filter_map(|name| headers.get(*name));
    let of_headers = values.filter_map(|value| {
        let text = value.to_str().ok()?;
        Some(text.trim_start_matches("Bearer ").to_owned())
    });
    let body = std::str::from_utf8(body).unwrap_or_default();
    let of_form = body.split('&').filter_map(|pair| {
        let (name, raw) = pair.split_once('=')?;
        ["client_secret", "client_assertion"]
            .contains(&name)
            .then_some(raw)
    });
    // Encoded and decoded.
    let of_form = of_form.flat_map(|raw| [raw.to_owned(), decoded(raw)]);
    let all = of_headers.chain(of_form);
    all.filter(|secret| !secret.is_empty()).collect()
}

/// A value of a form, without its encoding.
fn decoded(raw: &str) -> String {
    let mut form = Url::parse("form:").expect("the address is a constant");
    form.set_query(Some(&format!("a={raw}")));
    let value = form.query_pairs().next();
    value
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[async_trait::async_trait]
impl AzureHttpClient for Transport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let method = Method::from_bytes(request.method().as_str().as_bytes());
        let method = method.map_err(|error| azure_core::Error::new(AzureKind::Other, error))?;
        let mut outgoing = HeaderMap::new();
        for (name, value) in request.headers().iter() {
            let name = header::HeaderName::from_bytes(name.as_str().as_bytes());
            let value = header::HeaderValue::from_str(value.as_str());
            // The client sets the length itself.
            if let (Ok(name), Ok(mut value)) = (name, value)
                && name != headers::CONTENT_LENGTH.as_str()
            {
                value.set_sensitive(true);
                outgoing.insert(name, value);
            }
        }
        let body = match request.body() {
            Body::Bytes(bytes) => bytes.to_vec(),
            Body::SeekableStream(_) => Vec::new(),
        };
        let response = self.send(method, request.url(), outgoing, body).await;
        let response = response.map_err(wrapped)?;
        let mut incoming = Headers::new();
        for (name, value) in &response.headers {
            if let Ok(value) = value.to_str() {
                let name = HeaderName::from(name.as_str().to_owned());
                incoming.insert(name, HeaderValue::from(value.to_owned()));
            }
        }
        let status = response.status.as_u16().into();
        Ok(AsyncRawResponse::from_bytes(
            status,
            incoming,
            response.body,
        ))
    }
}

/// An error that azure_identity returns unchanged and without a retry.
pub(super) fn wrapped(error: ServiceError) -> azure_core::Error {
    azure_core::Error::new(AzureKind::Credential, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Endpoint;

    fn transport(authority: &str) -> Transport {
        let endpoint = Endpoint::custom("http://127.0.0.1", Some(authority), None).unwrap();
        let second = Duration::from_secs(1);
        Transport::new(endpoint.authority(), second, second, &Network::default()).unwrap()
    }

    #[test]
    fn requests_to_the_stand_in_go_to_the_authority_and_others_where_they_say() {
        for (authority, stand_in, asked, expected) in [
            (
                "https://login.x.com",
                "https://login.x.com",
                "https://login.x.com/t/y?a=1",
                "https://login.x.com/t/y?a=1",
            ),
            (
                "http://127.0.0.1:81/in/",
                "https://127.0.0.1:81",
                "https://127.0.0.1:81/t",
                "http://127.0.0.1:81/in/t",
            ),
            (
                "http://localhost",
                "https://localhost",
                "https://localhost/t",
                "http://localhost/t",
            ),
            (
                "http://[::1]:81",
                "https://[::1]:81",
                "https://[::1]:81/t",
                "http://[::1]:81/t",
            ),
            (
                "http://localhost",
                "https://localhost",
                "https://github.com/t",
                "https://github.com/t",
            ),
            (
                "http://localhost:81",
                "https://localhost:81",
                "http://127.0.0.1:82/t",
                "http://127.0.0.1:82/t",
            ),
        ] {
            let transport = transport(authority);
            assert_eq!(transport.stand_in(), stand_in);
            let routed = transport.route(&Url::parse(asked).unwrap()).unwrap();
            assert_eq!(routed.as_str(), expected);
        }
    }

    #[test]
    fn secrets_go_over_https_or_stay_on_this_machine() {
        let outside = Url::parse("http://github.com/token?secret=x").unwrap();
        let error = transport("http://localhost").route(&outside).unwrap_err();
        assert!(
            error.is_auth() && !error.to_string().contains("secret=x"),
            "{error}"
        );
        // The metadata service has no certificate.
        let endpoint = Endpoint::custom("https://arm.x.com", None, None).unwrap();
        let second = Duration::from_secs(1);
        let nearby = Transport::nearby(endpoint.authority(), None, second, &Network::default());
        let nearby = nearby.unwrap();
        let machine = Url::parse("http://169.254.169.254/metadata").unwrap();
        assert_eq!(nearby.route(&machine).unwrap(), machine);
        assert!(transport("https://x.com").route(&machine).is_err());
    }

    #[test]
    fn secrets_of_a_request_are_known() {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Bearer abc".parse().unwrap());
        let body = b"client_id=1&client_secret=a%26b&client_assertion=x.y";
        let known = ["abc", "a%26b", "a&b", "x.y", "x.y"];
        assert_eq!(secrets(&headers, body), known);
        assert_eq!(secrets(&HeaderMap::new(), b""), [""; 0]);
    }
}
