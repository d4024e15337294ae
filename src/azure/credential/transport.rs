//! The requests of azure_identity, over an HTTP client like the one that speaks to the resource manager.
//!
//! Without a transport of our own every credential would panic: azure_core is built without one. This one
//! also knows what azure_identity does not: an authority on this machine may be plain http, waits that an
//! answer asks for have a limit, and a refusal with a line break in it is still a refusal (observed:
//! azure_identity 1.0.0 cannot read those of the public cloud).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::error::ErrorKind as AzureKind;
use azure_core::http::headers::{HeaderName, HeaderValue, Headers};
use azure_core::http::request::Body;
use azure_core::http::{AsyncRawResponse, ClientOptions, HttpClient, Request, RetryOptions};
use azure_core::http::{Transport as AzureTransport, headers};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode, Url};
use serde_json::Value;

use super::advice::sentence;
use crate::azure::endpoint::is_loopback;
use crate::azure::errors::{Complaint, Voice, transport};
use crate::azure::http::{HttpSettings, USER_AGENT};
use crate::azure::retry::{Attempts, RetryPolicy, Trouble, asked_wait};
use crate::live::ErrorKind;
use crate::live::ServiceError;

/// No answer with a token is larger, in bytes.
const LARGEST_ANSWER: usize = 1024 * 1024;
/// Where azure_identity asks for the identity of a machine (documented).
const METADATA_HOST: &str = "169.254.169.254";

/// Sends what credentials ask for, and puts refusals into words.
pub(super) struct Transport {
    http: Client,
    authority: Url,
    /// Stands in for the metadata service of a machine.
    metadata: Option<Url>,
    /// Whether it asks for the identity of the machine, over http and from nearby.
    is_nearby: bool,
    timeout: Duration,
    retry: RetryPolicy,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport(…)")
    }
}

