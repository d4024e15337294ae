//! A service in memory, which the executor writes to.

use std::sync::{Mutex, MutexGuard, PoisonError};

use apicenter::live::{ServiceError, Writer};
use apicenter::model::{Body, Document, LiveResource, LiveState, Resource};

/// A service that holds canonical resources and does what it is told.
#[derive(Debug, Default)]
pub(super) struct Memory {
    state: Mutex<LiveState>,
}

impl Memory {
    /// A service that holds this state.
    pub(super) fn new(state: LiveState) -> Self {
        Self {
            state: Mutex::new(state),
        }
    }

    /// A copy of what it holds.
    pub(super) fn state(&self) -> LiveState {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, LiveState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writer for Memory {
    async fn put(&self, resource: &Resource, unmodelled: &Body) -> Result<(), ServiceError> {
        let mut state = self.lock();
        let mut written = resource.clone();
        let current = state.resources.get(&resource.address);
        for field in resource.address.kind().content_fields {
            let value = current
                .and_then(|current| current.resource.body.get(*field))
                .cloned();
            match value {
                Some(value) => written.body.insert((*field).to_owned(), value),
                None => written.body.shift_remove(*field),
            };
        }
        let live = LiveResource {
            resource: written,
            unmodelled: unmodelled.clone(),
            synchronised: false,
            text: None,
            files: None,
            created_at: None,
        };
        state.resources.insert(resource.address.clone(), live);
        Ok(())
    }

    async fn import(&self, resource: &Resource, document: &Document) -> Result<(), ServiceError> {
        let mut state = self.lock();
        if let Some(current) = state.resources.get_mut(&resource.address) {
            for field in resource.address.kind().content_fields {
                if let Some(value) = resource.body.get(*field) {
                    current
                        .resource
                        .body
                        .insert((*field).to_owned(), value.clone());
                }
            }
            current.text = Some(document.text.clone());
            current.files = document.files.clone();
        }
        Ok(())
    }

    async fn delete(&self, resource: &Resource) -> Result<(), ServiceError> {
        let address = &resource.address;
        let mut state = self.lock();
        let current = state.resources.get(address);
        if current.is_some_and(|current| current.resource.id != resource.id) {
            return Ok(());
        }
        state
            .resources
            .retain(|other, _| other != address && !other.is_below(address));
        Ok(())
    }
}
