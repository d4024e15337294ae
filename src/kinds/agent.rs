//! Agents: AI agents of the organisation.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::AGENT_VERSION;
use super::asset_version::AssetVersionSpec;
use super::custom_properties::CustomProperties;
use super::kind::{Child, Kind, Snippet};
use super::lifecycle::STAGES;
use super::location::{API_CENTER, Location, PREVIEW};
use super::schema::{SECRET_URI, meanings, schema_of, values};
use crate::model::{KindInfo, Prune};

/// The kind `Agent`.
pub static AGENT: Kind = Kind {
    info: KindInfo {
        name: "Agent",
        slug: "agent",
        noun: "agent",
        rank: 11,
        case_insensitive: &["lifecycleStage"],
        prune: Prune::OnlyAll,
        open_field: Some("extra"),
        ..KindInfo::PLAIN
    },
    location: Location::Workspace(&API_CENTER),
    collection: "agents",
    api_version: PREVIEW,
    may_be_missing: true,
    children: &[Child {
        field: "versions",
        kind: &AGENT_VERSION,
    }],
    server_owned: &["lastUpdated"],
    schema: schema_of!(AgentSpec),
    example: r#"{"title": "Help desk", "summary": "Helps customers with their orders.",
        "description": "Looks up orders, and opens a ticket if that is not enough.",
        "lifecycleStage": "preview", "customProperties": {"team": "support"},
        "extra": {"protocol": "A2A"}}"#,
    snippets: &[Snippet {
        label: "",
        description: "An AI agent with a version",
        spec: r#"{"title": "${2:Help desk}", "summary": "${3:What it is for.}",
                "versions": [{"name": "${4:1-0-0}", "title": "${5:v1}",
                    "lifecycleStage": "${6|design,development,testing,preview,production,deprecated,retired|}"}]}"#,
    }],
    ..Kind::PLAIN
};

/// An AI agent with its versions.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct AgentSpec {
    /// Name shown in the portal; 1 to 50 characters.
    #[schemars(length(min = 1, max = 50), extend("examples" = ["Help desk"]))]
    pub title: String,
    /// One sentence about the agent, for lists and search results of the portal; at most 200 characters.
    #[schemars(length(max = 200), extend("examples" = ["Helps customers with their orders."]))]
    pub summary: Option<String>,
    /// What the agent does, in Markdown; at most 1,000 characters.
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// Stage of the agent's life, as shown in the portal.
    #[schemars(extend("x-known-values" = values(STAGES), "x-known-descriptions" = meanings(STAGES)))]
    pub lifecycle_stage: Option<String>,
    /// The organisation's own metadata, as the portal shows it.
    pub custom_properties: Option<CustomProperties>,
    /// Further properties, as the service spells them: they are compared and written, and those that are not
    /// declared stay as they are.
    #[schemars(extend("x-secret-keys" = SECRET_URI))]
    pub extra: Option<BTreeMap<String, Value>>,
    /// Versions of the agent.
    pub versions: Option<Vec<AssetVersionSpec>>,
}
