//! What can be chosen.

use super::pipelines::Ci;
use super::program::Program;

/// What to scaffold.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the project.
    pub name: String,
    /// The service of the target `prod`; without it, the target is written as a comment.
    pub service: Option<ServiceAt>,
    /// Which pipelines.
    pub ci: Option<Ci>,
    /// Which program they run.
    pub program: Program,
    /// Whether manifests are written that show how it is done.
    pub samples: bool,
    /// Whether only the pipelines are written.
    pub pipelines_only: bool,
}

/// Where a service is in Azure.
#[derive(Debug, Clone)]
pub struct ServiceAt {
    /// Its subscription.
    pub subscription_id: String,
    /// Its resource group.
    pub resource_group: String,
    /// Its name.
    pub service: String,
    /// The cloud: `public`, `usgovernment`, `china` or the address of a resource manager.
    pub cloud: String,
}

impl ServiceAt {
    /// The host of a resource manager that is neither that of a known cloud nor, as over http, on this machine.
    pub(super) fn own_host(&self) -> Option<String> {
        let (_, rest) = self.cloud.split_once("https://")?;
        let address = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (_, host) = address.rsplit_once('@').unwrap_or(("", address));
        Some(host.to_ascii_lowercase())
    }
}
