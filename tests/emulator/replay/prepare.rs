//! The recordings lack most of what led up to them: before each exchange the state it presumes is
//! made.

use serde_json::{Value, json};

use super::{Exchange, Player};
use crate::emulator::harness::ReceivedResponse;

const VERSION: &str = "api-version=2024-06-01-preview";

/// A zip archive with nothing in it, and one with an empty `ruleset.yml`, in base64.
const EMPTY_ARCHIVE: &str = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==";
const RULESET: &str = "UEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAALAAAAcnVsZXNldC55bWxQSwECFAMUAAAAAAAAACEAAAAAAAAAAAAAAAAACwAAAAAAAAAAAAAAgAEAAAAAcnVsZXNldC55bWxQSwUGAAAAAAEAAQA5AAAAKQAAAAAA";

/// The user-assigned identity that a recorded source is read with.
fn used_identity(answer: &Value) -> Option<&str> {
    let sources = ["azureApiManagementSource", "amazonApiGatewaySource"];
    sources
        .iter()
        .find_map(|source| answer["properties"][*source]["msiResourceId"].as_str())
}

/// A path below a service, as pairs of collection and name; what is left over is the last segment.
struct Place<'a> {
    /// The service's path.
    service: &'a str,
    pairs: Vec<(&'a str, &'a str)>,
    last: Option<&'a str>,
}

fn place(path: &str) -> Option<Place<'_>> {
    let at = path.find("/services/")? + "/services/".len();
    let end = path[at..]
        .find('/')
        .map_or(path.len(), |length| at + length);
    let mut segments = path[end..].split('/').skip(1);
    let mut pairs = Vec::new();
    let mut last = None;
    while let Some(collection) = segments.next() {
        match segments.next() {
            Some(name) => pairs.push((collection, name)),
            None => last = Some(collection),
        }
    }
    Some(Place {
        service: &path[..end],
        pairs,
        last,
    })
}

impl Player {
    /// Makes the state the exchange presumes, then sends its request.
    pub(super) async fn replay(&self, exchange: &Exchange) -> ReceivedResponse {
        if exchange.path().contains("/operationResults/") {
            return self.replay_poll(exchange).await;
        }
        if exchange.path().ends_with("/services") {
            let answer = exchange.answer();
            for path in answer["value"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|one| one["id"].as_str())
            {
                self.service(exchange, path).await;
            }
        } else if exchange.path().contains("/deletedServices") {
            self.deleted_service(exchange).await;
        } else if let Some(place) = place(exchange.path()) {
            self.prepare(exchange, &place).await;
        }
        let mut body = exchange.body();
        if let Some(link) = body.as_mut().filter(|body| body["format"] == "link") {
            link["value"] = json!(format!(
                "{}/exported-specifications/none",
                self.emulator.url()
            ));
        }
        self.send(&exchange.method, exchange.target(), body.as_ref())
            .await
    }

    async fn deleted_service(&self, exchange: &Exchange) {
        let answer = exchange.answer();
        let seen = answer.pointer("/value/0").unwrap_or(&answer);
        let named = seen["id"].as_str().unwrap_or(exchange.path());
        let service = named.replace("/deletedServices/", "/services/");
        self.service(exchange, &service).await;
        self.send("DELETE", &format!("{service}?{VERSION}"), None)
            .await
            .expect(200);
    }

    async fn prepare(&self, exchange: &Exchange, place: &Place<'_>) {
        let of_service = place.pairs.is_empty() && place.last.is_none();
        if of_service && (exchange.status == 201 || exchange.status == 404) {
            return;
        }
        if of_service && exchange.method == "DELETE" && exchange.status == 204 {
            return;
        }
        self.service(exchange, place.service).await;
        self.needed(place.service, exchange.body().as_ref()).await;
        let own = exchange.method != "POST" && place.last.is_none();
        let above = if own {
            place.pairs.len().saturating_sub(1)
        } else {
            place.pairs.len()
        };
        self.parents(place, above, exchange.status == 404).await;
        match (exchange.method.as_str(), exchange.status) {
            ("GET", 200) if place.last.is_some() => {
                for item in exchange.answer()["value"].as_array().into_iter().flatten() {
                    self.resource(item["id"].as_str().unwrap_or_default(), item)
                        .await;
                }
            }
            ("GET", 200) if !of_service => self.resource(exchange.path(), &exchange.answer()).await,
            ("DELETE" | "HEAD", _) if !of_service => {
                self.ensure(exchange.path(), &place.pairs).await;
            }
            ("PUT", 200)
                if exchange.answer()["properties"]
                    .get("specification")
                    .is_some() =>
            {
                self.resource(exchange.path(), &exchange.answer()).await;
            }
            ("PUT", 200) if !of_service => {
                let is_new = exchange.answer()["systemData"].get("createdAt").is_some();
                if is_new {
                    self.send("DELETE", &format!("{}?{VERSION}", exchange.path()), None)
                        .await;
                } else {
                    self.ensure(exchange.path(), &place.pairs).await;
                }
            }
            ("POST", 200) => self.presumed_by_action(exchange, place).await,
            _ => {}
        }
    }

