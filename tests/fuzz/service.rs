//! A service whose responses are damaged, read over HTTP, and everything that is done with what was read.

use std::sync::{Arc, Mutex, OnceLock};

use apicenter::azure::{ArmClient, ArmService, ClientOptions, Endpoint, StaticToken};
use apicenter::export::{self, ExportOptions};
use apicenter::http::RetryPolicy;
use apicenter::live::snapshot::Snapshot;
use apicenter::live::{ReadScope, Reader as _};
use apicenter::model::{DesiredState, ServiceId};
use apicenter::plan::{self, PlanOptions, PruneOptions, PruneScope};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

use super::targets::Target;

const BASE: &str =
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso";

/// One response in each line: its status, the path below the service (`.` is the service), and the body. What no
/// line is about is an empty list.
pub(super) const RESPONSES: Target = Target {
    name: "responses of the service",
    seeds: &[
        concat!(
            r#"200 . {"id": "BASE", "name": "contoso", "type": "Microsoft.ApiCenter/services", "location": "eastus", "identity": {"type": "SystemAssigned", "principalId": "p", "tenantId": "t"}, "tags": {"a": "b"}, "properties": {"provisioningState": "Succeeded"}}"#,
            "\n",
            r#"200 metadataSchemas {"value": [{"id": "BASE/metadataSchemas/team", "name": "team", "type": "x", "properties": {"schema": "{\"type\":\"string\",\"oneOf\":[{\"const\":\"a\"}]}", "assignedTo": [{"entity": "api", "required": true, "deprecated": false}]}}], "nextLink": ""}"#,
            "\n",
            r#"200 workspaces/default/environments {"value": [{"id": "BASE/workspaces/default/environments/prod", "name": "prod", "properties": {"title": "P", "kind": "production", "server": {"type": "Azure API Management", "managementPortalUri": ["https://a.example"]}, "onboarding": {"instructions": "i", "developerPortalUri": []}, "customProperties": {"team": "a"}}}]}"#,
        ),
        concat!(
            r#"200 . {"id": "BASE", "name": "contoso", "location": "eastus", "properties": {}}"#,
            "\n",
            r#"200 workspaces/default/apis {"value": [{"id": "BASE/workspaces/default/apis/orders", "name": "orders", "type": "x", "systemData": {"createdAt": "2024-01-01T00:00:00Z"}, "properties": {"title": "Orders", "kind": "rest", "summary": "s", "lifecycleStage": "design", "contacts": [{"name": "A", "email": "a@b.example"}], "license": {"name": "MIT"}, "externalDocumentation": [{"url": "https://x.example"}], "customProperties": {"n": 1e3, "l": [true, null]}, "future": {"a": 1}}}]}"#,
            "\n",
            r#"200 workspaces/default/apis/orders/versions {"value": [{"id": "BASE/workspaces/default/apis/orders/versions/1", "name": "1", "properties": {"title": "v1", "lifecycleStage": "design"}}]}"#,
            "\n",
            r#"200 workspaces/default/apis/orders/versions/1/definitions {"value": [{"id": "BASE/workspaces/default/apis/orders/versions/1/definitions/openapi", "name": "openapi", "systemData": {"lastModifiedAt": "2024-01-01T00:00:00Z"}, "properties": {"title": "o", "specification": {"name": "openapi", "version": "3.0.3"}}}]}"#,
            "\n",
            r#"200 workspaces/default/apis/orders/versions/1/definitions/openapi/exportSpecification {"format": "inline", "value": "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"a\"}}"}"#,
            "\n",
            r#"200 workspaces/default/apis/orders/deployments {"value": [{"id": "BASE/workspaces/default/apis/orders/deployments/p", "name": "p", "properties": {"title": "p", "environmentId": "/workspaces/default/environments/prod", "definitionId": "/workspaces/default/apis/orders/versions/1/definitions/openapi", "server": {"runtimeUri": ["https://x.example"]}}}]}"#,
            "\n",
            r#"200 workspaces/default/apiSources {"value": [{"id": "BASE/workspaces/default/apiSources/apim", "name": "apim", "properties": {"apiManagementSource": {"resourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/a"}, "importSpecification": "always", "linkState": {"state": "syncing", "message": "m"}}}]}"#,
        ),
        concat!(
            r#"200 . {"id": "BASE", "name": "contoso", "location": "eastus"}"#,
            "\n",
            r#"200 workspaces/default/apis {"value": [{"name": "a", "properties": {}}], "nextLink": "https://HOST BASE/workspaces/default/apis?page=2"}"#,
            "\n",
            r#"404 workspaces/default/environments {"error": {"code": "ResourceNotFound", "message": "m", "details": [{"code": "c", "message": "d", "details": []}]}}"#,
            "\n",
            r#"403 metadataSchemas {"code": "403", "message": "no", "innererror": {"message": "x"}}"#,
            "\n",
            r#"400 workspaces/default/skills {"type": "t", "title": "t", "status": 400, "errors": {"Name": ["is required"]}, "traceId": "00-1"}"#,
        ),
    ],
    share: 1,
    run: |input| {
        static DOUBLE: OnceLock<Double> = OnceLock::new();
        let _ = DOUBLE.get_or_init(Double::start).read(input);
    },
};

