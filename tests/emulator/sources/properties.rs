//! Which properties a source takes, and how the service completes them.

use reqwest::Method;
use serde_json::json;

use super::{
    ENVIRONMENT, SOURCE, WORKSPACE, amazon, apim, center, only_child, options, properties, send,
    set, titled, until,
};
use crate::emulator::api_management::SAMPLE;
use crate::emulator::harness::{keys, names};

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
