//! The live service: the traits that read and write it, the errors of both, and a saved live state.
//!
//! Reading and writing are different traits, so that planning never gets something that writes.

mod error;
pub mod snapshot;
mod sync_sources;

use std::collections::BTreeMap;
use std::future::Future;

pub use error::{ErrorKind, Permission, RequestInfo, ServiceError};
pub use sync_sources::detect_sync_sources;

use crate::kinds::KINDS;
use crate::model::{Address, Body, Document, LiveState, Patterns, Resource, Scope};

/// Which parts of a service to read.
#[derive(Debug, Clone, Default)]
pub struct ReadScope {
    /// Only these resources and those below them; everything if it is empty. More may be read.
    pub only: Patterns,
    /// Digests of the declared documents: the text of a live document is read only where its digest
    /// is not known or differs.
    pub digests: BTreeMap<Address, String>,
    /// Whether every document's text is wanted, as for an export.
    pub all_texts: bool,
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
        self.only.is_empty() || self.only.covers(address) || self.only.may_match_below(address)
    }
}

impl ReadScope {
    /// Whether resources of a kind are wanted, all of which a service may lack. They need requests of their own,
    /// so they are read only where everything is, or where one such kind is selected: they refer to each other.
    #[must_use]
    pub fn wants_newer_kinds(&self) -> bool {
        let mut newer = KINDS.iter().filter(|kind| kind.may_be_missing);
        self.only.is_empty() || newer.any(|kind| self.only.may_start_with(kind.info.slug))
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
