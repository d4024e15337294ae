//! Long-running operations: what was accepted is followed to its end.
//!
//! Documented: `Azure-AsyncOperation` leads to a report with a status, `Location` answers 202 until the end, and
//! without either the resource itself shows its `provisioningState`. Observed: API Center uses `Location`, signs
//! it anew with each answer, puts a `status` or a `provisioningState` into the body, and reports a failure as
//! 400 from the place that is polled.

use std::time::Duration;

use reqwest::{Method, Url};
use serde_json::Value;
use tokio::time::Instant;

use super::client::ArmClient;
use super::counts::Counted;
use super::errors::Complaint;
use super::retry::asked_wait;
use super::send::{Answer, Call};
use crate::live::ErrorKind;
use crate::live::ServiceError;

/// How long-running operations are followed.
#[derive(Debug, Clone)]
pub struct Polling {
    /// The wait before the first question, and the shortest of all; it doubles with each.
    pub first: Duration,
    /// The longest wait of our own choosing.
    pub ceiling: Duration,
    /// After this an operation is left to itself.
    pub deadline: Duration,
}

impl Default for Polling {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(200),
            ceiling: Duration::from_secs(5),
            deadline: Duration::from_secs(15 * 60),
        }
    }
}

/// Where to ask about an operation, and how to read the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    /// `Azure-AsyncOperation`: the body has the state.
    Report(Url),
    /// `Location`: the status has it, and sometimes the body.
    Result(Url),
    /// The resource itself.
    Resource(Url),
}

/// What a text for a state means; the words are open-ended, so that all others mean work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Working,
    Done,
    Failed,
}

impl State {
    fn of(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "succeeded" => Self::Done,
            "failed" | "canceled" | "cancelled" | "terminated" => Self::Failed,
            _ => Self::Working,
        }
    }
}

impl ArmClient {
    /// The answer that a request ends with: its own, or what became of the operation that it started.
    pub(super) async fn settle(
        &self,
        call: &Call<'_>,
        answer: Answer,
    ) -> Result<Answer, ServiceError> {
        if !answer.status.is_success() {
            return Err(answer.error(call.subject));
        }
        let Some(way) = self.way(call, &answer)? else {
            return Ok(answer);
        };
        let at_the_end = match (&way, answer.header("location")) {
            (Way::Report(_), Some(link)) if call.method == Method::POST => {
                Some(self.link(call, &answer, link)?)
            }
            (Way::Resource(_), _) => None,
            _ if [Method::PUT, Method::PATCH].contains(&call.method) => Some(call.url.clone()),
            _ => None,
        };
        let last = self.follow(call, way, answer).await?;
        let Some(url) = at_the_end else {
            return Ok(last);
        };
        let result = self.read(call.subject, url, Counted::Poll).await?;
        if result.status.is_success() {
            Ok(result)
        } else {
            Err(result.error(call.subject))
        }
    }

    /// Where an answer says that the end is to be waited for; none if it is the end.
    fn way(&self, call: &Call<'_>, answer: &Answer) -> Result<Option<Way>, ServiceError> {
        if let Some(link) = answer.header("azure-asyncoperation") {
            return Ok(Some(Way::Report(self.link(call, answer, link)?)));
        }
        let accepted = answer.status.as_u16() == 202;
        if let Some(link) = answer.header("location").filter(|_| accepted) {
            return Ok(Some(Way::Result(self.link(call, answer, link)?)));
        }
        let resource = || Ok(Some(Way::Resource(call.url.clone())));
        match call.method {
            Method::PUT | Method::PATCH if accepted => resource(),
            Method::PUT | Method::PATCH => {
                let body = answer.json(call.subject)?.unwrap_or_default();
                match provisioning(&body) {
                    Some(State::Working) => resource(),
                    Some(State::Failed) => Err(failed(call, answer, &body)),
                    Some(State::Done) | None => Ok(None),
                }
            }
            Method::POST if accepted => {
                let text = "accepted, but without an address to ask about the end";
                Err(answer.nonsense(text, call.subject))
            }
            _ => Ok(None),
        }
    }

