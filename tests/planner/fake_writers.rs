//! Writers for tests: one that counts and checks, one that takes its time and can fail.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use apicenter::live::{ErrorKind, ServiceError, Writer};
use apicenter::model::{Address, Body, Document, LiveState, Resource};

use super::memory::Memory;

/// A service in memory that counts its requests and demands that parents and references are there.
#[derive(Debug, Default)]
pub(super) struct Strict {
    pub(super) memory: Memory,
    pub(super) calls: AtomicUsize,
    /// Whether nothing may name what is deleted.
    pub(super) guards_references: bool,
}

impl Strict {
    pub(super) fn new(state: LiveState, guards_references: bool) -> Self {
        Self {
            memory: Memory::new(state),
            calls: AtomicUsize::new(0),
            guards_references,
        }
    }

    fn count(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }
}

impl Writer for Strict {
    async fn put(&self, resource: &Resource, unmodelled: &Body) -> Result<(), ServiceError> {
        self.count();
        let state = self.memory.state();
        let address = &resource.address;
        let current = state.resources.get(address);
        for needed in address.parent().iter().chain(&resource.references) {
            // What hung in the air before may go on to do so: nobody asked for it.
            let dangled =
                current.is_some_and(|current| current.resource.references.contains(needed));
            assert!(
                dangled || state.resources.contains_key(needed),
                "{address} before {needed}"
            );
        }
        self.memory.put(resource, unmodelled).await
    }

    async fn import(&self, resource: &Resource, document: &Document) -> Result<(), ServiceError> {
        self.count();
        let there = self
            .memory
            .state()
            .resources
            .contains_key(&resource.address);
        assert!(there, "a document before {}", resource.address);
        self.memory.import(resource, document).await
    }

    async fn delete(&self, resource: &Resource) -> Result<(), ServiceError> {
        let address = &resource.address;
        self.count();
        let state = self.memory.state();
        assert!(
            state.resources.contains_key(address),
            "{address} is missing"
        );
        let goes = |other: &Address| other == address || other.is_below(address);
        for other in state.resources.values().map(|current| &current.resource) {
            if self.guards_references && !goes(&other.address) {
                let named = other.references.iter().find(|named| goes(named));
                assert_eq!(named, None, "{} still names what goes", other.address);
            }
        }
        self.memory.delete(resource).await
    }
}

/// A service in memory that takes a while for each request, remembers what it was asked for, and
/// fails where it is told to.
#[derive(Debug, Default)]
pub(super) struct Slow {
    pub(super) memory: Memory,
    /// How long each request takes, in turns of the runtime; ten turns if the list is empty.
    pub(super) delays: Vec<u64>,
    /// Resources whose puts and deletes fail.
    pub(super) fails: BTreeSet<Address>,
    /// Definitions whose documents fail.
    pub(super) fails_import: BTreeSet<Address>,
    log: Mutex<Vec<String>>,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

impl Slow {
    pub(super) fn new(state: LiveState) -> Self {
        Self {
            memory: Memory::new(state),
            ..Self::default()
        }
    }

    /// What it was asked for, in the order in which requests came.
    pub(super) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// The most requests that were under way at once.
    pub(super) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    async fn request(
        &self,
        what: &str,
        address: &Address,
        fails: &BTreeSet<Address>,
    ) -> Result<(), ServiceError> {
        let turn = {
            let mut log = self.log.lock().unwrap();
            log.push(format!("{what} {address}"));
            log.len() - 1
        };
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let delay = match self.delays.as_slice() {
            [] => 10,
            delays => delays[turn % delays.len()],
        };
        // Turns of a single-threaded runtime are a clock that needs no waiting, and no `test-util` feature of
        // tokio, which would build it and everything above it twice.
        for _ in 0..delay {
            tokio::task::yield_now().await;
        }
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        if fails.contains(address) {
            return Err(ServiceError::new(ErrorKind::Refused, "told to fail"));
        }
        Ok(())
    }
}

impl Writer for Slow {
    async fn put(&self, resource: &Resource, unmodelled: &Body) -> Result<(), ServiceError> {
        self.request("put", &resource.address, &self.fails).await?;
        self.memory.put(resource, unmodelled).await
    }

    async fn import(&self, resource: &Resource, document: &Document) -> Result<(), ServiceError> {
        let address = &resource.address;
        self.request("import", address, &self.fails_import).await?;
        self.memory.import(resource, document).await
    }

    async fn delete(&self, resource: &Resource) -> Result<(), ServiceError> {
        let address = &resource.address;
        self.request("delete", address, &self.fails).await?;
        self.memory.delete(resource).await
    }
}
