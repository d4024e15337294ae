//! Requests to a forge: authorised, retried, and explained where they fail.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::error::{ForgeError, ForgeErrorKind};
use crate::http::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use crate::http::{
    HostPolicy, HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpSettings,
    Method, Network, RetryPolicy, RetryReason, Secret, StatusCode, USER_AGENT, Url, parse_base_url,
    redact_values, retry_after,
};

/// The size limit for responses, in bytes.
const MAX_RESPONSE_BYTES: usize = 32 * 1024 * 1024;

/// When requests to a forge are repeated. A pipeline pays for every minute, so longer waits end it.
pub(super) const RETRY: RetryPolicy = RetryPolicy {
    max_attempts: 5,
    throttled_apart: false,
    base: Duration::from_millis(500),
    ceiling: Duration::from_secs(20),
    longest_asked: Duration::from_secs(120),
    give_up_on_long_waits: true,
    deadline: Duration::from_secs(15 * 60),
    jitter: false,
};

/// A request that a dry run did not send.
#[derive(Debug, Clone, PartialEq)]
pub struct DryRunRequest {
    /// The method, such as `POST`.
    pub method: String,
    /// The URL.
    pub url: String,
    /// The body.
    pub body: Value,
}

/// How a client is set up.
pub(super) struct ClientSettings<'a> {
    /// The variable that names the root of the API, and its value.
    pub(super) base: (&'a str, &'a str),
    /// The header that carries the token, its value before the token, and the token.
    pub(super) token: Option<(HeaderName, &'a str, Secret)>,
    /// Further headers that the forge requires.
    pub(super) headers: &'a [(&'static str, &'static str)],
    /// What to do when a permission is missing.
    pub(super) permission: &'static str,
    /// The limit for one attempt.
    pub(super) timeout: Duration,
    /// The proxy and the certificates, as the environment names them.
    pub(super) network: &'a Network,
    pub(super) dry_run: bool,
}