    fn link(&self, call: &Call<'_>, answer: &Answer, link: &str) -> Result<Url, ServiceError> {
        let url = self.sender.endpoint.link(&call.url, link);
        url.map_err(|error| answer.describe(error, call.subject))
    }

    async fn follow(
        &self,
        call: &Call<'_>,
        mut way: Way,
        mut answer: Answer,
    ) -> Result<Answer, ServiceError> {
        let polling = &self.sender.polling;
        let started = Instant::now();
        let mut pause = polling.first;
        loop {
            let asked = asked_wait(&answer.headers);
            let longest = self.sender.retry.longest_asked.max(polling.first);
            let wait = asked.map_or(pause, |asked| asked.clamp(polling.first, longest));
            if started.elapsed() + wait > polling.deadline {
                let text = format!(
                    "the operation still runs after {} s; the service goes on with it",
                    polling.deadline.as_secs_f64()
                );
                return Err(ServiceError::new(ErrorKind::Timeout, text).about(call.subject));
            }
            tokio::time::sleep(wait).await;
            pause = (pause * 2).min(polling.ceiling);
            let url = match &way {
                Way::Report(url) | Way::Result(url) | Way::Resource(url) => url.clone(),
            };
            answer = self.read(call.subject, url, Counted::Poll).await?;
            if progress(call, &way, &answer)? == State::Done {
                return Ok(answer);
            }
            let header = match way {
                Way::Report(_) => "azure-asyncoperation",
                Way::Result(_) => "location",
                Way::Resource(_) => continue,
            };
            if let Some(link) = answer.header(header) {
                let url = self.link(call, &answer, link)?;
                way = if header == "location" {
                    Way::Result(url)
                } else {
                    Way::Report(url)
                };
            }
        }
    }
}

/// Reads the answer to one question; a failure of the operation is an error.
fn progress(call: &Call<'_>, way: &Way, answer: &Answer) -> Result<State, ServiceError> {
    let status = answer.status.as_u16();
    if call.method == Method::DELETE && answer.says_absent() {
        return Ok(State::Done);
    }
    match status {
        200..=299 => {}
        401 | 403 | 408 | 429 => return Err(answer.error(call.subject)),
        400..=499 if !matches!(way, Way::Resource(_)) => {
            let body = serde_json::from_slice(&answer.body).unwrap_or_default();
            return Err(failed(call, answer, &body));
        }
        _ => return Err(answer.error(call.subject)),
    }
    let body = answer.json(call.subject)?.unwrap_or_default();
    let state = match way {
        Way::Resource(_) => provisioning(&body),
        Way::Report(_) | Way::Result(_) => stated(&body),
    };
    match (way, state) {
        (_, Some(State::Failed)) => Err(failed(call, answer, &body)),
        (Way::Result(_), _) if status == 202 => Ok(State::Working),
        (_, Some(state)) => Ok(state),
        (Way::Report(_), None) if status == 202 => Ok(State::Working),
        (Way::Report(_), None) if status != 204 => {
            Err(answer.nonsense("a report on the operation without its status", call.subject))
        }
        (_, None) => Ok(State::Done),
    }
}

/// The state that a report on an operation names.
fn stated(body: &Value) -> Option<State> {
    let word = ["status", "provisioningState"]
        .iter()
        .find_map(|key| body.get(key)?.as_str());
    word.map(State::of)
}

/// The state that a resource shows of itself.
fn provisioning(body: &Value) -> Option<State> {
    body.pointer("/properties/provisioningState")?
        .as_str()
        .map(State::of)
}

fn failed(call: &Call<'_>, answer: &Answer, body: &Value) -> ServiceError {
    let mut complaint = Complaint::of(body);
    if complaint.text.is_empty() || complaint.text == "null" {
        complaint.text = "the service gives no reason".to_owned();
    }
    let error = complaint.into_error_of(ErrorKind::OperationFailed, answer.status);
    answer.describe(error, call.subject)
}
