//! Waiting for a deleted integration: what it synchronised disappears some seconds later (observed: eleven).

use std::time::Duration;

use tokio::time::Instant;

use super::service::ArmService;
use crate::kinds::{self, ENVIRONMENT};
use crate::live::{ErrorKind, ServiceError};
use crate::model::view::IntegrationView;
use crate::model::{Address, Resource};

/// The longest wait for that.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// The longest wait for its environment after that.
const PATIENCE_AFTER: Duration = Duration::from_secs(45);

/// The longest wait between two reads.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

impl ArmService {
    /// Waits until an integration no longer exists, and for a while for its environment, which may be kept.
    /// The service refuses to delete the environment as long as the link exists.
    pub(super) async fn await_unlinked(&self, integration: &Resource) -> Result<(), ServiceError> {
        let environment = IntegrationView::of(&integration.body)
            .target_environment()
            .map(|name| Address::top(&ENVIRONMENT.info, name));
        if !self.vanishes(&integration.address, PATIENCE).await? {
            let text = format!(
                "{} was deleted, but still exists after {} minutes",
                integration.address,
                PATIENCE.as_secs() / 60
            );
            return Err(ServiceError::new(ErrorKind::Timeout, text));
        }
        if let Some(environment) = environment {
            self.vanishes(&environment, PATIENCE_AFTER).await?;
        }
        Ok(())
    }

    /// Whether a resource disappears within a time.
    async fn vanishes(&self, address: &Address, within: Duration) -> Result<bool, ServiceError> {
        let (path, version) = (self.path(address), kinds::of(address).api_version);
        let deadline = Instant::now() + within;
        let mut wait = Duration::from_millis(100);
        while self.client.get(&path, version).await?.is_some() {
            if Instant::now() + wait > deadline {
                return Ok(false);
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        Ok(true)
    }
}
