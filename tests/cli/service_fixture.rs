//! A service over real HTTP, held by the test: it counts requests and fails on order.

use std::time::{Duration, Instant};

use apicenter::emulator::{Emulator, EmulatorOptions, Fault, FaultRule, Faults, RecordedRequest};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

pub(crate) const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000001";
const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg";
const SERVICE: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso";
const API_VERSION: &str = "2024-03-01";
const PREVIEW: &str = "2024-06-01-preview";

/// An emulator with one service, `contoso`, on the plan `Standard` and without the sample API.
pub(crate) struct ServiceFixture {
    runtime: Runtime,
    emulator: Option<Emulator>,
    client: reqwest::Client,
    faults: Faults,
    mark: usize,
}

/// How long an event is waited for: longer than it takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

impl ServiceFixture {
    /// The resource id of the service.
    pub(crate) const ID: &str = SERVICE;

    pub(crate) fn start() -> Self {
        Self::with(|_| {})
    }

    /// The same with some options changed.
    pub(crate) fn with(change: impl FnOnce(&mut EmulatorOptions)) -> Self {
        let center = Self::without_service(change);
        center
            .emulator()
            .ensure_service(SUBSCRIPTION, "rg", "contoso", "eastus")
            .expect("the service is made");
        center
    }

    /// The same without the service.
    pub(crate) fn without_service(change: impl FnOnce(&mut EmulatorOptions)) -> Self {
        let faults = Faults::default();
        let mut options = EmulatorOptions {
            seed_sample: false,
            faults: faults.clone(),
            ..EmulatorOptions::default()
        };
        change(&mut options);
        let runtime = Runtime::new().expect("a runtime");
        let emulator = runtime
            .block_on(Emulator::start(options))
            .expect("the emulator starts");
        Self {
            runtime,
            emulator: Some(emulator),
            client: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            faults,
            mark: 0,
        }
    }

    /// Adds another service to the resource group.
    pub(crate) fn add_service(&self, name: &str, location: &str) {
        self.emulator()
            .ensure_service(SUBSCRIPTION, "rg", name, location)
            .expect("the service is made");
    }

    fn emulator(&self) -> &Emulator {
        self.emulator.as_ref().expect("it runs until it is dropped")
    }

    pub(crate) fn url(&self) -> String {
        self.emulator().url()
    }

    /// What a client must trust, if the service speaks https.
    #[cfg(target_os = "linux")]
    pub(crate) fn certificate(&self) -> &str {
        let certificate = self.emulator().certificate();
        certificate.expect("the emulator speaks https")
    }

    /// The entry of `spec.targets`, as one YAML line per field with four blanks in front.
    pub(crate) fn target(&self) -> String {
        format!(
            "subscriptionId: {SUBSCRIPTION}\n    resourceGroup: rg\n    service: contoso\n    \
             cloud: {{resourceManager: \"{}\"}}",
            self.url()
        )
    }

    pub(crate) fn inject(&self, rule: FaultRule) {
        self.faults.inject(rule);
    }

    /// Every request fails when it comes for the first time.
    pub(crate) fn fail_first_of_each(&self, fault: Fault) {
        self.faults.fail_first_of_each(fault);
    }

    /// Forgets all faults and lets go of every request that is held.
    pub(crate) fn heal(&self) {
        self.faults.clear();
    }

    /// Waits until a fault holds a request, so that what follows happens while the program waits for it.
    pub(crate) fn wait_for_hold(&self) {
        self.wait_until("a request that is held", |center| center.faults.held() > 0);
    }

    /// Whether a request is held.
    pub(crate) fn is_holding(&self) -> bool {
        self.faults.held() > 0
    }

    /// Lets go of every request that is held.
    #[cfg(unix)]
    pub(crate) fn release(&self) {
        self.faults.release();
    }

    /// Requests from now on are those that count.
    pub(crate) fn mark(&mut self) {
        self.mark = self.emulator().requests().len();
    }

