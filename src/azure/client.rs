//! The client of Azure Resource Manager: get, list, put, patch, delete and post.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use serde_json::Value;

use super::claims::AuthenticatedCaller;
use super::counts::{Counted, Counters, RequestCounts};
use super::endpoint::{Endpoint, request_info};
use super::errors::from_http;
use super::polling::Polling;
use super::rate_limit::{RateLimiter, RequestClass};
use super::send::{ArmRequest, ArmResponse, Sender};
use super::slots::{Parallelism, Slots};
use super::token::TokenSource;
use crate::http::{
    HostPolicy, HttpClient, HttpSettings, Method, Network, RetryPolicy, StatusCode, USER_AGENT, Url,
};
use crate::live::RequestInfo;
use crate::live::ServiceError;

/// The size limit for responses, in bytes; the largest description files are a few megabytes.
const MAX_RESPONSE_BYTES: usize = 64 * 1024 * 1024;

/// How a client is set up.
#[derive(Clone)]
pub struct ClientOptions {
    /// The resource manager and its authority.
    pub endpoint: Endpoint,
    /// The source of tokens.
    pub token: Arc<dyn TokenSource>,
    /// The most requests that are sent at once.
    pub parallelism: Parallelism,
    /// The limit for one attempt, from connecting to the last byte.
    pub timeout: Duration,
    /// The limit for connecting.
    pub connect_timeout: Duration,
    /// The limit for all pages of one list.
    pub list_timeout: Duration,
    /// When requests are repeated.
    pub retry: RetryPolicy,
    /// How long-running operations are polled.
    pub polling: Polling,
    /// The `User-Agent`.
    pub user_agent: String,
    /// The proxy and the certificates, as the environment names them.
    pub network: Network,
}

impl ClientOptions {
    /// The default of [`ClientOptions::timeout`].
    pub const TIMEOUT: Duration = Duration::from_secs(60);
    /// The default of [`ClientOptions::connect_timeout`].
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

    /// The default of [`ClientOptions::list_timeout`] (chosen here; it includes waits for the rate limit).
    pub const LIST_TIMEOUT: Duration = Duration::from_secs(30 * 60);

    /// The default settings: 64 reads, 16 writes and 16 imports at once, 60 s for each, 10 s to connect.
    pub fn new(endpoint: Endpoint, token: Arc<dyn TokenSource>) -> Self {
        Self {
            endpoint,
            token,
            parallelism: Parallelism::default(),
            timeout: Self::TIMEOUT,
            connect_timeout: Self::CONNECT_TIMEOUT,
            list_timeout: Self::LIST_TIMEOUT,
            retry: RetryPolicy::default(),
            polling: Polling::default(),
            user_agent: USER_AGENT.to_owned(),
            network: Network::default(),
        }
    }
}

/// The effect of a POST: whether it may be sent twice and how it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only reads, as exports do.
    Reads,
    /// It changes something; sending it twice is the same as once, as for the import of the same text.
    Idempotent,
    /// It must not be sent twice.
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
    /// About how much memory the lists of this read take; `None` if each list is counted by itself.
    pub(super) listed: Option<Arc<AtomicUsize>>,
}

impl ArmClient {
    /// Sets a client up; nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::live::ErrorKind::Configuration) if the TLS set-up or a setting is unusable.
    pub fn new(options: ClientOptions) -> Result<Self, ServiceError> {
        let http = HttpClient::new(&HttpSettings {
            user_agent: &options.user_agent,
            timeout: options.timeout,
            connect_timeout: options.connect_timeout,
            hosts: HostPolicy::of(options.endpoint.resource_manager()),
            max_response_bytes: MAX_RESPONSE_BYTES,
            network: &options.network,
        });
        let sender = Sender {
            http: http.map_err(|error| from_http(&error))?,
            // An emulator has no limits unless it says so.
            rate_limiter: RateLimiter::new(!options.endpoint.is_loopback()),
            endpoint: options.endpoint,
            token: options.token,
            list_timeout: options.list_timeout,
            retry: options.retry,
            polling: options.polling,
            slots: Slots::new(options.parallelism),
            counters: Counters::default(),
        };
        Ok(Self {
            sender: Arc::new(sender),
            listed: None,
        })
    }

    /// The same client for one read, whose lists are counted together, from zero.
    pub(super) fn for_one_read(&self) -> Self {
        Self {
            sender: Arc::clone(&self.sender),
            listed: Some(Arc::default()),
        }
    }

    /// The resource manager's address, to distinguish services of the same name.
    pub(super) fn endpoint_name(&self) -> String {
        self.sender.endpoint.resource_manager().to_string()
    }

    /// Obtains a token, if there is none yet, and reports where it comes from and whose it is.
    ///
    /// # Errors
    /// [`ErrorKind::Authentication`](crate::live::ErrorKind::Authentication) if there is none to be had.
    pub async fn authenticate(&self) -> Result<AuthenticatedCaller, ServiceError> {
        let token = &self.sender.token;
        let secret = token.token(&self.sender.endpoint.scope()).await?;
        Ok(AuthenticatedCaller::new(token.origin(), &secret))
    }

