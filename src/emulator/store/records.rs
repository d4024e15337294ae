//! What is stored per resource.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::emulator::base::clock::Ticks;

/// A resource below a service.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::emulator) struct Record {
    /// The name as its creator wrote it.
    pub(in crate::emulator) name: String,
    /// The place in the order of creation.
    pub(in crate::emulator) number: u64,
    pub(in crate::emulator) etag: String,
    pub(in crate::emulator) created: Ticks,
    pub(in crate::emulator) modified: Ticks,
    /// What clients may write, in the service's order.
    pub(in crate::emulator) properties: Map<String, Value>,
    /// What only the service writes and a PUT keeps, for example `specification`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(in crate::emulator) owned: Map<String, Value>,
    /// The link to the source it was synchronised from. Never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::emulator) link: Option<SourceLink>,
}

/// Where a synchronised resource comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::emulator) struct SourceLink {
    /// The key of the API source.
    pub(in crate::emulator) source: String,
    /// Id of the source object this resource was created from.
    pub(in crate::emulator) origin: String,
    /// The gateway that the source had then; empty in files of earlier versions.
    #[serde(default)]
    pub(in crate::emulator) gateway: String,
}

/// A service, living or soft-deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::emulator) struct ServiceRecord {
    pub(in crate::emulator) subscription: String,
    pub(in crate::emulator) group: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) number: u64,
    pub(in crate::emulator) etag: String,
    pub(in crate::emulator) created: Ticks,
    pub(in crate::emulator) modified: Ticks,
    pub(in crate::emulator) location: String,
    pub(in crate::emulator) sku: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::emulator) identity: Option<Value>,
    pub(in crate::emulator) tags: Map<String, Value>,
    /// Whether the work that follows a creation is done: the sample API and the data host name are
    /// there.
    pub(in crate::emulator) ready: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::emulator) deleted: Option<Ticks>,
}

/// A long-running operation: an import by link, or some other work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::emulator) struct OperationRecord {
    #[serde(default)]
    pub(in crate::emulator) link: String,
    #[serde(default)]
    pub(in crate::emulator) specification: Option<Value>,
    pub(in crate::emulator) state: OperationState,
    /// What is done instead of fetching the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::emulator) work: Option<Work>,
}

/// The work of a long-running operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::emulator) enum Work {
    /// Copies of what these sources have.
    Copy(Vec<Copied>),
    /// This zip archive, in base64, becomes the content.
    #[serde(alias = "Ruleset")]
    Archive(String),
}

/// A source of copies.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::emulator) struct Copied {
    /// The properties of an API source.
    pub(in crate::emulator) properties: Map<String, Value>,
    /// The only API to copy; `None` for all of them.
    pub(in crate::emulator) api: Option<String>,
}

/// The state of a long-running operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::emulator) enum OperationState {
    NotStarted,
    InProgress { started: Ticks },
    Succeeded { started: Ticks, ended: Ticks },
    Failed { message: String },
}

impl OperationState {
    pub(in crate::emulator) fn is_final(&self) -> bool {
        matches!(self, Self::Succeeded { .. } | Self::Failed { .. })
    }
}
