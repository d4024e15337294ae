//! What goes when a source is deleted or pointed at another gateway, and what stays.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    ENVIRONMENT, SOURCE, WORKSPACE, amazon, apim, center, options, properties, send, set, titled,
};
use crate::emulator::api_management::{self, SAMPLE};
use crate::emulator::harness::EmulatorFixture;

async fn apis(center: &EmulatorFixture) -> Vec<Value> {
    let list = center.get(&format!("{WORKSPACE}/apis")).await.expect(200);
    list.json()["value"].as_array().expect("a list").clone()
}

async fn unlink(center: &EmulatorFixture) {
    let deleted = send(center, Method::DELETE, SOURCE, None).await;
    deleted.expect(204);
    send(center, Method::GET, SOURCE, None).await.expect(404);
}

async fn copy(center: &EmulatorFixture, api: &str) {
    let id = format!("{}{SAMPLE}/apis/{api}", api_management::PROVIDER);
    let body = json!({"sourceResourceIds": [id]});
    let started = center.post("/services/contoso/importFromApim", body).await;
    let location = started.expect(202);
    let location = location.header("location").expect("a location");
    center.send(Method::GET, location, None).await.expect(200);
}

#[tokio::test]
async fn copies_survive_the_source_with_their_environment() {
    let environment = format!("/services/contoso{ENVIRONMENT}");
    for copied_first in [true, false] {
        let center = center(options()).await;
        if copied_first {
            copy(&center, "payments").await;
        }
        set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
        if !copied_first {
            copy(&center, "payments").await;
        }
        center.delete(&environment).await.expect(400);
        unlink(&center).await;
        let left = apis(&center).await;
        assert_eq!(left.len(), 1, "{left:?}");
        assert!(left[0]["systemData"]["createdAt"].is_string());
        center.get(&environment).await.expect(200);
        // It belongs to nobody now, nor does the copy.
        let (copy, _) = titled(&center, "Payments").await;
        center.delete(&copy).await.expect(204);
        center.delete(&environment).await.expect(204);
    }
}

#[tokio::test]
async fn an_environment_that_no_copy_uses_any_longer_goes_with_the_source() {
    let center = center(options()).await;
    copy(&center, "payments").await;
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    let created = |api: &Value| api["systemData"]["createdAt"].as_str().map(str::to_owned);
    let source = send(&center, Method::GET, SOURCE, None).await.json();
    let older: Vec<Value> = apis(&center).await;
    let older = older.iter().filter(|api| created(api) < created(&source));
    let [copy] = older.collect::<Vec<_>>()[..] else {
        panic!("not one copy");
    };
    let copy = copy["name"].as_str().expect("a name");
    let copy = format!("{WORKSPACE}/apis/{copy}");
    center.delete(&copy).await.expect(204);
    unlink(&center).await;
    center
        .get(&format!("/services/contoso{ENVIRONMENT}"))
        .await
        .expect(404);
}

#[tokio::test]
async fn a_source_that_is_pointed_elsewhere_loses_all_that_it_brought() {
    let center = center(options()).await;
    api_management::own(&center).await;
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    let (payments, _) = titled(&center, "Payments").await;
    set(&center, SOURCE, apim("/service/own")).await.expect(200);
    center.get(&payments).await.expect(404);
    let now = apis(&center).await;
    assert_eq!(now.len(), 1);
    assert_eq!(now[0]["properties"]["title"], "Echo API");
}

#[tokio::test]
async fn what_was_written_to_synchronised_apis_goes_with_the_gateway_only() {
    let center = center(options()).await;
    let described = async |summary: &str| {
        let (path, mut api) = titled(&center, "Loyalty").await;
        api["summary"] = json!(summary);
        center.set(&path, api).await.expect(200);
    };
    let summary = async || titled(&center, "Loyalty").await.1["summary"].clone();
    set(&center, SOURCE, amazon()).await.expect(200);
    described("Points").await;
    let mut source = amazon();
    source["targetLifecycleStage"] = json!("production");
    source["importSpecification"] = json!("always");
    source["amazonApiGatewaySource"]["regionName"] = json!("EU-WEST-1");
    set(&center, SOURCE, source.clone()).await.expect(200);
    assert_eq!(summary().await, "Points");
    for (field, value) in [
        ("regionName", "us-east-1"),
        ("accessKey", "https://kv.vault.azure.net/secrets/Other"),
        (
            "secretAccessKey",
            "https://kv.vault.azure.net/secrets/Other",
        ),
    ] {
        described("Points").await;
        source["amazonApiGatewaySource"][field] = json!(value);
        set(&center, SOURCE, source.clone()).await.expect(200);
        assert_eq!(summary().await, Value::Null, "{field}");
    }
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    let amazon = format!("{WORKSPACE}/environments/amazon-api-gateway");
    center.get(&amazon).await.expect(404);
    let environment = properties(&center, &format!("/services/contoso{ENVIRONMENT}")).await;
    assert_eq!(environment["title"], "Azure API Management");
}
