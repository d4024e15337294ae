//! Services: creation, seeding, soft delete, restore.

use std::time::Duration;

use apicenter::emulator::{EmulatorError, EmulatorOptions};
use reqwest::Method;
use serde_json::{Value, json};

use super::harness::{API, EmulatorFixture, GROUP, SERVICE, keys, names};

const APIS: &str = "/services/contoso/workspaces/default/apis";

fn preview(url: &str) -> String {
    url.replace("2024-03-01", "2024-06-01-preview")
}

#[tokio::test]
async fn a_service_is_the_one_thing_created_with_201() {
    let center = EmulatorFixture::bare(EmulatorOptions::default()).await;
    let created = center
        .put(
            SERVICE,
            json!({"location": "eastus", "sku": {"name": "Free"}}),
        )
        .await
        .expect(201);
    let body = created.json();
    assert_eq!(
        keys(&body),
        [
            "type",
            "location",
            "sku",
            "properties",
            "id",
            "name",
            "tags",
            "systemData"
        ]
    );
    assert_eq!(body["sku"], json!({"name": "Free"}));
    assert_eq!(body["properties"], json!({}));
    assert_eq!(body["id"], format!("{GROUP}{SERVICE}"));
    assert_eq!(created.header("etag"), None);

    let again = json!({"location": "East US", "sku": {"name": "Free"}, "tags": {"a": "b"}, "identity": {"type": "SystemAssigned"}});
    let updated = center.put(SERVICE, again.clone()).await.expect(200);
    assert_eq!(updated.header("etag"), None);
    let principal = updated.json()["identity"]["principalId"].clone();
    assert!(principal.is_string());
    assert_eq!(
        center.put(SERVICE, again).await.json()["identity"]["principalId"],
        principal
    );
    let read = center.get(SERVICE).await.expect(200);
    assert!(read.header("etag").is_some());
    assert_eq!(
        read.json()["properties"]["dataApiHostname"],
        "contoso.data.eastus.azure-apicenter.ms"
    );
    center
        .put(
            SERVICE,
            json!({"location": "westeurope", "sku": {"name": "Free"}}),
        )
        .await
        .expect(409);
    center.put("/services/other", json!({})).await.expect(400);
}

#[tokio::test]
async fn patch_changes_tags_and_identity() {
    let center = EmulatorFixture::start().await;
    let patch = json!({"tags": {"a": "b"}});
    let heard = center
        .send(Method::PATCH, &center.url(SERVICE), Some(&patch))
        .await
        .expect(200);
    assert_eq!(heard.json()["identity"], json!({"type": "None"}));
    assert!(heard.header("etag").is_some());
    assert_eq!(center.get(SERVICE).await.json()["tags"], json!({"a": "b"}));
    assert_eq!(names(&center.get("/services").await.json()), ["contoso"]);
    let user = json!({"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id": {}}}});
    let heard = center
        .send(Method::PATCH, &center.url(SERVICE), Some(&user))
        .await
        .expect(200);
    assert_eq!(
        keys(&heard.json()["identity"]["userAssignedIdentities"]["/id"]),
        ["principalId", "clientId"]
    );
    // Such an identity is the same for every service that uses it.
    let other =
        json!({"location": "eastus", "sku": {"name": "Free"}, "identity": user["identity"]});
    let other = center
        .put("/services/other", other)
        .await
        .expect(201)
        .json();
    assert_eq!(other["identity"], heard.json()["identity"]);
}

async fn with_seed_delay(seed_delay: Duration) -> EmulatorFixture {
    EmulatorFixture::bare(EmulatorOptions {
        seed_delay,
        ..EmulatorOptions::default()
    })
    .await
}

