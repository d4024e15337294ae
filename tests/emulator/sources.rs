//! API sources: what they bring in, what stays theirs, and how they go.

use std::time::Duration;

use apicenter::emulator::EmulatorOptions;
use futures::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::api_management::{self, SAMPLE};
use super::harness::{EmulatorFixture, ReceivedResponse, keys, names};

const WORKSPACE: &str = "/services/contoso/workspaces/default";
const SOURCE: &str = "/services/contoso/workspaces/default/apiSources/apim";
const ENVIRONMENT: &str = "/workspaces/default/environments/azure-api-management";

/// Without the need for roles, which other tests are about.
fn options() -> EmulatorOptions {
    EmulatorOptions {
        seed_sample: false,
        enforce_roles: false,
        ..EmulatorOptions::default()
    }
}

/// A center whose service has an identity of its own.
async fn center(options: EmulatorOptions) -> EmulatorFixture {
    let center = EmulatorFixture::with(options).await;
    let body = json!({
        "location": "eastus",
        "identity": {"type": "SystemAssigned"},
        "sku": {"name": "Standard"},
    });
    center.put("/services/contoso", body).await.expect(200);
    center
}

async fn send(
    center: &EmulatorFixture,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> ReceivedResponse {
    let url = center.url(path).replace("2024-03-01", "2024-06-01-preview");
    center.send(method, &url, body).await
}

async fn set(center: &EmulatorFixture, path: &str, properties: Value) -> ReceivedResponse {
    send(
        center,
        Method::PUT,
        path,
        Some(&json!({"properties": properties})),
    )
    .await
}

async fn properties(center: &EmulatorFixture, path: &str) -> Value {
    send(center, Method::GET, path, None)
        .await
        .expect(200)
        .json()["properties"]
        .clone()
}

fn apim(instance: &str) -> Value {
    json!({
        "apiSourceType": "AzureApiManagement",
        "azureApiManagementSource": {"resourceId": format!("{}{instance}", api_management::PROVIDER)},
        "importSpecification": "always",
    })
}

fn amazon() -> Value {
    json!({
        "apiSourceType": "AmazonApiGateway",
        "amazonApiGatewaySource": {
            "accessKey": "https://kv.vault.azure.net/secrets/AccessKey",
            "secretAccessKey": "https://kv.vault.azure.net/secrets/SecretAccessKey",
            "regionName": "eu-west-1",
        },
    })
}

/// The API of this title: its path and its properties.
async fn titled(center: &EmulatorFixture, title: &str) -> (String, Value) {
    let list = center
        .get(&format!("{WORKSPACE}/apis"))
        .await
        .expect(200)
        .json();
    let items = list["value"].as_array().expect("a list");
    let found = items.iter().find(|api| api["properties"]["title"] == title);
    let found = found.unwrap_or_else(|| panic!("no API {title} in {list}"));
    let name = found["name"].as_str().expect("a name");
    (
        format!("{WORKSPACE}/apis/{name}"),
        found["properties"].clone(),
    )
}

async fn only_child(center: &EmulatorFixture, path: &str) -> (String, Value) {
    let list = center.get(path).await.expect(200).json();
    let [child] = list["value"].as_array().expect("a list").as_slice() else {
        panic!("not one child: {list}");
    };
    (
        format!("{path}/{}", child["name"].as_str().expect("a name")),
        child["properties"].clone(),
    )
}

fn is_generated(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.parse::<u64>().is_ok()
}

#[tokio::test]
async fn what_follows_a_change_happens_also_when_the_caller_hangs_up() {
    let center = center(EmulatorOptions {
        sync_delay: Duration::from_millis(1),
        ..options()
    })
    .await;
    let list = format!("{WORKSPACE}/apiSources");
    for i in 0..40 {
        let path = format!("{list}/source-{i}");
        let body = json!({"properties": amazon()});
        let sent = send(&center, Method::PUT, &path, Some(&body));
        let patience = Duration::from_micros(500 + 250 * i);
        // Nobody waits for the answer.
        drop(tokio::time::timeout(patience, sent).await);
    }
    for _ in 0..200 {
        let sources = send(&center, Method::GET, &list, None).await.json();
        let sources = sources["value"].as_array().expect("a list").clone();
        let state = |source: &Value| source["properties"]["linkState"]["state"] == "syncing";
        assert!(!sources.is_empty());
        if sources.iter().all(state) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("some source never was synchronised");
}

#[tokio::test]
async fn a_source_is_completed_the_way_the_service_does() {
    let center = center(options()).await;
    let created = set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    assert!(created.header("etag").is_some());
    let properties_of = created.json()["properties"].clone();
    assert_eq!(
        keys(&properties_of),
        [
            "apiSourceType",
            "apimSource",
            "azureApiManagementSource",
            "sourceLifecycleStage",
            "targetEnvironmentId",
            "targetLifecycleStage",
            "importSpecification",
            "linkState"
        ]
    );
    assert_eq!(
        properties_of["apimSource"],
        properties_of["azureApiManagementSource"]
    );
    assert_eq!(properties_of["targetEnvironmentId"], ENVIRONMENT);
    assert_eq!(properties_of["linkState"]["state"], "initializing");
    assert!(properties_of["linkState"]["lastUpdatedOn"].is_string());
    assert_eq!(
        properties(&center, SOURCE).await["linkState"]["state"],
        "syncing"
    );
    let listed = send(
        &center,
        Method::GET,
        &format!("{WORKSPACE}/apiSources"),
        None,
    )
    .await;
    assert_eq!(names(&listed.expect(200).json()), ["apim"]);
    send(&center, Method::HEAD, SOURCE, None).await.expect(200);
    center.get(SOURCE).await.expect(400);
    assert_eq!(
        send(&center, Method::GET, &format!("{SOURCE}x"), None)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn apis_come_with_versions_definitions_and_deployments() {
    let center = center(options()).await;
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    let environment = properties(&center, &format!("/services/contoso{ENVIRONMENT}")).await;
    assert_eq!(
        environment.to_string(),
        r#"{"title":"Azure API Management","kind":"Production","server":{"type":"AzureApiManagement","managementPortalUri":[]},"customProperties":{}}"#
    );
    let list = center.get(&format!("{WORKSPACE}/apis")).await.json();
    let told: Vec<(&str, &str)> = list["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|api| &api["properties"])
        .map(|api| {
            (
                api["title"].as_str().unwrap(),
                api["kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Orders", "REST"),
            ("Payments", "REST"),
            ("Shipping", "SOAP"),
            ("Catalog", "GRAPHQL"),
            ("Notifications", "WEBSOCKET"),
            ("Storefront tools", "MCP"),
        ]
    );
    let (orders, api) = titled(&center, "Orders").await;
    assert!(is_generated(&orders), "{orders}");
    assert_eq!(api["lifecycleStage"], "design");
    assert_eq!(api["contacts"], json!([]));
    let versions = center.get(&format!("{orders}/versions")).await.json();
    let titles: Vec<&Value> = versions["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["properties"]["title"])
        .collect();
    assert_eq!(titles, ["v1", "v2"]);
    let deployments = center.get(&format!("{orders}/deployments")).await.json();
    let deployment = &deployments["value"][1]["properties"];
    assert_eq!(deployment["environmentId"], ENVIRONMENT);
    assert_eq!(
        deployment["server"]["runtimeUri"],
        json!(["https://contoso-apim.azure-api.net/orders/v2"])
    );
    let definition = deployment["definitionId"].as_str().expect("a definition");
    let definition = format!("/services/contoso{definition}");
    let specification = properties(&center, &definition).await["specification"].clone();
    assert_eq!(
        specification,
        json!({"name": "openapi", "version": "3.0.1"})
    );
    let export = center
        .post(&format!("{definition}/exportSpecification"), json!({}))
        .await
        .expect(200);
    assert!(
        export.json()["value"]
            .as_str()
            .unwrap()
            .contains("placeOrder")
    );

    let (tools, _) = titled(&center, "Storefront tools").await;
    let (_, deployment) = only_child(&center, &format!("{tools}/deployments")).await;
    let uri = deployment["server"]["runtimeUri"][0].as_str().unwrap();
    assert!(uri.ends_with("/mcp/messages"), "{uri}");
    assert_eq!(deployment.get("definitionId"), None);
}

#[tokio::test]
async fn a_graphql_api_comes_with_its_schema() {
    let center = center(options()).await;
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    let (catalog, _) = titled(&center, "Catalog").await;
    let (version, _) = only_child(&center, &format!("{catalog}/versions")).await;
    let (definition, properties) = only_child(&center, &format!("{version}/definitions")).await;
    let specification = json!({"name": "graphql"});
    assert_eq!(
        properties,
        json!({"title": "GraphQL", "specification": specification})
    );
    let export = center
        .post(&format!("{definition}/exportSpecification"), json!({}))
        .await
        .expect(200);
    assert!(
        export.json()["value"]
            .as_str()
            .unwrap()
            .starts_with("type Query {")
    );
}

#[tokio::test]
async fn a_named_identity_must_be_the_services() {
    let center = center(options()).await;
    let user = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u";
    let mut source = apim(SAMPLE);
    source["azureApiManagementSource"]["msiResourceId"] = json!(user);
    set(&center, SOURCE, source.clone()).await.expect(200);
    let state = properties(&center, SOURCE).await["linkState"].clone();
    assert_eq!(state["state"], "error");
    assert!(
        state["message"]
            .as_str()
            .unwrap()
            .contains("is not assigned to the service")
    );
    let identity = json!({"identity": {
        "type": "SystemAssigned, UserAssigned",
        "userAssignedIdentities": {user: {}},
    }});
    let patched = center
        .send(
            Method::PATCH,
            &center.url("/services/contoso"),
            Some(&identity),
        )
        .await;
    patched.expect(200);
    until(async || properties(&center, SOURCE).await["linkState"]["state"] == "syncing").await;
}

#[tokio::test]
async fn the_plan_limits_how_many_apis_a_source_brings() {
    let center = EmulatorFixture::bare(options()).await;
    let free = json!({"location": "eastus", "identity": {"type": "SystemAssigned"}});
    center.put("/services/contoso", free).await.expect(201);
    api_management::own(&center).await;
    let puts = (0..200).map(|number| {
        let body = json!({"properties": {"path": format!("p{number}")}});
        let center = &center;
        async move {
            let path = format!("/service/own/apis/api-{number}");
            api_management::put(center, &path, body).await.expect(201);
        }
    });
    futures::stream::iter(puts)
        .buffer_unordered(20)
        .collect::<Vec<()>>()
        .await;
    set(&center, SOURCE, apim("/service/own")).await.expect(200);
    let state = properties(&center, SOURCE).await["linkState"].clone();
    assert_eq!(state["state"], "error");
    assert!(
        state["message"]
            .as_str()
            .unwrap()
            .contains("first 200 APIs")
    );
    let one_more = json!({"title": "One more", "kind": "rest"});
    center
        .set(&format!("{WORKSPACE}/apis/one-more"), one_more)
        .await
        .expect(400);
    let second = set(&center, &format!("{SOURCE}2"), apim("/service/own"))
        .await
        .expect(400);
    assert!(second.problems()[0].contains("(1)"), "{}", second.text);
}

#[tokio::test]
async fn documents_stay_out_unless_they_are_always_imported() {
    for import in ["ondemand", "never"] {
        let center = center(options()).await;
        let mut source = apim(SAMPLE);
        source["importSpecification"] = json!(import);
        set(&center, SOURCE, source).await.expect(200);
        let (payments, _) = titled(&center, "Payments").await;
        let (version, _) = only_child(&center, &format!("{payments}/versions")).await;
        let (definition, properties) = only_child(&center, &format!("{version}/definitions")).await;
        assert_eq!(properties, json!({"title": "OpenAPI"}));
        center
            .post(&format!("{definition}/exportSpecification"), json!({}))
            .await
            .expect(404);
        let import = json!({"format": "inline", "value": "{}"});
        center
            .post(&format!("{definition}/importSpecification"), import)
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn what_the_source_owns_stays_as_it_has_it() {
    let center = center(options()).await;
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    let (path, _) = titled(&center, "Payments").await;
    let mine = json!({
        "title": "Mine", "kind": "graphql", "description": "Mine.", "summary": "Ours",
        "contacts": [{"name": "Team"}],
    });
    let written = center.set(&path, mine).await.expect(200).json();
    let api = &written["properties"];
    assert_eq!(api["title"], "Payments");
    assert_eq!(api["kind"], "REST");
    assert_eq!(api["description"], "Takes payments and gives refunds.");
    assert_eq!(api["summary"], "Ours");
    assert_eq!(api["contacts"], json!([{"name": "Team"}]));

    let (version, _) = only_child(&center, &format!("{path}/versions")).await;
    let stage = json!({"title": "mine", "lifecycleStage": "production"});
    let written = center.set(&version, stage).await.expect(200).json();
    assert_eq!(
        written["properties"],
        json!({"title": "Original", "lifecycleStage": "production"})
    );

    let (deployment, properties_of) = only_child(&center, &format!("{path}/deployments")).await;
    let mut mine = properties_of.clone();
    mine["title"] = json!("Mine");
    mine["server"]["runtimeUri"] = json!(["https://mine.example"]);
    let written = center.set(&deployment, mine).await.expect(200).json();
    assert_eq!(written["properties"]["title"], "Mine");
    assert_eq!(written["properties"]["server"], properties_of["server"]);

    let environment = format!("/services/contoso{ENVIRONMENT}");
    let mine = json!({"title": "Mine", "kind": "testing"});
    let written = center.set(&environment, mine).await.expect(200).json();
    assert_eq!(written["properties"]["title"], "Mine");
    assert_eq!(
        written["properties"]["server"],
        json!({"type": "AzureApiManagement"})
    );

    let (definition, _) = only_child(&center, &format!("{version}/definitions")).await;
    let import = json!({"format": "inline", "value": "{}"});
    center
        .post(&format!("{definition}/importSpecification"), import)
        .await
        .expect(400);

    // What is ours survives the next synchronisation.
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    assert_eq!(properties(&center, &path).await["summary"], "Ours");
    assert_eq!(
        properties(&center, &version).await["lifecycleStage"],
        "production"
    );
    assert_eq!(properties(&center, &environment).await["title"], "Mine");
}

#[tokio::test]
async fn linked_resources_cannot_be_deleted() {
    let center = center(options()).await;
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    let (api, _) = titled(&center, "Payments").await;
    let (version, _) = only_child(&center, &format!("{api}/versions")).await;
    let (deployment, _) = only_child(&center, &format!("{api}/deployments")).await;
    for path in [
        format!("/services/contoso{ENVIRONMENT}"),
        api.clone(),
        version,
        deployment,
    ] {
        let refused = center.delete(&path).await.expect(400);
        let message =
            "Cannot delete linked resource. To remove this resource please unlink the API source.";
        assert_eq!(refused.problems(), [message]);
    }
    let own = json!({"title": "2.0", "lifecycleStage": "design"});
    center
        .set(&format!("{api}/versions/mine"), own)
        .await
        .expect(200);
    center
        .delete(&format!("{api}/versions/mine"))
        .await
        .expect(204);
}

#[tokio::test]
async fn changes_of_the_source_show_up() {
    let options = EmulatorOptions {
        sync_delay: Duration::from_millis(20),
        ..options()
    };
    let center = center(options).await;
    api_management::own(&center).await;
    set(&center, SOURCE, apim("/service/own")).await.expect(200);
    let before = eventually(&center, "Echo API").await;
    let etag = center.get(&before).await.header("etag").map(str::to_owned);

    let renamed = json!({"properties": {"path": "echo", "displayName": "Echo"}});
    api_management::put(&center, "/service/own/apis/echo", renamed)
        .await
        .expect(200);
    let other = json!({"properties": {"path": "other", "displayName": "Other"}});
    api_management::put(&center, "/service/own/apis/other", other)
        .await
        .expect(201);
    eventually(&center, "Other").await;
    let after = eventually(&center, "Echo").await;
    assert_eq!(before, after);
    assert_ne!(
        center.get(&after).await.header("etag").map(str::to_owned),
        etag
    );

    let gone = api_management::send(&center, Method::DELETE, "/service/own/apis/echo", None).await;
    gone.expect(200);
    until(async || center.get(&after).await.status == 404).await;
    eventually(&center, "Other").await;
}

/// The path of the API of this title, once it is there.
async fn eventually(center: &EmulatorFixture, title: &str) -> String {
    let list = format!("{WORKSPACE}/apis");
    let is_there = async || {
        center
            .get(&list)
            .await
            .text
            .contains(&format!("\"title\":\"{title}\""))
    };
    until(is_there).await;
    titled(center, title).await.0
}

async fn until(done: impl AsyncFn() -> bool) {
    for _ in 0..300 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not happen within three seconds");
}

#[tokio::test]
async fn a_deleted_source_takes_everything_with_it_after_a_while() {
    let options = EmulatorOptions {
        unlink_delay: Duration::from_millis(150),
        ..options()
    };
    let center = center(options).await;
    let mine = json!({"title": "Mine", "kind": "rest"});
    center
        .set(&format!("{WORKSPACE}/apis/mine"), mine)
        .await
        .expect(200);
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    let environment = format!("/services/contoso{ENVIRONMENT}");
    send(&center, Method::DELETE, SOURCE, None)
        .await
        .expect(204);
    assert_eq!(
        properties(&center, SOURCE).await["linkState"]["state"],
        "deleting"
    );
    center.get(&environment).await.expect(200);
    set(&center, SOURCE, apim(SAMPLE)).await.expect(409);
    send(&center, Method::DELETE, SOURCE, None)
        .await
        .expect(204);
    until(async || center.get(&environment).await.status == 404).await;
    send(&center, Method::GET, SOURCE, None).await.expect(404);
    assert_eq!(
        names(&center.get(&format!("{WORKSPACE}/apis")).await.json()),
        ["mine"]
    );
}

#[tokio::test]
async fn two_sources_may_share_an_environment() {
    let center = center(options()).await;
    let server = json!({"type": "Azure API Management"});
    let own = json!({"title": "Ours", "kind": "production", "server": server});
    let environment = format!("{WORKSPACE}/environments/ours");
    center.set(&environment, own).await.expect(200);
    api_management::own(&center).await;
    for (name, instance) in [("one", SAMPLE), ("two", "/service/own")] {
        let mut source = apim(instance);
        source["targetEnvironmentId"] = json!("/workspaces/default/environments/ours");
        set(&center, &format!("{WORKSPACE}/apiSources/{name}"), source)
            .await
            .expect(200);
    }
    let ours = properties(&center, &environment).await;
    assert_eq!((&ours["title"], &ours["server"]), (&json!("Ours"), &server));
    center.delete(&environment).await.expect(400);
    send(
        &center,
        Method::DELETE,
        &format!("{WORKSPACE}/apiSources/one"),
        None,
    )
    .await
    .expect(204);
    center.get(&environment).await.expect(200);
    center.delete(&environment).await.expect(400);
    send(
        &center,
        Method::DELETE,
        &format!("{WORKSPACE}/apiSources/two"),
        None,
    )
    .await
    .expect(204);
    center.get(&environment).await.expect(404);
}

#[tokio::test]
async fn amazon_needs_secrets_in_a_vault() {
    let center = center(options()).await;
    let source = format!("{WORKSPACE}/apiSources/aws");
    let user = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u";
    let identity =
        json!({"identity": {"type": "UserAssigned", "userAssignedIdentities": {user: {}}}});
    let patched = center
        .send(
            Method::PATCH,
            &center.url("/services/contoso"),
            Some(&identity),
        )
        .await;
    patched.expect(200);
    let mut literal = amazon();
    literal["amazonApiGatewaySource"]["accessKey"] = json!("AKIAIOSFODNN7EXAMPLE");
    let refused = set(&center, &source, literal).await.expect(400);
    assert!(
        refused.problems()[0].contains("Key Vault secret"),
        "{}",
        refused.text
    );

    let created = set(&center, &source, amazon()).await.expect(200).json();
    let properties_of = &created["properties"];
    assert_eq!(
        properties_of["amazonApiGatewaySource"]["msiResourceId"],
        user
    );
    assert_eq!(
        properties_of["targetEnvironmentId"],
        "/workspaces/default/environments/amazon-api-gateway"
    );
    assert_eq!(properties_of["importSpecification"], "ondemand");
    assert_eq!(
        properties(&center, &source).await["linkState"]["state"],
        "syncing"
    );
    let (loyalty, _) = titled(&center, "Loyalty").await;
    let (_, deployment) = only_child(&center, &format!("{loyalty}/deployments")).await;
    assert_eq!(
        deployment["server"]["runtimeUri"],
        json!(["https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod"])
    );
}

#[tokio::test]
async fn without_an_identity_or_an_instance_the_link_is_in_error() {
    let center = EmulatorFixture::with(options()).await;
    set(&center, SOURCE, apim("/service/own")).await.expect(200);
    let state = properties(&center, SOURCE).await["linkState"].clone();
    assert_eq!(keys(&state), ["state", "message", "lastUpdatedOn"]);
    assert_eq!(state["state"], "error");
    assert!(
        state["message"]
            .as_str()
            .unwrap()
            .contains("no managed identity")
    );
    center
        .get(&format!("/services/contoso{ENVIRONMENT}"))
        .await
        .expect(404);

    let identity = json!({"identity": {"type": "SystemAssigned"}});
    let patched = center
        .send(
            Method::PATCH,
            &center.url("/services/contoso"),
            Some(&identity),
        )
        .await;
    patched.expect(200);
    until(async || {
        let state = properties(&center, SOURCE).await["linkState"].clone();
        state["message"]
            .as_str()
            .is_some_and(|message| message.contains("was not found"))
    })
    .await;
    // Once the instance is there, nobody has to write the source again.
    api_management::own(&center).await;
    until(async || properties(&center, SOURCE).await["linkState"]["state"] == "syncing").await;
    let (echo, _) = titled(&center, "Echo API").await;
    assert!(is_generated(&echo));
}

#[tokio::test]
async fn an_instance_that_goes_and_comes_back_is_linked_again() {
    let center = center(options()).await;
    api_management::own(&center).await;
    set(&center, SOURCE, apim("/service/own")).await.expect(200);
    titled(&center, "Echo API").await;
    let gone = api_management::send(&center, Method::DELETE, "/service/own", None).await;
    gone.expect(200);
    assert_eq!(
        properties(&center, SOURCE).await["linkState"]["state"],
        "error"
    );
    // What came from it stays as long as nobody knows better.
    titled(&center, "Echo API").await;
    let empty = json!({"location": "eastus"});
    api_management::put(&center, "/service/own", empty)
        .await
        .expect(201);
    until(async || properties(&center, SOURCE).await["linkState"]["state"] == "syncing").await;
    assert!(names(&center.get(&format!("{WORKSPACE}/apis")).await.json()).is_empty());
}

#[tokio::test]
async fn bad_sources_are_refused() {
    let center = center(options()).await;
    let form = "The 'targetEnvironmentId' is in an incorrect format. \
                The correct format is: '/workspaces/{0}/environments/{1}'";
    let mut absolute = apim(SAMPLE);
    absolute["targetEnvironmentId"] = json!("/subscriptions/s/workspaces/default/environments/x");
    assert_eq!(
        set(&center, SOURCE, absolute).await.expect(400).problems(),
        [form]
    );
    let mut git = apim(SAMPLE);
    git["apiSourceType"] = json!("Git");
    let mut other = apim(SAMPLE);
    other["azureApiManagementSource"]["resourceId"] = json!("/subscriptions/s");
    let mut import = apim(SAMPLE);
    import["importSpecification"] = json!("sometimes");
    for bad in [
        git,
        other,
        import,
        json!({}),
        json!({"apiSourceType": "AmazonApiGateway"}),
    ] {
        set(&center, SOURCE, bad).await.expect(400);
    }
    send(&center, Method::GET, SOURCE, None).await.expect(404);
    for name in ["one", "two", "six"] {
        set(
            &center,
            &format!("{WORKSPACE}/apiSources/{name}"),
            apim(SAMPLE),
        )
        .await
        .expect(200);
    }
    let refused = set(&center, SOURCE, apim(SAMPLE)).await.expect(400);
    assert!(refused.problems()[0].contains("(3)"), "{}", refused.text);
}
