//! A few exchanges with resources of our own, of the form that recordings show, so that something is compared where
//! there are no recordings.

use std::collections::BTreeMap;

use reqwest::Client;
use serde_json::{Value, json};

use super::{Exchange, Player, compare, gateway};

const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/parcels";

/// A resource that requests go to.
struct Service {
    path: &'static str,
    version: &'static str,
    /// The headers of every response.
    headers: &'static [&'static str],
}

const CATALOGUE: Service = Service {
    path: "Microsoft.ApiCenter/services/post",
    version: "2024-03-01",
    headers: &["api-supported-versions"],
};

/// The instance of API Management that the recordings have.
const INSTANCE: Service = Service {
    path: "Microsoft.ApiManagement/service/contoso-apim",
    version: "2021-08-01",
    headers: &[],
};

/// One request, and the response that it must get.
fn exchange(
    service: &Service,
    (method, path): (&str, &str),
    request: Option<&Value>,
    status: u16,
    response: Option<Value>,
) -> Exchange {
    let of_body: &[&str] = match (method, &response) {
        (_, None) => &[],
        ("PUT", _) => &["content-type", "etag"],
        _ => &["content-type"],
    };
    let headers = service.headers.iter().chain(of_body);
    let headers = headers.map(|name| ((*name).to_owned(), String::new()));
    let (place, version) = (service.path, service.version);
    Exchange {
        test: "own words".to_owned(),
        method: method.to_owned(),
        uri: format!("{GROUP}/providers/{place}/{path}?api-version={version}"),
        request: request.map(Value::to_string),
        status,
        headers: headers.collect(),
        response: response.map(|body| body.to_string()),
    }
}

/// A resource of a catalogue as a response shows it.
fn resource(path: &str, kind: &str, properties: &Value) -> Value {
    json!({
        "type": format!("Microsoft.ApiCenter/services/{kind}"),
        "properties": properties,
        "id": format!("{GROUP}/providers/{}/{path}", CATALOGUE.path),
        "name": path.rsplit('/').next(),
        "systemData": {"createdAt": "then", "lastModifiedAt": "then"},
    })
}

fn of_catalogues() -> Vec<Exchange> {
    let api = "workspaces/default/apis/tracking";
    let version = format!("{api}/versions/2-1-0");
    let place = "workspaces/default/environments/depot";
    let schema = json!({
        "assignedTo": [{"entity": "api", "required": true, "deprecated": false}],
        "schema": "{\"type\":\"integer\", \"title\":\"Cost centre\"}",
    });
    let put = |path: &str, kind, request: &Value, shown: &Value| {
        let shown = resource(path, kind, shown);
        let request = json!({"properties": request});
        exchange(&CATALOGUE, ("PUT", path), Some(&request), 200, Some(shown))
    };
    let depot = json!({"title": "Depot", "kind": "staging"});
    let mut shown_depot = depot.clone();
    shown_depot["customProperties"] = json!({});
    let second = json!({"title": "2.1.0", "lifecycleStage": "preview"});
    let mut environment = put(place, "workspaces/environments", &depot, &shown_depot);
    // A new environment does not show when it was changed.
    environment.response = environment
        .response
        .map(|text| text.replace(r#","lastModifiedAt":"then""#, ""));
    vec![
        put(
            api,
            "workspaces/apis",
            &json!({"kind": "grpc", "title": "Tracking"}),
            &json!({"title": "Tracking", "kind": "grpc", "externalDocumentation": [], "contacts": [],
                "customProperties": {}}),
        ),
        put(&version, "workspaces/apis/versions", &second, &second),
        environment,
        put(
            "metadataSchemas/cost-centre",
            "metadataSchemas",
            &schema,
            &schema,
        ),
        exchange(&CATALOGUE, ("DELETE", api), None, 204, None),
        exchange(
            &CATALOGUE,
            ("GET", "workspaces/default/apis/lost"),
            None,
            404,
            Some(json!({"code": "404"})),
        ),
    ]
}

fn of_instances() -> Vec<Exchange> {
    let resource = |path: &str, kind: &str, properties: Value| {
        json!({
            "id": format!("{GROUP}/providers/{}/{path}", INSTANCE.path),
            "type": format!("Microsoft.ApiManagement/service/{kind}"),
            "name": path.rsplit('/').next(),
            "properties": properties,
        })
    };
    let api = json!({"properties": {"displayName": "Tracking", "path": "/track", "protocols": ["https"],
        "authenticationSettings": {}}});
    let shown_api = json!({
        "displayName": "Tracking",
        "apiRevision": "1",
        "description": null,
        "subscriptionRequired": true,
        "serviceUrl": null,
        "path": "track",
        "protocols": ["https"],
        "authenticationSettings": {"oAuth2": null, "openid": null},
        "subscriptionKeyParameterNames": {
            "header": "Ocp-Apim-Subscription-Key", "query": "subscription-key"
        },
        "isCurrent": true,
    });
    let set = json!({"properties": {"displayName": "Generations", "versioningScheme": "Query",
        "versionQueryName": "generation"}});
    let shown_set = json!({"displayName": "Generations", "description": null, "versioningScheme": "Query",
        "versionQueryName": "generation", "versionHeaderName": null});
    vec![
        exchange(
            &INSTANCE,
            ("PUT", "apis/tracking"),
            Some(&api),
            201,
            Some(resource("apis/tracking", "apis", shown_api)),
        ),
        exchange(
            &INSTANCE,
            ("PUT", "apiVersionSets/generations"),
            Some(&set),
            201,
            Some(resource(
                "apiVersionSets/generations",
                "apiVersionSets",
                shown_set,
            )),
        ),
        exchange(
            &INSTANCE,
            ("GET", "apiVersionSets"),
            None,
            200,
            Some(json!({"value": [], "count": 0})),
        ),
        exchange(
            &INSTANCE,
            ("GET", "apis/tracking/operations"),
            None,
            200,
            Some(json!({"value": [], "count": 0})),
        ),
        exchange(&INSTANCE, ("DELETE", "apis/tracking"), None, 200, None),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanges_in_our_own_words_get_the_responses_of_recorded_ones() {
    let client = Client::builder().no_proxy().build().expect("a client");
    let mut found = BTreeMap::new();
    for exchange in of_catalogues() {
        let player = Player::start(&client, false).await;
        let heard = player.replay(&exchange).await;
        player.emulator.stop().await;
        if let Some(difference) = compare::difference(&exchange, &heard) {
            found.insert(
                format!("{} {}", exchange.method, exchange.path()),
                vec![difference],
            );
        }
    }
    for exchange in of_instances() {
        let player = Player::start(&client, false).await;
        let heard = player.replay_gateway(&exchange).await;
        player.emulator.stop().await;
        let differences = gateway::differences(&exchange, &heard);
        if !differences.is_empty() {
            found.insert(
                format!("{} {}", exchange.method, exchange.path()),
                differences,
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
