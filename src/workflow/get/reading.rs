//! Reading the lists that a request needs, and no others.

use std::pin::pin;
use std::sync::Mutex;

use futures::future::{BoxFuture, try_join_all};
use futures::stream::{self, Stream, StreamExt as _, TryStreamExt as _};

use super::declarations::Declarations;
use super::request::{GetRequest, Got, ListEvent};
use super::rows::{RowMaker, families};
use super::wanted::TopReads;
use super::{fields, missing};
use crate::azure::{ArmService, Listed, NotListedTypes};
use crate::kinds::{self, KINDS, Kind, Location};
use crate::live::{ReadScope, Reader as _, ServiceError, detect_sync_sources};
use crate::model::{Address, ListedResource, LiveResource, LiveState, NotListed, Patterns, Role};
use crate::project::LoadedProject;
use crate::workflow::connection::Connection;
use crate::workflow::error::WorkflowError;

/// How many resources are read with what is below them at once (chosen here: the requests at once have a limit of their
/// own, and rows are given away in order).
const FAMILIES_AT_ONCE: usize = 48;

/// The most rows that are given away at once.
const MOST_ROWS: usize = 256;

/// What is known of resources before they are complete.
#[derive(Default)]
struct Arrived {
    known: Vec<ListedResource>,
    count: usize,
}

/// Reads what a list needs.
pub(super) struct ListReader<'a> {
    service: &'a ArmService,
    project: &'a LoadedProject,
    declarations: Declarations,
    maker: RowMaker<'a>,
    /// What integrations are known by, where it matters who keeps a resource.
    integrations: Vec<LiveResource>,
    not_listed: NotListedTypes,
}

impl<'a> ListReader<'a> {
    /// Reads what every row needs.
    pub(super) async fn open(
        project: &'a LoadedProject,
        declarations: Declarations,
        connection: &'a Connection,
        request: &'a GetRequest,
    ) -> Result<Self, WorkflowError> {
        let service = &connection.service;
        let mut reader = Self {
            service,
            project,
            declarations,
            maker: RowMaker { project, request },
            integrations: Vec::new(),
            not_listed: NotListedTypes::default(),
        };
        if service.one(&service_address()).await?.is_none() {
            let error = WorkflowError::no_service(&project.options.target.service);
            return Err(error.help("check the target in apicenter.yaml; apicenter get services lists those of the subscription"));
        }
        let mut metadata = Vec::new();
        if request
            .conditions
            .iter()
            .any(|one| fields::metadata_name(one).is_some())
        {
            let schemas = reader.whole(&kinds::METADATA_SCHEMA).await?;
            let names = schemas.iter().map(|one| &one.current.resource.address);
            metadata.extend(names.map(|address| address.name().to_owned()));
        }
        fields::check(request, &metadata)?;
        if request.details.keeper && KINDS.iter().any(|kind| reader.may_be_synchronised(kind)) {
            let listed = reader.whole(&kinds::INTEGRATION).await?;
            reader.integrations = listed.into_iter().map(|one| one.current).collect();
        }
        Ok(reader)
    }

    fn may_be_synchronised(&self, kind: &'static Kind) -> bool {
        let is_kept = matches!(kind.info.role, Role::Api | Role::Environment)
            || kinds::asset_type(&kind.info).is_some();
        is_kept && self.maker.request.wanted.tops(kind) != TopReads::Nothing
    }

