//! Types whose properties are not published: whatever is sent is kept as it is.
//!
//! Documented by clients of the service: their paths, and that `title` is required where its portal has a
//! form with one. Chosen here: everything else, among it that no reference to another resource is checked.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::field::{self, FieldRule, TEXT, TITLE, required};
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::providers::api_center::namespace::NEWEST;
use crate::emulator::store::Record;

/// A type whose properties are kept as they are sent.
pub(in crate::emulator) struct OpaqueKind {
    type_path: &'static str,
    name_parameter: &'static str,
    /// What must be among the properties.
    required: &'static [FieldRule],
    /// What a Git source owns in the resources that it brought in.
    source_owned: &'static [&'static str],
    /// What the service adds: the property, and what its value is.
    added: &'static [(&'static str, Added)],
}

/// A value that the service adds.
enum Added {
    /// When the resource was last written.
    LastWritten,
    /// A host name that ends in this.
    HostName(&'static str),
}

static TITLED: &[FieldRule] = &[required("title", TITLE)];
static BOUND: &[FieldRule] = &[required("authConfigResourceId", TEXT)];
const LAST_UPDATED: &[(&str, Added)] = &[("lastUpdated", Added::LastWritten)];
const OF_GIT: &[&str] = &["title", "summary", "description", "sourceUrl"];

impl OpaqueKind {
    const fn plain(type_path: &'static str, name_parameter: &'static str) -> Self {
        Self {
            type_path,
            name_parameter,
            required: &[],
            source_owned: &[],
            added: &[],
        }
    }

    const fn titled(type_path: &'static str, name_parameter: &'static str) -> Self {
        Self {
            required: TITLED,
            ..Self::plain(type_path, name_parameter)
        }
    }

    const fn dated(type_path: &'static str, name_parameter: &'static str) -> Self {
        Self {
            added: LAST_UPDATED,
            ..Self::titled(type_path, name_parameter)
        }
    }

    const fn of_git(type_path: &'static str, name_parameter: &'static str) -> Self {
        Self {
            source_owned: OF_GIT,
            ..Self::dated(type_path, name_parameter)
        }
    }
}

pub(in crate::emulator) static SKILL: OpaqueKind =
    OpaqueKind::of_git("services/workspaces/skills", "SkillName");
pub(super) static SKILL_VERSION: OpaqueKind =
    OpaqueKind::plain("services/workspaces/skills/versions", "VersionName");
pub(in crate::emulator) static AGENT: OpaqueKind =
    OpaqueKind::of_git("services/workspaces/agents", "AgentName");
pub(super) static AGENT_VERSION: OpaqueKind =
    OpaqueKind::plain("services/workspaces/agents/versions", "VersionName");
pub(super) static PLUGIN: OpaqueKind =
    OpaqueKind::dated("services/workspaces/plugins", "PluginName");
pub(super) static MODEL: OpaqueKind = OpaqueKind::dated("services/workspaces/models", "ModelName");
pub(super) static MCP_REGISTRY: OpaqueKind =
    OpaqueKind::plain("services/workspaces/mcpRegistries", "McpRegistryName");
pub(super) static LINK: OpaqueKind = OpaqueKind::titled("services/workspaces/links", "LinkName");
pub(super) static AUTH_CONFIG: OpaqueKind =
    OpaqueKind::titled("services/workspaces/authConfigs", "AuthConfigName");
pub(super) static SECURITY_REQUIREMENT: OpaqueKind = OpaqueKind {
    required: BOUND,
    ..OpaqueKind::plain(
        "services/workspaces/apis/versions/securityRequirements",
        "SecurityRequirementName",
    )
};
pub(super) static SKILL_EVALUATION: OpaqueKind = OpaqueKind::plain(
    "services/workspaces/skillEvaluationConfigurations",
    "EvaluationConfigurationName",
);
pub(super) static AGENT_EVALUATION: OpaqueKind = OpaqueKind::plain(
    "services/workspaces/agentEvaluationConfigurations",
    "EvaluationConfigurationName",
);
pub(super) static PORTAL: OpaqueKind = OpaqueKind {
    added: &[
        (
            "dataApiHostName",
            Added::HostName("data.azure-apicenter.ms"),
        ),
        (
            "portalDefaultHostName",
            Added::HostName("portal.azure-apicenter.ms"),
        ),
    ],
    ..OpaqueKind::plain("services/portals", "PortalName")
};
pub(super) static EVENT_GRID_FILTER: OpaqueKind =
    OpaqueKind::plain("services/eventGridFilters", "EventGridFilterName");

impl ResourceKind for OpaqueKind {
    fn type_path(&self) -> &'static str {
        self.type_path
    }

    fn name_parameter(&self) -> &'static str {
        self.name_parameter
    }

    fn fields(&self) -> &'static [FieldRule] {
        self.required
    }

    fn accepted(&self, sent: &Map<String, Value>) -> Result<Map<String, Value>, Vec<String>> {
        field::read(self.required, sent)?;
        let kept = sent.iter().filter(|(_, value)| !value.is_null());
        Ok(kept
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect())
    }

    fn source_owned(&self) -> &'static [&'static str] {
        self.source_owned
    }

    /// No number is published.
    fn most(&self) -> (u64, u64) {
        (u64::MAX, u64::MAX)
    }

    fn api_versions(&self) -> &'static [&'static str] {
        NEWEST
    }

    fn owned(&self, _old: Option<&Record>, now: Ticks) -> Map<String, Value> {
        let value = |added: &Added| match added {
            Added::LastWritten => json!(now.stamp()),
            Added::HostName(end) => json!(format!("emulated.{end}")),
        };
        self.added
            .iter()
            .map(|(name, added)| ((*name).to_owned(), value(added)))
            .collect()
    }

    fn created(&self) -> StatusCode {
        StatusCode::CREATED
    }

    fn deleted(&self) -> StatusCode {
        StatusCode::OK
    }
}
