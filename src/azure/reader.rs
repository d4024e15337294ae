//! Reading a service into a live state.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::{BoxFuture, try_join_all};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::{Map, Value};

use super::content::ReadContent;
use super::items::{Found, addressed, live};
use super::reading::{Branch, EarlyRead, EarlyReads, ReadResources, Reading};
use super::service::ArmService;
use super::service_context;
use crate::kinds::{self, KINDS, Kind};
use crate::live::{ReadScope, Reader, ServiceError, detect_sync_sources};
use crate::model::{Address, LiveState, Role, ServiceContext};

impl Reader for ArmService {
    async fn read(&self, scope: &ReadScope) -> Result<LiveState, ServiceError> {
        self.read_rest(scope, EarlyReads::default()).await
    }
}

impl ArmService {
    /// Reads the service; what is read `early` is not read again.
    ///
    /// # Errors
    /// If a request fails; then nothing is known.
    pub async fn read_rest(
        &self,
        scope: &ReadScope,
        early: EarlyReads,
    ) -> Result<LiveState, ServiceError> {
        self.for_one_read().read_all(scope, early).await
    }

    async fn read_all(
        &self,
        scope: &ReadScope,
        early: EarlyReads,
    ) -> Result<LiveState, ServiceError> {
        let service = &kinds::SERVICE;
        self.client.counters().expect(1);
        let address = Address::top(&service.info, "");
        let envelope = self
            .client
            .get(&self.path(&address), service.api_version)
            .await?;
        let surroundings = self.service_context(envelope.as_ref(), scope).await?;
        let Some(envelope) = envelope else {
            return Ok(LiveState {
                context: surroundings,
                ..LiveState::default()
            });
        };
        let (reading, requests) = Reading::new(scope, early, self.client.counters());
        let (read, contents) = tokio::try_join!(
            self.read_resources((address, envelope), reading),
            self.read_contents(requests, scope),
        )?;
        let mut state = state(read, contents, surroundings);
        detect_sync_sources(&mut state);
        self.cache.save();
        Ok(state)
    }

    /// Everything but contents, which are asked for as soon as it is known that they are there.
    async fn read_resources(
        &self,
        service: (Address, Value),
        reading: Reading<'_>,
    ) -> Result<ReadResources, ServiceError> {
        let scope = reading.scope;
        let mut found = vec![service];
        let wants_newer = scope.wants_newer_kinds();
        let tops = KINDS
            .iter()
            .filter(|kind| kind.is_top_of(&kinds::API_CENTER))
            .filter(|kind| wants_newer || !kind.may_be_missing)
            .map(|kind| self.list(kind, None, &reading));
        let tops: Vec<_> = tops.collect();
        self.client.counters().expect(tops.len());
        let (tops, untyped) =
            tokio::try_join!(try_join_all(tops), self.untyped_tops(wants_newer, &reading))?;
        found.extend(tops.into_iter().flatten());
        if wants_newer {
            found.extend(self.untyped_below(&found, &untyped, &reading).await?);
            found.extend(untyped);
        }
        found.extend(self.singles(&found, scope).await?);
        found.extend(self.users_of_schemas(&found, &reading).await?);
        Ok(reading.ended(found))
    }
}

