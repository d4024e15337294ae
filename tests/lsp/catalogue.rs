//! A catalogue in which everything refers to something.

use crate::cli::harness::Project;

pub(super) const ORDERS: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders \u{1f600}
  kind: rest
  customProperties: {team: checkout}
  versions:
    - name: 1-0-0
      title: v1
      lifecycleStage: production
      definitions:
        - name: openapi
          title: OpenAPI
          source: {file: specs/orders.yaml}
  deployments:
    - name: prod
      title: Prod of ${stage}
      environment: production
      definition: 1-0-0/openapi
      server: {runtimeUri: ['https://orders.contoso.com']}
";

/// A project with an API that has everything, and what it refers to.
pub(super) fn catalogue() -> Project {
    Project::with_spec(
        "defaultTarget: local\n\
         targets:\n\
         \x20 local: {emulator: {}, variables: {stage: local}}\n\
         \x20 prod: {emulator: {}, variables: {stage: prod}, overlays: [overlays/*.yaml]}",
    )
    .file("apis/orders.yaml", ORDERS)
    .file(
        "apis/specs/orders.yaml",
        "openapi: 3.0.3\ninfo: {title: Orders, version: 1.0.0}\npaths: {}\n",
    )
    .file(
        "environments.yaml",
        "apiVersion: apicenter/v1\n\
         kind: Environment\n\
         metadata: {name: \"production\"}\n\
         spec: {title: Production, kind: production}\n\
         ---\n\
         apiVersion: apicenter/v1\n\
         kind: Environment\n\
         metadata:\n\
         \x20 name: stage\n\
         spec: {title: Stage, kind: staging}\n",
    )
    .file(
        "team.yaml",
        "apiVersion: apicenter/v1\n\
         kind: MetadataSchema\n\
         metadata: {name: team}\n\
         spec:\n\
         \x20 schema: {type: string, title: Team, description: Who owns it., oneOf: [{const: checkout, description: The shop}, {const: billing, description: Bills}]}\n\
         \x20 assignedTo: [{entity: api, required: true}]\n",
    )
    .file(
        "overlays/prod.yaml",
        "apiVersion: apicenter/v1\n\
         kind: Api\n\
         metadata: {name: orders}\n\
         spec: {deployments: [{name: prod, environment: production}]}\n",
    )
}

/// The position of a text in another, in lines and UTF-16 units, and how far into it: `at(text, "title", 2)`.
pub(super) fn at(text: &str, part: &str, into: usize) -> serde_json::Value {
    let offset = text.find(part).expect("the part is in the text") + into;
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let character = text[start..offset].encode_utf16().count();
    serde_json::json!({"line": line, "character": character})
}
