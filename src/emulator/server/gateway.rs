//! The cloud's front door: faults, throttling, authentication, `api-version`, and the headers on
//! every answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, header};

use crate::emulator::core::faults::Fault;
use crate::emulator::core::job::Follow;
use crate::emulator::core::links::{self, Links};
use crate::emulator::core::request::{Call, Query};
use crate::emulator::core::response::{Answer, Outcome, arm_error, refused, settle};
use crate::emulator::providers::api_center::actions::{Context, Done};
use crate::emulator::providers::api_center::dispatch;
use crate::emulator::providers::api_center::target::{self, API_VERSIONS, Target};
use crate::emulator::providers::login::{Login, Page};
use crate::emulator::server::listener::Knife;
use crate::emulator::server::rate_limit::{self, Left, Pace};
use crate::emulator::server::request_log::{RecordedRequest, RequestLog};
use crate::emulator::store::{Store, StoreError};

/// Chosen here: above every body that is not refused for its own reasons (3 MB of document, escaped
/// as JSON).
const MOST_BODY: usize = 24 * 1024 * 1024;

/// What every request needs.
pub(in crate::emulator) struct Gateway {
    pub(in crate::emulator) store: Store,
    pub(in crate::emulator) context: Context,
    pub(in crate::emulator) log: RequestLog,
    pub(in crate::emulator) pace: Pace,
    pub(in crate::emulator) login: Login,
    pub(in crate::emulator) arrived: AtomicU32,
    /// Takes the work that goes on after an answer.
    pub(in crate::emulator) follow: tokio::sync::mpsc::UnboundedSender<Follow>,
}

/// Why no answer is sent.
enum Silence {
    Cut,
    Hang,
}

