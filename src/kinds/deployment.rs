//! Deployments: where a definition of an API runs.

use schemars::JsonSchema;
use serde_json::Value;

use super::custom_properties::{self, CustomProperties};
use super::kind::{Kind, Reference};
use super::location::{API_CENTER, Location};
use super::schema::schema_of;
use super::wire::arm_path;
use super::{API, API_DEFINITION, API_VERSION, ENVIRONMENT};
use crate::model::{Address, Body, KindInfo, Prune, limit};

/// The kind `Deployment`.
pub static DEPLOYMENT: Kind = Kind {
    info: KindInfo {
        name: "Deployment",
        slug: "deployment",
        noun: "deployment",
        rank: 1,
        case_insensitive: &["environment", "definition"],
        prune: Prune::Owned,
        entity: Some("deployment"),
        limit: Some(limit::DEPLOYMENTS),
        ..KindInfo::PLAIN
    },
    location: Location::Child(&API),
    collection: "deployments",
    server_owned: &["state", "recommended"],
    schema: schema_of!(DeploymentSpec),
    example: r#"{"name": "prod-eu", "title": "Production", "description": "Serves Europe.",
        "environment": "production", "definition": "1-0-0/openapi",
        "server": {"runtimeUri": ["https://api.contoso.com"]},
        "customProperties": {"slo": 99.9}}"#,
    references,
    read,
    write,
    ..Kind::PLAIN
};

/// A place where a definition of the API runs.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
#[schemars(extend("x-not-settable" = {
    "state": "the service drops a deployment's state: say it with the version's `lifecycleStage`, or remove the deployment"
}))]
pub(super) struct DeploymentSpec {
    /// Name within the API, part of its address: 3 to 90 letters, digits and hyphens.
    #[schemars(extend("x-resource-name" = true, "examples" = ["production"]))]
    pub name: String,
    /// Name shown in the portal's list of deployments; 1 to 50 characters.
    #[schemars(length(min = 1, max = 50), extend("examples" = ["Production"]))]
    pub title: Option<String>,
    /// What runs here; at most 500 characters.
    #[schemars(length(max = 500))]
    pub description: Option<String>,
    /// Name of the environment in which it runs, as in its manifest's `metadata.name`.
    #[schemars(extend("x-reference" = "environment"))]
    pub environment: Option<String>,
    /// Version and definition of this API that run here, as `VERSION/DEFINITION`, such as
    /// `1-0-0/openapi`.
    #[schemars(regex(pattern = "^[^/]+/[^/]+$"), extend(
        "x-reference" = "definition",
        "patternErrorMessage" = "Write VERSION/DEFINITION, such as 1-0-0/openapi."
    ))]
    pub definition: Option<String>,
    /// Base addresses of the API here, for consumers to copy from the portal.
    pub server: Option<DeploymentServer>,
    /// The organisation's own metadata: a value per metadata schema that is assigned to `deployment`,
    /// by the schema's name.
    #[schemars(extend("x-custom-properties" = "deployment"))]
    pub custom_properties: Option<CustomProperties>,
}

/// Base addresses of an API.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct DeploymentServer {
    /// Base addresses, each at most 200 characters.
    #[schemars(inner(length(max = 200)), extend("examples" = [["https://api.contoso.com/orders"]]))]
    pub runtime_uri: Option<Vec<String>>,
}

fn references(address: &Address, body: &Body) -> Vec<Reference> {
    let mut all = custom_properties::references(body);
    if let Some(environment) = body.get("environment").and_then(Value::as_str) {
        let target = Address::top(&ENVIRONMENT.info, environment);
        all.push(Reference {
            field: "environment".to_owned(),
            target,
        });
    }
    if let Some(target) = body
        .get("definition")
        .and_then(Value::as_str)
        .and_then(|definition| definition_address(address, definition))
    {
        all.push(Reference {
            field: "definition".to_owned(),
            target,
        });
    }
    all
}

/// The definition that `VERSION/DEFINITION` names within the deployment's API.
fn definition_address(deployment: &Address, definition: &str) -> Option<Address> {
    let (version, name) = definition
        .split_once('/')
        .filter(|(_, name)| !name.contains('/'))?;
    Some(
        deployment
            .root()
            .child(&API_VERSION.info, version)
            .child(&API_DEFINITION.info, name),
    )
}

fn read(address: &Address, body: &mut Body) {
    if let Some(Value::String(id)) = body.shift_remove("environmentId") {
        let name = API_CENTER
            .address_of(None, &id)
            .filter(|target| *target.kind() == ENVIRONMENT.info)
            .map_or(id, |target| target.name().to_owned());
        body.insert("environment".to_owned(), Value::String(name));
    }
    if let Some(Value::String(id)) = body.shift_remove("definitionId") {
        let name = definition_name(address, &id).unwrap_or(id);
        body.insert("definition".to_owned(), Value::String(name));
    }
}

fn definition_name(deployment: &Address, id: &str) -> Option<String> {
    let target = API_CENTER.address_of(None, id)?;
    let version = target.parent()?;
    (target.root() == deployment.root() && *target.kind() == API_DEFINITION.info)
        .then(|| format!("{}/{}", version.name(), target.name()))
}

fn write(address: &Address, body: &mut Body) {
    if let Some(Value::String(name)) = body.shift_remove("environment") {
        let id = if name.starts_with('/') {
            name
        } else {
            arm_path(&Address::top(&ENVIRONMENT.info, name))
        };
        body.insert("environmentId".to_owned(), Value::String(id));
    }
    if let Some(Value::String(name)) = body.shift_remove("definition") {
        let id = definition_address(address, &name)
            .filter(|_| !name.starts_with('/'))
            .map_or(name, |target| arm_path(&target));
        body.insert("definitionId".to_owned(), Value::String(id));
    }
}
