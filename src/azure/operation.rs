//! Long-running operations: an accepted request is polled until it has ended.
//!
//! Documented: `Azure-AsyncOperation` points to a report with a status, `Location` responds 202 until the end, and
//! without either the resource itself has a `provisioningState`. Observed: API Center uses `Location`, signs
//! it again with each response, puts a `status` or a `provisioningState` into the body, and reports a failure as
//! 400 from the place that is polled.

use serde_json::Value;
use tokio::time::Instant;

use super::client::ArmClient;
use super::counts::Counted;
use super::errors::ErrorBody;
use super::send::{ArmRequest, ArmResponse};
use crate::http::{Method, Url, retry_after};
use crate::live::ErrorKind;
use crate::live::ServiceError;

/// What is polled, and how its response is read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum PollTarget {
    /// `Azure-AsyncOperation`: the body has the state.
    Report(Url),
    /// `Location`: the status has it, and sometimes the body.
    Result(Url),
    /// The resource itself.
    Resource(Url),
}

/// The state of an operation. The words for it are open-ended; unknown ones mean that it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OperationState {
    Running,
    Succeeded,
    Failed,
}

impl OperationState {
    fn of(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "succeeded" => Self::Succeeded,
            "failed" | "canceled" | "cancelled" | "terminated" => Self::Failed,
            _ => Self::Running,
        }
    }
}

impl ArmClient {
    /// The final response to a request: its own, or that of the operation that it started.
    pub(super) async fn complete(
        &self,
        request: &ArmRequest<'_>,
        response: ArmResponse,
    ) -> Result<ArmResponse, ServiceError> {
        if !response.status().is_success() {
            return Err(response.error(request.info));
        }
        let Some(target) = self.poll_target(request, &response)? else {
            return Ok(response);
        };
        let at_the_end = match (&target, response.header("location")) {
            (PollTarget::Report(_), Some(link)) if request.method == Method::POST => {
                Some(self.link(request, &response, link)?)
            }
            (PollTarget::Resource(_), _) => None,
            _ if [Method::PUT, Method::PATCH].contains(&request.method) => {
                Some(request.url.clone())
            }
            _ => None,
        };
        let last = self.poll(request, target, response).await?;
        let Some(url) = at_the_end else {
            return Ok(last);
        };
        let result = self.read(request.info, url, Counted::Poll).await?;
        if result.status().is_success() {
            Ok(result)
        } else {
            Err(result.error(request.info))
        }
    }

    /// What to poll after a response; none if the operation has ended.
    fn poll_target(
        &self,
        request: &ArmRequest<'_>,
        response: &ArmResponse,
    ) -> Result<Option<PollTarget>, ServiceError> {
        if let Some(link) = response.header("azure-asyncoperation") {
            return Ok(Some(PollTarget::Report(
                self.link(request, response, link)?,
            )));
        }
        let accepted = response.status().as_u16() == 202;
        if let Some(link) = response.header("location").filter(|_| accepted) {
            return Ok(Some(PollTarget::Result(
                self.link(request, response, link)?,
            )));
        }
        let resource = || Ok(Some(PollTarget::Resource(request.url.clone())));
        match request.method {
            Method::PUT | Method::PATCH if accepted => resource(),
            Method::PUT | Method::PATCH => {
                let body = response.json(request.info)?.unwrap_or_default();
                match provisioning_state(&body) {
                    Some(OperationState::Running) => resource(),
                    Some(OperationState::Failed) => Err(failed(request, response, &body)),
                    Some(OperationState::Succeeded) | None => Ok(None),
                }
            }
            Method::POST if accepted => {
                let text = "accepted, but without a URL to poll";
                Err(response.unexpected(text, request.info))
            }
            _ => Ok(None),
        }
    }

    fn link(
        &self,
        request: &ArmRequest<'_>,
        response: &ArmResponse,
        link: &str,
    ) -> Result<Url, ServiceError> {
        let url = self.sender.endpoint.link(&request.url, link);
        url.map_err(|error| response.describe(error, request.info))
    }