impl ArmService {
    /// The resources of a kind, with everything below those that the scope reaches.
    fn list<'a>(
        &'a self,
        kind: &'static Kind,
        parent: Option<Address>,
        reading: &'a Reading<'a>,
    ) -> BoxFuture<'a, Result<Found, ServiceError>> {
        Box::pin(async move {
            let path = match &parent {
                Some(parent) => format!("{}/{}", self.path(parent), kind.collection),
                None => self.collection(kind),
            };
            let few = match &parent {
                None => self.one_by_one(kind, reading.scope).await?,
                Some(_) => None,
            };
            let items = if let Some(items) = few {
                items
            } else {
                let listed = self.client.list(&path, kind.api_version).await;
                reading.not_listed.or_none(kind, kind.type_path(), listed)?
            };
            if parent.is_some() {
                self.client.counters().expect_fewer(lists_below_one(kind));
            }
            let mut found = addressed(items, kind, parent.as_ref(), &path)?;
            let mut below = Vec::new();
            for (address, item) in &found {
                if let Some(early) = reading.take_early(address) {
                    below.push(self.rest_of(early, address.clone(), reading));
                } else if reading.scope.reaches(address) {
                    below.extend(self.lists_below(address, kinds::below(kind), reading));
                }
                reading.ask_for_content(address, item);
            }
            found.extend(self.in_turn(below).await?);
            Ok(found)
        })
    }

    /// What is below a resource, of which reading was begun before; it is read again if that failed.
    fn rest_of<'a>(
        &'a self,
        early: EarlyRead,
        address: Address,
        reading: &'a Reading<'a>,
    ) -> BoxFuture<'a, Result<Found, ServiceError>> {
        Box::pin(async move {
            match reading.early(early).await {
                Some(found) => Ok(found),
                None => {
                    let children = kinds::below(kinds::of(&address));
                    let lists = self.lists_below(&address, children, reading);
                    self.in_turn(lists).await
                }
            }
        })
    }

    /// A list for each of these kinds below a resource.
    fn lists_below<'a>(
        &'a self,
        address: &Address,
        children: impl Iterator<Item = &'static Kind>,
        reading: &'a Reading<'a>,
    ) -> Vec<BoxFuture<'a, Result<Found, ServiceError>>> {
        children
            .map(|child| {
                self.client.counters().expect(1 + lists_below_one(child));
                self.list(child, Some(address.clone()), reading)
            })
            .collect()
    }

    /// The results of lists, of which no more are begun than requests may be sent at once: so the lists below the first
    /// resources are read before those below later ones, and contents can be asked for from the start.
    async fn in_turn(
        &self,
        lists: Vec<BoxFuture<'_, Result<Found, ServiceError>>>,
    ) -> Result<Found, ServiceError> {
        stream::iter(lists)
            .buffer_unordered(self.client.reads_at_once())
            .try_concat()
            .await
    }

    /// What is below a resource now, with its contents.
    ///
    /// # Errors
    /// If a request fails.
    pub async fn read_below(
        &self,
        address: &Address,
        scope: &ReadScope,
    ) -> Result<Branch, ServiceError> {
        let (reading, requests) =
            Reading::new(scope, EarlyReads::default(), self.client.counters());
        let resources = async move {
            let children = kinds::below(kinds::of(address));
            let lists = self.lists_below(address, children, &reading);
            let found = self.in_turn(lists).await?;
            Ok(reading.ended(found))
        };
        let (read, contents) = tokio::try_join!(resources, self.read_contents(requests, scope))?;
        Ok(Branch {
            found: read.found,
            contents,
        })
    }

    /// Declared resources that no list had.
    async fn singles(&self, found: &Found, scope: &ReadScope) -> Result<Found, ServiceError> {
        let listed: BTreeSet<&Address> = found.iter().map(|(address, _)| address).collect();
        let wanted = scope
            .singles
            .iter()
            .filter(|(address, _)| !listed.contains(address) && scope.reaches(address));
        let reads = wanted.map(async |(address, single)| {
            let path = format!("{}{}", self.arm_id(), single.path);
            let item = self.client.get(&path, &single.api_version).await;
            let item = item.map_err(|error| explained(error, address))?;
            Ok::<_, ServiceError>(item.map(|item| (address.clone(), item)))
        });
        Ok(try_join_all(reads).await?.into_iter().flatten().collect())
    }

    /// Resources out of the scope's reach that may have values of selected metadata schemas: a plan must
    /// know which resources use a schema before it changes.
    async fn users_of_schemas(
        &self,
        found: &Found,
        reading: &Reading<'_>,
    ) -> Result<Found, ServiceError> {
        let scope = reading.scope;
        let is_selected = |(address, _): &(Address, Value)| {
            address.is(Role::MetadataSchema) && scope.singles_out(address)
        };
        if !found.iter().any(is_selected) {
            return Ok(Found::new());
        }
        let unread = found.iter().map(|(address, _)| address);
        let unread = unread.filter(|address| !scope.reaches(address));
        let lists = unread.flat_map(|address| {
            let children = kinds::below(kinds::of(address));
            let users = children.filter(|child| child.info.entity.is_some());
            self.lists_below(address, users, reading)
        });
        self.in_turn(lists.collect()).await
    }
}

fn state(
    read: ReadResources,
    contents: Vec<ReadContent>,
    mut surroundings: ServiceContext,
) -> LiveState {
    surroundings.not_listed = read.not_listed;
    let mut resources = BTreeMap::new();
    for (address, envelope) in read.found {
        let empty = Map::new();
        let object = envelope.as_object().unwrap_or(&empty);
        let kind = kinds::of(&address);
        if address.is(Role::Integration) {
            let link = service_context::link_state(object);
            let name = address.name().to_ascii_lowercase();
            surroundings.links.insert(name, link);
        }
        let live = live(kind, address.clone(), object);
        resources.insert(address, live);
    }
    for content in contents.into_iter().chain(read.early_contents) {
        content.add_to(&mut resources);
    }
    LiveState {
        resources,
        context: surroundings,
        ..LiveState::default()
    }
}

/// An error about a declared resource whose type may not exist.
fn explained(error: ServiceError, address: &Address) -> ServiceError {
    let error = error.with_subject(address);
    if error.code() == Some("InvalidResourceType") {
        error.with_help(
            "this service does not offer the type: check `type`, `scope` and `apiVersion` of the manifest",
        )
    } else {
        error
    }
}

/// The lists below one resource of a kind: what is expected for a list before it is known how long it is.
fn lists_below_one(kind: &Kind) -> usize {
    kinds::below(kind).count()
}
