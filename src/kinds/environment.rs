//! Places where APIs run.

use schemars::JsonSchema;
use serde_json::Value;

use super::custom_properties::{self, CustomProperties};
use super::kind::{Kind, Snippet};
use super::location::{API_CENTER, Location};
use super::schema::{Known, meanings, schema_of, values};
use crate::model::{Address, Body, KindInfo, Prune, Role, limit};

/// The kind `Environment`.
pub static ENVIRONMENT: Kind = Kind {
    info: KindInfo {
        name: "Environment",
        slug: "environment",
        noun: "environment",
        rank: 2,
        role: Role::Environment,
        case_insensitive: &["kind", "server.type"],
        prune: Prune::Owned,
        entity: Some("environment"),
        limit: Some(limit::ENVIRONMENTS),
        ..KindInfo::PLAIN
    },
    location: Location::Workspace(&API_CENTER),
    collection: "environments",
    columns: &["kind"],
    schema: schema_of!(EnvironmentSpec),
    example: r#"{"title": "Production", "description": "Where customers are served.",
        "kind": "production",
        "server": {"type": "Azure API Management", "managementPortalUri": ["https://portal.azure.com"]},
        "onboarding": {"instructions": "Ask for a key.", "developerPortalUri": ["https://developer.contoso.com"]},
        "customProperties": {"team": "platform"}}"#,
    snippets: &[Snippet {
        label: "",
        description: "A place where APIs run, with the steps to get access",
        spec: r#"{"title": "${2:Production}",
                "kind": "${3|development,testing,staging,production|}",
                "server": {"type": "${4:Azure API Management}"},
                "onboarding": {"instructions": "${5:Ask the platform team for a key.}"}}"#,
    }],
    references: |_, body| custom_properties::references(body),
    redirect: custom_properties::redirect,
    normalise,
    ..Kind::PLAIN
};

/// The service itself writes some products in two ways (observed: `AzureApiManagement` for environments that
/// integrations make, `Azure API Management` elsewhere).
fn normalise(_: &Address, body: &mut Body) {
    let joined = |text: &str| text.replace(' ', "");
    if let Some(server) = body.get_mut("server").and_then(Value::as_object_mut)
        && let Some(Value::String(written)) = server.get_mut("type")
        && let Some((platform, _)) = PLATFORMS
            .iter()
            .find(|(platform, _)| joined(platform).eq_ignore_ascii_case(&joined(written)))
    {
        *written = (*platform).to_owned();
    }
}

/// Stages that environments serve.
const STAGES: &Known = &[
    ("development", "Where teams build; it changes at any time."),
    ("testing", "Where versions are tested."),
    (
        "staging",
        "The rehearsal: like production, with release candidates.",
    ),
    ("production", "Where consumers are served."),
];

/// Products that run APIs, spelled as the service spells them where it knows them.
const PLATFORMS: &Known = &[
    ("Azure API Management", "Microsoft's API gateway."),
    (
        "Azure compute service",
        "Virtual machines or another Azure service that runs code.",
    ),
    ("Apigee API Management", "Google's API gateway."),
    ("AWS API Gateway", "Amazon's API gateway."),
    ("Kong API Gateway", "Kong's API gateway."),
    ("Kubernetes", "A Kubernetes cluster, whoever runs it."),
    ("MuleSoft API Management", "MuleSoft's API gateway."),
    ("Azure App Service", "Web apps of Azure."),
    ("Azure Container Apps", "Serverless containers of Azure."),
    ("Azure Functions", "Functions of Azure."),
];

/// A place where APIs run, such as a gateway in production.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct EnvironmentSpec {
    /// Name shown in the portal's list of environments and at each deployment; 1 to 50
    /// characters.
    #[schemars(length(min = 1, max = 50), extend("examples" = ["Production"]))]
    pub title: String,
    /// What the environment is for, on its page in the portal.
    pub description: Option<String>,
    /// Stage of the software life cycle that the environment serves, as shown in the portal.
    #[schemars(extend("x-known-values" = values(STAGES), "x-known-descriptions" = meanings(STAGES)))]
    pub kind: String,
    /// The gateway or platform that runs the APIs.
    pub server: Option<EnvironmentServer>,
    /// How consumers get access: the portal shows it to those who want to use an API here.
    pub onboarding: Option<Onboarding>,
    /// The organisation's own metadata: a value per metadata schema that is assigned to
    /// `environment`, by the schema's name.
    #[schemars(extend("x-custom-properties" = "environment"))]
    pub custom_properties: Option<CustomProperties>,
}

/// The gateway or platform behind an environment.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct EnvironmentServer {
    /// Product that runs the APIs, as shown in the portal. Another value than the known ones is
    /// accepted.
    #[schemars(extend(
        "x-known-values" = values(PLATFORMS), "x-known-descriptions" = meanings(PLATFORMS)
    ))]
    pub r#type: Option<String>,
    /// Address of the page where the platform is administered; at most one.
    #[schemars(length(max = 1), extend("examples" = [["https://portal.azure.com"]]))]
    pub management_portal_uri: Option<Vec<String>>,
}

/// How consumers get access to an environment.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct Onboarding {
    /// Steps for consumers, in Markdown.
    pub instructions: Option<String>,
    /// Address of the developer portal where consumers sign up; at most one.
    #[schemars(length(max = 1), extend("examples" = [["https://developer.contoso.com"]]))]
    pub developer_portal_uri: Option<Vec<String>>,
}