#[tokio::test]
async fn every_service_is_born_with_a_workspace_and_a_sample() {
    let center = with_seed_delay(Duration::from_secs(60 * 60)).await;
    center
        .put(
            SERVICE,
            json!({"location": "eastus", "sku": {"name": "Free"}}),
        )
        .await
        .expect(201);
    let workspaces = center.get("/services/contoso/workspaces").await.json();
    assert_eq!(names(&workspaces), ["default"]);
    center
        .set(
            "/services/contoso/workspaces/default",
            json!({"title": "Ours"}),
        )
        .await
        .expect(200);
    assert!(names(&center.get(APIS).await.json()).is_empty());

    let center = with_seed_delay(Duration::from_millis(50)).await;
    center
        .put(
            SERVICE,
            json!({"location": "eastus", "sku": {"name": "Free"}}),
        )
        .await
        .expect(201);
    let sample = loop {
        let list = center.get(APIS).await.json();
        if !names(&list).is_empty() {
            break list;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let api = &sample["value"][0];
    assert_eq!(api["name"], "swagger-petstore");
    assert_eq!(api["properties"]["kind"], "REST");
    assert_eq!(api["properties"]["lifecycleStage"], "testing");
    let version = format!("{APIS}/swagger-petstore/versions/1-0-0/definitions/openapi");
    let definition = center.get(&version).await.expect(200).json();
    assert_eq!(definition["properties"]["specification"]["name"], "openapi");
    let export = center
        .post(&format!("{version}/exportSpecification"), json!(null))
        .await
        .expect(200);
    assert!(
        export.json()["value"]
            .as_str()
            .unwrap()
            .starts_with("openapi: 3")
    );
    center
        .delete(&format!("{APIS}/swagger-petstore"))
        .await
        .expect(204);
    assert!(names(&center.get(APIS).await.json()).is_empty());
}

/// The recorded lists that have the sample API, as they were received.
fn recorded_samples(file: &std::path::Path) -> Vec<Value> {
    let recorded = String::from_utf8(std::fs::read(file).expect("a file")).expect("text");
    recorded
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("an exchange"))
        .filter_map(|exchange| serde_json::from_str(exchange["response"].as_str()?).ok())
        .flat_map(|response: Value| match &response["value"] {
            Value::Array(items) => items.clone(),
            _ => vec![response],
        })
        .filter(|resource| {
            resource["type"] == "Microsoft.ApiCenter/services/workspaces/apis"
                && resource["name"] == "swagger-petstore"
        })
        .collect()
}

#[tokio::test]
async fn the_sample_api_is_as_recorded() {
    let Some(file) = crate::emulator::harness::reference("wire.jsonl") else {
        println!("no recordings beside the project: nothing compared");
        return;
    };
    let samples = recorded_samples(&file);
    assert!(samples.len() >= 3, "{}", samples.len());
    let center = EmulatorFixture::with(EmulatorOptions::default()).await;
    let sample = center
        .get(&format!("{APIS}/swagger-petstore"))
        .await
        .expect(200)
        .json();
    let listed = &center.get(APIS).await.json()["value"][0];
    for recorded in samples {
        for ours in [&sample, listed] {
            assert_eq!(ours["properties"], recorded["properties"]);
            assert_eq!(keys(ours), keys(&recorded));
            assert_eq!(keys(&ours["properties"]), keys(&recorded["properties"]));
            assert_eq!(keys(&ours["systemData"]), keys(&recorded["systemData"]));
        }
    }
}

/// The same without recordings: what is there, in which order, and what callers may rely on.
#[tokio::test]
async fn the_sample_api_shows_all_that_an_api_can_have() {
    let center = EmulatorFixture::with(EmulatorOptions::default()).await;
    let one = center
        .get(&format!("{APIS}/swagger-petstore"))
        .await
        .expect(200)
        .json();
    let listed = center.get(APIS).await.json()["value"][0].clone();
    for sample in [one, listed] {
        assert_eq!(
            keys(&sample),
            ["type", "properties", "id", "name", "systemData"]
        );
        let properties = &sample["properties"];
        assert_eq!(
            keys(properties),
            [
                "title",
                "summary",
                "description",
                "kind",
                "lifecycleStage",
                "termsOfService",
                "license",
                "externalDocumentation",
                "contacts",
                "customProperties"
            ]
        );
        assert_eq!(properties["title"], "Swagger Petstore");
        assert_eq!(
            properties["kind"], "REST",
            "in capitals, unlike what clients send"
        );
        assert_eq!(properties["lifecycleStage"], "testing");
        assert_eq!(properties["customProperties"], json!({}));
        assert_eq!(keys(&properties["license"]), ["name", "url"]);
        assert_eq!(keys(&properties["contacts"][0]), ["name", "email"]);
        assert_eq!(
            keys(&properties["externalDocumentation"][0]),
            ["description", "url"]
        );
        assert_eq!(keys(&sample["systemData"]), ["createdAt", "lastModifiedAt"]);
    }
}

#[tokio::test]
async fn a_deleted_service_keeps_its_name_until_restored() {
    let center = EmulatorFixture::start().await;
    center.orders().await;
    center.delete(SERVICE).await.expect(200);
    center.delete(SERVICE).await.expect(204);
    center.get(SERVICE).await.expect(404);
    center.get(API).await.expect(404);
    assert!(names(&center.get("/services").await.json()).is_empty());
    let taken = center
        .put(
            SERVICE,
            json!({"location": "eastus", "sku": {"name": "Free"}}),
        )
        .await
        .expect(400);
    assert_eq!(taken.problems(), ["The name 'contoso' is already taken."]);
    let elsewhere = center
        .url(SERVICE)
        .replace("resourceGroups/rg", "resourceGroups/other");
    center
        .send(
            Method::PUT,
            &elsewhere,
            Some(&json!({"location": "eastus", "sku": {"name": "Free"}})),
        )
        .await
        .expect(400);

    let deleted = preview(&center.url("/deletedServices"));
    let heard = center
        .send(Method::GET, &deleted, None)
        .await
        .expect(200)
        .json();
    assert_eq!(names(&heard), ["contoso"]);
    let one = preview(&center.url("/deletedServices/contoso"));
    let purge = center.send(Method::DELETE, &one, None).await.expect(400);
    assert_eq!(
        purge.json()["error"]["code"],
        "UnsupportedResourceOperation"
    );

    let restore = json!({"location": "eastus", "properties": {"restore": true}});
    let none = center
        .put("/services/never", restore.clone())
        .await
        .expect(400);
    assert!(none.problems()[0].contains("does not exist or may have been permanently deleted"));
    center.put(SERVICE, restore).await.expect(200);
    center.get(API).await.expect(200);
    let heard = center
        .send(Method::GET, &deleted, None)
        .await
        .expect(200)
        .json();
    assert!(names(&heard).is_empty());
}

#[tokio::test]
async fn a_service_is_ensured_once() {
    let center = EmulatorFixture::start().await;
    let subscription = "00000000-0000-0000-0000-000000000001";
    let ensure = |group, name| {
        center
            .emulator
            .ensure_service(subscription, group, name, "westus")
    };
    ensure("RG", "Contoso").expect("it is there");
    assert_eq!(center.get(SERVICE).await.json()["location"], "eastus");
    let taken = ensure("other", "contoso").unwrap_err();
    assert!(
        taken
            .to_string()
            .ends_with("The name 'contoso' is already taken."),
        "{taken}"
    );
    let invalid = ensure("rg", "no_underscores").unwrap_err();
    assert!(matches!(invalid, EmulatorError::Service { .. }));
}

#[tokio::test]
async fn the_provider_lists_its_operations() {
    let center = EmulatorFixture::start().await;
    let url = format!(
        "{}/providers/Microsoft.ApiCenter/operations?api-version=2024-03-01",
        center.emulator.url()
    );
    let heard = center
        .send(Method::GET, &url, None)
        .await
        .expect(200)
        .json();
    assert!(names(&heard).contains(&"Microsoft.ApiCenter/services/workspaces/apis/write"));
    let subscription = format!(
        "{}/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.ApiCenter/services?api-version=2024-03-01",
        center.emulator.url()
    );
    assert_eq!(
        names(&center.send(Method::GET, &subscription, None).await.json()),
        ["contoso"]
    );
}
