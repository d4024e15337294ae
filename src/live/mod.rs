//! The live service: the traits that read and write it, the errors of both, and a saved live state.
//!
//! Reading and writing are different traits, so that planning never gets something that writes.

mod error;
pub mod snapshot;
mod sync_sources;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

pub use error::{ErrorKind, Permission, RequestInfo, ServiceError};
pub use sync_sources::detect_sync_sources;

use crate::kinds::{self, KINDS, Kind};
use crate::model::{
    Address, AddressSet, Body, Document, LiveState, Patterns, Renames, Resource, Role, Scope,
};

/// The most resources that are read by themselves instead of from a list, which has some hundreds on a few pages
/// (chosen here).
const MOST_BY_THEMSELVES: usize = 20;

/// Which parts of a service to read.
#[derive(Debug, Clone, Default)]
pub struct ReadScope {
    /// Only these resources and those below them; everything if it is empty. More may be read.
    pub only: Patterns,
    /// Only these resources, as far as `only` selects them; everything if it is `None`. More may be read.
    pub changed: Option<AddressSet>,
    /// What is read besides `changed` because it is referred to; its content is not wanted.
    pub needed: AddressSet,
    /// Digests of the declared documents: the text of a live document is read only where its digest
    /// is not known or differs.
    pub digests: BTreeMap<Address, String>,
    /// Whether every document's text is wanted, as for an export.
    pub all_texts: bool,
    /// What has another name now: the text of every document below a former name is wanted, to copy it.
    pub renames: Renames,
    /// Scopes whose role assignments are wanted. Where the value is false, a scope that
    /// is forbidden or not found is only reported, in the context of the live state.
    pub role_scopes: BTreeMap<Scope, bool>,
    /// Declared resources that no list need have: each is read by itself if it was not listed.
    pub singles: BTreeMap<Address, SingleRead>,
}

/// How to read a resource by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleRead {
    /// Its path below the service.
    pub path: String,
    /// The version of the API.
    pub api_version: String,
}

impl ReadScope {
    /// Whether a resource, or something below it, is wanted.
    #[must_use]
    pub fn reaches(&self, address: &Address) -> bool {
        let changed = self.changed.as_ref();
        self.is_in_reach_of_patterns(address)
            && changed
                .is_none_or(|changed| changed.reaches(address) || self.needed.reaches(address))
    }

    fn is_in_reach_of_patterns(&self, address: &Address) -> bool {
        self.only.is_empty() || self.only.covers(address) || self.only.may_match_below(address)
    }

    /// Whether the content of a resource is wanted, if it has some.
    #[must_use]
    pub fn wants_content(&self, address: &Address) -> bool {
        let changed = self.changed.as_ref();
        self.is_in_reach_of_patterns(address)
            && changed.is_none_or(|changed| changed.covers(address))
    }

    /// Whether the text of a resource's content is wanted, whatever its digest.
    #[must_use]
    pub fn wants_text(&self, address: &Address) -> bool {
        self.all_texts || self.renames.present(address).is_some()
    }

    /// Whether a resource is selected where not everything is.
    #[must_use]
    pub fn singles_out(&self, address: &Address) -> bool {
        match &self.changed {
            None => self.only.covers(address),
            Some(changed) => {
                changed.covers(address) && (self.only.is_empty() || self.only.covers(address))
            }
        }
    }

    /// The wanted resources of a kind whose list is long, if they are so few that each is rather read by itself. Not where
    /// others matter: who else uses a metadata schema, what vanishes with an integration, and how many there are of
    /// which something is deleted.
    #[must_use]
    pub fn few_of(&self, kind: &Kind) -> Option<BTreeSet<Address>> {
        let changed = self.changed.as_ref()?;
        let concerns_others =
            |address: &Address| address.is(Role::MetadataSchema) || address.is(Role::Integration);
        let is_alone =
            changed.families().next().is_none() && !changed.single().any(concerns_others);
        if kind.info.role != Role::Api || !is_alone {
            return None;
        }
        let all = changed.single().chain(self.needed.single());
        let roots = all.map(Address::root);
        let wanted: BTreeSet<Address> = roots.filter(|root| *root.kind() == kind.info).collect();
        (wanted.len() <= MOST_BY_THEMSELVES).then_some(wanted)
    }

    /// Whether a resource that may be in no list is wanted. One that is below what has another name is taken along, whatever
    /// is selected.
    #[must_use]
    pub fn wants_single(&self, address: &Address) -> bool {
        let is_moved = || (kinds::REDIRECT.path)(&self.renames, address).is_some();
        self.reaches(address) || self.reaches_renamed() && is_moved()
    }

    /// Whether something is wanted that has another name.
    fn reaches_renamed(&self) -> bool {
        let mut former = self.renames.former();
        former.any(|former| self.reaches(former))
    }

    /// Whether resources of a kind are wanted, all of which a service may lack. They need requests of their own,
    /// so they are read only where everything is, or where one such kind is selected: they refer to each other. And
    /// where something gets another name.
    #[must_use]
    pub fn wants_newer_kinds(&self) -> bool {
        let mut newer = KINDS.iter().filter(|kind| kind.may_be_missing);
        let is_newer = |address: &Address| kinds::of(&address.root()).may_be_missing;
        // They may be below what has another name, or refer to it.
        if self.reaches_renamed() {
            return true;
        }
        match &self.changed {
            None => {
                self.only.is_empty() || newer.any(|kind| self.only.may_start_with(kind.info.slug))
            }
            Some(changed) => {
                let mut wanted = changed.single().chain(changed.families());
                wanted.any(is_newer)
            }
        }
    }
}

/// Reads a service.
pub trait Reader: Send + Sync {
    /// Reads what the scope asks for. A failed read is an error, never "absent".
    fn read(
        &self,
        scope: &ReadScope,
    ) -> impl Future<Output = Result<LiveState, ServiceError>> + Send;
}

/// Writes a service, one resource at a time. Every operation may be repeated.
pub trait Writer: Send + Sync {
    /// Creates a resource or updates it as declared; `unmodelled` fields are kept.
    fn put(
        &self,
        resource: &Resource,
        unmodelled: &Body,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Uploads the document of a definition, or the ruleset of an analyzer.
    fn import(
        &self,
        resource: &Resource,
        document: &Document,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Deletes a resource with everything below it; one that does not exist is not an error.
    fn delete(&self, resource: &Resource) -> impl Future<Output = Result<(), ServiceError>> + Send;
}
