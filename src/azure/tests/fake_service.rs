//! A fake service for the tests of the client: it responds from a script and records its requests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::azure::client::{ArmClient, ClientOptions, Effect};
use crate::azure::endpoint::Endpoint;
use crate::azure::polling::Polling;
use crate::azure::token::{StaticToken, TokenSource};
use crate::http::RetryPolicy;
use crate::live::ServiceError;

/// The token that the client under test sends; no message may ever hold it.
pub(super) const TOKEN: &str = "t0ps3cret.t0ken";

/// One scripted response.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    delay: Duration,
}

/// A response with a status and a body; `{root}` in body and headers stands for the URL of the service.
pub(super) fn reply(status: u16, body: impl ToString) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
        body: body.to_string(),
        delay: Duration::ZERO,
    }
}

impl Reply {
    pub(super) fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    pub(super) fn after(mut self, milliseconds: u64) -> Self {
        self.delay = Duration::from_millis(milliseconds);
        self
    }
}

/// One request as it came in.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) line: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

#[derive(Debug, Default)]
struct Script {
    root: String,
    replies: VecDeque<Reply>,
    seen: Vec<Seen>,
    running: usize,
    most_running: usize,
}

/// The service, listening until the test ends.
#[derive(Clone)]
pub(super) struct FakeService(Arc<Mutex<Script>>, ArmClient);

impl FakeService {
    /// Starts with a script; the last response is repeated for ever.
    pub(super) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let client = ArmClient::new(quick(&root)).unwrap();
        let replies = replies.into_iter().collect();
        let script = Script {
            root,
            replies,
            ..Script::default()
        };
        let service = Self(Arc::new(Mutex::new(script)), client);
        let app = Router::new().fallback(respond).with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        service
    }

    /// Plays another script; what was asked so far is forgotten.
    pub(super) fn play(&self, replies: impl IntoIterator<Item = Reply>) {
        let mut script = self.0.lock().unwrap();
        script.replies = replies.into_iter().collect();
        script.seen.clear();
    }

    pub(super) fn root(&self) -> String {
        self.0.lock().unwrap().root.clone()
    }

    /// Everything asked so far, as `METHOD path?query`.
    pub(super) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().seen.clone()
    }

    pub(super) fn most_running(&self) -> usize {
        self.0.lock().unwrap().most_running
    }

    /// A client of the service; all that are taken from it share counts and budgets.
    pub(super) fn client(&self) -> ArmClient {
        self.1.clone()
    }
}

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// Settings under which tests are fast and do the same each time.
pub(super) fn quick(root: &str) -> ClientOptions {
    let endpoint = Endpoint::custom(root, None, None).unwrap();
    let token: Arc<dyn TokenSource> = Arc::new(StaticToken::new(TOKEN).unwrap());
    let ms = Duration::from_millis;
    let retry = RetryPolicy {
        max_attempts: 3,
        base: ms(1),
        jitter: false,
        ..RetryPolicy::default()
    };
    let polling = Polling {
        first: ms(1),
        ceiling: ms(4),
        deadline: PATIENCE,
    };
    ClientOptions {
        timeout: PATIENCE,
        retry,
        polling,
        ..ClientOptions::new(endpoint, token)
    }
}

async fn respond(
    State(service): State<FakeService>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (reply, root) = {
        let mut script = service.0.lock().unwrap();
        let line = format!("{method} {uri}");
        let body = String::from_utf8_lossy(&body).into_owned();
        script.seen.push(Seen {
            line,
            headers,
            body,
        });
        script.running += 1;
        script.most_running = script.most_running.max(script.running);
        let reply = match script.replies.len() {
            1 => script.replies[0].clone(),
            _ => script.replies.pop_front().unwrap(),
        };
        (reply, script.root.clone())
    };
    tokio::time::sleep(reply.delay).await;
    service.0.lock().unwrap().running -= 1;
    let mut response = Response::builder().status(StatusCode::from_u16(reply.status).unwrap());
    for (name, value) in &reply.headers {
        response = response.header(name, value.replace("{root}", &root));
    }
    response
        .body(Body::from(reply.body.replace("{root}", &root)))
        .unwrap()
}

/// A listener that takes each request and breaks the connection off, after sending some bytes.
pub(super) async fn breaking(bytes: &'static [u8]) -> (String, Arc<Mutex<u32>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let taken = Arc::new(Mutex::new(0));
    let count = taken.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            *count.lock().unwrap() += 1;
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, bytes).await;
        }
    });
    (root, taken)
}

pub(super) const V: &str = "2024-03-01";
pub(super) const API: &str = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ApiCenter/services/inv/workspaces/default/apis/orders";
pub(super) const BARE: &str = r#"{"code":"ValidationError","message":"Invalid request","details":[{"message":"The field Title is too long."}]}"#;

/// The requests of the client; a LIST is a GET on the wire.
pub(super) fn all_kinds() -> [&'static str; 6] {
    [
        "GET",
        "LIST",
        "PUT",
        "DELETE",
        "POST repeatable",
        "POST once",
    ]
}

/// Makes a request of each kind; the result is what a failure would be.
pub(super) async fn run(client: &ArmClient, kind: &str) -> Result<(), ServiceError> {
    let body = json!({"properties": {}});
    match kind {
        "GET" => client.get(API, V).await.map(drop),
        "LIST" => client.list(API, V).await.map(drop),
        "PUT" => client.put(API, V, &body).await.map(drop),
        "DELETE" => client.delete(API, V).await,
        "POST repeatable" => client
            .post(API, V, None, Effect::Idempotent)
            .await
            .map(drop),
        "POST once" => client.post(API, V, None, Effect::Once).await.map(drop),
        _ => unreachable!("{kind}"),
    }
}

pub(super) fn fine() -> Reply {
    reply(200, r#"{"value":[]}"#)
}

pub(super) fn accepted(header: &str, path: &str) -> Reply {
    reply(202, "").header(header, format!("{{root}}{path}"))
}
