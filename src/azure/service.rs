//! One API Center service: its path in the resource manager, and its cache.

use std::path::PathBuf;

use super::cache::DigestCache;
use super::client::ArmClient;
use crate::kinds;
use crate::model::{Address, ServiceId};

/// A service on the resource manager: reads and writes its resources.
#[derive(Debug, Clone)]
pub struct ArmService {
    pub(super) client: ArmClient,
    base: String,
    pub(super) cache: DigestCache,
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
        }
    }

    /// The same service for another read, whose lists are counted from zero.
    pub(super) fn for_another_read(&self) -> Self {
        Self {
            client: self.client.for_another_read(),
            ..self.clone()
        }
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