    /// The requests since the mark.
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.emulator().requests().split_off(self.mark)
    }

    /// The requests since the mark that change something, such as `PUT apis/orders`, in the order
    /// in which they were answered.
    pub(crate) fn writes(&self) -> Vec<String> {
        self.requests()
            .iter()
            .filter(|request| is_write(request))
            .map(|request| format!("{} {}", request.method, short(&request.path)))
            .collect()
    }

    /// How many requests since the mark only read.
    pub(crate) fn reads(&self) -> usize {
        self.requests().iter().filter(|r| !is_write(r)).count()
    }

    /// Waits until something is so.
    pub(crate) fn wait_until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let patience = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < patience, "waited in vain for {what}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits until a write since the mark has been heard.
    pub(crate) fn wait_for_write(&self, text: &str) {
        let patience = Instant::now() + PATIENCE;
        while !self.writes().iter().any(|write| write.contains(text)) {
            assert!(Instant::now() < patience, "no `{text}` was sent");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits until so many writes since the mark have been heard.
    pub(crate) fn wait_for_writes(&self, many: usize) {
        let patience = Instant::now() + PATIENCE;
        while self.writes().len() < many {
            assert!(Instant::now() < patience, "{:?}", self.writes());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.send(reqwest::Method::GET, path, None)
    }

    /// Makes a resource what these properties say, as somebody in the portal would.
    pub(crate) fn put(&self, path: &str, properties: Value) {
        let body = json!({ "properties": properties });
        self.send(reqwest::Method::PUT, path, Some(body));
    }

    /// Edits the properties of a resource.
    pub(crate) fn edit(&self, path: &str, change: impl FnOnce(&mut Value)) {
        let mut properties = self.get(path)["properties"].take();
        change(&mut properties);
        self.put(path, properties);
    }

    pub(crate) fn delete(&self, path: &str) {
        self.send(reqwest::Method::DELETE, path, None);
    }

    /// Gives a definition another document.
    pub(crate) fn import(&self, definition: &str, document: &str) {
        let body = json!({"format": "inline", "value": document,
            "specification": {"name": "openapi", "version": "3.0.3"}});
        let path = format!("{definition}/importSpecification");
        self.send(reqwest::Method::POST, &path, Some(body));
    }

    /// The ARM id of an instance of API Management next to the service. `contoso-apim` is always there.
    pub(crate) fn instance(name: &str) -> String {
        format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/{name}"
        )
    }

    /// Makes something of API Management what this body says.
    pub(crate) fn manage(&self, id: &str, body: &Value) {
        let url = format!("{}{id}?api-version=2024-05-01", self.url());
        let request = self.client.put(url).bearer_auth("test").json(body);
        let response = self.runtime.block_on(request.send()).expect("an answer");
        assert!(
            response.status().is_success(),
            "{id}: {}",
            response.status()
        );
    }

    /// Deletes what has this id, in API Management or elsewhere.
    pub(crate) fn unmanage(&self, id: &str, version: &str) {
        let url = format!("{}{id}?api-version={version}", self.url());
        let request = self.client.delete(url).bearer_auth("test");
        let request = request.header("If-Match", "*").send();
        let response = self.runtime.block_on(request).expect("an answer");
        assert!(
            response.status().is_success(),
            "{id}: {}",
            response.status()
        );
    }

    /// Calls an action of a resource, as somebody in the portal would.
    pub(crate) fn post(&self, path: &str, body: Value) -> Value {
        self.send(reqwest::Method::POST, path, Some(body))
    }

    /// Copies APIs of API Management by their ids (`*` for all of an instance), as the portal's one-shot
    /// import does.
    pub(crate) fn copy(&self, ids: &[String]) {
        let path = format!("{SERVICE}/importFromApim");
        let body = json!({ "sourceResourceIds": ids });
        self.request(reqwest::Method::POST, &path, API_VERSION, Some(&body));
        self.wait_until("the copies", |center| {
            !center.get("apis")["value"]
                .as_array()
                .is_none_or(Vec::is_empty)
        });
    }

    /// The role assignments at, above and below the service's resource group.
    pub(crate) fn assignments(&self) -> Value {
        let path = format!("{GROUP}/providers/Microsoft.Authorization/roleAssignments");
        self.request(reqwest::Method::GET, &path, "2022-04-01", None)["value"].take()
    }

    /// Runs something in the background for as long as the center lives.
    pub(crate) fn background(&self) -> &Runtime {
        &self.runtime
    }

    fn send(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
        let below = match path {
            "" => String::new(),
            path if ["metadataSchemas", "portals", "eventGridFilters"]
                .iter()
                .any(|collection| path.starts_with(collection)) =>
            {
                format!("/{path}")
            }
            path => format!("/workspaces/default/{path}"),
        };
        let is_stable = ["metadataSchemas", "environments", "apis"]
            .iter()
            .any(|collection| path.starts_with(collection));
        let is_preview = !path.is_empty() && !is_stable || path.contains("securityRequirements");
        let version = if is_preview { PREVIEW } else { API_VERSION };
        let path = format!("{SERVICE}{below}");
        self.request(method, &path, version, body.as_ref())
    }

    fn request(
        &self,
        method: reqwest::Method,
        path: &str,
        version: &str,
        body: Option<&Value>,
    ) -> Value {
        let (status, text) = self.response(method, path, version, body);
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// The document of a definition, if it has one.
    pub(crate) fn document(&self, definition: &str) -> Option<Value> {
        let path = format!("{SERVICE}/workspaces/default/{definition}/exportSpecification");
        let body = Some(&Value::Null);
        let (status, text) = self.response(reqwest::Method::POST, &path, API_VERSION, body);
        status
            .is_success()
            .then(|| serde_json::from_str(&text).unwrap_or_default())
    }

    fn response(
        &self,
        method: reqwest::Method,
        path: &str,
        version: &str,
        body: Option<&Value>,
    ) -> (reqwest::StatusCode, String) {
        let url = format!("{}{path}?api-version={version}", self.url());
        let mut request = self.client.request(method, url).bearer_auth("test");
        if let Some(body) = body {
            request = request.json(body);
        }
        self.runtime.block_on(async {
            let response = request.send().await.expect("an answer");
            (
                response.status(),
                response.text().await.expect("the body arrives"),
            )
        })
    }
}

impl Drop for ServiceFixture {
    fn drop(&mut self) {
        let _guard = self.runtime.enter();
        self.emulator = None;
    }
}

/// Whether a request changes something in the catalogue.
pub(crate) fn is_write(request: &RecordedRequest) -> bool {
    match request.method.as_str() {
        "PUT" | "PATCH" | "DELETE" => true,
        "POST" => ["/importSpecification", "/importRuleset"]
            .iter()
            .any(|action| request.path.ends_with(action)),
        _ => false,
    }
}

/// The path below the workspace or the service.
fn short(path: &str) -> &str {
    path.split_once("/workspaces/default/")
        .or_else(|| path.split_once("/services/contoso/"))
        .map_or("service", |(_, rest)| rest)
}
