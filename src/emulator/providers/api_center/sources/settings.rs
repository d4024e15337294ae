//! The properties of an API source: read, checked, and completed the way the service does.

use serde_json::{Map, Value, json};

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::refused;
use crate::emulator::providers::api_center::sources::identity;
use crate::emulator::providers::api_management::path::ApimPath;
use crate::emulator::store::ServiceRecord;

/// The service's error for a malformed `targetEnvironmentId` (observed).
const ENVIRONMENT_FORM: &str = "The 'targetEnvironmentId' is in an incorrect format. \
                                The correct format is: '/workspaces/{0}/environments/{1}'";

/// The property with the settings of a Git source.
const GIT: &str = "gitSource";

/// What kind of gateway a source is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SourceGateway {
    ApiManagement {
        instance: String,
    },
    Amazon {
        region: String,
        keys: [String; 2],
    },
    /// Not a gateway, but a repository with skills and agents.
    Git {
        repository: String,
        assets: Vec<String>,
    },
}

/// What the synchronisation needs of a source's properties.
#[derive(Debug, Clone)]
pub(super) struct SourceSettings {
    pub(super) gateway: SourceGateway,
    /// The user-assigned identity that reads it, if one is named.
    pub(super) identity: Option<String>,
    /// Empty for a repository that has none.
    pub(super) environment: String,
    pub(super) stage: String,
    /// Whether documents are imported.
    pub(super) documents: bool,
}

impl SourceSettings {
    pub(super) fn read(properties: &Map<String, Value>) -> Option<Self> {
        let text = |value: &Map<String, Value>, name: &str| {
            value.get(name).and_then(Value::as_str).map(str::to_owned)
        };
        let object = |name: &str| properties.get(name).and_then(Value::as_object);
        let (gateway, identity) = if let Some(source) = object("azureApiManagementSource") {
            let instance = text(source, "resourceId")?;
            (
                SourceGateway::ApiManagement { instance },
                text(source, "msiResourceId"),
            )
        } else if let Some(source) = object(GIT) {
            let repository = text(source, "repositoryUrl")?;
            let types = source.get("assetTypes").and_then(Value::as_array)?;
            let assets = types
                .iter()
                .filter_map(|one| text(one.as_object()?, "assetType"));
            let assets = assets.collect();
            (SourceGateway::Git { repository, assets }, None)
        } else {
            let source = object("amazonApiGatewaySource")?;
            let keys = [text(source, "accessKey")?, text(source, "secretAccessKey")?];
            let region = text(source, "regionName")?;
            (
                SourceGateway::Amazon { region, keys },
                text(source, "msiResourceId"),
            )
        };
        let environment = text(properties, "targetEnvironmentId");
        Some(Self {
            environment: environment.unwrap_or_else(|| default_environment(&gateway)),
            gateway,
            identity,
            stage: text(properties, "targetLifecycleStage").unwrap_or_else(|| "design".to_owned()),
            documents: text(properties, "importSpecification")
                .is_some_and(|import| import.eq_ignore_ascii_case("always")),
        })
    }

    /// What tells the gateway from every other one: ids and regions compare without case, addresses
    /// of keys as they are.
    pub(super) fn gateway_name(&self) -> String {
        match &self.gateway {
            SourceGateway::ApiManagement { instance } => instance.to_ascii_lowercase(),
            SourceGateway::Amazon { region, keys } => {
                format!("{}\0{}", region.to_ascii_lowercase(), keys.join("\0"))
            }
            SourceGateway::Git { repository, .. } => repository.clone(),
        }
    }

    /// The id of the API Management instance.
    pub(super) fn instance(&self) -> Option<String> {
        match &self.gateway {
            SourceGateway::ApiManagement { instance } => Some(instance.clone()),
            SourceGateway::Amazon { .. } | SourceGateway::Git { .. } => None,
        }
    }

