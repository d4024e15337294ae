//! Requests to a forge: authorised, repeated where that helps, explained where they fail.

use std::error::Error as _;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode, Url};
use serde_json::Value;

use super::error::{Fault, ForgeError};
use super::retry::{MOST_ATTEMPTS, asked, backoff, wait_after};

/// No answer may be larger, in bytes.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// A request that a dry run held back.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Such as `POST`.
    pub method: String,
    /// Where to.
    pub url: String,
    /// What.
    pub body: Value,
}

/// What a client is made of.
pub(super) struct Settings<'a> {
    /// The root of the interface, and the variable that names it.
    pub(super) base: (&'a str, &'a str),
    /// The header that carries the token, its value without the token, and the token.
    pub(super) token: Option<(HeaderName, &'a str, String)>,
    /// What the forge wants to hear besides.
    pub(super) headers: &'a [(&'static str, &'static str)],
    /// What to do when a permission is missing.
    pub(super) permission: &'static str,
    pub(super) timeout: Duration,
    pub(super) dry_run: bool,
}

/// A complete answer that says yes.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

/// A client of one forge.
pub(super) struct Http {
    client: Client,
    base: Url,
    secret: Option<String>,
    permission: &'static str,
    /// What was held back, in a dry run.
    held_back: Option<Mutex<Vec<Request>>>,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

struct Call<'a> {
    method: Method,
    url: &'a Url,
    body: Option<&'a Value>,
    /// Whether it does the same when it is carried out twice.
    repeatable: bool,
}

