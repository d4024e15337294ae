//! Skills: instructions that AI agents can use, with the files that belong to them.

use schemars::JsonSchema;

use super::SKILL_VERSION;
use super::asset_version::AssetSpec;
use super::kind::{Child, Kind, Snippet};
use super::location::{API_CENTER, Location, PREVIEW};
use super::schema::schema_of;
use crate::model::{KindInfo, Prune};

/// The kind `Skill`.
pub static SKILL: Kind = Kind {
    info: KindInfo {
        name: "Skill",
        slug: "skill",
        noun: "skill",
        rank: 10,
        case_insensitive: &["lifecycleStage"],
        prune: Prune::OnlyAll,
        open_field: Some("extra"),
        stage: Some("lifecycleStage"),
        ..KindInfo::PLAIN
    },
    location: Location::Workspace(&API_CENTER),
    collection: "skills",
    api_version: PREVIEW,
    may_be_missing: true,
    children: &[Child {
        field: "versions",
        kind: &SKILL_VERSION,
    }],
    server_owned: &["lastUpdated"],
    schema: schema_of!(SkillSpec),
    example: r#"{"title": "Code review", "summary": "Reviews a change for defects.",
        "description": "Reads a change and lists what may be wrong.",
        "lifecycleStage": "production", "customProperties": {"team": "platform"},
        "extra": {"compatibility": "needs git"}}"#,
    snippets: &[Snippet {
        label: "",
        description: "A skill for AI agents",
        spec: r#"{"title": "${2:Code review}", "summary": "${3:What it is for.}",
                "lifecycleStage": "${4|design,development,testing,preview,production,deprecated,retired|}"}"#,
    }],
    ..Kind::PLAIN
};

/// A skill: instructions for AI agents, as a folder with a `SKILL.md`.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct SkillSpec(AssetSpec);
