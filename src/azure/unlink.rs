//! Waiting for a deleted integration, and for what vanishes with it.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::items::name_of;
use super::service::ArmService;
use crate::kinds;
use crate::live::{ErrorKind, ServiceError};
use crate::model::Address;

/// The longest wait for that.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// The longest wait between two reads.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

impl ArmService {
    /// Waits until an integration no longer exists: the service refuses to delete what is linked as long
    /// as the link exists.
    ///
    /// # Errors
    /// If a request fails, or the integration still exists after some minutes.
    pub async fn await_unlinked(&self, integration: &Address) -> Result<(), ServiceError> {
        let path = self.path(integration);
        let version = kinds::of(integration).api_version;
        let deadline = Instant::now() + PATIENCE;
        let mut wait = Duration::from_millis(100);
        while self.client.get(&path, version).await?.is_some() {
            if Instant::now() + wait > deadline {
                let text = format!(
                    "{integration} was deleted, but still exists after {} minutes",
                    PATIENCE.as_secs() / 60
                );
                return Err(ServiceError::new(ErrorKind::Timeout, text));
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        Ok(())
    }

    /// Those of these topmost resources that exist, from one list for each kind.
    ///
    /// # Errors
    /// If a request fails, or a list has an item that cannot be addressed.
    pub async fn existing(
        &self,
        wanted: &BTreeSet<Address>,
    ) -> Result<BTreeSet<Address>, ServiceError> {
        let mut existing = BTreeSet::new();
        for kind in kinds::KINDS {
            if !wanted.iter().any(|address| *address.kind() == kind.info) {
                continue;
            }
            let path = self.collection(kind);
            let items = self.client.list(&path, kind.api_version).await?;
            for item in &items {
                let address = Address::top(&kind.info, name_of(item, &path)?);
                if wanted.contains(&address) {
                    existing.insert(address);
                }
            }
        }
        Ok(existing)
    }
}
