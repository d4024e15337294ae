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
    collection: &'static str,
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

const PLAIN: OpaqueKind = OpaqueKind {
    collection: "",
    type_path: "",
    name_parameter: "Name",
    required: &[],
    source_owned: &[],
    added: &[],
};

pub(in crate::emulator) static SKILL: OpaqueKind = OpaqueKind {
    collection: "skills",
    type_path: "services/workspaces/skills",
    name_parameter: "SkillName",
    required: TITLED,
    source_owned: OF_GIT,
    added: LAST_UPDATED,
};
pub(super) static SKILL_VERSION: OpaqueKind = OpaqueKind {
    collection: "versions",
    type_path: "services/workspaces/skills/versions",
    name_parameter: "VersionName",
    ..PLAIN
};
pub(in crate::emulator) static AGENT: OpaqueKind = OpaqueKind {
    collection: "agents",
    type_path: "services/workspaces/agents",
    name_parameter: "AgentName",
    required: TITLED,
    source_owned: OF_GIT,
    added: LAST_UPDATED,
};
pub(super) static AGENT_VERSION: OpaqueKind = OpaqueKind {
    collection: "versions",
    type_path: "services/workspaces/agents/versions",
    name_parameter: "VersionName",
    ..PLAIN
};
pub(super) static PLUGIN: OpaqueKind = OpaqueKind {
    collection: "plugins",
    type_path: "services/workspaces/plugins",
    name_parameter: "PluginName",
    required: TITLED,
    added: LAST_UPDATED,
    ..PLAIN
};
pub(super) static MODEL: OpaqueKind = OpaqueKind {
    collection: "models",
    type_path: "services/workspaces/models",
    name_parameter: "ModelName",
    required: TITLED,
    added: LAST_UPDATED,
    ..PLAIN
};
pub(super) static MCP_REGISTRY: OpaqueKind = OpaqueKind {
    collection: "mcpRegistries",
    type_path: "services/workspaces/mcpRegistries",
    name_parameter: "McpRegistryName",
    ..PLAIN
};
pub(super) static LINK: OpaqueKind = OpaqueKind {
    collection: "links",
    type_path: "services/workspaces/links",
    name_parameter: "LinkName",
    required: TITLED,
    ..PLAIN
};
pub(super) static AUTH_CONFIG: OpaqueKind = OpaqueKind {
    collection: "authConfigs",
    type_path: "services/workspaces/authConfigs",
    name_parameter: "AuthConfigName",
    required: TITLED,
    ..PLAIN
};
pub(super) static SECURITY_REQUIREMENT: OpaqueKind = OpaqueKind {
    collection: "securityRequirements",
    type_path: "services/workspaces/apis/versions/securityRequirements",
    name_parameter: "SecurityRequirementName",
    required: BOUND,
    ..PLAIN
};
pub(super) static SKILL_EVALUATION: OpaqueKind = OpaqueKind {
    collection: "skillEvaluationConfigurations",
    type_path: "services/workspaces/skillEvaluationConfigurations",
    name_parameter: "EvaluationConfigurationName",
    ..PLAIN
};
pub(super) static AGENT_EVALUATION: OpaqueKind = OpaqueKind {
    collection: "agentEvaluationConfigurations",
    type_path: "services/workspaces/agentEvaluationConfigurations",
    name_parameter: "EvaluationConfigurationName",
    ..PLAIN
};
pub(super) static PORTAL: OpaqueKind = OpaqueKind {
    collection: "portals",
    type_path: "services/portals",
    name_parameter: "PortalName",
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
    ..PLAIN
};
pub(super) static EVENT_GRID_FILTER: OpaqueKind = OpaqueKind {
    collection: "eventGridFilters",
    type_path: "services/eventGridFilters",
    name_parameter: "EventGridFilterName",
    ..PLAIN
};

impl ResourceKind for OpaqueKind {
    fn collection(&self) -> &'static str {
        self.collection
    }

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
