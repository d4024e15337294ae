//! The cloud's front door: faults, throttling, authentication, and the headers on every response. The router
//! checks `api-version`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request as HttpRequest, State};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Method, Response as HttpResponse, StatusCode, Uri, Version, header};

use crate::emulator::base::faults::Fault;
use crate::emulator::core::handler::{FollowUp, into_response};
use crate::emulator::core::links;
use crate::emulator::core::links::Links;
use crate::emulator::core::provider::{HandlerContext, RequestTarget};
use crate::emulator::core::request::{HandlerRequest, Query};
use crate::emulator::core::response::{HandlerResponse, Payload, arm_error, refused};
use crate::emulator::providers::login::{Login, Page};
use crate::emulator::registry::SUPPORTED_VERSIONS;
use crate::emulator::router::route;
use crate::emulator::server::host;
use crate::emulator::server::listener::ConnectionKiller;
use crate::emulator::server::rate_limit;
use crate::emulator::server::rate_limit::{RemainingTokens, Throttle};
use crate::emulator::server::request_log::{RecordedRequest, RequestLog};
use crate::emulator::store::{Store, StoreError};

/// Chosen here: above every body that is not refused for its own reasons (3 MB of document, escaped
/// as JSON).
const MOST_BODY: usize = 24 * 1024 * 1024;

/// What every request needs.
pub(in crate::emulator) struct EmulatorGateway {
    pub(in crate::emulator) store: Store,
    pub(in crate::emulator) context: HandlerContext,
    pub(in crate::emulator) log: RequestLog,
    pub(in crate::emulator) limiter: Throttle,
    pub(in crate::emulator) login: Login,
    pub(in crate::emulator) arrived: AtomicU32,
    /// Takes the work that continues after a response.
    pub(in crate::emulator) follow_up: tokio::sync::mpsc::UnboundedSender<FollowUp>,
}

/// Why no response is sent.
enum NoResponse {
    Reset,
    Hang,
}

/// Handles one request, whatever it is.
pub(in crate::emulator) async fn handle(
    State(gateway): State<Arc<EmulatorGateway>>,
    ConnectInfo(killer): ConnectInfo<ConnectionKiller>,
    request: HttpRequest,
) -> HttpResponse<Body> {
    let mut seen = RecordedRequest {
        method: request.method().as_str().to_owned(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        is_http2: request.version() == Version::HTTP_2,
        status: None,
    };
    let answered = gateway.response(request).await;
    if let Ok(response) = &answered {
        seen.status = Some(response.status().as_u16());
    }
    gateway.log.push(seen);
    match answered {
        Ok(response) => response,
        Err(NoResponse::Reset) => {
            killer.kill();
            HttpResponse::new(Body::empty())
        }
        Err(NoResponse::Hang) => std::future::pending().await,
    }
}

impl EmulatorGateway {
    async fn response(
        self: &Arc<Self>,
        request: HttpRequest,
    ) -> Result<HttpResponse<Body>, NoResponse> {
        let method = request.method().clone();
        let options = &self.context.options;
        if let Some(refusal) = host::refusal(&request, options.listen.ip(), &options.hosts) {
            return Ok(finished(refusal, &method, None));
        }
        let fault = self.due_fault(&method, request.uri());
        let latency = self.context.options.latency;
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        let mut left = None;
        let response = match fault {
            Some(Fault::ResetBefore) => return Err(NoResponse::Reset),
            Some(Fault::Hang) => return Err(NoResponse::Hang),
            Some(Fault::Status(status)) => injected(status),
            Some(Fault::Response { status, body }) => programmed(status, body),
            Some(Fault::Throttle(seconds)) => throttled(seconds),
            fault => {
                if fault == Some(Fault::HoldBefore) {
                    options.faults.hold().await;
                }
                let response = if let Some(page) = Page::at(request.uri().path()) {
                    let base = self.base(&request);
                    self.login.serve(page, request, &base).await
                } else {
                    let now = self.context.options.throttle_clock.now();
                    let decision = self.limiter.take(&method, request.uri().path(), now);
                    left = decision.left;
                    match decision.wait {
                        None => self.serve(request).await,
                        // Documented: whole seconds.
                        Some(time) => throttled(
                            u32::try_from(time.as_secs())
                                .unwrap_or(u32::MAX)
                                .saturating_add(1),
                        ),
                    }
                };
                match fault {
                    Some(Fault::ResetAfter) => return Err(NoResponse::Reset),
                    Some(Fault::StatusAfter(status)) => injected(status),
                    Some(Fault::HoldAfter) => {
                        options.faults.hold().await;
                        response
                    }
                    _ => response,
                }
            }
        };
        Ok(finished(response, &method, left))
    }

    /// The injected fault for this request, or the one that is due by the count of requests.
    fn due_fault(&self, method: &Method, uri: &Uri) -> Option<Fault> {
        let options = &self.context.options;
        let turn = self.arrived.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let falls_on =
            |every: Option<u32>| every.is_some_and(|every| turn.is_multiple_of(every.max(1)));
        let query = uri.query().unwrap_or_default();
        let due = options.faults.due(method.as_str(), uri.path(), query);
        due.or_else(|| {
            if falls_on(options.fail_every) {
                Some(Fault::Status(500))
            } else {
                falls_on(options.fail_every_after).then_some(Fault::StatusAfter(500))
            }
        })
    }

    async fn serve(self: &Arc<Self>, request: HttpRequest) -> HandlerResponse {
        let served = match self.request(request).await {
            Ok(Incoming::DownloadLink(path)) => self.linked(&path).await,
            Ok(Incoming::Request(request)) => match route(self.context.providers, &request) {
                Ok(target) => self.carry_out(request, target).await,
                Err(response) => Ok(*response),
            },
            Err(response) => Ok(*response),
        };
        served.unwrap_or_else(|error| {
            tracing::error!(%error, "the emulator's store failed");
            arm_error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalServerError",
                error.to_string(),
            )
        })
    }

    /// The address at which the caller reached the emulator, without a slash at the end.
    fn base(&self, request: &HttpRequest) -> String {
        let host = request.headers().get(header::HOST);
        let host = host.and_then(|host| host.to_str().ok());
        // In HTTP/2 the target says it.
        let host = host.or_else(|| request.uri().authority().map(Authority::as_str));
        let scheme = self.context.options.scheme();
        format!("{scheme}://{}", host.unwrap_or("localhost"))
    }

    async fn request(&self, request: HttpRequest) -> Result<Incoming, Box<HandlerResponse>> {
        let base = self.base(&request);
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        if Links::is_link(&path) {
            return Ok(Incoming::DownloadLink(path));
        }
        self.login.admit(&parts.headers, &base)?;
        // The official JavaScript clients put a slash before ids that begin with one.
        let path = format!("/{}", path.trim_start_matches('/'));
        Ok(Incoming::Request(HandlerRequest {
            method: parts.method,
            path,
            query: Query::parse(parts.uri.query().unwrap_or_default()),
            body: json_body(body).await?,
            base,
        }))
    }

    async fn linked(self: &Arc<Self>, path: &str) -> Result<HandlerResponse, StoreError> {
        let behind = self.context.links.behind(path);
        self.read_blocking(move |gateway| gateway.store.read(|view| links::document(view, behind)))
            .await
    }

    async fn carry_out(
        self: &Arc<Self>,
        request: HandlerRequest,
        target: Box<dyn RequestTarget>,
    ) -> Result<HandlerResponse, StoreError> {
        if !target.is_write(&request) {
            return self
                .read_blocking(move |gateway| {
                    let context = &gateway.context;
                    gateway
                        .store
                        .read(|view| into_response(target.read(context, view, &request)))
                })
                .await;
        }
        // A task of its own: if the caller disconnects, the write remains, so its follow-up must run.
        let gateway = Arc::clone(self);
        let changed = tokio::spawn(async move { gateway.write(request, target).await });
        changed.await.unwrap_or_else(|_| Err(StoreError::closed()))
    }

    async fn write(
        &self,
        request: HandlerRequest,
        target: Box<dyn RequestTarget>,
    ) -> Result<HandlerResponse, StoreError> {
        let context = self.context.clone();
        let done = self
            .store
            .change(move |changes| into_response(target.write(&context, changes, &request)))
            .await?;
        if let Some(follow_up) = done.follow_up {
            // Sending fails only while the emulator stops; pending work is stored and resumed.
            drop(self.follow_up.send(follow_up));
        }
        Ok(done.response)
    }

    async fn read_blocking(
        self: &Arc<Self>,
        read: impl FnOnce(&Self) -> Result<HandlerResponse, StoreError> + Send + 'static,
    ) -> Result<HandlerResponse, StoreError> {
        let gateway = Arc::clone(self);
        tokio::task::spawn_blocking(move || read(&gateway))
            .await
            .unwrap_or_else(|_| Err(StoreError::closed()))
    }
}