struct Heard {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Http {
    pub(super) fn new(settings: Settings<'_>) -> Result<Self, ForgeError> {
        let base = checked(settings.base.0, settings.base.1)?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in settings.headers {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let mut secret = None;
        if let Some((name, scheme, token)) = settings.token {
            let mut value = HeaderValue::from_str(&format!("{scheme}{token}")).map_err(|_| {
                ForgeError::new(Fault::Denied, "the token holds a character that none has")
            })?;
            value.set_sensitive(true);
            headers.insert(name, value);
            secret = Some(token);
        }
        let local = is_loopback(&base);
        let mut client = Client::builder()
            .user_agent(concat!("apicenter/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout.min(Duration::from_secs(10)))
            // A redirect could carry the token elsewhere.
            .redirect(Policy::none())
            .https_only(!local);
        if local {
            client = client.no_proxy();
        }
        let client = client
            .build()
            .map_err(|error| ForgeError::failed(format!("no HTTP client: {error}")))?;
        Ok(Self {
            client,
            base,
            secret,
            permission: settings.permission,
            held_back: settings.dry_run.then(Mutex::default),
        })
    }

    /// Whether nothing can be read: a dry run without a token.
    pub(super) fn is_blind(&self) -> bool {
        self.held_back.is_some() && self.secret.is_none()
    }

    pub(super) fn held_back(&self) -> Vec<Request> {
        let Some(held_back) = &self.held_back else {
            return Vec::new();
        };
        held_back
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// An address below the root; each step is encoded.
    pub(super) fn url(&self, steps: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(steps);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Reads something.
    pub(super) async fn get(&self, url: &Url) -> Result<Answer, ForgeError> {
        let call = Call {
            method: Method::GET,
            url,
            body: None,
            repeatable: true,
        };
        self.send(&call).await
    }

    /// Reads something by a question, as GraphQL wants it.
    pub(super) async fn ask(&self, url: &Url, question: &Value) -> Result<Value, ForgeError> {
        let call = Call {
            method: Method::POST,
            url,
            body: Some(question),
            repeatable: true,
        };
        self.send(&call).await.map(|answer| answer.body)
    }

    /// Writes something; a dry run only takes note of it. A POST may not be carried out twice.
    pub(super) async fn write(
        &self,
        method: Method,
        url: &Url,
        body: &Value,
    ) -> Result<Value, ForgeError> {
        if let Some(held_back) = &self.held_back {
            let request = Request {
                method: method.to_string(),
                url: url.to_string(),
                body: body.clone(),
            };
            let mut all = held_back.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(request);
            return Ok(Value::Null);
        }
        let call = Call {
            repeatable: method != Method::POST,
            method,
            url,
            body: Some(body),
        };
        self.send(&call).await.map(|answer| answer.body)
    }

    async fn send(&self, call: &Call<'_>) -> Result<Answer, ForgeError> {
        let mut attempt = 1;
        loop {
            let (wait, error) = match self.exchange(call).await {
                Ok(heard) => {
                    let status = heard.status.as_u16();
                    tracing::debug!(method = %call.method, path = call.url.path(), status, "request");
                    if heard.is_success() {
                        return heard.into_answer(call);
                    }
                    let wait = wait_after(status, &heard.headers, call.repeatable, attempt);
                    (wait, self.refused(call, &heard))
                }
                Err(error) => {
                    let again = (call.repeatable || error.is_connect()) && attempt < MOST_ATTEMPTS;
                    let wait = (again && !error.is_builder()).then(|| backoff(attempt));
                    (wait, self.lost(call, error))
                }
            };
            let Some(wait) = wait else {
                return Err(error);
            };
            tracing::debug!(%error, ?wait, "to be sent again");
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    async fn exchange(&self, call: &Call<'_>) -> Result<Heard, reqwest::Error> {
        let mut request = self.client.request(call.method.clone(), call.url.clone());
        if let Some(body) = call.body {
            request = request.json(body);
        }
        let mut response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_ANSWER {
                // Too much to be true; what is here cannot be parsed and is refused as such.
                break;
            }
        }
        Ok(Heard {
            status,
            headers,
            body,
        })
    }

    fn refused(&self, call: &Call<'_>, heard: &Heard) -> ForgeError {
        let status = heard.status.as_u16();
        let said = self.clean(&heard.said());
        let what = format!("{} {}", call.method, call.url.path());
        let limit = asked(&heard.headers).map(|wait| wait.as_secs());
        let spent = heard.headers.get("x-ratelimit-remaining");
        let spent = spent.is_some_and(|left| left.as_bytes() == b"0");
        if status == 429 || (status == 403 && (limit.is_some() || spent)) {
            let error = ForgeError::failed(format!("too many requests: {what}: {said}"));
            return match limit {
                Some(seconds) => error.help(format!("try again in {seconds} seconds")),
                None => error.help("try again later"),
            };
        }
        if matches!(status, 203 | 302 | 401 | 403) {
            let message = format!("{what} is not permitted ({status}): {said}");
            return ForgeError::new(Fault::Denied, message).help(self.permission);
        }
        let mut error = ForgeError::failed(format!("{what} failed ({status}): {said}"));
        if status == 404 {
            error = error.help(format!(
                "check the repository and the number of the pull request; a token that may not \
                 see them gets the same answer. {}",
                self.permission
            ));
        }
        error.uncertain = !call.repeatable && matches!(status, 408 | 500 | 502 | 503 | 504);
        error
    }

    fn lost(&self, call: &Call<'_>, error: reqwest::Error) -> ForgeError {
        let sent = !error.is_connect() && !error.is_builder();
        let host = call.url.host_str().unwrap_or_default();
        let error = error.without_url();
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            text = inner.to_string();
            cause = inner.source();
        }
        let message = format!("no answer from {host}: {}", self.clean(&text));
        let mut error = ForgeError::failed(message);
        error.uncertain = sent && !call.repeatable;
        error
    }

    /// The first line of a text from outside, without the token and without control characters.
    fn clean(&self, text: &str) -> String {
        let text = match &self.secret {
            Some(secret) => text.replace(secret.as_str(), "***"),
            None => text.to_owned(),
        };
        let line = text.trim().lines().next().unwrap_or("no reason given");
        let line: String = line.chars().filter(|c| !c.is_control()).take(300).collect();
        if line.is_empty() {
            "no reason given".to_owned()
        } else {
            line
        }
    }
}

impl Heard {
    /// Azure DevOps answers a bad token with 203 and the page to sign in.
    fn is_success(&self) -> bool {
        self.status.is_success() && self.status != StatusCode::NON_AUTHORITATIVE_INFORMATION
    }

    fn into_answer(self, call: &Call<'_>) -> Result<Answer, ForgeError> {
        let body = self.body.trim_ascii();
        let body = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(body).map_err(|error| {
                let path = call.url.path();
                ForgeError::failed(format!("the answer to {path} is not JSON: {error}"))
                    .help("is the address of the interface right, and no proxy in between?")
            })?
        };
        Ok(Answer {
            headers: self.headers,
            body,
        })
    }

    /// What the forge says about the failure.
    fn said(&self) -> String {
        let Ok(value) = serde_json::from_slice::<Value>(&self.body) else {
            return self
                .status
                .canonical_reason()
                .unwrap_or_default()
                .to_owned();
        };
        let said = ["message", "error_description", "error"]
            .iter()
            .find_map(|key| value.get(key).filter(|value| !value.is_null()));
        let mut said = match said {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let details = value.get("errors").and_then(Value::as_array);
        for detail in details.into_iter().flatten() {
            if let Some(text) = detail.get("message").and_then(Value::as_str) {
                said.push_str(&format!("; {text}"));
            }
        }
        said
    }
}

/// Whether a URL leads to this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    match host.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

/// A root that a token may be sent to.
pub(super) fn checked(variable: &str, text: &str) -> Result<Url, ForgeError> {
    let wrong = |what: &str| ForgeError::usage(format!("{variable} {what}"));
    let url = Url::parse(text).map_err(|error| wrong(&format!("is no URL: {error}")))?;
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err(wrong(
            "must be an https address: a token would be sent in the clear",
        ));
    }
    let bare = url.username().is_empty() && url.password().is_none();
    if !bare || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("must be scheme, host, port and path only"));
    }
    Ok(url)
}