    async fn service(&self, exchange: &Exchange, path: &str) {
        let target = format!("{path}?{VERSION}");
        if self.send("GET", &target, None).await.status != 404 {
            return;
        }
        let answer = exchange.answer();
        let seen = answer.pointer("/value/0").unwrap_or(&answer);
        let location = seen["location"].as_str().unwrap_or("eastus");
        let mut body = json!({"location": location, "sku": {"name": "Free"}});
        if let Some(user) = used_identity(&answer) {
            let users = json!({user: {}});
            body["identity"] = json!({"type": "UserAssigned", "userAssignedIdentities": users});
        }
        for key in ["tags", "identity"] {
            if let Some(value) = seen.get(key).filter(|_| exchange.method == "GET") {
                body[key] = value.clone();
            }
        }
        self.send("PUT", &target, Some(&body)).await.expect(201);
    }

    /// The instance of a source, which has to be there for the link to be in order.
    async fn instance(&self, id: &str) {
        let target = format!("{id}?api-version=2024-05-01");
        self.send("PUT", &target, Some(&json!({"location": "eastus"})))
            .await;
    }

    /// Everything a request body refers to: metadata schemas, an environment, a definition.
    async fn needed(&self, service: &str, body: Option<&Value>) {
        let Some(properties) = body.and_then(|body| body.get("properties")) else {
            return;
        };
        if let Some(id) = properties["azureApiManagementSource"]["resourceId"].as_str() {
            self.instance(id).await;
        }
        for name in properties["customProperties"]
            .as_object()
            .into_iter()
            .flat_map(|all| all.keys())
        {
            self.schema(service, name, &json!({}), false).await;
        }
        for reference in ["environmentId", "definitionId"] {
            if let Some(id) = properties[reference].as_str() {
                let path = format!("{service}{id}");
                let Some(place) = place(&path) else { continue };
                self.parents(&place, place.pairs.len(), false).await;
            }
        }
    }

    async fn schema(&self, service: &str, name: &str, schema: &Value, required: bool) {
        let assigned = ["api", "environment", "deployment"]
            .map(|entity| json!({"entity": entity, "required": required}));
        let body = json!({"properties": {"schema": schema.to_string(), "assignedTo": assigned}});
        let target = format!("{service}/metadataSchemas/{name}?{VERSION}");
        if self.send("GET", &target, None).await.status == 200 {
            return;
        }
        self.send("PUT", &target, Some(&body)).await.expect(200);
    }

    async fn parents(&self, place: &Place<'_>, count: usize, missing_last: bool) {
        let mut path = place.service.to_owned();
        for (at, (collection, name)) in place.pairs.iter().take(count).enumerate() {
            path = format!("{path}/{collection}/{name}");
            if missing_last && at + 1 == count && count == place.pairs.len() {
                return;
            }
            self.ensure(&path, &place.pairs[..=at]).await;
        }
    }

    /// Creates the resource with some plain body when it is not there.
    async fn ensure(&self, path: &str, pairs: &[(&str, &str)]) {
        let target = format!("{path}?{VERSION}");
        if self.send("GET", &target, None).await.status == 200 {
            return;
        }
        let properties = match pairs.last().map(|(collection, _)| *collection) {
            Some("metadataSchemas") => json!({"schema": "{}"}),
            Some("analyzerConfigs") => json!({"analyzerType": "spectral"}),
            Some("versions") => json!({"title": "t", "lifecycleStage": "design"}),
            _ => json!({"title": "t", "kind": "rest"}),
        };
        self.send("PUT", &target, Some(&json!({"properties": properties})))
            .await
            .expect(200);
    }

    /// Brings a resource into the state that was recorded of it.
    async fn resource(&self, path: &str, seen: &Value) {
        let Some(place) = place(path).filter(|place| !place.pairs.is_empty()) else {
            return;
        };
        self.parents(&place, place.pairs.len() - 1, false).await;
        self.needed(place.service, Some(seen)).await;
        let target = format!("{path}?{VERSION}");
        let body = json!({"properties": seen["properties"]});
        let heard = self.send("PUT", &target, Some(&body)).await;
        if heard.status != 200 {
            return;
        }
        let times = &seen["systemData"];
        if path.contains("/environments/") && times["lastModifiedAt"].is_string() {
            self.send("PUT", &target, Some(&body)).await.expect(200);
        }
        let stage = seen["properties"]["lifecycleStage"].as_str();
        if let Some(stage) =
            stage.filter(|_| path.contains("/apis/") && !path.contains("/versions/"))
        {
            let version = json!({"properties": {"title": "t", "lifecycleStage": stage}});
            self.send(
                "PUT",
                &format!("{path}/versions/made-up?{VERSION}"),
                Some(&version),
            )
            .await;
        }
        if let Some(specification) = seen["properties"].get("specification") {
            let import = json!({"format": "inline", "value": "x", "specification": specification});
            self.send(
                "POST",
                &format!("{path}/importSpecification?{VERSION}"),
                Some(&import),
            )
            .await;
        }
    }

