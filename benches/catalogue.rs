//! Generated manifests: a repository of as many APIs as are asked for.

use std::fs;
use std::io;
use std::path::Path;

/// Writes a project whose target is the service behind an address.
pub(crate) fn write(root: &Path, size: usize, url: &str) -> io::Result<()> {
    fs::create_dir_all(root)?;
    fs::write(root.join("apicenter.yaml"), project_file(url))?;
    fs::write(root.join("platform.yaml"), platform())?;
    for number in 0..size {
        let manifest = root.join(path_of_api(number));
        fs::create_dir_all(manifest.parent().unwrap_or(root))?;
        fs::write(manifest.with_file_name("openapi.yaml"), description(number))?;
        fs::write(manifest, api(number))?;
    }
    Ok(())
}

/// The manifest of an API, from the folder of the project.
pub(crate) fn path_of_api(number: usize) -> String {
    format!("apis/{:02}/api-{number:05}/api.yaml", number % 100)
}

const SCHEMAS: [&str; 3] = ["team", "cost-centre", "tier"];
const ENVIRONMENTS: usize = 5;

fn project_file(url: &str) -> String {
    format!(
        "apiVersion: apicenter/v1
kind: Project
metadata: {{name: scale}}
spec:
  targets:
    bench:
      subscriptionId: 00000000-0000-0000-0000-000000000000
      resourceGroup: rg-scale
      service: scale
      cloud: {{resourceManager: \"{url}\"}}
"
    )
}

fn platform() -> String {
    let mut text = "apiVersion: apicenter/v1
kind: Service
metadata: {name: scale}
spec: {location: westeurope, sku: {name: Standard}}
"
    .to_owned();
    for name in SCHEMAS {
        text += &format!(
            "---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {{name: {name}}}
spec:
  schema: {{type: string, title: {name}}}
  assignedTo: [{{entity: api}}]
"
        );
    }
    for number in 0..ENVIRONMENTS {
        text += &format!(
            "---
apiVersion: apicenter/v1
kind: Environment
metadata: {{name: env-{number}}}
spec: {{title: Environment {number}, kind: testing}}
"
        );
    }
    text
}

fn api(number: usize) -> String {
    let (team, environment) = (number % 40, number % ENVIRONMENTS);
    format!(
        "apiVersion: apicenter/v1
kind: Api
metadata: {{name: api-{number:05}}}
spec:
  title: API {number}
  kind: rest
  summary: The API with the number {number}.
  contacts: [{{name: Team {team}, email: team-{team}@contoso.com}}]
  customProperties: {{team: team-{team}, cost-centre: \"{team:04}\", tier: gold}}
  versions:
    - name: 1-0-0
      title: v1
      lifecycleStage: production
      definitions:
        - {{name: openapi, title: OpenAPI, source: {{file: openapi.yaml}}}}
  deployments:
    - name: main
      title: Main
      environment: env-{environment}
      definition: 1-0-0/openapi
      server: {{runtimeUri: [\"https://api-{number}.contoso.com\"]}}
"
    )
}

fn description(number: usize) -> String {
    let mut text = format!(
        "openapi: 3.0.3
info:
  title: API {number}
  version: 1.0.0
paths:
"
    );
    for path in ["orders", "customers", "invoices", "parcels"] {
        text += &format!(
            "  /{path}/{{id}}:
    get:
      operationId: get-{path}-{number}
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: string}}}}
      responses:
        \"200\":
          description: Found.
          content:
            application/json:
              schema: {{$ref: \"#/components/schemas/Thing\"}}
        \"404\": {{description: No such thing.}}
"
        );
    }
    text + "components:
  schemas:
    Thing:
      type: object
      required: [id]
      properties:
        id: {type: string}
        name: {type: string}
        amount: {type: number}
"
}
