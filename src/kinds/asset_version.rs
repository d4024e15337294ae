//! Versions of skills and of agents, and what skills and agents have in common.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::custom_properties::CustomProperties;
use super::kind::Kind;
use super::lifecycle::STAGES;
use super::location::{Location, PREVIEW};
use super::schema::{SECRET_URI, meanings, schema_of, values};
use super::{AGENT, SKILL};
use crate::model::{KindInfo, Prune};

const EXAMPLE: &str = r#"{"name": "1-0-0", "previously": ["1-0"], "title": "v1", "lifecycleStage": "production", "extra": {"novel": true}}"#;

/// The kind `SkillVersion`.
pub(super) static SKILL_VERSION: Kind = Kind {
    info: KindInfo {
        name: "SkillVersion",
        noun: "skill version",
        ..INFO
    },
    location: Location::Child(&SKILL),
    ..VERSION
};

/// The kind `AgentVersion`.
pub(super) static AGENT_VERSION: Kind = Kind {
    info: KindInfo {
        name: "AgentVersion",
        noun: "agent version",
        ..INFO
    },
    location: Location::Child(&AGENT),
    ..VERSION
};

const INFO: KindInfo = KindInfo {
    slug: "version",
    rank: 0,
    case_insensitive: &["lifecycleStage"],
    stage: Some("lifecycleStage"),
    prune: Prune::OnlyAll,
    open_field: Some("extra"),
    ..KindInfo::PLAIN
};

const VERSION: Kind = Kind {
    collection: "versions",
    api_version: PREVIEW,
    may_be_missing: true,
    server_owned: &["lastUpdated"],
    schema: schema_of!(AssetVersionSpec),
    example: EXAMPLE,
    ..Kind::PLAIN
};

/// A skill or an agent.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct AssetSpec {
    /// Name shown in the portal; 1 to 50 characters.
    #[schemars(length(min = 1, max = 50), extend("examples" = ["Code review"]))]
    pub title: String,
    /// One sentence about it, for lists and search results of the portal; at most 200 characters.
    #[schemars(length(max = 200), extend("examples" = ["Reviews a change for defects."]))]
    pub summary: Option<String>,
    /// What it does, in Markdown; at most 1,000 characters.
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// Stage of its life, as shown in the portal.
    #[schemars(extend("x-known-values" = values(STAGES), "x-known-descriptions" = meanings(STAGES)))]
    pub lifecycle_stage: Option<String>,
    /// The organisation's own metadata, as the portal shows it.
    pub custom_properties: Option<CustomProperties>,
    /// Further properties, as the service spells them: they are compared and written, and those that are not
    /// declared stay as they are.
    #[schemars(extend("x-secret-keys" = SECRET_URI))]
    pub extra: Option<BTreeMap<String, Value>>,
    /// Its versions.
    pub versions: Option<Vec<AssetVersionSpec>>,
}

/// A version of a skill or an agent.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct AssetVersionSpec {
    /// Name of the version, part of its address, such as `1-0-0`.
    #[schemars(extend("x-resource-name" = true, "examples" = ["1-0-0"]))]
    pub name: String,
    /// Names that it had before, for a rename: what is there under one of them gets the present name with
    /// everything below it, instead of being deleted.
    #[schemars(inner(length(min = 1, max = 90)), extend("examples" = [["v0"]]))]
    pub previously: Option<Vec<String>>,
    /// Name shown in the portal's list of versions; 1 to 50 characters, such as `v1`.
    #[schemars(length(min = 1, max = 50), extend("examples" = ["v1"]))]
    pub title: Option<String>,
    /// Stage of the version's life, as shown in the portal.
    #[schemars(extend("x-known-values" = values(STAGES), "x-known-descriptions" = meanings(STAGES)))]
    pub lifecycle_stage: Option<String>,
    /// Further properties, as the service spells them: they are compared and written, and those that are not
    /// declared stay as they are.
    #[schemars(extend("x-secret-keys" = SECRET_URI))]
    pub extra: Option<BTreeMap<String, Value>>,
}
