//! What the manifests declare, which is read beside the service.

use std::panic::resume_unwind;
use std::sync::Arc;

use futures::future::{self, BoxFuture, FutureExt as _, Shared};

use super::request::GetRequest;
use crate::model::Declared;
use crate::project::LoadedProject;

/// What the manifests declare, once it is known.
#[derive(Clone)]
pub struct Declarations(Shared<BoxFuture<'static, Arc<Declared>>>);

impl Declarations {
    /// Starts to read what the manifests declare, if a request depends on it. Otherwise, nothing is declared.
    #[must_use]
    pub fn start(project: &Arc<LoadedProject>, request: &GetRequest) -> Self {
        if !request.details.keeper {
            return Self(future::ready(Arc::default()).boxed().shared());
        }
        let project = Arc::clone(project);
        let reading = tokio::task::spawn_blocking(move || project.declared().0);
        let known = reading.map(|read| match read {
            Ok(declared) => declared,
            Err(error) => resume_unwind(error.into_panic()),
        });
        Self(known.boxed().shared())
    }

    /// Waits until it is known.
    pub(super) async fn known(&self) -> Arc<Declared> {
        self.0.clone().await
    }
}
