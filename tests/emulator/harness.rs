//! A client that speaks to an emulator and keeps what it heard.

use std::path::{Path, PathBuf};

use apicenter::emulator::{Emulator, EmulatorOptions};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

pub(super) const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiCenter";
pub(super) const SERVICE: &str = "/services/contoso";
pub(super) const API: &str = "/services/contoso/workspaces/default/apis/orders";
pub(super) const VERSION: &str = "2024-03-01";

/// An emulator with one service, `contoso`, on the roomy plan and without the sample API.
pub(super) struct EmulatorFixture {
    pub(super) emulator: Emulator,
    pub(super) client: Client,
}

/// One answer, read to the end.
#[derive(Debug)]
pub(super) struct ReceivedResponse {
    pub(super) status: StatusCode,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) text: String,
}

impl ReceivedResponse {
    pub(super) async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.expect("the body arrives");
        Self {
            status,
            headers,
            text,
        }
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {} {}", self.status, self.text))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// The messages of a refusal that is not wrapped in `error`.
    pub(super) fn problems(&self) -> Vec<String> {
        let body = self.json();
        assert_eq!(body["code"], "ValidationError", "{body}");
        assert_eq!(body["message"], "Invalid request");
        let details = body["details"].as_array().expect("details");
        details
            .iter()
            .map(|one| one["message"].as_str().expect("message").to_owned())
            .collect()
    }
}

impl EmulatorFixture {
    pub(super) async fn start() -> Self {
        Self::with(EmulatorOptions {
            seed_sample: false,
            ..EmulatorOptions::default()
        })
        .await
    }

    pub(super) async fn with(options: EmulatorOptions) -> Self {
        let center = Self::bare(options).await;
        center
            .emulator
            .ensure_service(
                "00000000-0000-0000-0000-000000000001",
                "rg",
                "contoso",
                "eastus",
            )
            .expect("the service is made");
        center
    }

    /// Without any service.
    pub(super) async fn bare(options: EmulatorOptions) -> Self {
        let emulator = Emulator::start(options).await.expect("the emulator starts");
        let client = Client::builder().no_proxy().build().expect("a client");
        Self { emulator, client }
    }

    /// The absolute URL of a path below the provider in our resource group.
    pub(super) fn url(&self, path: &str) -> String {
        let joint = if path.contains('?') { '&' } else { '?' };
        format!(
            "{}{GROUP}{path}{joint}api-version={VERSION}",
            self.emulator.url()
        )
    }

    pub(super) async fn send(
        &self,
        method: Method,
        url: &str,
        body: Option<&Value>,
    ) -> ReceivedResponse {
        self.try_send(method, url, body).await.expect("an answer")
    }

    pub(super) async fn try_send(
        &self,
        method: Method,
        url: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<ReceivedResponse> {
        let mut request = self.client.request(method, url).bearer_auth("token");
        if let Some(body) = body {
            request = request.json(body);
        }
        Ok(ReceivedResponse::read(request.send().await?).await)
    }

    pub(super) async fn get(&self, path: &str) -> ReceivedResponse {
        self.send(Method::GET, &self.url(path), None).await
    }

    pub(super) async fn delete(&self, path: &str) -> ReceivedResponse {
        self.send(Method::DELETE, &self.url(path), None).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> ReceivedResponse {
        self.send(Method::PUT, &self.url(path), Some(&body)).await
    }

    /// PUTs these properties.
    pub(super) async fn set(&self, path: &str, properties: Value) -> ReceivedResponse {
        self.put(path, serde_json::json!({"properties": properties}))
            .await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> ReceivedResponse {
        self.send(Method::POST, &self.url(path), Some(&body)).await
    }

    /// The API `orders` with version `1-0-0`, definition `openapi` and environment `prod`.
    pub(super) async fn orders(&self) {
        use serde_json::json;
        let definition = format!("{API}/versions/1-0-0/definitions/openapi");
        self.set(API, json!({"title": "Orders", "kind": "rest"}))
            .await
            .expect(200);
        let version = json!({"title": "1.0.0", "lifecycleStage": "production"});
        self.set(&format!("{API}/versions/1-0-0"), version)
            .await
            .expect(200);
        self.set(&definition, json!({"title": "OpenAPI"}))
            .await
            .expect(200);
        let environment = "/services/contoso/workspaces/default/environments/prod";
        self.set(environment, json!({"title": "Prod", "kind": "production"}))
            .await
            .expect(200);
    }
}

/// What was recorded and published of the real service, where it lies beside the project.
pub(super) fn reference(name: &str) -> Option<PathBuf> {
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    above.find_map(|folder| {
        let path = folder.join("shared/arm").join(name);
        path.exists().then_some(path)
    })
}

/// The keys of an object, in order.
pub(super) fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

/// The names of a list's items, in order.
pub(super) fn names(list: &Value) -> Vec<&str> {
    let items = list["value"].as_array().expect("a list");
    items
        .iter()
        .map(|item| item["name"].as_str().expect("a name"))
        .collect()
}
