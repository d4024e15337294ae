//! The contract between the emulator and a resource provider.
//!
//! A provider is a folder below `providers/` with an implementation of [`Provider`], and a row in the
//! registry. Providers do not write for each other: they publish a [`ProviderEvent`] and leave the reaction to
//! whoever is concerned. Some read from another one: API Center reads what API Management publishes and what
//! a role allows.

use std::sync::Arc;

use crate::emulator::base::options::EmulatorOptions;
use crate::emulator::core::handler::{FollowUp, HandlerResult, WriteOutcome};
use crate::emulator::core::links::Links;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::tracked::TrackedResource;
use crate::emulator::store::{Changes, StoreError, View};

/// What handlers need besides the stored state.
#[derive(Clone)]
pub(in crate::emulator) struct HandlerContext {
    pub(in crate::emulator) options: Arc<EmulatorOptions>,
    pub(in crate::emulator) links: Arc<Links>,
    pub(in crate::emulator) providers: &'static [&'static dyn Provider],
}

impl HandlerContext {
    /// Reports an event to every provider; returns the work that their reactions leave.
    pub(in crate::emulator) fn publish(
        &self,
        changes: &Changes<'_>,
        event: &ProviderEvent<'_>,
    ) -> Result<Option<FollowUp>, StoreError> {
        let mut follow_ups = Vec::new();
        for provider in self.providers {
            follow_ups.extend(provider.on_event(self, changes, event)?);
        }
        Ok(FollowUp::batch(follow_ups))
    }
}

/// A resource provider.
pub(in crate::emulator) trait Provider: Sync {
    /// The namespace: `Microsoft.ApiCenter`.
    fn namespace(&self) -> &'static str;

    /// What a path addresses; `None` if it belongs to another provider.
    fn target(&self, path: &RequestPath<'_>) -> Option<Box<dyn RequestTarget>>;

    /// The resource types that the provider's registration lists. A provider without any is not
    /// listed.
    fn registered_types(&self) -> Vec<RegisteredType> {
        Vec::new()
    }

    /// The jobs that [`job`](super::job) runs for the provider.
    fn jobs(&self) -> &'static [Job] {
        &[]
    }

    /// The tracked resources of a subscription, or of one resource group in it.
    fn tracked_resources(
        &self,
        _view: View<'_>,
        _subscription: &str,
        _group: Option<&str>,
    ) -> Result<Vec<TrackedResource>, StoreError> {
        Ok(Vec::new())
    }

    /// Refuses a scope at or below a resource of the provider that does not exist.
    fn check_scope(&self, _view: View<'_>, _scope: &str) -> HandlerResult<()> {
        Ok(())
    }

    /// Reacts to what another provider did.
    fn on_event(
        &self,
        _context: &HandlerContext,
        _changes: &Changes<'_>,
        _event: &ProviderEvent<'_>,
    ) -> Result<Option<FollowUp>, StoreError> {
        Ok(None)
    }
}

/// A path as the caller wrote it, without a slash at the end.
pub(in crate::emulator) struct RequestPath<'a> {
    pub(in crate::emulator) text: &'a str,
    /// Its segments, decoded.
    pub(in crate::emulator) segments: &'a [&'a str],
}

/// What a path addresses, with its behaviour.
pub(in crate::emulator) trait RequestTarget: Send + Sync {
    /// The resource type without the namespace: `services/workspaces/apis`.
    fn type_path(&self) -> &str;

    /// The API versions that know the type.
    fn api_versions(&self) -> &'static [&'static str];

    /// Whether the target is available in an API version.
    fn accepts_version(&self, version: &str) -> bool {
        self.api_versions()
            .iter()
            .any(|known| known.eq_ignore_ascii_case(version))
    }

    /// Whether the request needs the writer.
    fn is_write(&self, request: &HandlerRequest) -> bool {
        !request.is_read()
    }

    /// Handles a request that only reads. HEAD is handled like GET; the server omits the body (chosen
    /// here: no recording has one).
    fn read(
        &self,
        context: &HandlerContext,
        view: View<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult;

    /// Handles a request that writes.
    fn write(
        &self,
        context: &HandlerContext,
        changes: &Changes<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult<WriteOutcome>;
}

/// A row in the registration of a provider.
pub(in crate::emulator) struct RegisteredType {
    pub(in crate::emulator) name: &'static str,
    pub(in crate::emulator) locations: &'static [&'static str],
    /// Oldest first.
    pub(in crate::emulator) api_versions: &'static [&'static str],
}

/// A write that is made once it is due.
#[derive(Debug)]
pub(in crate::emulator) struct Job {
    /// Stored, so it must not change.
    pub(in crate::emulator) name: &'static str,
    /// Makes the write and returns what follows it. The subject (a key) may no longer exist.
    pub(in crate::emulator) run:
        fn(&HandlerContext, &Changes<'_>, &str) -> Result<Option<FollowUp>, StoreError>,
}

/// What providers report to each other.
#[derive(Debug, Clone, Copy)]
pub(in crate::emulator) enum ProviderEvent<'a> {
    /// A principal was given a role, or lost one.
    RolesChanged { principal: &'a str },
    /// Something in an API Management instance was written or deleted.
    InstanceChanged {
        /// The key of the instance.
        instance: &'a str,
        /// Whether the change shows at once instead of after the usual delay.
        at_once: bool,
    },
    /// A resource group is being deleted, with everything in it.
    GroupDeleted {
        subscription: &'a str,
        group: &'a str,
    },
}
