//! The types of the service that have no kind of their own, and what is known of them.

use super::location::{API_CENTER, Location};
use super::{AGENT_VERSION, KINDS, Kind, SKILL_VERSION};
use crate::model::{Address, Segment};

/// A type whose properties are not published. Its resources are declared by the kind `Resource`.
#[derive(Debug)]
pub struct ResourceType {
    /// Collections from the workspace or the service to the type, such as `apis/versions/securityRequirements`.
    pub path: &'static str,
    /// Whether its resources are directly below the service, not in the workspace.
    pub is_of_service: bool,
    /// The type without which there are none of it, so that it need not be listed.
    pub only_with: Option<&'static str>,
}

const PLAIN: ResourceType = ResourceType {
    path: "",
    is_of_service: false,
    only_with: None,
};

/// The types that are known and need no kind of their own (documented by clients and by the list of permissions).
static RESOURCE_TYPES: &[ResourceType] = &[
    ResourceType {
        path: "authConfigs",
        ..PLAIN
    },
    ResourceType {
        path: "apis/versions/securityRequirements",
        // Each binds an auth config to a version.
        only_with: Some("authConfigs"),
        ..PLAIN
    },
    ResourceType {
        path: "models",
        ..PLAIN
    },
    ResourceType {
        path: "links",
        ..PLAIN
    },
    ResourceType {
        path: "mcpRegistries",
        ..PLAIN
    },
    ResourceType {
        path: "skillEvaluationConfigurations",
        ..PLAIN
    },
    ResourceType {
        path: "agentEvaluationConfigurations",
        ..PLAIN
    },
    ResourceType {
        path: "eventGridFilters",
        is_of_service: true,
        ..PLAIN
    },
];

/// Every type that is known and has no kind of its own. A kind for one of them takes its place.
pub fn resource_types() -> impl Iterator<Item = &'static ResourceType> {
    let types = RESOURCE_TYPES.iter();
    types.filter(|one| typed(one.path).is_none())
}

impl ResourceType {
    /// The type at a path; case does not matter.
    #[must_use]
    pub fn at(path: &str) -> Option<&'static Self> {
        resource_types().find(|one| one.path.eq_ignore_ascii_case(path))
    }

    /// The kind that is above its resources; `None` for those directly below the workspace or the service.
    #[must_use]
    pub fn parent(&self) -> Option<&'static Kind> {
        let (above, _) = self.path.rsplit_once('/')?;
        typed(above)
    }

    /// The last part of its path.
    #[must_use]
    pub fn collection(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

impl Kind {
    /// The collections from the workspace or the service to a kind, such as `apis/versions`; `None` for what is
    /// not a resource of the catalogue.
    #[must_use]
    pub fn type_path(&self) -> Option<String> {
        match self.location {
            Location::Service(root) | Location::Workspace(root) if *root == API_CENTER => {
                Some(self.collection.to_owned())
            }
            Location::Child(above) => Some(format!("{}/{}", above.type_path()?, self.collection)),
            _ => None,
        }
    }
}

/// The kind that covers a type.
pub(super) fn typed(path: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| {
        kind.type_path()
            .is_some_and(|own| own.eq_ignore_ascii_case(path))
    })
}

/// The kind that must be used instead of `Resource` for a type. Versions of skills and agents may be declared
/// either way, because others may own the skill or the agent itself.
pub(super) fn instead(path: &str) -> Option<&'static Kind> {
    typed(path).filter(|kind| kind.info != SKILL_VERSION.info && kind.info != AGENT_VERSION.info)
}

/// Whether resources of a type are directly below the service; `declared` decides for one that is not known.
pub(super) fn is_of_service(path: &str, declared: bool) -> bool {
    match (ResourceType::at(path), typed(path)) {
        (Some(known), _) => known.is_of_service,
        (None, Some(kind)) => matches!(kind.location, Location::Service(_)),
        (None, None) => declared,
    }
}

/// The type in the path of a resource: every other part of it.
pub(super) fn type_of(path: &str) -> String {
    path.split('/').step_by(2).collect::<Vec<_>>().join("/")
}

/// The path of a resource of any type, by its address.
pub(super) fn path_at(address: &Address, is_declared_of_service: bool) -> String {
    let name = address
        .segments()
        .last()
        .map_or("", |Segment { name, .. }| name);
    if is_of_service(&type_of(name), is_declared_of_service) {
        format!("/{name}")
    } else {
        format!("{}/{name}", API_CENTER.workspace)
    }
}

/// The ARM resource type of what is at an address of a catalogue, such as
/// `Microsoft.ApiCenter/services/workspaces/links`.
#[must_use]
pub fn arm_type_of(address: &Address) -> Option<String> {
    let kind = super::of(address);
    if !matches!(kind.location, Location::Path(_)) {
        return kind.resource_type();
    }
    let path = type_of(address.name());
    let workspaces = if is_of_service(&path, false) {
        ""
    } else {
        "workspaces/"
    };
    Some(format!("{}/{workspaces}{path}", API_CENTER.resource_type))
}
