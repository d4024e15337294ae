//! The providers: the only file that knows all of them. A further one is a folder in `providers` and its
//! row here.

use crate::emulator::core::provider::Provider;
use crate::emulator::providers::api_center::namespace;
use crate::emulator::providers::api_center::provider::ApiCenterProvider;
use crate::emulator::providers::api_management::ApiManagementProvider;
use crate::emulator::providers::authorization::AuthorizationProvider;
use crate::emulator::providers::managed_identity::ManagedIdentityProvider;
use crate::emulator::providers::resource_manager::ResourceManagerProvider;

/// Every provider, in the order in which they are asked for a path.
pub(super) static PROVIDERS: &[&dyn Provider] = &[
    &AuthorizationProvider,
    &ResourceManagerProvider,
    &ApiCenterProvider,
    &ApiManagementProvider,
    &ManagedIdentityProvider,
];

/// The namespace that errors name for a path in none: the resource manager's own.
pub(super) const DEFAULT_NAMESPACE: &str = "Microsoft.Resources";

/// The versions in the header `api-supported-versions` of every response (observed for API Center).
pub(super) static SUPPORTED_VERSIONS: &[&str] = namespace::API_VERSIONS;
