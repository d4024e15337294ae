//! Integrations: API sources that the service keeps itself in step with.

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::kind::{Kind, Reference, Snippet};
use super::lifecycle::STAGES;
use super::location::{API_CENTER, Location};
use super::schema::{Known, SECRET_URI, meanings, schema_of, values};
use super::wire::arm_path;
use super::{AGENT, API, ENVIRONMENT, SKILL};
use crate::model::{Address, Body, KindInfo, Prune, Redirection, Role, limit};

/// The kind `Integration`.
pub static INTEGRATION: Kind = Kind {
    info: KindInfo {
        name: "Integration",
        slug: "integration",
        noun: "integration",
        rank: 4,
        role: Role::Integration,
        case_insensitive: &[
            "source.apiManagement.resourceId",
            "source.apiManagement.identity",
            "source.amazonApiGateway.accessKey",
            "source.amazonApiGateway.secretAccessKey",
            "source.amazonApiGateway.region",
            "source.amazonApiGateway.identity",
            "source.git.provider",
            "source.git.assets.type",
            "importSpecification",
            "targetEnvironment",
            "targetLifecycleStage",
        ],
        // The service fills these in and has no way to say "none" (observed).
        retained_when_absent: &[
            "importSpecification",
            "targetEnvironment",
            "targetLifecycleStage",
            "source.amazonApiGateway.identity",
        ],
        prune: Prune::OnlyAll,
        limit: Some(limit::INTEGRATIONS),
        ..KindInfo::PLAIN
    },
    location: Location::Workspace(&API_CENTER),
    collection: "apiSources",
    api_version: "2024-06-01-preview",
    server_owned: &["linkState", "apimSource", "sourceLifecycleStage"],
    id_properties: &["targetEnvironmentId"],
    columns: &["targetEnvironment"],
    schema: schema_of!(IntegrationSpec),
    example: r#"{"source": {"apiManagement": {
            "resourceId": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-gateways/providers/Microsoft.ApiManagement/service/contoso-apim",
            "identity": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-apis/providers/Microsoft.ManagedIdentity/userAssignedIdentities/catalogue"}},
        "importSpecification": "always", "targetEnvironment": "production",
        "targetLifecycleStage": "production"}"#,
    snippets: &[
        Snippet {
            label: "API Management",
            description: "Synchronises the APIs of an Azure API Management instance",
            spec: r#"{"source": {"apiManagement": {"resourceId":
                "${2:/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-gateways/providers/Microsoft.ApiManagement/service/contoso-apim}"}}}"#,
        },
        Snippet {
            label: "Amazon API Gateway",
            description: "Synchronises the APIs of Amazon API Gateway, with keys from a key vault",
            spec: r#"{"source": {"amazonApiGateway": {
                "accessKey": "${2:https://contoso-vault.vault.azure.net/secrets/aws-access-key}",
                "secretAccessKey": "${3:https://contoso-vault.vault.azure.net/secrets/aws-secret-access-key}",
                "region": "${4:eu-central-1}"}}}"#,
        },
        Snippet {
            label: "Git",
            description: "Brings in the skills and agents of a Git repository",
            spec: r#"{"source": {"git": {
                "repositoryUrl": "${2:https://github.com/contoso/skills/tree/main/skills}",
                "provider": "${3:github}",
                "assets": [{"type": "${4|skill,agent,mcp|}", "files": "${5:skills/**/SKILL.md}"}]}}}"#,
        },
    ],
    references,
    redirect,
    read,
    write,
    ..Kind::PLAIN
};

/// The form of an API Management instance's resource id. Without inline flags: editors read it too.
const INSTANCE_ID: &str = "^/[sS]ubscriptions/[^/]+/resource[gG]roups/[^/]+/providers/Microsoft\\.ApiManagement/service/[^/]+$";

/// The form of a user-assigned identity's resource id.
const IDENTITY_ID: &str = "^/[sS]ubscriptions/[^/]+/resource[gG]roups/[^/]+/providers/Microsoft\\.ManagedIdentity/userAssignedIdentities/[^/]+$";

/// Which description files come along.
const IMPORTS: &Known = &[
    (
        "always",
        "Each API's description file is brought in and kept in step.",
    ),
    (
        "ondemand",
        "A description file is brought in when somebody opens it.",
    ),
    ("never", "APIs come without description files."),
];

const SKILLS: &str = "skill";
const AGENTS: &str = "agent";
const MCP_SERVERS: &str = "mcp";

/// What a repository can have.
const ASSETS: &Known = &[
    (SKILLS, "Skills: folders with a `SKILL.md`."),
    (AGENTS, "AI agents."),
    (MCP_SERVERS, "MCP servers."),
];

