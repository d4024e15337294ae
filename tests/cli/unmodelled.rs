//! A newer service than this program knows: fields that nobody modelled are shown and kept.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{Method, StatusCode, Uri};
use serde_json::{Value, json};

use super::harness::Project;
use super::samples::api;

/// A service that holds one API and takes whatever is put there.
struct Novel {
    runtime: tokio::runtime::Runtime,
    orders: Arc<Mutex<Value>>,
    url: String,
}

impl Novel {
    fn start(properties: Value) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let orders = Arc::new(Mutex::new(
            json!({"name": "orders", "properties": properties}),
        ));
        let socket = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a port");
        let url = format!("http://{}", socket.local_addr().expect("an address"));
        let held = Arc::clone(&orders);
        let router = Router::new().fallback(move |method: Method, uri: Uri, body: Bytes| {
            let answer = answer(&held, &method, uri.path(), &body);
            async { answer }
        });
        runtime.spawn(async move { axum::serve(socket, router).await });
        Self {
            runtime,
            orders,
            url,
        }
    }

    fn properties(&self) -> Value {
        self.orders.lock().expect("nobody panicked")["properties"].clone()
    }
}

fn answer(
    orders: &Mutex<Value>,
    method: &Method,
    path: &str,
    body: &[u8],
) -> (StatusCode, axum::Json<Value>) {
    let mut orders = orders.lock().expect("nobody panicked");
    let last = path.rsplit('/').next().unwrap_or_default();
    let value = match (method, last) {
        (&Method::PUT, "orders") => {
            let sent: Value = serde_json::from_slice(body).expect("JSON");
            orders["properties"] = sent["properties"].clone();
            orders.clone()
        }
        (&Method::GET, "contoso") => {
            json!({"name": "contoso", "location": "eastus", "sku": {"name": "Standard"}, "novel": 1})
        }
        (&Method::GET, "apis") => json!({"value": [orders.clone()]}),
        (&Method::GET, _) => json!({"value": []}),
        _ => panic!("nobody expects {method} {path}"),
    };
    (StatusCode::OK, axum::Json(value))
}

#[test]
fn fields_that_nobody_modelled_are_named_and_kept() {
    let service = Novel::start(json!({"title": "Old", "kind": "rest", "novelty": {"a": 1},
        "contacts": [{"name": "Team", "phone": "1"}], "lifecycleStage": "design"}));
    let spec = format!(
        "targets:\n  live:\n    subscriptionId: s\n    resourceGroup: rg\n    service: contoso\n    \
         cloud: {{resourceManager: \"{}\"}}",
        service.url
    );
    let project = Project::with_spec(&spec)
        .env("APICENTER_ACCESS_TOKEN", "x")
        .file(
            "a.yaml",
            &api("orders").replace("kind: rest}", "kind: rest, contacts: [{name: Team}]}"),
        );
    let plan = project.run("plan --format json").success().json();
    let change = &plan["changes"][0];
    assert_eq!(
        change["unmodelled"],
        json!(["contacts[0].phone", "novelty.a"])
    );
    assert_eq!(
        change["fields"].as_array().map(Vec::len),
        Some(1),
        "{plan:#}"
    );
    project
        .run("plan")
        .success()
        .says(&["kept, though not known to this program: contacts[0].phone, novelty.a"]);
    project.run("apply --auto-approve").success();
    let kept = service.properties();
    assert_eq!(kept["title"], "orders");
    assert_eq!(kept["novelty"], json!({"a": 1}));
    assert_eq!(kept["contacts"], json!([{"name": "Team", "phone": "1"}]));
    assert_eq!(
        kept["lifecycleStage"],
        Value::Null,
        "the service's own field"
    );
    project.run("plan --detailed-exitcode").success();
    drop(service.runtime);
}

/// The target of a service that this process holds.
fn project_of(service: &Novel, contacts: &str) -> Project {
    let spec = format!(
        "targets:\n  live:\n    subscriptionId: s\n    resourceGroup: rg\n    service: contoso\n    \
         cloud: {{resourceManager: \"{}\"}}",
        service.url
    );
    Project::with_spec(&spec)
        .env("APICENTER_ACCESS_TOKEN", "x")
        .file(
            "a.yaml",
            &api("orders").replace(
                "kind: rest}",
                &format!("kind: rest, contacts: {contacts}}}"),
            ),
        )
}

#[test]
fn items_of_lists_keep_their_own_unknown_fields() {
    let live = json!({"title": "orders", "kind": "rest", "contacts": [
        {"name": "Ann", "email": "ann@example.com", "phone": "1"},
        {"name": "Ben", "phone": "2", "office": {"floor": 3}},
    ]});
    let service = Novel::start(live.clone());
    let ann = "{name: Ann, email: ann@example.com}";
    // Swapped: each keeps what is its own.
    let project = project_of(&service, &format!("[{{name: Ben}}, {ann}]"));
    project
        .run("plan")
        .success()
        .says(&["kept, though not known to this program: contacts[0].phone, contacts[1].office.floor, contacts[1].phone"])
        .never_says("dropped");
    project.run("apply --auto-approve").success();
    let kept = service.properties();
    assert_eq!(
        kept["contacts"],
        json!([
            {"name": "Ben", "phone": "2", "office": {"floor": 3}},
            {"name": "Ann", "email": "ann@example.com", "phone": "1"},
        ])
    );
    project.run("plan --detailed-exitcode").success();

    // One goes away: its fields are said to go, the other keeps its own; nothing is given to a new one.
    let service = Novel::start(live);
    let project = project_of(&service, "[{name: Cy}, {name: Ben}, {name: Di}]");
    let dropped = "dropped together with what holds them, though not known to this program: contacts[0].phone";
    let kept =
        "kept, though not known to this program: contacts[1].office.floor, contacts[1].phone";
    project.run("plan").success().says(&[kept, dropped]);
    project.run("plan --format markdown").success().says(&[
        "kept, though not known",
        "dropped together with what holds them",
    ]);
    let plan = project.run("plan --format json").success().json();
    let change = &plan["changes"][0];
    assert_eq!(
        change["unmodelled"],
        json!([
            "contacts[0].phone",
            "contacts[1].office.floor",
            "contacts[1].phone"
        ])
    );
    assert_eq!(change["unmodelledDropped"], json!(["contacts[0].phone"]));
    project.run("apply --auto-approve").success();
    assert_eq!(
        service.properties()["contacts"],
        json!([{"name": "Cy"}, {"name": "Ben", "phone": "2", "office": {"floor": 3}}, {"name": "Di"}])
    );
    project.run("plan --detailed-exitcode").success();

    // The list goes away as a whole.
    let project = project_of(&service, "[]");
    project
        .run("plan")
        .success()
        .says(&["dropped together with what holds them", "contacts[1].phone"])
        .never_says("kept, though");
}
