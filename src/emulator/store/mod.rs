//! The embedded store: what the emulated services hold, committed before it is acknowledged.

mod changes;
mod copy_on_write;
pub(super) mod error;
mod file;
mod integrity;
mod keys;
mod management;
mod records;
mod tables;
mod view;
mod writer;

pub(super) use changes::Changes;
pub(super) use error::StoreError;
pub(super) use keys::{ServiceKey, child_key, service_key};
pub(super) use management::{AssignmentRecord, GroupRecord, PrincipalRecord};
pub(super) use records::{
    Copied, OperationRecord, OperationState, Record, ServiceRecord, SourceLink, Work,
};
pub(super) use view::{StoredResource, View};
pub(super) use writer::Store;