/// How a Git integration calls the assets that are resources of a kind; `None` for a kind that no repository can
/// have.
#[must_use]
pub fn asset_type(kind: &KindInfo) -> Option<&'static str> {
    let types = [
        (&SKILL.info, SKILLS),
        (&AGENT.info, AGENTS),
        (&API.info, MCP_SERVERS),
    ];
    let found = types.into_iter().find(|(info, _)| *info == kind);
    found.map(|(_, asset)| asset)
}

/// A link to a gateway or a Git repository: the service brings in its APIs, or its skills and agents, and keeps
/// them in step, one way. Deleting an integration deletes the APIs, deployments and environment that it brought,
/// and skills and agents likewise.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
#[schemars(extend("x-not-settable" = {
    "linkState": "the service reports the state of the link; `apicenter plan` shows it"
}))]
pub(super) struct IntegrationSpec {
    /// The gateway or repository that is brought in: exactly one.
    pub source: IntegrationSource,
    /// Whether description files come along. Left out, the service decides, or it stays as it is.
    #[schemars(extend("x-known-values" = values(IMPORTS), "x-known-descriptions" = meanings(IMPORTS)))]
    pub import_specification: Option<String>,
    /// Name of the environment under which the APIs are deployed. Left out, the service makes one
    /// (`azure-api-management` or `amazon-api-gateway`).
    #[schemars(extend("x-reference" = "environment"))]
    pub target_environment: Option<String>,
    /// Stage of the software life cycle that the APIs get when they come in; `design` by default.
    #[schemars(extend("x-known-values" = values(STAGES), "x-known-descriptions" = meanings(STAGES)))]
    pub target_lifecycle_stage: Option<String>,
}

/// Where the APIs come from: exactly one of these.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
#[schemars(extend("x-exclusive" = ["apiManagement", "amazonApiGateway", "git"], "x-one-required" = true))]
pub(super) struct IntegrationSource {
    /// An Azure API Management instance. The service's identity needs the role `API Management
    /// Service Reader Role` on it.
    pub api_management: Option<ApiManagementSource>,
    /// Amazon API Gateway, with access keys from a key vault. The service's identity needs the role
    /// `Key Vault Secrets User` on the vault.
    pub amazon_api_gateway: Option<AmazonSource>,
    /// A folder of a Git repository, with skills and agents.
    pub git: Option<GitSource>,
}

/// A folder of a Git repository.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct GitSource {
    /// Address of the repository, with the branch and the folder in it.
    #[schemars(length(min = 1), extend("examples" = ["https://github.com/contoso/skills/tree/main/skills"]))]
    pub repository_url: String,
    /// Where the repository is hosted. Another value than the known one is accepted.
    #[schemars(extend("x-known-values" = ["github"]))]
    pub provider: String,
    /// What is brought in, by its type.
    #[schemars(length(min = 1))]
    pub assets: Vec<GitAssets>,
}

/// What is brought in from a repository.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct GitAssets {
    /// Type of asset. Another value than the known ones is accepted.
    #[schemars(extend("x-known-values" = values(ASSETS), "x-known-descriptions" = meanings(ASSETS)))]
    pub r#type: String,
    /// The files that are one each, as a pattern of paths below the folder.
    #[schemars(extend("examples" = ["**/SKILL.md"]))]
    pub files: Option<String>,
}

/// An Azure API Management instance.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct ApiManagementSource {
    /// Resource id of the instance: `/subscriptions/…/providers/Microsoft.ApiManagement/service/NAME`.
    #[schemars(regex(pattern = INSTANCE_ID), extend("examples" = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-gateways/providers/Microsoft.ApiManagement/service/contoso-apim"]))]
    pub resource_id: String,
    /// Resource id of the user-assigned identity that reads the instance; the service's
    /// system-assigned identity by default.
    #[schemars(regex(pattern = IDENTITY_ID))]
    pub identity: Option<String>,
}

/// Amazon API Gateway in one region.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct AmazonSource {
    /// Key Vault secret that holds the access key, as its URI; never the key itself.
    #[schemars(extend("x-secret-uri" = SECRET_URI, "examples" = ["https://contoso-vault.vault.azure.net/secrets/aws-access-key"]))]
    pub access_key: String,
    /// Key Vault secret that holds the secret access key, as its URI; never the key itself.
    #[schemars(extend("x-secret-uri" = SECRET_URI, "examples" = ["https://contoso-vault.vault.azure.net/secrets/aws-secret-access-key"]))]
    pub secret_access_key: String,
    /// Region of the gateway, such as `eu-central-1`.
    #[schemars(length(min = 1), extend("examples" = ["eu-central-1"]))]
    pub region: String,
    /// Resource id of the user-assigned identity that reads the key vault. Left out, the service
    /// chooses, or it stays as it is.
    #[schemars(regex(pattern = IDENTITY_ID))]
    pub identity: Option<String>,
}

