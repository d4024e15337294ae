//! What is stored per resource.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::emulator::clock::Ticks;

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

/// A long-running operation: an import by link.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::emulator) struct OperationRecord {
    pub(in crate::emulator) link: String,
    #[serde(default)]
    pub(in crate::emulator) specification: Option<Value>,
    pub(in crate::emulator) state: OperationState,
}

/// How far a long-running operation is.
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
