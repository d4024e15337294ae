//! The embedded store: what the emulated services hold, committed before it is acknowledged.

mod changes;
mod keys;
mod management;
mod records;
mod tables;
mod view;
mod writer;

pub(super) use changes::Changes;
pub(super) use keys::{ServiceKey, child_key, service_key};
pub(super) use management::{AssignmentRecord, GroupRecord, PrincipalRecord};
pub(super) use records::{
    Copied, Link, OperationRecord, OperationState, Record, ServiceRecord, Work,
};
pub(super) use view::{Child, View};
pub(super) use writer::Store;

/// Why the store could not read or write.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(super) struct StoreError(String);

impl StoreError {
    pub(super) fn closed() -> Self {
        Self("the emulator is stopping".to_owned())
    }

    fn new(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

macro_rules! from_redb {
    ($($error:ty),+) => {
        $(impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::new(error)
            }
        })+
    };
}

from_redb!(
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError,
    serde_json::Error
);
