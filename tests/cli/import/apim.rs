//! `import apim`, and read each document from API Management.

use std::time::Duration;

use apicenter::emulator::{Fault, FaultRule};
use insta::assert_snapshot;
use serde_json::json;

use super::{files, holds, repeats};
use crate::cli::harness::Project;
use crate::cli::service_fixture::ServiceFixture;

fn import(name: &str) -> String {
    format!("import apim {}", ServiceFixture::instance(name))
}

#[test]
fn an_instance_becomes_readable_manifests() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    let ended = project.run(&import("contoso-apim")).success();
    assert_snapshot!(ended.scrubbed(), @r"
    Imported 6 APIs to 12 files (12 written, 0 unchanged).
      api/catalog           apis/catalog/api.yaml           1 version, 1 document, 1 deployment
      api/notifications     apis/notifications/api.yaml     1 version, 0 documents, 1 deployment
      api/orders            apis/orders/api.yaml            2 versions, 2 documents, 2 deployments
      api/payments          apis/payments/api.yaml          1 version, 1 document, 1 deployment
      api/shipping          apis/shipping/api.yaml          1 version, 1 document, 1 deployment
      api/storefront-tools  apis/storefront-tools/api.yaml  1 version, 0 documents, 1 deployment
    ");
    assert_snapshot!(ended.scrubbed_stderr(), @r"
    note: api/notifications: API Management exports no description of `notifications`, which is of type websocket: version 1-0-0 has no definition
    note: api/storefront-tools: API Management exports no description of `storefront-tools`, which is of type mcp: version 1-0-0 has no definition
    note: environment/contoso-apim: its kind is taken to be development; change it where it is another
      next: apicenter validate, then apicenter plan
    ");
    assert_snapshot!(files(&project, "apis").join("\n"), @r"
    apis/catalog/1-0-0/graphql.graphql
    apis/catalog/api.yaml
    apis/notifications/api.yaml
    apis/orders/api.yaml
    apis/orders/v1/openapi.yaml
    apis/orders/v2/openapi.yaml
    apis/payments/1.4.0/openapi.yaml
    apis/payments/api.yaml
    apis/shipping/1-0-0/wsdl.wsdl
    apis/shipping/api.yaml
    apis/storefront-tools/api.yaml
    ");
    assert_snapshot!(project.read("apis/orders/api.yaml"), @r"
    apiVersion: apicenter/v1
    kind: Api
    metadata:
      name: orders
    spec:
      title: Orders
      kind: rest
      description: Places orders and tells what became of them.
      termsOfService:
        url: https://contoso.example/terms
      contacts:
        - name: Orders team
          email: orders@contoso.example
      license:
        name: MIT
        url: https://contoso.example/licence
      versions:
        - name: v1
          title: v1
          lifecycleStage: production
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: v1/openapi.yaml
        - name: v2
          title: v2
          lifecycleStage: production
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: v2/openapi.yaml
      deployments:
        - name: contoso-apim-v1
          title: contoso-apim
          environment: contoso-apim
          definition: v1/openapi
          server:
            runtimeUri:
              - https://contoso-apim.azure-api.net/orders/v1
        - name: contoso-apim-v2
          title: contoso-apim
          environment: contoso-apim
          definition: v2/openapi
          server:
            runtimeUri:
              - https://contoso-apim.azure-api.net/orders/v2
    ");
    assert_snapshot!(project.read("apis/storefront-tools/api.yaml"), @r#"
    apiVersion: apicenter/v1
    kind: Api
    metadata:
      name: storefront-tools
    spec:
      title: Storefront tools
      kind: mcp
      description: Searches the catalog and places orders, for agents.
      versions:
        - name: 1-0-0
          title: "1.0.0"
          lifecycleStage: production
      deployments:
        - name: contoso-apim
          title: contoso-apim
          environment: contoso-apim
          server:
            runtimeUri:
              - https://contoso-apim.azure-api.net/storefront/mcp
    "#);
    assert_snapshot!(project.read("environments/contoso-apim.yaml"), @r"
    apiVersion: apicenter/v1
    kind: Environment
    metadata:
      name: contoso-apim
    spec:
      title: contoso-apim
      kind: development
      server:
        type: Azure API Management
      onboarding:
        developerPortalUri:
          - https://contoso-apim.developer.azure-api.net
    ");
    // The environment is the project's own from now on.
    repeats(&project, &import("contoso-apim"));
    holds(&project);
}

#[test]
fn one_api_of_many() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    project
        .run(&format!(
            "{} --api payments --environment gateway --lifecycle-stage preview",
            import("contoso-apim")
        ))
        .success();
    project
        .run(&format!(
            "{}/apis/SHIPPING --environment gateway",
            import("contoso-apim")
        ))
        .success();
    let manifests = files(&project, ".");
    assert!(
        manifests.contains(&"environments/gateway.yaml".to_owned()),
        "{manifests:?}"
    );
    assert_eq!(
        files(&project, "apis"),
        [
            "apis/payments/1.4.0/openapi.yaml",
            "apis/payments/api.yaml",
            "apis/shipping/1-0-0/wsdl.wsdl",
            "apis/shipping/api.yaml"
        ]
    );
    assert!(
        project
            .read("apis/payments/api.yaml")
            .contains("lifecycleStage: preview")
    );
    holds(&project);
}

#[test]
fn wrong_ids_and_names_are_told() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    let sample = import("contoso-apim");
    for (arguments, exit, words) in [
        (
            "import apim contoso-apim".to_owned(),
            64,
            "`contoso-apim` is not the id of an API Management instance",
        ),
        (
            format!("{sample} --api paymets"),
            64,
            "did you mean `payments`?",
        ),
        (
            format!("{sample} --api Payments2"),
            64,
            "no API `Payments2`",
        ),
        (import("none"), 1, "none"),
        (
            format!("{sample} --environment a_b"),
            64,
            "`a_b` is not a valid environment name",
        ),
        (
            format!("{sample} --server-side --link"),
            64,
            "cannot be used with",
        ),
    ] {
        project.run(&arguments).exit(exit).talks(&[words]);
    }
    assert!(files(&project, "apis").is_empty());
}

#[test]
fn titles_versions_and_host_names_that_are_odd() {
    let center = ServiceFixture::start();
    let instance = ServiceFixture::instance("own");
    center.manage(
        &instance,
        &json!({
            "location": "westeurope",
            "sku": {"name": "Premium", "capacity": 1},
            "properties": {"hostnameConfigurations": [
                {"type": "Proxy", "hostName": "api.contoso.com"},
                {"type": "Proxy", "hostName": "own.azure-api.net"},
                {"type": "Management", "hostName": "manage.contoso.com"},
            ]},
        }),
    );
    let document = |title: &str| {
        json!({"openapi": "3.0.1", "info": {"title": title, "version": "1.0"}, "paths": {}})
            .to_string()
    };
    let long = "word ".repeat(60);
    for (name, title) in [
        ("a1", "🚀"),
        ("b2", "../../x"),
        ("c3", long.as_str()),
        ("d4", "Same!"),
        ("e5", "Same?"),
    ] {
        center.manage(&format!("{instance}/apis/{name}"), &json!({"properties": {
            "displayName": title, "path": name, "format": "openapi+json", "value": document(title), "description": long.repeat(5),
        }}));
    }
    let set = format!("{instance}/apiVersionSets/set");
    center.manage(&set, &json!({"properties": {"displayName": "Versioned", "versioningScheme": "Header", "versionHeaderName": "v"}}));
    for (name, version) in [
        ("original", None),
        ("dated", Some("2024-05-01")),
        ("plain", Some("v1")),
    ] {
        center.manage(&format!("{instance}/apis/{name}"), &json!({"properties": {
            "displayName": "Versioned", "path": "versioned", "apiVersion": version, "apiVersionSetId": set,
            "format": "openapi+json", "value": document("Versioned"),
        }}));
    }
    let project = Project::of(&center);
    project.run(&import("own")).success();
    assert_snapshot!(files(&project, "apis").join("\n"), @r"
    apis/a1-api/1.0/openapi.yaml
    apis/a1-api/api.yaml
    apis/e5-api/1.0/openapi.yaml
    apis/e5-api/api.yaml
    apis/same/1.0/openapi.yaml
    apis/same/api.yaml
    apis/versioned/2024-05-01/openapi.yaml
    apis/versioned/Original/openapi.yaml
    apis/versioned/api.yaml
    apis/versioned/v1/openapi.yaml
    apis/word-word-word-word-word-word-word-word-word-word-word-word/1.0/openapi.yaml
    apis/word-word-word-word-word-word-word-word-word-word-word-word/api.yaml
    apis/x-api/1.0/openapi.yaml
    apis/x-api/api.yaml
    ");
    assert_snapshot!(project.read("apis/versioned/api.yaml"), @r#"
    apiVersion: apicenter/v1
    kind: Api
    metadata:
      name: versioned
    spec:
      title: Versioned
      kind: rest
      versions:
        - name: Original
          title: Original
          lifecycleStage: production
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: Original/openapi.yaml
        - name: v1
          title: v1
          lifecycleStage: production
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: v1/openapi.yaml
        - name: "2024-05-01"
          title: "2024-05-01"
          lifecycleStage: production
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: 2024-05-01/openapi.yaml
      deployments:
        - name: own-Original
          title: own
          environment: own
          definition: Original/openapi
          server:
            runtimeUri:
              - https://own.azure-api.net/versioned
        - name: own-v1
          title: own
          environment: own
          definition: v1/openapi
          server:
            runtimeUri:
              - https://own.azure-api.net/versioned
        - name: own-2024-05-01
          title: own
          environment: own
          definition: 2024-05-01/openapi
          server:
            runtimeUri:
              - https://own.azure-api.net/versioned
    "#);
    repeats(&project, &import("own"));
    holds(&project);
}

#[test]
fn linked_definitions_follow_api_management() {
    let mut center = ServiceFixture::start();
    let project = Project::of(&center);
    let linked = format!("{} --link --api payments", import("contoso-apim"));
    project.run(&linked).success();
    assert_eq!(files(&project, "apis"), ["apis/payments/api.yaml"]);
    assert_snapshot!(project.read("apis/payments/api.yaml"), @r#"
    apiVersion: apicenter/v1
    kind: Api
    metadata:
      name: payments
    spec:
      title: Payments
      kind: rest
      description: Takes payments and gives refunds.
      versions:
        - name: "1.4.0"
          title: "1.4.0"
          lifecycleStage: production
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                apiManagement:
                  resourceId: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso-apim
                  api: payments
      deployments:
        - name: contoso-apim
          title: contoso-apim
          environment: contoso-apim
          definition: 1.4.0/openapi
          server:
            runtimeUri:
              - https://contoso-apim.azure-api.net/payments
    "#);
    repeats(&project, &linked);
    holds(&project);
    project.run("snapshot --out live.json").success();
    // What changes there is a difference here, with no file changed.
    let api = format!("{}/apis/payments", ServiceFixture::instance("contoso-apim"));
    let document = "openapi: 3.0.1\ninfo: {title: Payments, version: 1.5.0}\npaths: {}\n";
    center.manage(&api, &json!({"properties": {"displayName": "Payments", "path": "payments", "format": "openapi", "value": document}}));
    project.run("plan --detailed-exitcode").exit(2).says(&[
        "~ api/payments/version/1.4.0/definition/openapi",
        "source",
        "+3 −26 lines, 2 breaking",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
    ]);
    // Without credentials nobody can tell.
    project
        .run("plan --detailed-exitcode --against live.json")
        .success();
    center.mark();
    project.run("apply --auto-approve").success();
    assert_eq!(
        center.writes(),
        ["POST apis/payments/versions/1.4.0/definitions/openapi/importSpecification"]
    );
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn a_source_that_cannot_be_exported_is_told_at_its_place() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    let manifest = |resource: &str, api: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n  title: Orders\n  \
             kind: rest\n  versions:\n    - name: 1-0-0\n      title: v1\n      lifecycleStage: design\n      \
             definitions:\n        - name: openapi\n          title: OpenAPI\n          source:\n            \
             apiManagement: {{resourceId: {resource}, api: {api}}}\n"
        )
    };
    for (resource, api, exit, words) in [
        (
            ServiceFixture::instance("contoso-apim"),
            "none",
            1,
            "the API `none` in the API Management instance `contoso-apim` does not exist",
        ),
        (
            ServiceFixture::instance("contoso-apim"),
            "notifications",
            1,
            "exports no description of the API `notifications`",
        ),
        (ServiceFixture::instance("none"), "orders", 1, "`none`"),
    ] {
        project.write("orders.yaml", manifest(&resource, api));
        project.run("validate").success();
        project
            .run("plan")
            .exit(exit)
            .talks(&["orders.yaml:15:28: ", words]);
    }
    project.write(
        "orders.yaml",
        manifest(&ServiceFixture::instance("contoso-apim"), "payments"),
    );
    center.inject(FaultRule::next("GET", "/apis/payments", Fault::Status(403)).times(9));
    project
        .run("plan")
        .exit(3)
        .talks(&["orders.yaml:15:28: ", "API Management Service Reader Role"]);
    center.heal();
    project.write("orders.yaml", manifest("/subscriptions/s", "payments"));
    project
        .run("validate")
        .exit(6)
        .talks(&["orders.yaml:15:41", "ARM id of the instance"]);
    let both =
        manifest("x", "y").replace("apiManagement:", "inline: a\n            apiManagement:");
    project.write("orders.yaml", both);
    project
        .run("validate")
        .exit(6)
        .talks(&["`inline` and `apiManagement` exclude each other"]);
}

/// A service that is declared with an identity, and applied.
fn with_identity(center: &ServiceFixture) -> Project {
    let service = "apiVersion: apicenter/v1\nkind: Service\nmetadata: {name: contoso}\n\
                   spec: {location: eastus, identity: {type: SystemAssigned}}\n";
    let project = Project::of(center).file("service.yaml", service);
    project.run("apply --auto-approve -q").success();
    project
}

#[test]
fn the_service_imports_by_itself() {
    let center = ServiceFixture::with(|options| {
        options.enforce_roles = false;
        options.operation_delay = Duration::from_millis(300);
    });
    let project = with_identity(&center);
    let one = format!("{} --server-side --api payments", import("contoso-apim"));
    let ended = project.run(&one).success();
    assert_snapshot!(numbers(&ended.scrubbed()), @r"
    The service contoso imported 1 API.
      environment/azure-api-management  Azure API Management
      api/[NUMBER]  Payments
    ");
    assert_snapshot!(ended.scrubbed_stderr(), @r"
    The service contoso is importing from contoso-apim. This can take several minutes.
    note: the service chose these names; apicenter export writes the resources as manifests
    ");
    let all = format!("{} --server-side", import("contoso-apim"));
    project
        .run(&all)
        .success()
        .says(&["The service contoso imported 6 APIs."]);
    assert!(files(&project, "apis").is_empty());
}

/// The service's own names are numbers that differ from run to run.
fn numbers(text: &str) -> String {
    let names = regex::Regex::new(r"api/\d+").expect("the pattern is a constant");
    names.replace_all(text, "api/[NUMBER]").into_owned()
}

#[test]
fn an_import_that_the_service_gives_up_is_an_error() {
    let center = ServiceFixture::with(|options| options.enforce_roles = false);
    let project = with_identity(&center);
    let ended = project
        .run(&format!(
            "{} --server-side --api none",
            import("contoso-apim")
        ))
        .exit(1);
    assert_snapshot!(ended.scrubbed_stderr(), @r"
    The service contoso is importing from contoso-apim. This can take several minutes.
    error: POST importFromApim: accepted, then failed: Operation did not succeed. Status: Terminated, Error: Unknown error: Failed to obtain schema from APIM for /subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/rg/providers/microsoft.apimanagement/service/contoso-apim/apis/none Failed when talking to APIM: Failed to fetch specification from API Management service: NotFound Not Found (HTTP 400, ValidationError, request id [ID])
      help: check the names, and that the service's identity has the role API Management Service Reader Role on the instance
    ");
}

#[test]
fn the_service_needs_an_identity_to_import_by_itself() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    let ended = project
        .run(&format!("{} --server-side", import("contoso-apim")))
        .exit(1);
    assert_snapshot!(ended.scrubbed_stderr(), @r"
    error: the service `contoso` has no managed identity with which to read API Management
      help: declare it and apply: a document of kind Service, metadata: {name: contoso}, with identity: {type: SystemAssigned} in its spec; then give that identity the role API Management Service Reader Role on the instance
    ");
}
