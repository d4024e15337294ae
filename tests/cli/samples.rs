//! Manifests that the tests start from.

use super::harness::Project;

/// One metadata schema and one environment.
pub(crate) const GROUND: &str = "\
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: team}
spec:
  schema: {type: string, title: Team}
  assignedTo: [{entity: api}]
---
apiVersion: apicenter/v1
kind: Environment
metadata: {name: production}
spec: {title: Production, kind: production}
";

/// An API with a version, a definition and a deployment.
pub(crate) const ORDERS: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders
  kind: rest
  customProperties: {team: checkout}
  versions:
    - name: 1-0-0
      title: v1
      lifecycleStage: production
      definitions:
        - name: openapi
          title: OpenAPI
          source: {file: openapi.yaml}
  deployments:
    - name: prod-eu
      title: Production
      environment: production
      definition: 1-0-0/openapi
      server: {runtimeUri: [\"https://api.contoso.com/orders\"]}
";

/// The document of that API.
pub(crate) const OPENAPI: &str = "\
openapi: 3.0.3
info:
  title: Orders
  version: 1.0.0
paths:
  /orders:
    get:
      summary: List orders
      responses:
        '200': {description: Orders}
";

/// How many resources [`orders`] declares, and how many writes create them.
pub(crate) const RESOURCES: usize = 6;
pub(crate) const WRITES: usize = 7;

/// The project with the ground and the API `orders`.
pub(crate) fn orders(project: Project) -> Project {
    project
        .file("ground.yaml", GROUND)
        .file("apis/orders.yaml", ORDERS)
        .file("apis/openapi.yaml", OPENAPI)
}

/// An API that needs nothing.
pub(crate) fn api(name: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {name}}}\nspec: {{title: {name}, \
         kind: rest}}\n"
    )
}

/// Many such APIs in one file.
pub(crate) fn apis<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(api).collect::<Vec<_>>().join("---\n")
}

/// A description with a request, a response and a path without a body.
pub(crate) const ORDERS_OPENAPI: &str = "\
openapi: 3.0.3
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                quantity: {type: integer, maximum: 100}
      responses: {'201': {description: Created.}}
  /orders/{id}:
    parameters:
      - {in: path, name: id, required: true, schema: {type: string}}
    get:
      responses:
        '200':
          description: The order.
          content:
            application/json:
              schema:
                type: object
                properties:
                  state: {type: string, enum: [open, done]}
    delete:
      responses:
        '204': {description: Deleted.}
";
