//! A few exchanges with resources of our own, of the form that recordings show, so that something is compared where
//! there are no recordings.

use std::collections::BTreeMap;

use reqwest::Client;
use serde_json::{Value, json};

use super::{Exchange, Player, compare, gateway};

const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/parcels";

/// What a request must get: the status, the headers besides those of every response, and the body.
struct Expected(u16, &'static [&'static str], Option<Value>);

fn exchange(
    (method, path): (&str, &str),
    version: &str,
    request: Option<&Value>,
    expected: Expected,
) -> Exchange {
    let Expected(status, headers, response) = expected;
    let headers = headers
        .iter()
        .map(|name| ((*name).to_owned(), String::new()));
    Exchange {
        test: "own words".to_owned(),
        method: method.to_owned(),
        uri: format!("{GROUP}/providers/{path}?api-version={version}"),
        request: request.map(Value::to_string),
        status,
        headers: headers.collect(),
        response: response.map(|body| body.to_string()),
    }
}

/// A resource of a catalogue as it is answered.
fn resource(path: &str, kind: &str, properties: &Value) -> Value {
    json!({
        "type": format!("Microsoft.ApiCenter/services/{kind}"),
        "properties": properties,
        "id": format!("{GROUP}/providers/Microsoft.ApiCenter/services/post/{path}"),
        "name": path.rsplit('/').next(),
        "systemData": {"createdAt": "then", "lastModifiedAt": "then"},
    })
}

/// One request to a catalogue.
fn catalogue(
    method: &str,
    path: &str,
    request: Option<&Value>,
    status: u16,
    response: Option<Value>,
) -> Exchange {
    let headers: &[&str] = match (method, &response) {
        (_, None) => &["api-supported-versions"],
        ("PUT", _) => &["api-supported-versions", "content-type", "etag"],
        _ => &["api-supported-versions", "content-type"],
    };
    let path = format!("Microsoft.ApiCenter/services/post/{path}");
    let expected = Expected(status, headers, response);
    exchange((method, &path), "2024-03-01", request, expected)
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
        catalogue("PUT", path, Some(&request), 200, Some(shown))
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
        catalogue("DELETE", api, None, 204, None),
        catalogue(
            "GET",
            "workspaces/default/apis/lost",
            None,
            404,
            Some(json!({"code": "404"})),
        ),
    ]
}

/// One request to the instance of API Management that the recordings have.
fn instance(
    method: &str,
    path: &str,
    request: Option<&Value>,
    status: u16,
    response: Option<Value>,
) -> Exchange {
    let headers: &[&str] = match (method, &response) {
        (_, None) => &[],
        ("PUT", _) => &["content-type", "etag"],
        _ => &["content-type"],
    };
    let path = format!("Microsoft.ApiManagement/service/contoso-apim/{path}");
    let expected = Expected(status, headers, response);
    exchange((method, &path), "2021-08-01", request, expected)
}

fn of_instances() -> Vec<Exchange> {
    let resource = |path: &str, kind: &str, properties: Value| {
        json!({
            "id": format!("{GROUP}/providers/Microsoft.ApiManagement/service/contoso-apim/{path}"),
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
        instance(
            "PUT",
            "apis/tracking",
            Some(&api),
            201,
            Some(resource("apis/tracking", "apis", shown_api)),
        ),
        instance(
            "PUT",
            "apiVersionSets/generations",
            Some(&set),
            201,
            Some(resource(
                "apiVersionSets/generations",
                "apiVersionSets",
                shown_set,
            )),
        ),
        instance(
            "GET",
            "apiVersionSets",
            None,
            200,
            Some(json!({"value": [], "count": 0})),
        ),
        instance(
            "GET",
            "apis/tracking/operations",
            None,
            200,
            Some(json!({"value": [], "count": 0})),
        ),
        instance("DELETE", "apis/tracking", None, 200, None),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanges_in_our_own_words_are_answered_as_recorded_ones() {
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