/// A successful response.
#[derive(Debug)]
pub(super) struct ForgeResponse {
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

/// A client of one forge.
pub(super) struct ForgeClient {
    http: HttpClient,
    base: Url,
    headers: HeaderMap,
    token: Option<Secret>,
    permission: &'static str,
    /// The requests that were not sent, in a dry run.
    not_sent: Option<Mutex<Vec<DryRunRequest>>>,
}

impl fmt::Debug for ForgeClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForgeClient")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

impl ForgeClient {
    pub(super) fn new(settings: ClientSettings<'_>) -> Result<Self, ForgeError> {
        let base = base_url(settings.base.0, settings.base.1)?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in settings.headers {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let mut secret = None;
        if let Some((name, prefix, token)) = settings.token {
            let value = token.header(prefix).ok_or_else(|| {
                let text = "the token contains a character that is not allowed in tokens";
                ForgeError::new(ForgeErrorKind::Denied, text)
            })?;
            headers.insert(name, value);
            secret = Some(token);
        }
        let http = HttpClient::new(&HttpSettings {
            user_agent: USER_AGENT,
            timeout: settings.timeout,
            connect_timeout: settings.timeout.min(Duration::from_secs(10)),
            hosts: HostPolicy::of(&base),
            max_response_bytes: MAX_RESPONSE_BYTES,
            network: settings.network,
        });
        Ok(Self {
            http: http.map_err(|error| ForgeError::failed(error.message()))?,
            base,
            headers,
            token: secret,
            permission: settings.permission,
            not_sent: settings.dry_run.then(Mutex::default),
        })
    }

    /// Whether nothing can be read: a dry run without a token.
    pub(super) fn cannot_read(&self) -> bool {
        self.not_sent.is_some() && self.token.is_none()
    }

    pub(super) fn not_sent(&self) -> Vec<DryRunRequest> {
        let Some(not_sent) = &self.not_sent else {
            return Vec::new();
        };
        not_sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A URL below the root; each segment is encoded.
    pub(super) fn url(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Sends a GET.
    pub(super) async fn get(&self, url: &Url) -> Result<ForgeResponse, ForgeError> {
        self.send(HttpRequest::new(Method::GET, url.clone())).await
    }

    /// Sends a GraphQL query, which only reads and may be sent twice.
    pub(super) async fn query(&self, url: &Url, query: &Value) -> Result<Value, ForgeError> {
        let mut request = HttpRequest::new(Method::POST, url.clone()).json(query);
        request.idempotent = true;
        self.send(request).await.map(|response| response.body)
    }

    /// Writes something; a dry run only records it. A POST is not sent twice.
    pub(super) async fn write(
        &self,
        method: Method,
        url: &Url,
        body: &Value,
    ) -> Result<Value, ForgeError> {
        if let Some(not_sent) = &self.not_sent {
            let request = DryRunRequest {
                method: method.to_string(),
                url: url.to_string(),
                body: body.clone(),
            };
            let mut all = not_sent.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(request);
            return Ok(Value::Null);
        }
        let request = HttpRequest::new(method, url.clone()).json(body);
        self.send(request).await.map(|response| response.body)
    }

    async fn send(&self, mut request: HttpRequest) -> Result<ForgeResponse, ForgeError> {
        for (name, value) in &self.headers {
            request.headers.insert(name, value.clone());
        }
        match self.http.send(&request, &RETRY, retry_reason).await.0 {
            Ok(response) if is_success(&response) => parse(response, &request),
            Ok(response) => Err(self.refused(&request, &response)),
            Err(error) => Err(self.lost(&request, &error)),
        }
    }

    fn refused(&self, request: &HttpRequest, response: &HttpResponse) -> ForgeError {
        let status = response.status.as_u16();
        let reason = self.clean(&reported(response));
        let what = format!("{} {}", request.method, request.url.path());
        let wait = retry_after(&response.headers).map(|wait| wait.as_secs());
        let is_used_up = response.header("x-ratelimit-remaining") == Some("0");
        if status == 429 || (status == 403 && (wait.is_some() || is_used_up)) {
            let error = ForgeError::failed(format!("too many requests: {what}: {reason}"));
            return match wait {
                Some(seconds) => error.help(format!("try again in {seconds} seconds")),
                None => error.help("try again later"),
            };
        }
        if matches!(status, 203 | 302 | 401 | 403) {
            let message = format!("{what} is not permitted ({status}): {reason}");
            return ForgeError::new(ForgeErrorKind::Denied, message).help(self.permission);
        }
        let mut error = ForgeError::failed(format!("{what} failed ({status}): {reason}"));
        if status == 404 {
            error = error.help(format!(
                "check the repository and the number of the pull request; a token without access \
                 gets the same response. {}",
                self.permission
            ));
        }
        error.uncertain = !request.idempotent && matches!(status, 408 | 500 | 502 | 503 | 504);
        error
    }

    fn lost(&self, request: &HttpRequest, lost: &HttpError) -> ForgeError {
        let mut error = ForgeError::failed(self.clean(lost.message()));
        error.help = lost.help().map(str::to_owned);
        let was_sent = match lost.kind() {
            HttpErrorKind::InvalidRequest
            | HttpErrorKind::Certificate
            | HttpErrorKind::Unreachable
            | HttpErrorKind::Connect => false,
            HttpErrorKind::Timeout
            | HttpErrorKind::Broken
            | HttpErrorKind::Undecodable
            | HttpErrorKind::TooLarge => true,
        };
        error.uncertain = was_sent && !request.idempotent;
        error
    }

    /// The first line of a text from outside, without the token.
    fn clean(&self, text: &str) -> String {
        let text = redact_values(text, self.token.iter().map(Secret::expose));
        let line = text.trim().lines().next().unwrap_or_default();
        let line: String = line.chars().take(300).collect();
        if line.is_empty() {
            "no reason given".to_owned()
        } else {
            line
        }
    }
}

/// Why a request may have to be sent again; none for a success.
fn retry_reason(response: &HttpResponse) -> Option<RetryReason> {
    match response.status {
        // The secondary rate limits of GitHub.
        StatusCode::FORBIDDEN if retry_after(&response.headers).is_some() => {
            Some(RetryReason::Status(429))
        }
        status => RetryReason::of_status(status),
    }
}

/// Azure DevOps responds to a bad token with 203 and the page to sign in.
fn is_success(response: &HttpResponse) -> bool {
    let status = response.status;
    status.is_success() && status != StatusCode::NON_AUTHORITATIVE_INFORMATION
}

fn parse(response: HttpResponse, request: &HttpRequest) -> Result<ForgeResponse, ForgeError> {
    let body = response.json().map_err(|error| {
        let path = request.url.path();
        ForgeError::failed(format!("the response to {path} {error}"))
            .help("check the URL of the API, and whether a proxy is in between")
    })?;
    Ok(ForgeResponse {
        headers: response.headers,
        body: body.unwrap_or_default(),
    })
}

/// The reason that the forge gives for an error.
fn reported(response: &HttpResponse) -> String {
    let Ok(Some(value)) = response.json() else {
        let reason = response.status.canonical_reason();
        return reason.unwrap_or_default().to_owned();
    };
    let reason = ["message", "error_description", "error"]
        .iter()
        .find_map(|key| value.get(key).filter(|value| !value.is_null()));
    let mut text = match reason {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let details = value.get("errors").and_then(Value::as_array);
    for detail in details.into_iter().flatten() {
        if let Some(detail) = detail.get("message").and_then(Value::as_str) {
            text.push_str(&format!("; {detail}"));
        }
    }
    text
}

/// A root that the token may be sent to.
pub(super) fn base_url(variable: &str, text: &str) -> Result<Url, ForgeError> {
    parse_base_url(text).map_err(|error| ForgeError::usage(format!("{variable} {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::RetryState;

    fn response(status: u16, retry_after: Option<&'static str>) -> HttpResponse {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert("retry-after", HeaderValue::from_static(value));
        }
        HttpResponse {
            status: StatusCode::from_u16(status).unwrap(),
            headers,
            body: Vec::new(),
        }
    }

    #[test]
    fn a_secondary_rate_limit_is_throttling_and_a_denial_is_not() {
        let throttled = Some(RetryReason::Status(429));
        assert_eq!(retry_reason(&response(403, Some("7"))), throttled);
        let denied = Some(RetryReason::Status(403));
        assert_eq!(retry_reason(&response(403, None)), denied);
        assert_eq!(retry_reason(&response(201, None)), None);
    }

    #[test]
    fn a_pipeline_waits_two_minutes_at_most_and_never_repeats_a_lost_post() {
        let wait = |status, idempotent, asked: Option<u64>| {
            let asked = asked.map(Duration::from_secs);
            RetryState::new(&RETRY).failed(RetryReason::Status(status), idempotent, asked)
        };
        let seconds = |n| Some(Duration::from_secs(n));
        assert_eq!(wait(429, false, Some(7)), seconds(7));
        assert_eq!(wait(429, true, Some(120)), seconds(120));
        assert_eq!(wait(429, true, Some(3600)), None);
        assert_eq!(wait(503, true, None), Some(RETRY.base));
        assert_eq!(wait(503, false, None), None);
        assert_eq!(wait(422, true, None), None);
    }

    #[test]
    fn texts_of_a_forge_are_one_line_without_the_token() {
        let client = ForgeClient::new(ClientSettings {
            base: ("API", "https://forge.example"),
            token: Some((ACCEPT, "", Secret::new("t0ken"))),
            headers: &[],
            permission: "",
            timeout: Duration::from_secs(1),
            network: &Network::default(),
            dry_run: false,
        })
        .unwrap();
        assert_eq!(
            client.clean(" bad t0ken\u{1b}[1m\nmore"),
            "bad ***\u{1b}[1m"
        );
        assert_eq!(client.clean("\n"), "no reason given");
        assert!(!format!("{client:?}").contains("t0ken"));
    }
}
