//! Lists of resources whose types have no kind of their own.

use futures::future::try_join_all;

use super::items::{Found, name_of};
use super::reading::Reading;
use super::service::ArmService;
use crate::kinds::{self, ResourceType};
use crate::live::ServiceError;
use crate::model::{Address, NotListed};

impl ArmService {
    /// Resources of types without a kind of their own, if they are wanted, except for those below others.
    pub(super) async fn untyped_tops(
        &self,
        are_wanted: bool,
        reading: &Reading<'_>,
    ) -> Result<Found, ServiceError> {
        let tops = kinds::resource_types().filter(|one| are_wanted && one.parent().is_none());
        let lists: Vec<_> = tops
            .map(|one| self.list_untyped(one, None, reading))
            .collect();
        self.client.counters().expect(lists.len());
        Ok(try_join_all(lists).await?.into_iter().flatten().collect())
    }

    /// The same below what was found.
    pub(super) async fn untyped_below(
        &self,
        found: &Found,
        tops: &Found,
        reading: &Reading<'_>,
    ) -> Result<Found, ServiceError> {
        let mut below = Vec::new();
        for one in kinds::resource_types() {
            let Some(parent) = one.parent() else { continue };
            let is_of =
                |address: &Address| kinds::type_path_of(address).as_deref() == one.only_with;
            let has_any = one.only_with.is_none() || tops.iter().any(|(address, _)| is_of(address));
            let needed = one
                .only_with
                .and_then(|needed| reading.not_listed.why(needed));
            // Whether there is something that it needs is not known then.
            if needed == Some(NotListed::Forbidden) {
                let hidden = (one.path.to_owned(), NotListed::Forbidden);
                reading.not_listed.extend([hidden]);
            }
            let parents = found.iter().map(|(address, _)| address);
            let parents = parents.filter(|address| has_any && *address.kind() == parent.info);
            below.extend(parents.map(|above| self.list_untyped(one, Some(above), reading)));
        }
        self.client.counters().expect(below.len());
        Ok(try_join_all(below).await?.into_iter().flatten().collect())
    }

    async fn list_untyped(
        &self,
        one: &'static ResourceType,
        above: Option<&Address>,
        reading: &Reading<'_>,
    ) -> Result<Found, ServiceError> {
        let kind = &kinds::RESOURCE;
        let list = match above {
            Some(above) => {
                let path = kinds::path_below_workspace(above);
                format!("{path}/{}", one.collection())
            }
            None => one.path.to_owned(),
        };
        let any = self.path(&Address::top(&kind.info, format!("{list}/x")));
        let path = any.trim_end_matches("/x");
        let listed = self.client.list(path, kind.api_version).await;
        let items = reading
            .not_listed
            .or_none(kind, Some(one.path.to_owned()), listed)?;
        let named = items.into_iter().map(|item| {
            let name = format!("{list}/{}", name_of(&item, path)?);
            Ok((Address::top(&kind.info, name), item))
        });
        named.collect()
    }
}