    /// The scopes of the vaults that the keys are in.
    pub(super) fn vaults(&self) -> Vec<String> {
        let SourceGateway::Amazon { keys, .. } = &self.gateway else {
            return Vec::new();
        };
        let scope = |vault| format!("*/providers/Microsoft.KeyVault/vaults/{vault}");
        let mut vaults: Vec<String> = keys
            .iter()
            .filter_map(|key| vault(key))
            .map(scope)
            .collect();
        vaults.dedup();
        vaults
    }
}

/// Observed.
fn default_environment(gateway: &SourceGateway) -> String {
    let name = match gateway {
        SourceGateway::ApiManagement { .. } => "azure-api-management",
        SourceGateway::Amazon { .. } => "amazon-api-gateway",
        SourceGateway::Git { .. } => return String::new(),
    };
    format!("/workspaces/default/environments/{name}")
}

/// The vault of a secret's address: `https://{vault}.vault.azure.net/secrets/{name}`.
fn vault(address: &str) -> Option<String> {
    let address = reqwest::Url::parse(address)
        .ok()
        .filter(|url| url.scheme() == "https")?;
    let (vault, domain) = address.host_str()?.split_once('.')?;
    let mut path = address.path_segments()?;
    let is_secret =
        path.next() == Some("secrets") && path.next().is_some_and(|name| !name.is_empty());
    (is_secret && domain.starts_with("vault.")).then(|| vault.to_owned())
}

/// The properties as they are stored, in the service's order and with what it fills in: the type
/// that follows from the source, a second copy of an API Management source, the environment and
/// the stages (observed).
pub(in crate::emulator) fn completed(
    service: &ServiceRecord,
    properties: &Map<String, Value>,
) -> HandlerResult<Map<String, Value>> {
    let kind = source_type(properties)?;
    let mut complete = Map::from_iter([("apiSourceType".to_owned(), json!(kind))]);
    if kind == "AzureApiManagement" {
        let source = properties
            .get("azureApiManagementSource")
            .cloned()
            .unwrap_or_default();
        check_instance(&source)?;
        complete.insert("apimSource".to_owned(), source.clone());
        complete.insert("azureApiManagementSource".to_owned(), source);
    } else if kind == "Git" {
        let source = properties.get(GIT).cloned().unwrap_or_default();
        check_repository(&source)?;
        complete.insert(GIT.to_owned(), source);
    } else {
        let mut source = properties
            .get("amazonApiGatewaySource")
            .cloned()
            .unwrap_or_default();
        check_keys(&source)?;
        if source.get("msiResourceId").is_none()
            && let Some(identity) = identity::default_identity(service)
        {
            source["msiResourceId"] = json!(identity);
        }
        complete.insert("amazonApiGatewaySource".to_owned(), source);
    }
    let text = |name: &str| {
        properties
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let import = text("importSpecification").unwrap_or_else(|| "ondemand".to_owned());
    if !["never", "ondemand", "always"]
        .iter()
        .any(|one| one.eq_ignore_ascii_case(&import))
    {
        let message = "The field ImportSpecification must be one of: never, ondemand, always.";
        return Err(refused(message).into());
    }
    let settings =
        SourceSettings::read(&complete).ok_or_else(|| refused("The source is incomplete."))?;
    let environment = text("targetEnvironmentId").unwrap_or(settings.environment);
    if !environment.is_empty() {
        check_environment(&environment)?;
    }
    let stage = text("targetLifecycleStage").unwrap_or(settings.stage);
    complete.insert("sourceLifecycleStage".to_owned(), json!("design"));
    if !environment.is_empty() {
        complete.insert("targetEnvironmentId".to_owned(), json!(environment));
    }
    complete.insert("targetLifecycleStage".to_owned(), json!(stage));
    complete.insert("importSpecification".to_owned(), json!(import));
    Ok(complete)
}

/// Documented clients always send the type; the published examples do not (chosen here: it follows
/// from the source).
fn source_type(properties: &Map<String, Value>) -> HandlerResult<&'static str> {
    const TYPES: [(&str, &str); 3] = [
        ("AzureApiManagement", "azureApiManagementSource"),
        ("AmazonApiGateway", "amazonApiGatewaySource"),
        ("Git", GIT),
    ];
    let sent = properties.get("apiSourceType").and_then(Value::as_str);
    let chosen = TYPES.iter().find(|(kind, source)| match sent {
        Some(sent) => sent.eq_ignore_ascii_case(kind),
        None => properties.contains_key(*source),
    });
    let Some((kind, source)) = chosen else {
        return Err(refused(
            "The field ApiSourceType must be one of: AzureApiManagement, AmazonApiGateway, Git.",
        )
        .into());
    };
    if !properties.contains_key(*source) {
        return Err(refused(format!("The {source} field is required for '{kind}'.")).into());
    }
    Ok(kind)
}

