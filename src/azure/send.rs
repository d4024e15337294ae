//! One request to the resource manager, with everything that belongs to each: token, rate limit, slot,
//! retries.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::counts::{Counted, Counters};
use super::endpoint::Endpoint;
use super::errors::{ErrorBody, from_http};
use super::polling::Polling;
use super::rate_limit::{Permit, RateLimiter, RequestClass};
use super::slots::Slots;
use super::token::TokenSource;
use crate::http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, HeaderValue};
use crate::http::{
    HttpClient, HttpError, HttpRequest, HttpResponse, Method, RetryPolicy, RetryReason, RetryState,
    Secret, StatusCode, Url, retry_after,
};
use crate::live::ErrorKind;
use crate::live::RequestInfo;
use crate::live::ServiceError;

/// A request to be sent.
pub(super) struct ArmRequest<'a> {
    /// How messages name it.
    pub(super) info: &'a RequestInfo,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<&'a Value>,
    /// Whether sending it twice has the same effect as sending it once.
    pub(super) idempotent: bool,
    pub(super) counted: Counted,
    /// Its rate limit; none for a link, which gets no token either.
    pub(super) class: Option<RequestClass>,
    /// The size of the response, in bytes, beyond which it is refused, if that is less than for most requests.
    pub(super) most_bytes: Option<usize>,
}

/// A complete response, whatever its status.
#[derive(Debug)]
pub(super) struct ArmResponse {
    pub(super) http: HttpResponse,
    /// How often the request was sent.
    pub(super) attempts: u32,
}

/// What all requests of a client share.
pub(super) struct Sender {
    pub(super) http: HttpClient,
    pub(super) endpoint: Endpoint,
    pub(super) token: Arc<dyn TokenSource>,
    /// The limit for all pages of one list.
    pub(super) list_timeout: Duration,
    pub(super) retry: RetryPolicy,
    pub(super) polling: Polling,
    pub(super) rate_limiter: RateLimiter,
    pub(super) slots: Slots,
    pub(super) counters: Counters,
}

impl Sender {
    /// Sends a request until there is a response that no retry can improve.
    pub(super) async fn send(&self, request: &ArmRequest<'_>) -> Result<ArmResponse, ServiceError> {
        let mut attempts = RetryState::new(&self.retry);
        let mut renewals = 0;
        loop {
            let secret = self.secret(request).await?;
            match attempts.attempts() + renewals {
                0 => self.counters.sent(request.counted),
                _ => self.counters.retried(),
            }
            let outcome = self.attempt(request, secret.as_ref()).await?;
            let (reason, asked) = match &outcome {
                Ok(response) => match retry_reason(response) {
                    None => return finish(request, outcome, attempts.attempts() + renewals + 1),
                    Some(reason) => (reason, retry_after(&response.headers)),
                },
                Err(error) => (error.retry_reason(), None),
            };
            if reason == RetryReason::Status(401) && renewals == 0 && self.renew(secret).await? {
                renewals = 1;
                continue;
            }
            let wait = attempts.failed(reason, request.idempotent, asked);
            if reason == RetryReason::Status(429) {
                self.counters.throttled();
                let hold = wait
                    .or(asked)
                    .map(|wait| wait.min(self.retry.longest_asked));
                if let (Some(class), Some(hold)) = (request.class, hold) {
                    self.rate_limiter.pause(class, hold);
                }
            }
            let Some(wait) = wait else {
                let response = finish(request, outcome, attempts.attempts() + renewals)?;
                return self.accepted(request, response);
            };
            tracing::debug!(request = %request.info, ?reason, ?wait, "retrying");
            tokio::time::sleep(wait).await;
        }
    }

