//! One request, with everything that belongs to each: token, budget, slot, repetition, trace.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, HeaderMap, HeaderValue};
use reqwest::{Client, Method, StatusCode, Url};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::counts::{Counted, Counters};
use super::endpoint::Endpoint;
use super::errors::{Complaint, transport};
use super::operation::Polling;
use super::rate_limit::{Class, Pacing};
use super::retry::{Attempts, RetryPolicy, Trouble, asked_wait};
use super::token::{Secret, TokenSource};
use crate::live::ErrorKind;
use crate::live::ServiceError;
use crate::live::Subject;

/// No answer may be larger, in bytes; the largest description files are a few megabytes.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// A request to be sent.
pub(super) struct Call<'a> {
    /// How messages name it.
    pub(super) subject: &'a Subject,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<&'a Value>,
    /// Whether it does the same when it is carried out twice.
    pub(super) repeatable: bool,
    pub(super) counted: Counted,
    /// Its budget; none for a link, which gets no token either.
    pub(super) class: Option<Class>,
}

/// A complete answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// How often the request was sent.
    pub(super) attempts: u32,
}

/// What all requests of a client share.
pub(super) struct Sender {
    pub(super) http: Client,
    pub(super) endpoint: Endpoint,
    pub(super) token: Arc<dyn TokenSource>,
    pub(super) timeout: Duration,
    pub(super) retry: RetryPolicy,
    pub(super) polling: Polling,
    pub(super) pacing: Pacing,
    pub(super) slots: Semaphore,
    pub(super) counters: Counters,
}

type Failure = (Trouble, ServiceError);

impl Sender {
    /// Sends a request until there is an answer that no repetition will better.
    pub(super) async fn send(&self, call: &Call<'_>) -> Result<Answer, ServiceError> {
        let mut attempts = Attempts::new(&self.retry);
        let mut renewals = 0;
        loop {
            let secret = self.secret(call).await?;
            match attempts.made() + renewals {
                0 => self.counters.sent(call.counted),
                _ => self.counters.retried(),
            }
            let outcome = self.attempt(call, secret.as_ref()).await;
            let (trouble, asked) = match &outcome {
                Ok(answer) => match answer.trouble() {
                    None => return finish(call, outcome, attempts.made() + renewals + 1),
                    Some(trouble) => (trouble, asked_wait(&answer.headers)),
                },
                Err((trouble, _)) => (*trouble, None),
            };
            if trouble == Trouble::Status(401) && renewals == 0 && self.renew(secret).await? {
                renewals = 1;
                continue;
            }
            let wait = attempts.failed(trouble, call.repeatable, asked);
            if trouble == Trouble::Status(429) {
                self.counters.throttled();
                let hold = wait
                    .or(asked)
                    .map(|wait| wait.min(self.retry.longest_asked));
                if let (Some(class), Some(hold)) = (call.class, hold) {
                    self.pacing.close(class, hold);
                }
            }
            let Some(wait) = wait else {
                let outcome = finish(call, outcome, attempts.made() + renewals);
                return outcome.and_then(|answer| self.accepted(call, answer));
            };
            tracing::debug!(request = %call.subject, ?trouble, ?wait, "to be sent again");
            tokio::time::sleep(wait).await;
        }
    }

    async fn secret(&self, call: &Call<'_>) -> Result<Option<Secret>, ServiceError> {
        if call.class.is_none() {
            return Ok(None);
        }
        // No request failed: there was none to send.
        self.token.token(&self.endpoint.scope()).await.map(Some)
    }

    /// Whether there is another token than the one just rejected.
    async fn renew(&self, secret: Option<Secret>) -> Result<bool, ServiceError> {
        let Some(secret) = secret else {
            return Ok(false);
        };
        let renewed = self.token.renew(&self.endpoint.scope(), &secret).await;
        renewed.map(|token| token.is_some())
    }

    /// The answer, unless it says that the token is not accepted.
    fn accepted(&self, call: &Call<'_>, answer: Answer) -> Result<Answer, ServiceError> {
        if call.class.is_none() || answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        Err(answer.error(call.subject).with_help(self.token.advice()))
    }