    /// Reads the lists, and gives their rows away.
    pub(super) async fn read(
        self,
        sink: &mut impl FnMut(ListEvent<'_>),
    ) -> Result<Got, WorkflowError> {
        let mut found = Vec::new();
        for kind in KINDS.iter().filter(|kind| kind.location.parent().is_none()) {
            let Some(columns) = self.maker.columns(kind) else {
                continue;
            };
            sink(ListEvent::Group(&columns));
            match self.maker.request.wanted.tops(kind) {
                _ if matches!(kind.location, Location::Path(_)) => {
                    self.untyped(kind, &mut found, sink).await?;
                }
                TopReads::Named(_) | TopReads::Listed if kind.location.is_root() => {
                    let one = stream::iter([Ok(vec![service_address()])]);
                    self.give(self.named(one), &mut found, sink).await?;
                }
                TopReads::Named(names) => {
                    let names = stream::iter([Ok(names)]);
                    self.give(self.named(names), &mut found, sink).await?;
                }
                TopReads::Listed => self.give(self.pages(kind), &mut found, sink).await?,
                TopReads::Nothing => {}
            }
        }
        self.got(found).await
    }

    /// The resources with these addresses.
    fn named<'b>(
        &'b self,
        names: impl Stream<Item = Result<Vec<Address>, ServiceError>> + Send + 'b,
    ) -> impl Stream<Item = Result<Vec<Listed>, ServiceError>> + Send + 'b {
        names.and_then(async |names| {
            let reads = names.iter().map(|name| self.service.one(name));
            let found = try_join_all(reads).await?;
            Ok(found.into_iter().flatten().collect())
        })
    }

    /// The pages of a list; none if the service does not offer the type, which is remembered.
    fn pages<'b>(
        &'b self,
        kind: &'static Kind,
    ) -> impl Stream<Item = Result<Vec<Listed>, ServiceError>> + Send + 'b {
        self.service
            .tops(kind)
            .map(|page| self.or_nothing(kind, page))
    }

    fn or_nothing(
        &self,
        kind: &Kind,
        listed: Result<Vec<Listed>, ServiceError>,
    ) -> Result<Vec<Listed>, ServiceError> {
        self.not_listed.or_none(kind, kind.type_path(), listed)
    }

    async fn whole(&self, kind: &'static Kind) -> Result<Vec<Listed>, ServiceError> {
        self.pages(kind).try_concat().await
    }

    /// Gives the rows of some resources away, with what is read for each.
    ///
    /// The first rows wait for some others of their page, so that a table knows how wide its columns are; no row waits
    /// for a page that was not read yet.
    async fn give(
        &self,
        pages: impl Stream<Item = Result<Vec<Listed>, ServiceError>> + Send,
        found: &mut Vec<Address>,
        sink: &mut impl FnMut(ListEvent<'_>),
    ) -> Result<(), WorkflowError> {
        let arrived: Mutex<Arrived> = Mutex::default();
        let tops = pages.map_ok(|page| {
            let page: Vec<Listed> = page.into_iter().filter(|one| self.is_needed(one)).collect();
            if let Ok(mut arrived) = arrived.lock() {
                let known = page.iter().filter_map(|one| self.maker.known(one));
                arrived.known.extend(known);
                arrived.count += page.len();
            }
            stream::iter(page.into_iter().map(Ok))
        });
        let families = tops
            .try_flatten()
            .map(|top| async { self.family(top?).await })
            .buffered(FAMILIES_AT_ONCE);
        let mut families = pin!(families.ready_chunks(MOST_ROWS));
        let mut complete = 0;
        let mut rows = Vec::new();
        while let Some(ready) = families.next().await {
            let mut failure = None;
            for family in ready {
                match family {
                    Ok(family) => {
                        complete += 1;
                        let addresses = family.iter().map(|one| &one.current.resource.address);
                        found.extend(addresses.cloned());
                        rows.extend(self.rows(&family).await);
                    }
                    Err(error) => {
                        failure = Some(error);
                        break;
                    }
                }
            }
            let (known, count) = arrived.lock().map_or_else(
                |_| (Vec::new(), 0),
                |mut arrived| (std::mem::take(&mut arrived.known), arrived.count),
            );
            sink(ListEvent::Known(&known));
            if complete >= count.min(FAMILIES_AT_ONCE) || failure.is_some() {
                sink(ListEvent::Rows(std::mem::take(&mut rows)));
            }
            if let Some(error) = failure {
                return Err(error.into());
            }
        }
        sink(ListEvent::Rows(rows));
        Ok(())
    }

    /// Whether a resource directly below the service is wanted, or something below it.
    fn is_needed(&self, top: &Listed) -> bool {
        let address = &top.current.resource.address;
        let wanted = &self.maker.request.wanted;
        let kind = kinds::of(address);
        wanted.wants(address) || kinds::below(kind).any(|child| wanted.reaches(address, child))
    }

    /// A resource with what is read below it. Others are read until it is known what the manifests declare.
    async fn family(&self, top: Listed) -> Result<Vec<Listed>, ServiceError> {
        let mut family = self.below(top.current.resource.address.clone()).await?;
        family.insert(0, top);
        self.declarations.known().await;
        Ok(family)
    }

    async fn rows(&self, family: &[Listed]) -> Vec<ListedResource> {
        let declared = self.declarations.known().await;
        self.maker.rows(family, &self.state(family), &declared)
    }

    fn below(&self, parent: Address) -> BoxFuture<'_, Result<Vec<Listed>, ServiceError>> {
        Box::pin(async move {
            let kinds = kinds::below(kinds::of(&parent)).filter(|kind| self.needs(&parent, kind));
            let lists = kinds.map(async |kind| {
                let listed = self.service.below(&parent, kind).await;
                let listed = self.or_nothing(kind, listed)?;
                let deeper = listed
                    .iter()
                    .map(|one| self.below(one.current.resource.address.clone()));
                let deeper = try_join_all(deeper).await?;
                let members = listed.into_iter().zip(deeper);
                let members = members.flat_map(|(one, below)| std::iter::once(one).chain(below));
                Ok::<Vec<Listed>, ServiceError>(members.collect())
            });
            Ok(try_join_all(lists).await?.into_iter().flatten().collect())
        })
    }

    /// Whether the resources of a kind below another one are read.
    fn needs(&self, parent: &Address, kind: &Kind) -> bool {
        let GetRequest {
            wanted, details, ..
        } = self.maker.request;
        let is_counted = || {
            let mut counted = kinds::of(parent).children.iter();
            details.counts
                && wanted.wants(parent)
                && counted.any(|child| child.kind.info == kind.info)
        };
        // An API comes from the integration that deploys it.
        let shows_keeper = || {
            details.keeper && !self.integrations.is_empty() && kind.info == kinds::DEPLOYMENT.info
        };
        wanted.reaches(parent, kind) || is_counted() || shows_keeper()
    }

    /// What decides who keeps the members of a family.
    fn state(&self, family: &[Listed]) -> LiveState {
        let members = family.iter().map(|one| &one.current);
        let all = self.integrations.iter().chain(members).cloned();
        let mut live = LiveState {
            resources: all
                .map(|current| (current.resource.address.clone(), current))
                .collect(),
            ..LiveState::default()
        };
        if self.maker.request.details.keeper {
            detect_sync_sources(&mut live);
            if let Some(marker) = &self.project.options.ownership {
                live.believe_markers(marker);
            }
        }
        live
    }

    /// Resources of types without a kind of their own: which lists there are depends on others.
    async fn untyped(
        &self,
        kind: &'static Kind,
        found: &mut Vec<Address>,
        sink: &mut impl FnMut(ListEvent<'_>),
    ) -> Result<(), WorkflowError> {
        let only = format!("{}/**", kind.info.slug);
        let scope = ReadScope {
            only: Patterns::new([only]).unwrap_or_default(),
            ..ReadScope::default()
        };
        let live = self.service.read(&scope).await?;
        let types = live.context.not_listed.iter();
        let own = types.filter(|(path, _)| kinds::ResourceType::at(path).is_some());
        self.not_listed
            .extend(own.map(|(path, why)| (path.clone(), *why)));
        let all: Vec<Listed> = families(&live, kind).flatten().collect();
        found.extend(all.iter().map(|one| one.current.resource.address.clone()));
        let rows = self.rows(&all).await;
        sink(ListEvent::Known(&rows));
        sink(ListEvent::Rows(rows));
        Ok(())
    }

    /// What was not found, after everything was read.
    async fn got(self, found: Vec<Address>) -> Result<Got, WorkflowError> {
        let wanted = &self.maker.request.wanted;
        let mut missing = Vec::new();
        for address in wanted.addresses().filter(|one| !found.contains(one)) {
            missing.push((address.clone(), self.near(address).await?));
        }
        let unmatched = wanted.unmatched(found.iter());
        // Where nobody asked for a type, it matters only that it is kept from these credentials.
        let is_wanted = |path: &String| {
            let mut kinds = KINDS.iter().filter(|kind| wanted.may_want(kind));
            kinds.any(|kind| kind.type_path().as_ref() == Some(path))
                || kinds::ResourceType::at(path).is_some()
        };
        let mut not_listed = self.not_listed.into_inner();
        not_listed.retain(|path, why| *why == NotListed::Forbidden || is_wanted(path));
        Ok(Got {
            missing,
            unmatched,
            not_listed,
        })
    }

    /// What is near an address that does not exist, among what has the same parent.
    async fn near(&self, address: &Address) -> Result<Option<String>, WorkflowError> {
        let kind = kinds::of(address);
        let siblings = match address.parent() {
            None if kind.is_top_of(&kinds::API_CENTER) => self.whole(kind).await?,
            Some(parent) if self.service.one(&parent).await?.is_some() => {
                self.or_nothing(kind, self.service.below(&parent, kind).await)?
            }
            _ => return Ok(None),
        };
        let known = siblings.iter().map(|one| &one.current.resource.address);
        Ok(missing::near(address, known))
    }
}

fn service_address() -> Address {
    Address::top(&kinds::SERVICE.info, "")
}
