//! A read of a service that is under way, and what was begun before it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use serde_json::Value;
use tokio::task::JoinHandle;

use super::content::{ContentRequest, ReadContent};
use super::counts::Counters;
use super::items::Found;
use super::not_listed::NotListedTypes;
use crate::live::{ReadScope, ServiceError};
use crate::model::{Address, NotListed};

/// What is below one resource, with its contents.
#[derive(Debug)]
pub struct Branch {
    pub(super) found: Found,
    pub(super) contents: Vec<ReadContent>,
}

/// What is below a top resource, being read before the rest of the service is. It is no longer read once this is
/// dropped.
#[derive(Debug)]
pub struct EarlyRead(JoinHandle<Result<Branch, ServiceError>>);

impl EarlyRead {
    /// Starts to read, in the background.
    #[must_use]
    pub fn start(
        reads: impl Future<Output = Result<Branch, ServiceError>> + Send + 'static,
    ) -> Self {
        Self(tokio::spawn(reads))
    }

    /// What was read; `None` if that failed.
    async fn result(mut self) -> Option<Branch> {
        (&mut self.0).await.ok()?.ok()
    }
}

impl Drop for EarlyRead {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What is being read before the rest of a service is, for each top resource.
pub type EarlyReads = BTreeMap<Address, EarlyRead>;

/// A read of a service that is under way.
pub(super) struct Reading<'a> {
    pub(super) scope: &'a ReadScope,
    /// The types that could not be listed.
    pub(super) not_listed: NotListedTypes,
    /// Where contents are asked for; they are read beside the lists.
    contents: UnboundedSender<ContentRequest>,
    /// What was begun before, and whose resource is not in a list yet.
    early: Mutex<EarlyReads>,
    /// The contents of what was read before.
    early_contents: Mutex<Vec<ReadContent>>,
    counters: &'a Counters,
}

/// The result of a read, except for contents that were read beside it.
pub(super) struct ReadResources {
    pub(super) found: Found,
    pub(super) not_listed: BTreeMap<String, NotListed>,
    pub(super) early_contents: Vec<ReadContent>,
}

impl<'a> Reading<'a> {
    /// A read that begins, and the contents that it will ask for; these end with it.
    pub(super) fn new(
        scope: &'a ReadScope,
        early: EarlyReads,
        counters: &'a Counters,
    ) -> (Self, UnboundedReceiver<ContentRequest>) {
        let (contents, requests) = unbounded();
        let reading = Self {
            scope,
            not_listed: NotListedTypes::default(),
            contents,
            early: Mutex::new(early),
            early_contents: Mutex::default(),
            counters,
        };
        (reading, requests)
    }

    /// Asks for the content of a resource, if it has some that is wanted.
    pub(super) fn ask_for_content(&self, address: &Address, envelope: &Value) {
        let object = envelope.as_object();
        let request = object.and_then(|object| ContentRequest::of(address, object, self.scope));
        if let Some(request) = request {
            self.counters.expect(1);
            // Where contents are no longer read, the read has failed.
            let _ = self.contents.unbounded_send(request);
        }
    }

    /// What is below a resource, if reading that was begun before.
    pub(super) fn take_early(&self, address: &Address) -> Option<EarlyRead> {
        self.early.lock().ok()?.remove(address)
    }

    /// The resources of what was begun before; `None` if it failed.
    pub(super) async fn early(&self, read: EarlyRead) -> Option<Found> {
        let branch = read.result().await?;
        self.early_contents.lock().ok()?.extend(branch.contents);
        Some(branch.found)
    }

    /// The result. No more contents are asked for.
    pub(super) fn ended(self, found: Found) -> ReadResources {
        ReadResources {
            found,
            not_listed: self.not_listed.into_inner(),
            early_contents: self.early_contents.into_inner().unwrap_or_default(),
        }
    }
}
