//! Places where APIs run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::custom_properties::{self, CustomProperties};
use super::kind::{Kind, Parent, as_is, unchanged};
use super::schema::schema_of;
use crate::model::{KindInfo, Prune};

/// The kind `Environment`.
pub static ENVIRONMENT: Kind = Kind {
    info: KindInfo {
        name: "Environment",
        slug: "environment",
        noun: "environment",
        rank: 2,
        folded: &["kind", "server.type"],
        immutable: &[],
        kept: &[],
        content: &[],
        prune: Prune::Owned,
        entity: Some("environment"),
    },
    parent: Parent::Workspace,
    collection: "environments",
    api_version: "2024-03-01",
    children: &[],
    server_owned: &[],
    schema: schema_of!(EnvironmentSpec),
    example: r#"{"title": "Production", "description": "Where customers are served.",
        "kind": "production",
        "server": {"type": "Azure API Management", "managementPortalUri": ["https://portal.azure.com"]},
        "onboarding": {"instructions": "Ask for a key.", "developerPortalUri": ["https://developer.contoso.com"]},
        "customProperties": {"team": "platform"}}"#,
    references: |_, body| custom_properties::references(body),
    normalise: as_is,
    read: unchanged,
    write: unchanged,
};

/// A place where APIs run, such as a gateway in production.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EnvironmentSpec {
    /// Name shown in the portal, 1 to 50 characters.
    #[schemars(length(min = 1, max = 50))]
    pub title: String,
    /// What the environment is for.
    pub description: Option<String>,
    /// Stage of the software life cycle that the environment serves.
    #[schemars(extend("x-known-values" = ["development", "testing", "staging", "production"]))]
    pub kind: String,
    /// The gateway or platform that runs the APIs.
    pub server: Option<EnvironmentServer>,
    /// How consumers get access.
    pub onboarding: Option<Onboarding>,
    /// Custom metadata by the name of its metadata schema.
    #[schemars(extend("x-custom-properties" = "environment"))]
    pub custom_properties: Option<CustomProperties>,
}

/// The gateway or platform behind an environment.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EnvironmentServer {
    /// Product that runs the APIs.
    #[schemars(extend("x-known-values" = [
        "Azure API Management", "Azure compute service", "Apigee API Management",
        "AWS API Gateway", "Kong API Gateway", "Kubernetes", "MuleSoft API Management",
        "Azure App Service", "Azure Container Apps", "Azure Functions"]))]
    pub r#type: Option<String>,
    /// Address of the page where the platform is administered; at most one.
    #[schemars(length(max = 1))]
    pub management_portal_uri: Option<Vec<String>>,
}

/// How consumers get access to an environment.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Onboarding {
    /// Steps for consumers, in Markdown.
    pub instructions: Option<String>,
    /// Address of the developer portal; at most one.
    #[schemars(length(max = 1))]
    pub developer_portal_uri: Option<Vec<String>>,
}