    async fn presumed_by_action(&self, exchange: &Exchange, place: &Place<'_>) {
        let answer = exchange.answer();
        match place.last {
            Some("exportSpecification") => {
                let import = json!({"format": "inline", "value": answer["value"]});
                let path = exchange
                    .path()
                    .replace("exportSpecification", "importSpecification");
                self.send("POST", &format!("{path}?{VERSION}"), Some(&import))
                    .await
                    .expect(200);
            }
            Some("exportRuleset") => {
                let path = exchange.path().replace("exportRuleset", "importRuleset");
                self.send("POST", &format!("{path}?{VERSION}"), Some(&answer))
                    .await
                    .expect(202);
            }
            Some("exportMetadataSchema") => {
                let custom = super::compare::exported_custom(&answer);
                for (name, schema) in custom["properties"].as_object().into_iter().flatten() {
                    let required = custom["required"]
                        .as_array()
                        .is_some_and(|all| all.contains(&json!(name)));
                    self.schema(place.service, name, schema, required).await;
                }
            }
            _ => {}
        }
    }

    /// A poll needs an operation of our own: its URL is taken from our own answer.
    async fn replay_poll(&self, exchange: &Exchange) -> ReceivedResponse {
        let (definition, _) = exchange
            .path()
            .split_once("/operationResults/")
            .expect("a poll");
        let place = place(definition).expect("a definition");
        self.service(exchange, place.service).await;
        self.parents(&place, place.pairs.len(), false).await;
        if !definition.contains("/definitions/") {
            let location = self.started_otherwise(exchange, definition).await;
            return self.send("GET", &location, None).await;
        }
        let import = |link: String| json!({"format": "link", "value": link});
        let target = format!("{definition}/importSpecification?{VERSION}");
        if exchange.status == 202 {
            // Never answers, so the import stays in progress.
            let silent = tokio::net::TcpListener::bind("127.0.0.1:0")
                .await
                .expect("a socket");
            let link = format!("http://{}/", silent.local_addr().expect("an address"));
            let location = self.started(&target, &import(link)).await;
            return self.send("GET", &location, None).await;
        }
        let link = serve_once("openapi: 3.0.0").await;
        let location = self.started(&target, &import(link)).await;
        for _ in 0..200 {
            let heard = self.send("GET", &location, None).await;
            if heard.status != 202 {
                return heard;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("the import never ended");
    }

    /// Begins an import of APIs or of a ruleset that ends like the recorded one.
    async fn started_otherwise(&self, exchange: &Exchange, subject: &str) -> String {
        let failed = exchange.status == 400;
        if subject.contains("/analyzerConfigs/") {
            let archive = if failed { EMPTY_ARCHIVE } else { RULESET };
            let import = json!({"format": "inline-zip", "value": archive});
            let target = format!("{subject}/importRuleset?{VERSION}");
            return self.started(&target, &import).await;
        }
        let group = subject.split("/providers/").next().unwrap_or_default();
        // Nothing is in it, so that what other exchanges list stays as it was recorded.
        let instance = format!("{group}/providers/Microsoft.ApiManagement/service/empty");
        self.instance(&instance).await;
        let id = format!(
            "{instance}/apis/{}",
            if failed { "doesnotexist" } else { "*" }
        );
        let identity = json!({"identity": {"type": "SystemAssigned"}});
        self.send("PATCH", &format!("{subject}?{VERSION}"), Some(&identity))
            .await
            .expect(200);
        let target = format!("{subject}/importFromApim?{VERSION}");
        self.started(&target, &json!({"sourceResourceIds": [id]}))
            .await
    }

    async fn started(&self, target: &str, import: &Value) -> String {
        let heard = self.send("POST", target, Some(import)).await.expect(202);
        let location = heard.header("location").expect("a location");
        location.trim_start_matches(&self.emulator.url()).to_owned()
    }
}

/// A server that answers one request with this document.
async fn serve_once(document: &'static str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a socket");
    let link = format!("http://{}/spec", socket.local_addr().expect("an address"));
    tokio::spawn(async move {
        if let Ok((mut stream, _)) = socket.accept().await {
            let mut request = [0; 1024];
            let _read = stream.read(&mut request).await;
            let length = document.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{document}"
            );
            let _written = stream.write_all(answer.as_bytes()).await;
        }
    });
    link
}
