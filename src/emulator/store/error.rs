//! Errors of the store.

use crate::emulator::base::error::EmulatorError;

/// Why the store could not read or write.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(in crate::emulator) struct StoreError(String);

impl StoreError {
    pub(in crate::emulator) fn closed() -> Self {
        Self("the emulator is stopping".to_owned())
    }

    pub(super) fn new(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl From<StoreError> for EmulatorError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.to_string())
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