    async fn poll(
        &self,
        request: &ArmRequest<'_>,
        mut target: PollTarget,
        mut response: ArmResponse,
    ) -> Result<ArmResponse, ServiceError> {
        let polling = &self.sender.polling;
        let started = Instant::now();
        let mut pause = polling.first;
        loop {
            let asked = retry_after(&response.http.headers);
            let longest = self.sender.retry.longest_asked.max(polling.first);
            let wait = asked.map_or(pause, |asked| asked.clamp(polling.first, longest));
            if started.elapsed() + wait > polling.deadline {
                let text = format!(
                    "the operation still runs after {} s; the service continues it",
                    polling.deadline.as_secs_f64()
                );
                return Err(ServiceError::new(ErrorKind::Timeout, text).about(request.info));
            }
            tokio::time::sleep(wait).await;
            pause = (pause * 2).min(polling.ceiling);
            let url = match &target {
                PollTarget::Report(url) | PollTarget::Result(url) | PollTarget::Resource(url) => {
                    url.clone()
                }
            };
            response = self.read(request.info, url, Counted::Poll).await?;
            if progress(request, &target, &response)? == OperationState::Succeeded {
                return Ok(response);
            }
            let header = match target {
                PollTarget::Report(_) => "azure-asyncoperation",
                PollTarget::Result(_) => "location",
                PollTarget::Resource(_) => continue,
            };
            if let Some(link) = response.header(header) {
                let url = self.link(request, &response, link)?;
                target = if header == "location" {
                    PollTarget::Result(url)
                } else {
                    PollTarget::Report(url)
                };
            }
        }
    }
}

/// Reads the response to one poll; a failure of the operation is an error.
fn progress(
    request: &ArmRequest<'_>,
    target: &PollTarget,
    response: &ArmResponse,
) -> Result<OperationState, ServiceError> {
    let status = response.status().as_u16();
    if request.method == Method::DELETE && response.says_absent() {
        return Ok(OperationState::Succeeded);
    }
    match status {
        200..=299 => {}
        401 | 403 | 408 | 429 => return Err(response.error(request.info)),
        400..=499 if !matches!(target, PollTarget::Resource(_)) => {
            let body = response
                .json(request.info)
                .ok()
                .flatten()
                .unwrap_or_default();
            return Err(failed(request, response, &body));
        }
        _ => return Err(response.error(request.info)),
    }
    let body = response.json(request.info)?.unwrap_or_default();
    let state = match target {
        PollTarget::Resource(_) => provisioning_state(&body),
        PollTarget::Report(_) | PollTarget::Result(_) => reported_state(&body),
    };
    match (target, state) {
        (_, Some(OperationState::Failed)) => Err(failed(request, response, &body)),
        (PollTarget::Result(_), _) if status == 202 => Ok(OperationState::Running),
        (_, Some(state)) => Ok(state),
        (PollTarget::Report(_), None) if status == 202 => Ok(OperationState::Running),
        (PollTarget::Report(_), None) if status != 204 => {
            Err(response.unexpected("a report on the operation without its status", request.info))
        }
        (_, None) => Ok(OperationState::Succeeded),
    }
}

/// The state in a report on an operation.
fn reported_state(body: &Value) -> Option<OperationState> {
    let word = ["status", "provisioningState"]
        .iter()
        .find_map(|key| body.get(key)?.as_str());
    word.map(OperationState::of)
}

/// The state in a resource.
fn provisioning_state(body: &Value) -> Option<OperationState> {
    body.pointer("/properties/provisioningState")?
        .as_str()
        .map(OperationState::of)
}

fn failed(request: &ArmRequest<'_>, response: &ArmResponse, body: &Value) -> ServiceError {
    let mut reported = ErrorBody::from_json(body);
    if reported.text.is_empty() || reported.text == "null" {
        reported.text = "the service gives no reason".to_owned();
    }
    let error = reported.into_error_of(ErrorKind::OperationFailed, response.status());
    response.describe(error, request.info)
}
