//! Reading a service into a live state.

use std::collections::{BTreeMap, BTreeSet};

use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::future::{BoxFuture, Either, FutureExt as _, ready, select, try_join_all};
use futures::pin_mut;
use futures::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use serde_json::{Map, Value};

use super::content::ReadContent;
use super::items::{Found, addressed, live};
use super::reading::{Branch, EarlyRead, EarlyReads, ReadResources, Reading};
use super::service::ArmService;
use super::service_context;
use crate::kinds::{self, KINDS, Kind};
use crate::live::{ReadScope, Reader, ServiceError, detect_sync_sources};
use crate::model::{Address, LiveState, Role, ServiceContext};

/// A list that is being read, or waits to be, with everything below its resources.
type List<'a> = BoxFuture<'a, Result<Found, ServiceError>>;

/// Where lists are begun.
type Lists<'a> = UnboundedSender<List<'a>>;

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
        let (reading, requests) = Reading::new(scope, early, self.client.counters());
        let service = async { tokio::try_join!(self.envelope(), self.grants(scope)) };
        let rest = async {
            tokio::try_join!(
                self.read_resources(reading),
                self.read_contents(requests, scope),
            )
        };
        pin_mut!(service, rest);
        // The first request finds out whether the service can be reached and exists. Later, the lists do not wait for it.
        let first = match self.client.sent().reads {
            0 => Either::Left((service.await, rest)),
            _ => select(service, rest).await,
        };
        let (service, rest) = match first {
            Either::Left((service, rest)) => (service?, rest.right_future()),
            Either::Right((rest, service)) => (service.await?, ready(rest).left_future()),
        };
        let (envelope, grants) = service;
        let surroundings = self.context(envelope.as_ref(), grants);
        let Some(envelope) = envelope else {
            return Ok(LiveState {
                context: surroundings,
                ..LiveState::default()
            });
        };
        let (mut read, contents) = rest.await?;
        if let Some(vanished) = &self.vanished {
            vanished.leave_out_of(&mut read.found);
        }
        let address = Address::top(&kinds::SERVICE.info, "");
        read.found.push((address, envelope));
        let mut state = state(read, contents, surroundings);
        detect_sync_sources(&mut state);
        self.cache.save();
        Ok(state)
    }

    /// The response for the service; none if there is no such service.
    async fn envelope(&self) -> Result<Option<Value>, ServiceError> {
        let service = &kinds::SERVICE;
        self.client.counters().expect(1);
        let path = self.path(&Address::top(&service.info, ""));
        self.client.get(&path, service.api_version).await
    }

    /// Everything below the service but contents, which are asked for as soon as it is known that they are there.
    async fn read_resources(&self, reading: Reading<'_>) -> Result<ReadResources, ServiceError> {
        let scope = reading.scope;
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
        let mut found: Found = tops.into_iter().flatten().collect();
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
    ) -> List<'a> {
        Box::pin(async move {
            let path = match &parent {
                Some(parent) => format!("{}/{}", self.path(parent), kind.collection),
                None => self.collection(kind),
            };
            let few = match &parent {
                None => self.one_by_one(kind, reading.scope).await?,
                Some(_) => None,
            };
            let pages = match few {
                Some(items) => stream::iter([Ok(items)]).left_stream(),
                None => self.client.pages(&path, kind.api_version).right_stream(),
            };
            // What is below the resources of one page is read while later pages are.
            let (begin, begun) = unbounded();
            let above = parent.as_ref();
            let items = async move {
                let listed = pages
                    .map(|page| addressed(page?, kind, above, &path))
                    .inspect_ok(|page| self.begin_below(page, reading, &begin))
                    .try_concat()
                    .await;
                if above.is_some() {
                    self.client.counters().expect_fewer(lists_below_one(kind));
                }
                match (above, listed) {
                    (Some(above), Err(error)) if self.has_vanished(above, &error).await => {
                        Ok(Vec::new())
                    }
                    (_, listed) => reading.not_listed.or_none(kind, kind.type_path(), listed),
                }
            };
            let (mut found, below) = tokio::try_join!(items, self.in_turn(begun))?;
            found.extend(below);
            Ok(found)
        })
    }

    /// Begins to read what is below listed resources, as far as the scope reaches.
    fn begin_below<'a>(&'a self, page: &Found, reading: &'a Reading<'a>, begin: &Lists<'a>) {
        for (address, item) in page {
            let lists = if let Some(early) = reading.take_early(address) {
                vec![self.rest_of(early, address.clone(), reading)]
            } else if reading.scope.reaches(address) {
                self.lists_below(address, kinds::below(kinds::of(address)), reading)
            } else {
                Vec::new()
            };
            for list in lists {
                // They are read until all lists were begun.
                let _ = begin.unbounded_send(list);
            }
            reading.ask_for_content(address, item);
        }
    }

    /// What is below a resource, of which reading was begun before; it is read again if that failed.
    fn rest_of<'a>(
        &'a self,
        early: EarlyRead,
        address: Address,
        reading: &'a Reading<'a>,
    ) -> List<'a> {
        Box::pin(async move {
            match reading.early(early).await {
                Some(found) => Ok(found),
                None => {
                    let children = kinds::below(kinds::of(&address));
                    let lists = self.lists_below(&address, children, reading);
                    self.in_turn(stream::iter(lists)).await
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
    ) -> Vec<List<'a>> {
        children
            .map(|child| {
                self.client.counters().expect(1 + lists_below_one(child));
                self.list(child, Some(address.clone()), reading)
            })
            .collect()
    }

    /// The results of lists, of which no more are begun than requests may be sent at once: so the lists below the first
    /// resources are read before those below later ones, and contents can be asked for from the start.
    async fn in_turn<'a>(
        &self,
        lists: impl Stream<Item = List<'a>>,
    ) -> Result<Found, ServiceError> {
        lists
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
            let found = self.in_turn(stream::iter(lists)).await?;
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
            .filter(|(address, _)| !listed.contains(address) && scope.wants_single(address));
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
        self.in_turn(stream::iter(lists.collect::<Vec<_>>())).await
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
