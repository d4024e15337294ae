//! A local server that stands in for a forge and keeps what it heard.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct ReceivedRequest {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl ReceivedRequest {
    /// A value of the query.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        let mut pairs = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("a header is text"))
    }

    /// Method and path, as tests name a request.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// What the stand-in answers.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Reply {
    pub(super) fn json(body: &Value) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: body.to_string(),
        }
    }

    pub(super) fn status(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
        }
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// How a forge behaves.
pub(super) trait Behaviour: Send + 'static {
    fn answer(&mut self, heard: &ReceivedRequest) -> Reply;
}

/// When a fault strikes, and what is answered then.
struct Fault {
    /// The start of the request's method and path.
    start: &'static str,
    reply: Reply,
    /// Whether the request is carried out all the same.
    carried_out: bool,
}

struct Inner<B> {
    behaviour: B,
    heard: Vec<ReceivedRequest>,
    faults: VecDeque<Fault>,
}

/// A forge on the loopback interface.
pub(super) struct FakeServer<B> {
    pub(super) url: String,
    inner: Arc<Mutex<Inner<B>>>,
}

impl<B: Behaviour> FakeServer<B> {
    pub(super) async fn start(behaviour: B) -> Self {
        let inner = Arc::new(Mutex::new(Inner {
            behaviour,
            heard: Vec::new(),
            faults: VecDeque::new(),
        }));
        let router = Router::new()
            .fallback(serve::<B>)
            .with_state(Arc::clone(&inner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inner }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<B>> {
        self.inner
            .lock()
            .expect("no test panics while it holds this")
    }

    /// Looks at or changes the forge itself.
    pub(super) fn state<T>(&self, look: impl FnOnce(&mut B) -> T) -> T {
        look(&mut self.lock().behaviour)
    }

    /// Answers the next request that begins like this with a fault.
    pub(super) fn fail(&self, start: &'static str, reply: Reply) {
        self.lock().faults.push_back(Fault {
            start,
            reply,
            carried_out: false,
        });
    }

    /// Carries the next such request out and answers with a fault all the same.
    pub(super) fn fail_after(&self, start: &'static str, reply: Reply) {
        self.lock().faults.push_back(Fault {
            start,
            reply,
            carried_out: true,
        });
    }

    /// Everything heard since the last time.
    pub(super) fn take(&self) -> Vec<ReceivedRequest> {
        std::mem::take(&mut self.lock().heard)
    }

    /// What was heard since the last time that did more than read.
    pub(super) fn take_writes(&self) -> Vec<ReceivedRequest> {
        let heard = self.take().into_iter();
        let reads = |heard: &ReceivedRequest| {
            let question = heard.body["query"].as_str().unwrap_or_default();
            heard.method == Method::GET || question.starts_with("query")
        };
        heard.filter(|heard| !reads(heard)).collect()
    }
}

async fn serve<B: Behaviour>(
    State(inner): State<Arc<Mutex<Inner<B>>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let heard = ReceivedRequest {
        method,
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    };
    let mut inner = inner.lock().expect("no test panics while it holds this");
    inner.heard.push(heard.clone());
    let line = heard.line();
    let fault = inner
        .faults
        .iter()
        .position(|fault| line.starts_with(fault.start));
    let fault = fault.and_then(|i| inner.faults.remove(i));
    let reply = match fault {
        Some(fault) => {
            if fault.carried_out {
                inner.behaviour.answer(&heard);
            }
            fault.reply
        }
        None => inner.behaviour.answer(&heard),
    };
    let status = StatusCode::from_u16(reply.status).expect("a status");
    let mut response = (status, reply.body).into_response();
    for (name, value) in reply.headers {
        let value = value.parse().expect("a header");
        response.headers_mut().insert(name, value);
    }
    response
}
