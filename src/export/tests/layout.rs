//! What the files look like, and what is told about the rest.

use std::collections::BTreeMap;

use serde_json::json;

use super::service::{
    Service, api, definition, deployment, environment, examples, load_again, metadata, options,
    service, version,
};
use crate::export::{Export, ExportOptions, ProjectFile, export};
use crate::manifest::{EmulatorSpec, OwnershipSpec, ProjectSpec, TargetSpec};

fn text<'a>(export: &'a Export, path: &str) -> &'a str {
    let file = export.files.iter().find(|file| file.path == path);
    std::str::from_utf8(&file.unwrap_or_else(|| panic!("no {path}")).bytes).unwrap()
}

fn paths(export: &Export) -> Vec<&str> {
    export.files.iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn an_api_is_one_readable_file_and_its_documents() {
    let all = Service::default()
        .with(
            metadata("team"),
            json!({"schema": r#"{"type": "string", "oneOf": [{"const": "a", "description": ""}]}"#}),
        )
        .with(environment("prod"), json!({"title": "Prod", "kind": "production"}))
        .with(
            api("orders"),
            json!({"customProperties": {"team": "a", "audience": "no"}, "kind": "rest",
                "description": "Place orders.\n\nCosts ${5}.\n", "title": "Orders", "summary": null,
                "contacts": [{"email": "a@b.c", "name": "Ann"}], "lifecycleStage": "design"}),
        )
        .with(version("orders", "1-0-0"), json!({"lifecycleStage": "production", "title": "1.0"}))
        .document(
            definition("orders", "1-0-0", "openapi"),
            json!({"name": "openapi", "version": "3-0-3"}),
            "openapi: 3.0.3\ninfo: {}\n",
        )
        .with(
            deployment("orders", "prod-eu"),
            json!({"title": "EU", "server": {"runtimeUri": ["https://a.b"]},
                "environmentId": "/workspaces/default/environments/prod",
                "definitionId":
                    "/workspaces/default/apis/orders/versions/1-0-0/definitions/openapi"}),
        );
    let export = all.export();
    assert_eq!(
        paths(&export),
        [
            "apis/orders/1-0-0/openapi.yaml",
            "apis/orders/api.yaml",
            "environments/prod.yaml",
            "metadata-schemas/team.yaml"
        ]
    );
    assert_eq!(
        text(&export, "apis/orders/api.yaml"),
        "\
apiVersion: apicenter/v1
kind: Api
metadata:
  name: orders
spec:
  title: Orders
  kind: rest
  description: |
    Place orders.

    Costs $${5}.
  contacts:
    - name: Ann
      email: a@b.c
  customProperties:
    audience: \"no\"
    team: a
  versions:
    - name: 1-0-0
      title: \"1.0\"
      lifecycleStage: production
      definitions:
        - name: openapi
          title: openapi
          specification:
            version: 3-0-3
          source:
            file: 1-0-0/openapi.yaml
  deployments:
    - name: prod-eu
      title: EU
      environment: prod
      definition: 1-0-0/openapi
      server:
        runtimeUri:
          - https://a.b
"
    );
    assert!(
        text(&export, "metadata-schemas/team.yaml")
            .ends_with("spec:\n  schema:\n    type: string\n    enum:\n      - a\n")
    );
    assert_eq!(
        export.notes,
        [
            "api/orders: `customProperties.audience` names metadata-schema/audience, which is not part of this export"
        ]
    );
}

#[test]
fn the_service_and_the_project_have_a_file_each() {
    let options = ExportOptions {
        project: Some(ProjectFile {
            path: "apicenter.yaml".to_owned(),
            name: "contoso".to_owned(),
            spec: ProjectSpec {
                default_target: Some("local".to_owned()),
                targets: Some(BTreeMap::from([(
                    "local".to_owned(),
                    TargetSpec {
                        emulator: Some(EmulatorSpec::default()),
                        variables: Some(BTreeMap::from([("a".to_owned(), "${b}".to_owned())])),
                        ..TargetSpec::default()
                    },
                )])),
                ..ProjectSpec::default()
            },
        }),
        ..options()
    };
    let state = Service::default()
        .with(service(), json!({"location": "westeurope"}))
        .0;
    let export = export(&state, &options);
    assert_eq!(paths(&export), ["apicenter.yaml", "service.yaml"]);
    assert_eq!(
        text(&export, "apicenter.yaml"),
        "\
apiVersion: apicenter/v1
kind: Project
metadata:
  name: contoso
spec:
  defaultTarget: local
  targets:
    local:
      emulator: {}
      variables:
        a: ${b}
"
    );
    assert_eq!(
        text(&export, "service.yaml"),
        "apiVersion: apicenter/v1\nkind: Service\nmetadata:\n  name: contoso\nspec:\n  location: westeurope\n"
    );
    let loaded = load_again(&export);
    assert!(!loaded.diagnostics.has_errors(), "{:?}", loaded.diagnostics);
}

#[test]
fn the_ownership_marker_is_left_to_the_program() {
    let options = ExportOptions {
        ownership_property: Some("managed-by".to_owned()),
        project: Some(ProjectFile {
            path: "apicenter.yaml".to_owned(),
            name: "contoso".to_owned(),
            spec: ProjectSpec {
                ownership: Some(OwnershipSpec {
                    owner: "catalog".to_owned(),
                    property: "managed-by".to_owned(),
                }),
                ..ProjectSpec::default()
            },
        }),
        ..options()
    };
    let marked =
        json!({"title": "A", "kind": "rest", "customProperties": {"managed-by": "catalog"}});
    let schema = json!({"schema": r#"{"type": "string", "title": "Managed by"}"#, "assignedTo": [
        {"entity": "api"}, {"entity": "deployment"}, {"entity": "environment"}]});
    let all = Service::default()
        .with(metadata("managed-by"), schema)
        .with(api("orders"), marked);
    let export = export(&all.0, &options);
    assert_eq!(export.notes, [""; 0]);
    assert_eq!(paths(&export), ["apicenter.yaml", "apis/orders/api.yaml"]);
    assert!(!text(&export, "apis/orders/api.yaml").contains("customProperties"));
    let loaded = load_again(&export);
    assert!(!loaded.diagnostics.has_errors(), "{:?}", loaded.diagnostics);
    for (address, live) in &all.0.resources {
        assert_eq!(
            loaded.desired.resources[address].resource.body,
            live.resource.body
        );
    }
}

#[test]
fn what_cannot_be_carried_over_is_told() {
    let mut all = examples()
        .with(api("synced"), json!({"title": "S", "kind": "rest"}))
        .with(
            version("synced", "1-0-0"),
            json!({"title": "S", "lifecycleStage": "design"}),
        )
        .with(
            version("alone", "1-0-0"),
            json!({"title": "S", "lifecycleStage": "design"}),
        )
        .with(
            definition("alone", "1-0-0", "openapi"),
            json!({"title": "S"}),
        )
        .with(metadata("broken"), json!({"schema": "not json"}))
        .with(metadata("text"), json!({"schema": r#"{"type": "string"}"#}))
        .with(
            environment("prod"),
            json!({"title": "P", "kind": "production", "novel": {"a": 1, "b": [2]},
                "customProperties": {"text": 5}}),
        )
        .with(
            deployment("orders", "odd"),
            json!({"environmentId": "/workspaces/other/environments/prod",
                "definitionId":
                    "/workspaces/default/apis/orders/versions/1-0-0/definitions/gone"}),
        );
    all.0
        .resources
        .get_mut(&api("synced"))
        .unwrap()
        .synchronised = true;
    let export = all.export();
    assert_eq!(
        export.notes,
        [
            "metadata-schema/broken: left out: its schema is not a JSON object",
            "api/alone/version/1-0-0: left out: what it belongs to is not part of this export",
            "api/synced: left out: an integration keeps it",
            "environment/prod: manifests do not have `novel.a`, `novel.b`; the service keeps it as it is",
            "environment/prod: the custom property `text` is not the text that its metadata schema asks for; the manifest makes it one",
            "api/orders/deployment/odd: `environment` names `/workspaces/other/environments/prod`, which manifests cannot declare",
            "api/orders/deployment/odd: `definition` names api/orders/version/1-0-0/definition/gone, which is not part of this export",
        ]
    );
    assert!(
        !paths(&export)
            .iter()
            .any(|path| path.contains("synced") || path.contains("alone"))
    );
}
