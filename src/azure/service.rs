//! One API Center service: its path in the resource manager, and its cache.

use std::path::PathBuf;

use super::cache::DigestCache;
use super::client::ArmClient;
use super::vanished::Vanished;
use crate::kinds;
use crate::live::{ErrorKind, ServiceError};
use crate::model::{Address, ServiceId};

/// A service on the resource manager: reads and writes its resources.
#[derive(Debug, Clone)]
pub struct ArmService {
    pub(super) client: ArmClient,
    base: String,
    pub(super) cache: DigestCache,
    /// What is deleted during a read of the whole service; `None` outside of one.
    pub(super) vanished: Option<Vanished>,
}

impl ArmService {
    /// The service with this id. `cache` is a folder for files that may be deleted at any time.
    #[must_use]
    pub fn new(client: ArmClient, id: &ServiceId, cache: Option<PathBuf>) -> Self {
        let base = kinds::API_CENTER.id(id);
        let cache = DigestCache::new(cache, &client.endpoint_name(), &base);
        Self {
            client,
            base,
            cache,
            vanished: None,
        }
    }

    /// The same service for another read, whose lists are counted from zero.
    pub(super) fn for_one_read(&self) -> Self {
        Self {
            client: self.client.for_one_read(),
            vanished: Some(Vanished::default()),
            ..self.clone()
        }
    }

    /// Whether something of a resource was not found because the resource, or the one at the top above it, was deleted
    /// since a list had it. It is asked for by itself: a failed read alone proves nothing.
    pub(super) async fn has_vanished(&self, address: &Address, error: &ServiceError) -> bool {
        let Some(vanished) = &self.vanished else {
            return false;
        };
        if error.kind() != ErrorKind::NotFound {
            return false;
        }
        for above in [address.root(), address.clone()] {
            let version = kinds::of(&above).api_version;
            let found = self.client.get(&self.path(&above), version).await;
            if matches!(found, Ok(None)) {
                vanished.insert(above);
                return true;
            }
        }
        false
    }

    /// The client, for its counts.
    #[must_use]
    pub fn client(&self) -> &ArmClient {
        &self.client
    }

    /// The ARM path of a resource of this service.
    pub(super) fn path(&self, address: &Address) -> String {
        format!("{}{}", self.base, kinds::arm_path(address))
    }

    /// The ARM path of a list of top resources of a kind.
    pub(super) fn collection(&self, kind: &'static kinds::Kind) -> String {
        let any = self.path(&Address::top(&kind.info, "x"));
        any.trim_end_matches("/x").to_owned()
    }
}