    async fn secret(&self, request: &ArmRequest<'_>) -> Result<Option<Secret>, ServiceError> {
        if request.class.is_none() {
            return Ok(None);
        }
        // The error names no request: none was sent.
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

    /// The response, unless it says that the token is not accepted.
    fn accepted(
        &self,
        request: &ArmRequest<'_>,
        response: ArmResponse,
    ) -> Result<ArmResponse, ServiceError> {
        if request.class.is_none() || response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        Err(response.error(request.info).with_help(self.token.advice()))
    }

    /// Sends a request once, as soon as the rate limit and the number of parallel requests allow it.
    async fn attempt(
        &self,
        request: &ArmRequest<'_>,
        secret: Option<&Secret>,
    ) -> Result<Result<HttpResponse, HttpError>, ServiceError> {
        let outgoing = outgoing(request, secret)?;
        let (permit, _slot) = loop {
            let permit = match request.class {
                Some(class) => Some(self.rate_limiter.admit(class).await),
                None => None,
            };
            let slot = self.slots.acquire(request.counted).await;
            // While this one waited for its slot, the service may have refused another, or named a limit.
            if !permit.as_ref().is_some_and(Permit::is_stale) {
                break (permit, slot);
            }
        };
        let outcome = self.http.send_once(&outgoing).await;
        if let (Some(permit), Ok(response)) = (permit, &outcome) {
            permit.learn(
                &response.headers,
                response.status == StatusCode::TOO_MANY_REQUESTS,
            );
        }
        Ok(outcome)
    }
}

fn outgoing(
    request: &ArmRequest<'_>,
    secret: Option<&Secret>,
) -> Result<HttpRequest, ServiceError> {
    let mut outgoing = HttpRequest::new(request.method.clone(), request.url.clone());
    outgoing.most_bytes = request.most_bytes;
    if let Some(secret) = secret {
        let bearer = secret.header("Bearer ").ok_or_else(|| {
            let text = "the access token contains a character that is not allowed in tokens";
            ServiceError::new(ErrorKind::Authentication, text)
                .about(request.info)
                .with_attempts(1)
        })?;
        outgoing = outgoing
            .header(AUTHORIZATION, bearer)
            .header(ACCEPT, HeaderValue::from_static("application/json"));
    }
    Ok(match request.body {
        Some(body) => outgoing.json(body),
        // Documented: a POST without a length is refused with 411, and none is sent by default.
        None if request.method == Method::POST => {
            outgoing.header(CONTENT_LENGTH, HeaderValue::from_static("0"))
        }
        None => outgoing,
    })
}

fn finish(
    request: &ArmRequest<'_>,
    outcome: Result<HttpResponse, HttpError>,
    attempts: u32,
) -> Result<ArmResponse, ServiceError> {
    match outcome {
        Ok(http) => Ok(ArmResponse { http, attempts }),
        Err(error) => Err(from_http(&error)
            .about(request.info)
            .with_attempts(attempts)),
    }
}

/// Why the request may have to be sent again; none for a success.
fn retry_reason(response: &HttpResponse) -> Option<RetryReason> {
    let is_conflict = response.status == StatusCode::CONFLICT;
    if is_conflict && ErrorBody::parse(&response.body).says_in_progress() {
        return Some(RetryReason::OperationInProgress);
    }
    RetryReason::of_status(response.status)
}

impl ArmResponse {
    pub(super) fn status(&self) -> StatusCode {
        self.http.status
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.http.header(name)
    }

    /// The id under which the service logged the request.
    fn request_id(&self) -> Option<&str> {
        let names = ["x-ms-request-id", "x-ms-correlation-request-id"];
        names.iter().find_map(|name| self.header(name))
    }

    /// The body; none if it is empty.
    pub(super) fn json(&self, info: &RequestInfo) -> Result<Option<Value>, ServiceError> {
        let read = self.http.json();
        read.map_err(|error| self.unexpected(&format!("the response {error}"), info))
    }

    pub(super) fn required_json(&self, info: &RequestInfo) -> Result<Value, ServiceError> {
        self.json(info)?
            .ok_or_else(|| self.unexpected("a response without a body", info))
    }

    /// An error for a response that breaks the protocol.
    pub(super) fn unexpected(&self, text: &str, info: &RequestInfo) -> ServiceError {
        self.describe(ServiceError::new(ErrorKind::Protocol, text), info)
    }

    /// The error that the response reports.
    pub(super) fn error(&self, info: &RequestInfo) -> ServiceError {
        let body = ErrorBody::parse(&self.http.body);
        self.describe(body.into_error(self.status()), info)
    }

    /// Adds to an error what is known about the request.
    pub(super) fn describe(&self, error: ServiceError, info: &RequestInfo) -> ServiceError {
        let error = error.about(info).with_attempts(self.attempts);
        let error = error.with_status(self.status().as_u16());
        match self.request_id() {
            Some(id) => error.with_request_id(Some(id)),
            None => error,
        }
    }

    /// Whether it is a 404 which says that the requested resource does not exist.
    pub(super) fn says_absent(&self) -> bool {
        self.status() == StatusCode::NOT_FOUND && ErrorBody::parse(&self.http.body).says_absent()
    }
}
