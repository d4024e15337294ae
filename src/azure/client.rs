//! The requests that the rest of the program makes, by their meaning.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode, Url};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::claims::SignedIn;
use super::counts::{Counted, Counters, Sent};
use super::endpoint::{Endpoint, subject};
use super::http::{HttpSettings, USER_AGENT};
use super::operation::Polling;
use super::rate_limit::{Class, Pacing};
use super::retry::RetryPolicy;
use super::send::{Answer, Call, Sender};
use super::token::TokenSource;
use crate::live::ErrorKind;
use crate::live::ServiceError;
use crate::live::Subject;

/// A list of more pages than this never ends; the service allows some thousands of resources at most.
const MOST_PAGES: usize = 10_000;

/// How a client is set up.
#[derive(Clone)]
pub struct ClientOptions {
    /// Where requests go.
    pub endpoint: Endpoint,
    /// Where tokens come from.
    pub token: Arc<dyn TokenSource>,
    /// How many requests are on their way at once, at most.
    pub parallelism: usize,
    /// How long one attempt may take, from connecting to the last byte.
    pub timeout: Duration,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// When requests are repeated.
    pub retry: RetryPolicy,
    /// How long-running operations are followed.
    pub polling: Polling,
    /// What the client calls itself.
    pub user_agent: String,
}

impl ClientOptions {
    /// How long one attempt may take unless somebody says otherwise.
    pub const TIMEOUT: Duration = Duration::from_secs(60);
    /// How long connecting may take unless somebody says otherwise.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

    /// The usual settings: 8 requests at once, 60 s for each, 10 s to connect.
    pub fn new(endpoint: Endpoint, token: Arc<dyn TokenSource>) -> Self {
        Self {
            endpoint,
            token,
            parallelism: 8,
            timeout: Self::TIMEOUT,
            connect_timeout: Self::CONNECT_TIMEOUT,
            retry: RetryPolicy::default(),
            polling: Polling::default(),
            user_agent: USER_AGENT.to_owned(),
        }
    }
}

/// What a POST does, and hence whether it may be sent twice and how it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only reads, as exports do.
    Reads,
    /// It changes something, and carried out twice it does the same, as the import of the same text does.
    Repeatable,
    /// It must not be carried out twice.
    Once,
}

impl std::fmt::Debug for ArmClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArmClient")
            .field("endpoint", &self.endpoint_name())
            .finish_non_exhaustive()
    }
}

/// A client of one resource manager. Clones share connections, budgets and counts.
#[derive(Clone)]
pub struct ArmClient {
    pub(super) sender: Arc<Sender>,
}

impl ArmClient {
    /// Sets a client up; nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the TLS set-up or a setting is unusable.
    pub fn new(options: ClientOptions) -> Result<Self, ServiceError> {
        let loopback = options.endpoint.is_loopback();
        let http = HttpSettings {
            user_agent: &options.user_agent,
            timeout: options.timeout,
            connect_timeout: options.connect_timeout,
            is_local: loopback,
        };
        let http = http.build()?;
        let sender = Sender {
            http,
            // An emulator has no limits unless it says so.
            pacing: Pacing::new(!loopback),
            endpoint: options.endpoint,
            token: options.token,
            timeout: options.timeout,
            retry: options.retry,
            polling: options.polling,
            slots: Semaphore::new(options.parallelism.clamp(1, Semaphore::MAX_PERMITS)),
            counters: Counters::default(),
        };
        Ok(Self {
            sender: Arc::new(sender),
        })
    }

    /// The resource manager's address, to tell services of the same name apart.
    pub(super) fn endpoint_name(&self) -> String {
        self.sender.endpoint.resource_manager().to_string()
    }

    /// Obtains a token, if there is none yet, and says where it comes from and for whom it is.
    ///
    /// # Errors
    /// [`ErrorKind::Authentication`] if there is none to be had.
    pub async fn authenticate(&self) -> Result<SignedIn, ServiceError> {
        let token = &self.sender.token;
        let secret = token.token(&self.sender.endpoint.scope()).await?;
        Ok(SignedIn::new(token.origin(), &secret))
    }

    /// What was sent so far.
    pub fn sent(&self) -> Sent {
        self.sender.counters.snapshot()
    }