/// Answers one request, whatever it is.
pub(in crate::emulator) async fn handle(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(knife): ConnectInfo<Knife>,
    request: Request,
) -> Response<Body> {
    let mut seen = RecordedRequest {
        method: request.method().as_str().to_owned(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        status: None,
    };
    let answered = gateway.answer(request).await;
    if let Ok(response) = &answered {
        seen.status = Some(response.status().as_u16());
    }
    gateway.log.push(seen);
    match answered {
        Ok(response) => response,
        Err(Silence::Cut) => {
            knife.cut();
            Response::new(Body::empty())
        }
        Err(Silence::Hang) => std::future::pending().await,
    }
}

impl Gateway {
    async fn answer(self: &Arc<Self>, request: Request) -> Result<Response<Body>, Silence> {
        let method = request.method().clone();
        let fault = self.due_fault(&method, request.uri().path());
        let latency = self.context.options.latency;
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        let mut left = None;
        let answer = match fault {
            Some(Fault::ResetBefore) => return Err(Silence::Cut),
            Some(Fault::Hang) => return Err(Silence::Hang),
            Some(Fault::Status(status)) => injected(status),
            Some(Fault::Throttle(seconds)) => throttled(seconds),
            after => {
                let answer = if let Some(page) = Page::at(request.uri().path()) {
                    let base = self.base(&request);
                    self.login.answer(page, request, &base).await
                } else {
                    let verdict = self.pace.take(&method, request.uri().path());
                    left = verdict.left;
                    match verdict.wait {
                        None => self.serve(request).await,
                        // Documented: whole seconds.
                        Some(time) => throttled(
                            u32::try_from(time.as_secs())
                                .unwrap_or(u32::MAX)
                                .saturating_add(1),
                        ),
                    }
                };
                match after {
                    Some(Fault::ResetAfter) => return Err(Silence::Cut),
                    Some(Fault::StatusAfter(status)) => injected(status),
                    _ => answer,
                }
            }
        };
        Ok(finished(answer, &method, left))
    }

    /// The programmed fault for this request, else the one its turn brings.
    fn due_fault(&self, method: &Method, path: &str) -> Option<Fault> {
        let options = &self.context.options;
        let turn = self.arrived.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let falls_on =
            |every: Option<u32>| every.is_some_and(|every| turn.is_multiple_of(every.max(1)));
        options.faults.due(method.as_str(), path).or_else(|| {
            if falls_on(options.fail_every) {
                Some(Fault::Status(500))
            } else {
                falls_on(options.fail_every_after).then_some(Fault::StatusAfter(500))
            }
        })
    }

    async fn serve(self: &Arc<Self>, request: Request) -> Answer {
        let served = match self.call(request).await {
            Ok(Incoming::Link(path)) => self.linked(&path).await,
            Ok(Incoming::Call(call)) => match target::target(&call) {
                Ok(target) => self.carry_out(call, target).await,
                Err(answer) => Ok(*answer),
            },
            Err(answer) => Ok(*answer),
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
    fn base(&self, request: &Request) -> String {
        let host = request.headers().get(header::HOST);
        let host = host.and_then(|host| host.to_str().ok());
        let scheme = self.context.options.scheme();
        format!("{scheme}://{}", host.unwrap_or("localhost"))
    }

    async fn call(&self, request: Request) -> Result<Incoming, Box<Answer>> {
        let base = self.base(&request);
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        if Links::is_link(&path) {
            return Ok(Incoming::Link(path));
        }
        self.login.admit(&parts.headers, &base)?;
        // The official JavaScript clients put a slash before ids that begin with one.
        let path = format!("/{}", path.trim_start_matches('/'));
        Ok(Incoming::Call(Call {
            method: parts.method,
            path,
            query: Query::parse(parts.uri.query().unwrap_or_default()),
            body: json_body(body).await?,
            base,
        }))
    }

    async fn linked(self: &Arc<Self>, path: &str) -> Result<Answer, StoreError> {
        let behind = self.context.links.behind(path);
        self.reading(move |gateway| gateway.store.read(|view| links::document(view, behind)))
            .await
    }

    async fn carry_out(self: &Arc<Self>, call: Call, target: Target) -> Result<Answer, StoreError> {
        if !dispatch::changes_state(&call, &target) {
            return self
                .reading(move |gateway| {
                    let context = &gateway.context;
                    gateway
                        .store
                        .read(|view| settle(dispatch::look(context, view, &call, &target)))
                })
                .await;
        }
        // A task of its own: when the caller hangs up, the change stands, and so must what follows it.
        let gateway = Arc::clone(self);
        let changed = tokio::spawn(async move { gateway.change(call, target).await });
        changed.await.unwrap_or_else(|_| Err(StoreError::closed()))
    }

    async fn change(&self, call: Call, target: Target) -> Result<Answer, StoreError> {
        let context = self.context.clone();
        let done = self
            .store
            .change(move |changes| settled(dispatch::change(&context, changes, &call, &target)))
            .await?;
        if let Some(follow) = done.follow {
            // Nobody listens only while the emulator stops; what is pending is stored and resumed.
            drop(self.follow.send(follow));
        }
        Ok(done.answer)
    }

    async fn reading(
        self: &Arc<Self>,
        read: impl FnOnce(&Self) -> Result<Answer, StoreError> + Send + 'static,
    ) -> Result<Answer, StoreError> {
        let gateway = Arc::clone(self);
        tokio::task::spawn_blocking(move || read(&gateway))
            .await
            .unwrap_or_else(|_| Err(StoreError::closed()))
    }
}

fn settled(outcome: Outcome<Done>) -> Result<Done, StoreError> {
    match outcome {
        Ok(done) => Ok(done),
        Err(refusal) => settle(Err(refusal)).map(Done::from),
    }
}

enum Incoming {
    Call(Call),
    /// The path of a link to an exported document.
    Link(String),
}

async fn json_body(body: Body) -> Result<Option<serde_json::Value>, Box<Answer>> {
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

fn injected(status: u16) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let code = status
        .canonical_reason()
        .unwrap_or("Fault")
        .replace(' ', "");
    arm_error(status, &code, "A fault the emulator was told to have.")
}

fn throttled(seconds: u32) -> Answer {
    let message = format!("Too many requests. Try again after {seconds} seconds.");
    arm_error(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
        .with_header("retry-after", &seconds.to_string())
}

/// Adds the headers of every answer. The gateway's own 404 names no supported versions (observed).
fn finished(answer: Answer, method: &Method, left: Option<Left>) -> Response<Body> {
    let by_gateway = answer.headers.contains_key("x-ms-failure-cause");
    let mut response = answer.into_response();
    let headers = response.headers_mut();
    let id = uuid::Uuid::new_v4().to_string();
    for name in ["x-ms-request-id", "x-ms-correlation-request-id"] {
        if let Ok(value) = HeaderValue::from_str(&id) {
            headers.insert(name, value);
        }
    }
    if !by_gateway {
        if let Ok(versions) = HeaderValue::from_str(&API_VERSIONS.join(", ")) {
            headers.insert("api-supported-versions", versions);
        }
        for (name, tokens) in rate_limit::headers(method, left) {
            headers.insert(name, HeaderValue::from(tokens));
        }
    }
    response
}