    async fn attempt(&self, call: &Call<'_>, secret: Option<&Secret>) -> Result<Answer, Failure> {
        let mut request = self.http.request(call.method.clone(), call.url.clone());
        if let Some(secret) = secret {
            request = request.header(AUTHORIZATION, bearer(secret)?);
            request = request.header(ACCEPT, "application/json");
        }
        request = match call.body {
            Some(body) => request.json(body),
            // Documented: a POST without a length is refused with 411, and none is sent by default.
            None if call.method == Method::POST => request.header(CONTENT_LENGTH, 0),
            None => request,
        };
        let (permit, _slot) = loop {
            let permit = match call.class {
                Some(class) => Some(self.pacing.admit(class).await),
                None => None,
            };
            let slot = self.slots.acquire().await;
            // While this one waited for its slot, the service may have turned another away, or told of a limit.
            if !permit
                .as_ref()
                .is_some_and(super::rate_limit::Permit::is_void)
            {
                break (permit, slot);
            }
        };
        let started = Instant::now();
        let answer = self.exchange(request, &call.url).await;
        if let (Some(permit), Ok(answer)) = (permit, &answer) {
            permit.learn(&answer.headers);
        }
        trace(call, started, &answer);
        answer
    }

    async fn exchange(
        &self,
        request: reqwest::RequestBuilder,
        url: &Url,
    ) -> Result<Answer, Failure> {
        let host = url.host_str().unwrap_or_default();
        let lost = |error: reqwest::Error| transport(&error, host, self.timeout.as_secs_f64());
        let mut response = request.send().await.map_err(lost)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_ANSWER {
                let text = format!("the answer of {host} is larger than {LARGEST_ANSWER} bytes");
                return Err((
                    Trouble::Hopeless,
                    ServiceError::new(ErrorKind::Protocol, text),
                ));
            }
        }
        Ok(Answer {
            status,
            headers,
            body,
            attempts: 0,
        })
    }
}

fn bearer(secret: &Secret) -> Result<HeaderValue, Failure> {
    let header = HeaderValue::from_str(&format!("Bearer {}", secret.expose()));
    let mut header = header.map_err(|_| {
        let text = "the access token holds characters that no header can carry";
        (
            Trouble::Hopeless,
            ServiceError::new(ErrorKind::Authentication, text),
        )
    })?;
    header.set_sensitive(true);
    Ok(header)
}

fn finish(
    call: &Call<'_>,
    outcome: Result<Answer, Failure>,
    attempts: u32,
) -> Result<Answer, ServiceError> {
    match outcome {
        Ok(answer) => Ok(Answer { attempts, ..answer }),
        Err((_, error)) => Err(error.about(call.subject).with_attempts(attempts)),
    }
}

/// Path and answer, without the query: it may hold a signature.
fn trace(call: &Call<'_>, started: Instant, outcome: &Result<Answer, Failure>) {
    let (method, path) = (&call.method, call.url.path());
    let ms = started.elapsed().as_millis();
    match outcome {
        Ok(answer) => {
            let (status, id) = (
                answer.status.as_u16(),
                answer.request_id().unwrap_or_default(),
            );
            tracing::debug!(%method, path, status, ms, request_id = id, "request");
        }
        Err((_, error)) => tracing::debug!(%method, path, ms, %error, "request without answer"),
    }
}

impl Answer {
    /// Why the request may have to be sent again; none for a success.
    fn trouble(&self) -> Option<Trouble> {
        match self.status.as_u16() {
            409 if Complaint::read(&self.body).says_busy() => Some(Trouble::Busy),
            status @ 400..=599 => Some(Trouble::Status(status)),
            _ => None,
        }
    }

    /// The id under which the service logged the request.
    fn request_id(&self) -> Option<&str> {
        let names = ["x-ms-request-id", "x-ms-correlation-request-id"];
        names.iter().find_map(|name| self.header(name))
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)?
            .to_str()
            .ok()
            .filter(|value| !value.is_empty())
    }

    /// The body; none if it is empty.
    pub(super) fn json(&self, subject: &Subject) -> Result<Option<Value>, ServiceError> {
        let body = self.body.trim_ascii();
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        if body.is_empty() {
            return Ok(None);
        }
        serde_json::from_slice(body).map(Some).map_err(|error| {
            let text = format!("the answer is not valid JSON: {error}");
            self.describe(ServiceError::new(ErrorKind::Protocol, text), subject)
        })
    }

    /// What the answer says about the failure of the request.
    pub(super) fn error(&self, subject: &Subject) -> ServiceError {
        self.describe(Complaint::read(&self.body).into_error(self.status), subject)
    }

    /// Adds to an error what is known about the request.
    pub(super) fn describe(&self, error: ServiceError, subject: &Subject) -> ServiceError {
        let error = error.about(subject).with_attempts(self.attempts);
        let error = error.with_status(self.status.as_u16());
        match self.request_id() {
            Some(id) => error.with_request_id(Some(id)),
            None => error,
        }
    }

    /// Whether the answer is a 404 that says that the resource asked for does not exist.
    pub(super) fn says_absent(&self) -> bool {
        self.status == StatusCode::NOT_FOUND && Complaint::read(&self.body).says_absent()
    }
}