fn check_instance(source: &Value) -> HandlerResult<()> {
    let id = source
        .get("resourceId")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if ApimPath::of_id(id).is_some_and(|place| place.is_instance()) {
        return Ok(());
    }
    Err(refused("The field ResourceId must be the ID of an API Management instance.").into())
}

/// Chosen here: the response of the service to keys that are not addresses of secrets is not known.
fn check_keys(source: &Value) -> HandlerResult<()> {
    for name in ["accessKey", "secretAccessKey"] {
        let key = source.get(name).and_then(Value::as_str).unwrap_or_default();
        if vault(key).is_none() {
            return Err(refused(format!(
                "The '{name}' must be the URI of a Key Vault secret: https://{{vault}}.vault.azure.net/secrets/{{name}}."
            ))
            .into());
        }
    }
    Ok(())
}

/// Documented by a public deployment: the three fields that it sets. Chosen here: that each is required.
fn check_repository(source: &Value) -> HandlerResult<()> {
    for name in ["repositoryUrl", "gitProvider"] {
        if source
            .get(name)
            .and_then(Value::as_str)
            .is_none_or(str::is_empty)
        {
            return Err(refused(format!("The {name} field is required for 'Git'.")).into());
        }
    }
    let types = source.get("assetTypes").and_then(Value::as_array);
    let is_type = |one: &Value| one.get("assetType").is_some_and(Value::is_string);
    if types.is_none_or(|types| types.is_empty() || !types.iter().all(is_type)) {
        return Err(refused("The assetTypes field is required for 'Git'.").into());
    }
    Ok(())
}

fn check_environment(id: &str) -> HandlerResult<()> {
    let segments: Vec<&str> = id.split('/').collect();
    let ["", workspaces, workspace, environments, name] = segments.as_slice() else {
        return Err(refused(ENVIRONMENT_FORM).into());
    };
    let right = workspaces.eq_ignore_ascii_case("workspaces")
        && !workspace.is_empty()
        && environments.eq_ignore_ascii_case("environments")
        && !name.is_empty();
    if right {
        Ok(())
    } else {
        Err(refused(ENVIRONMENT_FORM).into())
    }
}

#[cfg(test)]
mod tests {
    use super::{check_environment, vault};

    #[test]
    fn keys_are_addresses_of_secrets() {
        assert_eq!(
            vault("https://kv.vault.azure.net/secrets/Key").as_deref(),
            Some("kv")
        );
        assert_eq!(
            vault("https://kv.vault.azure.net/secrets/Key/0123").as_deref(),
            Some("kv")
        );
        for other in [
            "AKIA",
            "http://kv.vault.azure.net/secrets/K",
            "https://kv.vault.azure.net/keys/K",
        ] {
            assert_eq!(vault(other), None, "{other}");
        }
    }

    #[test]
    fn environments_are_relative_to_the_service() {
        assert!(check_environment("/workspaces/default/environments/prod").is_ok());
        for other in [
            "prod",
            "/workspaces/default/environments/",
            "/subscriptions/s/workspaces/w/environments/e",
        ] {
            assert!(check_environment(other).is_err(), "{other}");
        }
    }
}