enum Incoming {
    Request(HandlerRequest),
    /// The path of a link to an exported document.
    DownloadLink(String),
}

async fn json_body(body: Body) -> Result<Option<serde_json::Value>, Box<HandlerResponse>> {
    let bytes = to_bytes(body, MOST_BODY).await.map_err(|_| {
        let message = format!("The request body is larger than {MOST_BODY} bytes.");
        Box::new(arm_error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            message,
        ))
    })?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let read = serde_json::from_slice(&bytes);
    read.map(Some)
        .map_err(|error| Box::new(refused(format!("The request body is not JSON: {error}."))))
}

fn injected(status: u16) -> HandlerResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let code = status
        .canonical_reason()
        .unwrap_or("Fault")
        .replace(' ', "");
    arm_error(status, &code, "An injected fault.")
}

fn programmed(status: u16, body: String) -> HandlerResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let response = HandlerResponse::empty(status);
    if body.is_empty() {
        return response;
    }
    let body = Payload::Text(body);
    HandlerResponse { body, ..response }
        .with_header("content-type", "application/json; charset=utf-8")
}

fn throttled(seconds: u32) -> HandlerResponse {
    let message = format!("Too many requests. Try again after {seconds} seconds.");
    arm_error(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
        .with_header("retry-after", &seconds.to_string())
}

/// Adds the headers of every response. The gateway's own 404 names no supported versions (observed).
fn finished(
    response: HandlerResponse,
    method: &Method,
    left: Option<RemainingTokens>,
) -> HttpResponse<Body> {
    let by_gateway = response.headers.contains_key("x-ms-failure-cause");
    let mut response = response.into_response();
    let headers = response.headers_mut();
    let id = uuid::Uuid::new_v4().to_string();
    for name in ["x-ms-request-id", "x-ms-correlation-request-id"] {
        if let Ok(value) = HeaderValue::from_str(&id) {
            headers.insert(name, value);
        }
    }
    if !by_gateway {
        if let Ok(versions) = HeaderValue::from_str(&SUPPORTED_VERSIONS.join(", ")) {
            headers.insert("api-supported-versions", versions);
        }
        for (name, tokens) in rate_limit::headers(method, left) {
            headers.insert(name, HeaderValue::from(tokens));
        }
    }
    response
}