fn references(_: &Address, body: &Body) -> Vec<Reference> {
    let environment = body.get("targetEnvironment").and_then(Value::as_str);
    environment
        // The service makes its own environments; nobody declares those.
        .filter(|name| !is_service_made(name))
        .map(|name| {
            let target = Address::top(&ENVIRONMENT.info, name);
            Reference::new("targetEnvironment", target)
        })
        .into_iter()
        .collect()
}

fn redirect(to: Redirection<'_>, body: &mut Body) {
    if let Some(Value::String(environment)) = body.get_mut("targetEnvironment") {
        let target = Address::top(&ENVIRONMENT.info, environment.as_str());
        if let Some(present) = to.renames.present(&target) {
            present.name().clone_into(environment);
        }
    }
}

/// Whether an environment has the name of one that the service makes for an integration.
#[must_use]
pub fn is_service_made(environment: &str) -> bool {
    OWN_ENVIRONMENTS
        .iter()
        .any(|own| own.eq_ignore_ascii_case(environment))
}

/// Environments that the service makes by itself (observed).
const OWN_ENVIRONMENTS: [&str; 2] = ["azure-api-management", "amazon-api-gateway"];

/// A kind of source: its name in a manifest and on the wire, its `apiSourceType`, and its fields by both
/// names.
type SourceNames = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const SOURCES: [SourceNames; 3] = [
    (
        "apiManagement",
        "azureApiManagementSource",
        "AzureApiManagement",
        &[("resourceId", "resourceId"), ("identity", "msiResourceId")],
    ),
    (
        "amazonApiGateway",
        "amazonApiGatewaySource",
        "AmazonApiGateway",
        &[
            ("accessKey", "accessKey"),
            ("secretAccessKey", "secretAccessKey"),
            ("region", "regionName"),
            ("identity", "msiResourceId"),
        ],
    ),
    (
        "git",
        "gitSource",
        "Git",
        &[
            ("repositoryUrl", "repositoryUrl"),
            ("provider", "gitProvider"),
            ("assets", "assetTypes"),
        ],
    ),
];

/// The fields of an item of a list in a source, by both names.
const ITEM_FIELDS: [(&str, &str); 2] = [("type", "assetType"), ("files", "filesToInclude")];

fn read(_: &Address, body: &mut Body) {
    let mut source = Body::new();
    for (name, wire, kind, fields) in SOURCES {
        let Some(Value::Object(mut found)) = body.shift_remove(wire) else {
            continue;
        };
        renamed(
            &mut found,
            fields.iter().map(|(ours, theirs)| (*theirs, *ours)),
        );
        for item in items(&mut found) {
            renamed(
                item,
                ITEM_FIELDS.map(|(ours, theirs)| (theirs, ours)).into_iter(),
            );
        }
        source.insert(name.to_owned(), Value::Object(found));
        if body.get("apiSourceType").and_then(Value::as_str) == Some(kind) {
            body.shift_remove("apiSourceType");
        }
    }
    if !source.is_empty() {
        body.insert("source".to_owned(), Value::Object(source));
    }
    if let Some(Value::String(id)) = body.shift_remove("targetEnvironmentId") {
        let name = API_CENTER
            .address_of(None, &id)
            .filter(|target| *target.kind() == ENVIRONMENT.info)
            .map_or(id, |target| target.name().to_owned());
        body.insert("targetEnvironment".to_owned(), Value::String(name));
    }
}

fn write(_: &Address, body: &mut Body) {
    let source = body.shift_remove("source");
    for (name, wire, kind, fields) in SOURCES {
        let Some(Value::Object(mut found)) = source.as_ref().and_then(|s| s.get(name)).cloned()
        else {
            continue;
        };
        renamed(&mut found, fields.iter().copied());
        for item in items(&mut found) {
            renamed(item, ITEM_FIELDS.into_iter());
        }
        body.insert("apiSourceType".to_owned(), json!(kind));
        body.insert(wire.to_owned(), Value::Object(found));
    }
    if let Some(Value::String(name)) = body.shift_remove("targetEnvironment") {
        let id = if name.starts_with('/') {
            name
        } else {
            arm_path(&Address::top(&ENVIRONMENT.info, name))
        };
        body.insert("targetEnvironmentId".to_owned(), Value::String(id));
    }
}

/// The mappings in the lists of a source.
fn items(source: &mut Body) -> impl Iterator<Item = &mut Body> {
    let lists = source.values_mut().filter_map(Value::as_array_mut);
    lists.flatten().filter_map(Value::as_object_mut)
}

fn renamed<'a>(body: &mut Body, names: impl Iterator<Item = (&'a str, &'a str)>) {
    for (from, to) in names.filter(|(from, to)| from != to) {
        if let Some(value) = body.shift_remove(from) {
            body.insert(to.to_owned(), value);
        }
    }
}