/// An answer with a success, which is a JSON object.
pub(super) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Transport {
    /// For an authority, with limits for each attempt.
    pub(super) fn new(
        authority: &Url,
        timeout: Duration,
        connect_timeout: Duration,
    ) -> Result<Self, ServiceError> {
        Self::build(
            authority,
            None,
            is_loopback(authority),
            timeout,
            connect_timeout,
        )
    }

    /// For the metadata service of the machine that this runs on, or what stands in for it.
    pub(super) fn nearby(
        authority: &Url,
        metadata: Option<Url>,
        timeout: Duration,
    ) -> Result<Self, ServiceError> {
        // It is next door: if it does not answer soon, it is not there.
        let connect = timeout.min(Duration::from_secs(2));
        let transport = Self::build(authority, metadata, true, timeout, connect)?;
        Ok(Self {
            is_nearby: true,
            ..transport
        })
    }

    fn build(
        authority: &Url,
        metadata: Option<Url>,
        is_local: bool,
        timeout: Duration,
        connect_timeout: Duration,
    ) -> Result<Self, ServiceError> {
        let http = HttpSettings {
            user_agent: USER_AGENT,
            timeout,
            connect_timeout,
            is_local,
        };
        Ok(Self {
            http: http.build()?,
            authority: authority.clone(),
            metadata,
            is_nearby: false,
            timeout,
            retry: RetryPolicy {
                max_attempts: 3,
                longest_asked: Duration::from_secs(20),
                deadline: Duration::from_secs(60),
                ..RetryPolicy::default()
            },
        })
    }

    /// What azure_identity needs to know.
    pub(super) fn options(self: &Arc<Self>) -> ClientOptions {
        let mut cloud = CustomConfiguration::default();
        cloud.authority_host = self.stand_in();
        ClientOptions {
            // This transport repeats what is worth repeating.
            retry: RetryOptions::none(),
            transport: Some(AzureTransport::new(Arc::<Self>::clone(self))),
            cloud: Some(Arc::new(CloudConfiguration::Custom(cloud))),
            ..ClientOptions::default()
        }
    }

    /// The authority as azure_identity accepts it: with https. Requests to it are led to the real one.
    fn stand_in(&self) -> String {
        let host = self.authority.host_str().unwrap_or_default();
        match self.authority.port() {
            Some(port) => format!("https://{host}:{port}"),
            None => format!("https://{host}"),
        }
    }

    /// Where a request really goes.
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
        if to.scheme() == "https" || (to.scheme() == "http" && (self.is_nearby || is_loopback(&to)))
        {
            return Ok(to);
        }
        let host = to.host_str().unwrap_or_default();
        let text = format!("{host} is asked for a token over https only");
        Err(ServiceError::new(ErrorKind::Authentication, text))
    }

    /// Sends a request, again where that helps; anything but a JSON object and a success is an error.
    pub(super) async fn send(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Answer, ServiceError> {
        let url = self.route(url)?;
        let secrets = secrets(&headers, &body);
        let mut attempts = Attempts::new(&self.retry);
        loop {
            let request = self.http.request(method.clone(), url.clone());
            let request = request.headers(headers.clone()).body(body.clone());
            let (trouble, asked, error) = match self.exchange(request, &url).await {
                Ok(answer) if answer.status.is_success() => return answer.checked(&url),
                Ok(answer) => (
                    self.trouble(answer.status),
                    asked_wait(&answer.headers),
                    answer.refusal(&url, &secrets),
                ),
                Err((trouble, error)) => (trouble, None, error),
            };
            let Some(wait) = attempts.failed(trouble, true, asked) else {
                return Err(error.with_attempts(attempts.made()));
            };
            tracing::debug!(host = url.host_str(), ?trouble, ?wait, "to be asked again");
            tokio::time::sleep(wait).await;
        }
    }

    /// Documented: the metadata service answers 404 and 410 while it is being set up.
    fn trouble(&self, status: StatusCode) -> Trouble {
        match status.as_u16() {
            404 | 410 if self.is_nearby => Trouble::Status(503),
            status => Trouble::Status(status),
        }
    }

    async fn exchange(
        &self,
        request: reqwest::RequestBuilder,
        url: &Url,
    ) -> Result<Answer, (Trouble, ServiceError)> {
        let host = url.host_str().unwrap_or_default();
        let lost = |error: reqwest::Error| {
            let (trouble, error) = transport(&error, host, self.timeout.as_secs_f64());
            let error = ServiceError::new(ErrorKind::Authentication, error.detail());
            (trouble, error)
        };
        let mut response = request.send().await.map_err(lost)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_ANSWER {
                let text = format!("the answer of {host} is too large to be a token");
                let error = ServiceError::new(ErrorKind::Authentication, text);
                return Err((Trouble::Hopeless, error));
            }
        }
        // Neither the query nor the body: both may hold secrets.
        tracing::debug!(
            host,
            path = url.path(),
            status = status.as_u16(),
            "asked for a token"
        );
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

impl Answer {
    /// The answer, if a token can be in it. Its text is never told: it may be the token.
    fn checked(self, url: &Url) -> Result<Self, ServiceError> {
        if serde_json::from_slice::<Value>(&self.body).is_ok_and(|value| value.is_object()) {
            return Ok(self);
        }
        let host = url.host_str().unwrap_or_default();
        let text = format!(
            "{host} answered, but not with a token; a proxy or a sign-in page may be in the way"
        );
        let error = ServiceError::new(ErrorKind::Authentication, text);
        Err(error.with_status(self.status.as_u16()))
    }

    fn refusal(&self, url: &Url, secrets: &[String]) -> ServiceError {
        let mut text = String::from_utf8_lossy(&self.body).into_owned();
        for secret in secrets {
            text = text.replace(secret, "…");
        }
        let mut complaint = Complaint::read(text.as_bytes());
        let (line, trace) = sentence(&complaint.text);
        let host = url.host_str().unwrap_or_default();
        let said = match complaint.voice {
            Voice::Service if !line.is_empty() => format!("{host} says {line}"),
            Voice::Service | Voice::Silent => format!("{host} refuses without a reason"),
            Voice::Stranger => format!("{host} gave an answer without sense: {line}"),
        };
        complaint.voice = Voice::Service;
        complaint.text = said;
        let error = complaint.into_error_of(ErrorKind::Authentication, self.status);
        error.with_request_id(trace.as_deref())
    }
}

/// What a request holds and no message may: its bearer token, and the secrets of its form.
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
    // As it was sent, and as it was meant.
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
impl HttpClient for Transport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let method = Method::from_bytes(request.method().as_str().as_bytes());
        let method = method.map_err(|error| azure_core::Error::new(AzureKind::Other, error))?;
        let mut outgoing = HeaderMap::new();
        for (name, value) in request.headers().iter() {
            let name = reqwest::header::HeaderName::from_bytes(name.as_str().as_bytes());
            let value = reqwest::header::HeaderValue::from_str(value.as_str());
            // The client says the length itself.
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
        let answer = self.send(method, request.url(), outgoing, body).await;
        let answer = answer.map_err(wrapped)?;
        let mut incoming = Headers::new();
        for (name, value) in &answer.headers {
            if let Ok(value) = value.to_str() {
                let name = HeaderName::from(name.as_str().to_owned());
                incoming.insert(name, HeaderValue::from(value.to_owned()));
            }
        }
        let status = answer.status.as_u16().into();
        Ok(AsyncRawResponse::from_bytes(status, incoming, answer.body))
    }
}

/// An error that passes through azure_identity unchanged, and is not tried again there.
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
        Transport::new(endpoint.authority(), second, second).unwrap()
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
        let nearby = Transport::nearby(endpoint.authority(), None, Duration::from_secs(1)).unwrap();
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
