//! Agents: AI agents of the organisation.

use schemars::JsonSchema;

use super::AGENT_VERSION;
use super::asset_version::AssetSpec;
use super::kind::{Child, Kind, Snippet};
use super::location::{API_CENTER, Location, PREVIEW};
use super::schema::schema_of;
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
        stage: Some("lifecycleStage"),
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
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct AgentSpec(AssetSpec);
