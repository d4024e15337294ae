//! Resources that are deleted while a service is read, as those of an integration that is being deleted are.

use std::sync::{Arc, Mutex};

use super::items::Found;
use crate::model::{Address, AddressSet};

/// The resources that a list had, and that no longer existed when they were asked for later in the same read.
#[derive(Debug, Clone, Default)]
pub(super) struct Vanished(Arc<Mutex<AddressSet>>);

impl Vanished {
    /// Adds a resource, with everything below it.
    pub(super) fn insert(&self, deleted: Address) {
        tracing::info!(%deleted, "it was deleted while the service was read");
        if let Ok(mut all) = self.0.lock() {
            all.insert_family(deleted);
        }
    }

    /// Leaves them out of what was found.
    pub(super) fn leave_out_of(&self, found: &mut Found) {
        if let Ok(vanished) = self.0.lock() {
            found.retain(|(address, _)| !vanished.covers(address));
        }
    }
}
