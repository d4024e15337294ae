//! The provider: its registration, its jobs, and its reactions to other providers.

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::handler::{FollowUp, HandlerResult};
use crate::emulator::core::job;
use crate::emulator::core::provider::{
    HandlerContext, Job, Provider, ProviderEvent, RegisteredType, RequestPath, RequestTarget,
};
use crate::emulator::core::tracked::TrackedResource;
use crate::emulator::providers::api_center::namespace::{API_VERSIONS, NAMESPACE, WITH_DELETED};
use crate::emulator::providers::api_center::path::ServicePath;
use crate::emulator::providers::api_center::sources::{sync, unlink};
use crate::emulator::providers::api_center::{
    existing, jobs, operation_work, seed, services, target,
};
use crate::emulator::store::{Changes, StoreError, View};

/// `Microsoft.ApiCenter`.
pub(in crate::emulator) struct ApiCenterProvider;

/// Where API Center is available: some of the documented regions.
const LOCATIONS: &[&str] = &[
    "Australia East",
    "Central India",
    "East US",
    "UK South",
    "West Europe",
    "France Central",
];

static JOBS: &[Job] = &[
    Job {
        name: jobs::SEED,
        run: seed::run,
    },
    Job {
        name: jobs::OPERATION,
        run: operation_work::run,
    },
    Job {
        name: jobs::SYNC,
        run: sync::run,
    },
    Job {
        name: jobs::SYNC_INSTANCE,
        run: sync::run_instance,
    },
    Job {
        name: jobs::UNLINK,
        run: unlink::run,
    },
];

impl Provider for ApiCenterProvider {
    fn namespace(&self) -> &'static str {
        NAMESPACE
    }

    fn target(&self, path: &RequestPath<'_>) -> Option<Box<dyn RequestTarget>> {
        let target = target::parse(path)?;
        Some(Box::new(target))
    }

    fn registered_types(&self) -> Vec<RegisteredType> {
        let registered = |name, locations, api_versions| RegisteredType {
            name,
            locations,
            api_versions,
        };
        vec![
            registered("services", LOCATIONS, API_VERSIONS),
            registered("deletedServices", LOCATIONS, WITH_DELETED),
            registered("operations", &[], API_VERSIONS),
        ]
    }

    fn jobs(&self) -> &'static [Job] {
        JOBS
    }

    fn tracked_resources(
        &self,
        view: View<'_>,
        subscription: &str,
        group: Option<&str>,
    ) -> Result<Vec<TrackedResource>, StoreError> {
        services::tracked(view, subscription, group)
    }

    fn check_scope(&self, view: View<'_>, scope: &str) -> HandlerResult<()> {
        let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
        let segments: Vec<&str> = scope.split('/').collect();
        if let [
            "",
            _,
            subscription,
            _,
            group,
            _,
            provider,
            collection,
            name,
            ..,
        ] = segments.as_slice()
            && is(provider, NAMESPACE)
            && is(collection, "services")
        {
            let path = ServicePath::new(subscription, group, name);
            existing::service(view, &path)?;
        }
        Ok(())
    }

    fn on_event(
        &self,
        context: &HandlerContext,
        changes: &Changes<'_>,
        event: &ProviderEvent<'_>,
    ) -> Result<Option<FollowUp>, StoreError> {
        match *event {
            ProviderEvent::RolesChanged { principal } => {
                sync::after_role_change(context, changes, principal)
            }
            ProviderEvent::InstanceChanged {
                instance,
                at_once: true,
            } => job::schedule(changes, jobs::SYNC_INSTANCE, instance, Ticks::now()).map(Some),
            ProviderEvent::InstanceChanged {
                instance,
                at_once: false,
            } => {
                let delay = context.options.sync_delay;
                job::run_or_schedule(context, changes, jobs::SYNC_INSTANCE, instance, delay)
            }
            ProviderEvent::GroupDeleted {
                subscription,
                group,
            } => {
                for service in changes.view().services(subscription, Some(group))? {
                    services::delete_stored(changes, service)?;
                }
                Ok(None)
            }
        }
    }
}