    /// The requests sent so far.
    pub fn sent(&self) -> RequestCounts {
        self.sender.counters.snapshot()
    }

    /// About how many reads the steps so far need in all; what is known grows while they are sent.
    pub fn expected_reads(&self) -> u64 {
        self.sender.counters.expected()
    }

    /// The most reads that are sent at once; at least one.
    pub(super) fn reads_at_once(&self) -> usize {
        self.sender.slots.reads_at_once()
    }

    /// The counts, for those who know how many requests are to come.
    pub(super) fn counters(&self) -> &Counters {
        &self.sender.counters
    }

    /// Reads a resource; none if the service reports that it does not exist.
    ///
    /// Any other 404 (no such subscription, the page of a proxy) is an error.
    ///
    /// # Errors
    /// As described by [`ErrorKind`](crate::live::ErrorKind).
    pub async fn get(&self, path: &str, api_version: &str) -> Result<Option<Value>, ServiceError> {
        let url = self.sender.endpoint.url(path, api_version)?;
        let info = request_info("GET", &url);
        let response = self.read(&info, url, Counted::Read).await?;
        match response.status() {
            StatusCode::OK => response.required_json(&info).map(Some),
            _ if response.says_absent() => Ok(None),
            _ => Err(response.error(&info)),
        }
    }

    /// Creates or replaces a resource, and returns it as the service stored it.
    ///
    /// An operation that takes longer is waited for. The result is null if the response has no body.
    ///
    /// # Errors
    /// As described by [`ErrorKind`](crate::live::ErrorKind).
    pub async fn put(
        &self,
        path: &str,
        api_version: &str,
        body: &Value,
    ) -> Result<Value, ServiceError> {
        self.change(Method::PUT, path, api_version, body).await
    }

    /// Deletes a resource; one that does not exist is not an error.
    ///
    /// # Errors
    /// As described by [`ErrorKind`](crate::live::ErrorKind).
    pub async fn delete(&self, path: &str, api_version: &str) -> Result<(), ServiceError> {
        let url = self.sender.endpoint.url(path, api_version)?;
        let request = ArmRequest {
            info: &request_info("DELETE", &url),
            method: Method::DELETE,
            url,
            body: None,
            idempotent: true,
            counted: Counted::Delete,
            class: Some(RequestClass::Deletes),
            most_bytes: None,
        };
        let response = self.sender.send(&request).await?;
        let gone = response.says_absent()
            || (response.status() == StatusCode::NOT_FOUND
                && response.http.body.trim_ascii().is_empty());
        if gone {
            return Ok(());
        }
        self.complete(&request, response).await.map(drop)
    }

    /// Runs an action of a resource, waits for its end, and returns its result, if it has one.
    ///
    /// The result of an action that took longer may be the last report on it (observed: with a `status`).
    ///
    /// # Errors
    /// As described by [`ErrorKind`](crate::live::ErrorKind); [`ErrorKind::OperationFailed`](crate::live::ErrorKind::OperationFailed) if it was accepted and then failed.
    pub async fn post(
        &self,
        path: &str,
        api_version: &str,
        body: Option<&Value>,
        effect: Effect,
    ) -> Result<Option<Value>, ServiceError> {
        let url = self.sender.endpoint.url(path, api_version)?;
        let reads = effect == Effect::Reads;
        let request = ArmRequest {
            info: &request_info("POST", &url),
            method: Method::POST,
            url,
            body,
            idempotent: effect != Effect::Once,
            counted: if reads {
                Counted::Read
            } else {
                Counted::Action
            },
            // Every POST draws on the budget of writes (observed).
            class: Some(RequestClass::Writes),
            most_bytes: None,
        };
        let response = self.sender.send(&request).await?;
        self.complete(&request, response).await?.json(request.info)
    }

    async fn change(
        &self,
        method: Method,
        path: &str,
        api_version: &str,
        body: &Value,
    ) -> Result<Value, ServiceError> {
        let url = self.sender.endpoint.url(path, api_version)?;
        let request = ArmRequest {
            info: &request_info(method.as_str(), &url),
            method,
            url,
            body: Some(body),
            idempotent: true,
            counted: Counted::Write,
            class: Some(RequestClass::Writes),
            most_bytes: None,
        };
        let response = self.sender.send(&request).await?;
        let response = self.complete(&request, response).await?;
        Ok(response.json(request.info)?.unwrap_or_default())
    }

    /// A GET that is part of another request.
    pub(super) async fn read(
        &self,
        info: &RequestInfo,
        url: Url,
        counted: Counted,
    ) -> Result<ArmResponse, ServiceError> {
        self.sender.send(&reading(info, url, counted)).await
    }
}

pub(super) fn reading(info: &RequestInfo, url: Url, counted: Counted) -> ArmRequest<'_> {
    ArmRequest {
        info,
        method: Method::GET,
        url,
        body: None,
        idempotent: true,
        counted,
        class: Some(RequestClass::Reads),
        most_bytes: None,
    }
}