#[test]
fn responses_without_damage_are_read() {
    let double = Double::start();
    let counts: Vec<_> = RESPONSES
        .seeds
        .iter()
        .map(|seed| double.read(seed.as_bytes()))
        .collect();
    assert_eq!(counts, [Some(3), Some(6), None]);
}

/// Responses as an input says.
struct Double {
    runtime: tokio::runtime::Runtime,
    service: ArmService,
    responses: Arc<Mutex<String>>,
}

impl Double {
    fn start() -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let responses: Arc<Mutex<String>> = Arc::default();
        let socket = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a port");
        let url = format!("http://{}", socket.local_addr().expect("an address"));
        let router = Router::new()
            .fallback(respond)
            .with_state(Arc::clone(&responses));
        runtime.spawn(async move { axum::serve(socket, router).await });
        let endpoint = Endpoint::custom(&url, None, None).expect("an endpoint");
        let token = Arc::new(StaticToken::new("t").expect("a token"));
        let mut options = ClientOptions::new(endpoint, token);
        options.retry = RetryPolicy {
            max_attempts: 1,
            ..RetryPolicy::default()
        };
        let client = ArmClient::new(options).expect("a client");
        Self {
            runtime,
            service: ArmService::new(client, &id(), None),
            responses,
        }
    }

    /// The number of resources that were read; none if a response is an error.
    fn read(&self, input: &[u8]) -> Option<usize> {
        let text = String::from_utf8_lossy(input).replace("BASE", BASE);
        *self.responses.lock().expect("nobody panicked") = text;
        let scope = ReadScope {
            all_texts: true,
            ..ReadScope::default()
        };
        let live = match self.runtime.block_on(self.service.read(&scope)) {
            Ok(live) => live,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                return None;
            }
        };
        let snapshot = serde_json::to_string(&Snapshot::of(&id(), &live, true)).expect("written");
        let again = Snapshot::parse(&snapshot).expect("its own text");
        let again = again.live().expect("its own resources");
        assert_eq!(again.resources.len(), live.resources.len());
        let _ = export::export(&live, &ExportOptions::default());
        let options = PlanOptions {
            prune: PruneOptions {
                enabled: true,
                scope: PruneScope::All,
            },
            ..PlanOptions::default()
        };
        let _ = plan::plan(&DesiredState::default(), &live, &options);
        Some(live.resources.len())
    }
}

fn id() -> ServiceId {
    ServiceId {
        subscription: "s".to_owned(),
        resource_group: "rg".to_owned(),
        name: "contoso".to_owned(),
    }
}

async fn respond(State(responses): State<Arc<Mutex<String>>>, uri: Uri) -> Response {
    let below = uri.path().strip_prefix(BASE).unwrap_or_default();
    let path = match below.trim_start_matches('/') {
        "" => ".",
        path => path,
    };
    let text = responses.lock().expect("nobody panicked");
    let found = text.lines().find_map(|line| {
        let (status, rest) = line.split_once(' ')?;
        let (about, body) = rest.split_once(' ')?;
        (about == path).then(|| (status.parse().unwrap_or(StatusCode::OK), body.to_owned()))
    });
    let empty = || (StatusCode::OK, r#"{"value": []}"#.to_owned());
    let (status, body) = found.unwrap_or_else(empty);
    (status, body).into_response()
}
