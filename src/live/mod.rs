//! The live service: the traits that read and write it, the errors of both, and a saved live state.
//!
//! Reading and writing are different traits, so that planning is never handed something that writes.

mod error;
pub mod snapshot;
mod sync_sources;

use std::collections::BTreeMap;
use std::future::Future;

pub use error::{ErrorKind, Permission, RequestInfo, ServiceError};
pub use sync_sources::recognise;

use crate::model::{Address, Body, Document, LiveState, Patterns, Resource};

/// What is to be read.
#[derive(Debug, Clone, Default)]
pub struct ReadScope {
    /// Only these resources and what lies below them; everything where it is empty. More may be read.
    pub only: Patterns,
    /// Digests of the declared documents: the text of a live document is read only where its digest
    /// is not known or is another one.
    pub digests: BTreeMap<Address, String>,
    /// Whether every document's text is wanted, as for an export.
    pub all_texts: bool,
    /// Scopes whose role assignments are wanted, as resource ids. Where the value is true, one that
    /// cannot be read is an error; else it is as if nobody had asked.
    pub role_scopes: BTreeMap<String, bool>,
}

impl ReadScope {
    /// Whether a resource, or something below it, is wanted.
    #[must_use]
    pub fn reaches(&self, address: &Address) -> bool {
        self.only.is_empty() || self.only.covers(address) || self.only.may_match_below(address)
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
    /// Makes a resource what it is to be, keeping the fields that nobody modelled.
    fn put(
        &self,
        resource: &Resource,
        unmodelled: &Body,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Gives a definition its document, or an analyzer its ruleset.
    fn import(
        &self,
        resource: &Resource,
        document: &Document,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Deletes a resource and all that goes with it; one that is gone already is no error.
    fn delete(&self, resource: &Resource) -> impl Future<Output = Result<(), ServiceError>> + Send;
}
