//! What belongs to a source, and who may change or delete it.

use reqwest::Method;
use serde_json::json;

use super::{
    ENVIRONMENT, SOURCE, WORKSPACE, apim, center, only_child, options, properties, send, set,
    titled,
};
use crate::emulator::api_management::{self, SAMPLE};

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