    /// Reads a resource; none if the service says that it does not exist.
    ///
    /// A 404 that says anything else (no such subscription, the page of a proxy) is an error.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn get(&self, path: &str, api_version: &str) -> Result<Option<Value>, ServiceError> {
        let url = self.sender.endpoint.url(path, api_version)?;
        let subject = subject("GET", &url);
        let answer = self.read(&subject, url, Counted::Read).await?;
        match answer.status {
            StatusCode::OK => answer.required_json(&subject).map(Some),
            _ if answer.says_absent() => Ok(None),
            _ => Err(answer.error(&subject)),
        }
    }

    /// Reads all pages of a list, in the order of the service.
    ///
    /// # Errors
    /// As described by [`ErrorKind`]; [`ErrorKind::NotFound`] if what holds the list does not exist, and
    /// [`ErrorKind::Protocol`] if a page is no page, leads to another host or to a page already read.
    pub async fn list(&self, path: &str, api_version: &str) -> Result<Vec<Value>, ServiceError> {
        let mut url = self.sender.endpoint.url(path, api_version)?;
        let subject = subject("GET", &url);
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        loop {
            if !seen.insert(url.clone()) || seen.len() > MOST_PAGES {
                let text = format!("the list does not end: page {} leads back", seen.len());
                return Err(ServiceError::new(ErrorKind::Protocol, text).about(&subject));
            }
            let answer = self.read(&subject, url.clone(), Counted::Read).await?;
            if answer.status != StatusCode::OK {
                return Err(answer.error(&subject));
            }
            let mut page = answer.required_json(&subject)?;
            match page.get_mut("value").map(Value::take) {
                Some(Value::Array(items)) => all.extend(items),
                _ => return Err(answer.nonsense("a list without its values", &subject)),
            }
            match page.get("nextLink") {
                None | Some(Value::Null) => return Ok(all),
                Some(Value::String(link)) if link.is_empty() => return Ok(all),
                Some(Value::String(link)) => {
                    let next = self.sender.endpoint.link(&url, link);
                    url = next.map_err(|error| answer.describe(error, &subject))?;
                }
                Some(_) => return Err(answer.nonsense("a link that is no text", &subject)),
            }
        }
    }

    /// Creates or replaces a resource, and returns what the service made of it.
    ///
    /// If that takes longer, it is waited for. The result is null if the service answers with nothing.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn put(
        &self,
        path: &str,
        api_version: &str,
        body: &Value,
    ) -> Result<Value, ServiceError> {
        self.change(Method::PUT, path, api_version, body).await
    }

    /// Changes fields of a resource by a merge patch, and returns what the service made of it.
    ///
    /// It is repeated like a PUT: merging the same values twice changes nothing.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn patch(
        &self,
        path: &str,
        api_version: &str,
        body: &Value,
    ) -> Result<Value, ServiceError> {
        self.change(Method::PATCH, path, api_version, body).await
    }

    /// Deletes a resource; that it is gone already is as good.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn delete(&self, path: &str, api_version: &str) -> Result<(), ServiceError> {
        let url = self.sender.endpoint.url(path, api_version)?;
        let call = Call {
            subject: &subject("DELETE", &url),
            method: Method::DELETE,
            url,
            body: None,
            repeatable: true,
            counted: Counted::Delete,
            class: Some(Class::Deletes),
        };
        let answer = self.sender.send(&call).await?;
        let gone = answer.says_absent()
            || (answer.status == StatusCode::NOT_FOUND && answer.body.trim_ascii().is_empty());
        if gone {
            return Ok(());
        }
        self.settle(&call, answer).await.map(drop)
    }

    /// Runs an action of a resource, waits for its end, and returns its result, if it has one.
    ///
    /// The result of an action that took longer may be the last report on it (observed: with a `status`).
    ///
    /// # Errors
    /// As described by [`ErrorKind`]; [`ErrorKind::OperationFailed`] if it was accepted and then failed.
    pub async fn post(
        &self,
        path: &str,
        api_version: &str,
        body: Option<&Value>,
        effect: Effect,
    ) -> Result<Option<Value>, ServiceError> {
        let url = self.sender.endpoint.url(path, api_version)?;
        let reads = effect == Effect::Reads;
        let call = Call {
            subject: &subject("POST", &url),
            method: Method::POST,
            url,
            body,
            repeatable: effect != Effect::Once,
            counted: if reads { Counted::Read } else { Counted::Write },
            // Every POST draws on the budget of writes (observed).
            class: Some(Class::Writes),
        };
        let answer = self.sender.send(&call).await?;
        self.settle(&call, answer).await?.json(call.subject)
    }

    async fn change(
        &self,
        method: Method,
        path: &str,
        api_version: &str,
        body: &Value,
    ) -> Result<Value, ServiceError> {
        let url = self.sender.endpoint.url(path, api_version)?;
        let call = Call {
            subject: &subject(method.as_str(), &url),
            method,
            url,
            body: Some(body),
            repeatable: true,
            counted: Counted::Write,
            class: Some(Class::Writes),
        };
        let answer = self.sender.send(&call).await?;
        let answer = self.settle(&call, answer).await?;
        Ok(answer.json(call.subject)?.unwrap_or_default())
    }

    /// A GET in the course of another request.
    pub(super) async fn read(
        &self,
        subject: &Subject,
        url: Url,
        counted: Counted,
    ) -> Result<Answer, ServiceError> {
        let class = Some(Class::Reads);
        let (method, body, repeatable) = (Method::GET, None, true);
        self.sender
            .send(&Call {
                subject,
                method,
                url,
                body,
                repeatable,
                counted,
                class,
            })
            .await
    }
}

impl Answer {
    pub(super) fn required_json(&self, subject: &Subject) -> Result<Value, ServiceError> {
        self.json(subject)?
            .ok_or_else(|| self.nonsense("an answer without a body", subject))
    }

    pub(super) fn nonsense(&self, text: &str, subject: &Subject) -> ServiceError {
        self.describe(ServiceError::new(ErrorKind::Protocol, text), subject)
    }
}
