//! Reading few resources by themselves, where their list has many pages.

use futures::future::try_join_all;
use serde_json::Value;

use super::service::ArmService;
use crate::kinds::Kind;
use crate::live::{ReadScope, ServiceError};

impl ArmService {
    /// The wanted top resources of a kind; `None` if all of them have to be listed, because one that is wanted does not
    /// exist: how many there are then decides whether it can be created.
    pub(super) async fn one_by_one(
        &self,
        kind: &Kind,
        scope: &ReadScope,
    ) -> Result<Option<Vec<Value>>, ServiceError> {
        let Some(wanted) = scope.few_of(kind) else {
            return Ok(None);
        };
        self.client.counters().expect(wanted.len());
        let reads = wanted.iter().map(async |address| {
            let path = self.path(address);
            self.client.get(&path, kind.api_version).await
        });
        Ok(try_join_all(reads).await?.into_iter().collect())
    }
}
