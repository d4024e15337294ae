//! Deployments: where a definition of an API runs.

use schemars::JsonSchema;
use serde_json::Value;

use super::custom_properties::{self, CustomProperties};
use super::kind::{Kind, Reference};
use super::location::{API_CENTER, Location};
use super::schema::schema_of;
use super::wire::arm_path;
use super::{API, API_DEFINITION, API_VERSION, ENVIRONMENT};
use crate::model::{Address, Body, KindInfo, Prune, Redirection, limit};

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
    id_properties: &["environmentId", "definitionId"],
    columns: &["environment", "definition"],
    schema: schema_of!(DeploymentSpec),
    example: r#"{"name": "prod-eu", "previously": ["live-eu"], "title": "Production", "description": "Serves Europe.",
        "environment": "production", "definition": "1-0-0/openapi",
        "server": {"runtimeUri": ["https://api.contoso.com"]},
        "customProperties": {"slo": 99.9}}"#,
    references,
    redirect,
    normalise,
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
    /// Name within the API, part of its address: 1 to 90 letters, digits, dots and hyphens.
    #[schemars(extend("x-resource-name" = true, "examples" = ["production"]))]
    pub name: String,
    /// Names that it had before, for a rename: what is there under one of them gets the present name with
    /// everything below it, instead of being deleted.
    #[schemars(inner(length(min = 1, max = 90)), extend("examples" = [["live"]]))]
    pub previously: Option<Vec<String>>,
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
    /// `1-0-0/openapi`; with the API in front, `API/VERSION/DEFINITION`, for the definition of another API.
    #[schemars(
        regex(pattern = "^[^/]+/[^/]+(/[^/]+)?$|^/workspaces/[^/]+/apis/[^/]+/versions/[^/]+/definitions/[^/]+$"),
        extend(
            "x-reference" = "definition",
            "patternErrorMessage" = "Write VERSION/DEFINITION, such as 1-0-0/openapi, or API/VERSION/DEFINITION for the definition of another API."
        )
    )]
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
        all.push(Reference::new("environment", target));
    }
    if let Some(target) = body
        .get("definition")
        .and_then(Value::as_str)
        .and_then(|definition| definition_address(address, definition))
    {
        all.push(Reference::new("definition", target));
    }
    all
}

/// The definition that `VERSION/DEFINITION` names within the deployment's API, or
/// `API/VERSION/DEFINITION` in any.
fn definition_address(deployment: &Address, definition: &str) -> Option<Address> {
    let steps: Vec<&str> = definition.split('/').collect();
    let (api, version, name) = match steps[..] {
        [version, name] => (deployment.root(), version, name),
        [api, version, name] if !api.is_empty() => (Address::top(&API.info, api), version, name),
        _ => return None,
    };
    Some(
        api.child(&API_VERSION.info, version)
            .child(&API_DEFINITION.info, name),
    )
}

/// The environment and the definition get their present names.
fn redirect(to: Redirection<'_>, body: &mut Body) {
    custom_properties::redirect(to, body);
    if let Some(Value::String(environment)) = body.get_mut("environment") {
        let target = Address::top(&ENVIRONMENT.info, environment.as_str());
        if let Some(present) = to.renames.present(&target) {
            present.name().clone_into(environment);
        }
    }
    if let Some(Value::String(definition)) = body.get_mut("definition")
        && let Some(target) = definition_address(to.former, definition)
    {
        let present = to.renames.present(&target).unwrap_or(target);
        if let Some(name) = definition_name(to.present, &present) {
            *definition = name;
        }
    }
}

/// References are names: ids relative to the service become what they name, and the own API's name
/// in front of a definition is left out.
fn normalise(address: &Address, body: &mut Body) {
    if let Some(Value::String(environment)) = body.get_mut("environment")
        && let Some(name) = environment_name(environment)
    {
        *environment = name;
    }
    if let Some(Value::String(definition)) = body.get_mut("definition") {
        let target = match definition.starts_with('/') {
            true => API_CENTER.address_of(None, definition),
            false => definition_address(address, definition),
        };
        if let Some(name) = target.and_then(|target| definition_name(address, &target)) {
            *definition = name;
        }
    }
}

fn read(_: &Address, body: &mut Body) {
    for (id, name) in [
        ("environmentId", "environment"),
        ("definitionId", "definition"),
    ] {
        if let Some(value) = body.shift_remove(id) {
            body.insert(name.to_owned(), value);
        }
    }
}

fn environment_name(id: &str) -> Option<String> {
    let target = API_CENTER.address_of(None, id)?;
    (*target.kind() == ENVIRONMENT.info).then(|| target.name().to_owned())
}

fn definition_name(deployment: &Address, definition: &Address) -> Option<String> {
    let version = definition.parent()?;
    if *definition.kind() != API_DEFINITION.info {
        return None;
    }
    let name = format!("{}/{}", version.name(), definition.name());
    Some(match definition.root() {
        own if own == deployment.root() => name,
        other => format!("{}/{name}", other.name()),
    })
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
