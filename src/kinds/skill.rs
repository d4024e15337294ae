//! Skills: instructions that AI agents can use, with the files that belong to them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::SKILL_VERSION;
use super::asset_version::AssetVersionSpec;
use super::custom_properties::CustomProperties;
use super::kind::{Child, Kind, Snippet};
use super::lifecycle::STAGES;
use super::location::{API_CENTER, Location, PREVIEW};
use super::schema::{SECRET_URI, meanings, schema_of, values};
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
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct SkillSpec {
    /// Name shown in the portal; 1 to 50 characters.
    #[schemars(length(min = 1, max = 50), extend("examples" = ["Code review"]))]
    pub title: String,
    /// One sentence about the skill, for lists and search results of the portal; at most 200 characters.
    #[schemars(length(max = 200), extend("examples" = ["Reviews a change for defects."]))]
    pub summary: Option<String>,
    /// What the skill does, in Markdown; at most 1,000 characters.
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// Stage of the skill's life, as shown in the portal.
    #[schemars(extend("x-known-values" = values(STAGES), "x-known-descriptions" = meanings(STAGES)))]
    pub lifecycle_stage: Option<String>,
    /// The organisation's own metadata, as the portal shows it.
    pub custom_properties: Option<CustomProperties>,
    /// Further properties, as the service spells them: they are compared and written, and those that are not
    /// declared stay as they are.
    #[schemars(extend("x-secret-keys" = SECRET_URI))]
    pub extra: Option<BTreeMap<String, Value>>,
    /// Versions of the skill.
    pub versions: Option<Vec<AssetVersionSpec>>,
}
