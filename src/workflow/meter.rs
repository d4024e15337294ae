//! How far a read has come, while it runs.

use crate::azure::ArmClient;

/// Counts the read requests of a step while it runs.
#[derive(Debug, Clone)]
pub struct RequestMeter {
    client: ArmClient,
    sent_before: u64,
    expected_before: u64,
}

impl RequestMeter {
    /// Counts from now on.
    pub(super) fn start(client: &ArmClient) -> Self {
        Self {
            client: client.clone(),
            sent_before: client.sent().reads,
            expected_before: client.expected_reads(),
        }
    }

    /// The read requests that were sent so far.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.client.sent().reads - self.sent_before
    }

    /// About how many there will be: what is known by now, and a guess for lists that were not read yet.
    #[must_use]
    pub fn expected(&self) -> u64 {
        let expected = self.client.expected_reads();
        let expected = expected.saturating_sub(self.expected_before);
        expected.max(self.sent())
    }
}
