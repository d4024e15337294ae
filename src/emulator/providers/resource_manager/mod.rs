//! The resource manager itself: tenants, subscriptions, resource groups, registrations of providers, and
//! the list of all resources.
//!
//! Chosen here: every subscription exists, and so does every resource group that has a resource, so that
//! nobody has to create either before the first service.

mod groups;
mod provider;
mod registrations;
mod resources;
mod subscriptions;
mod target;

pub(in crate::emulator) use provider::ResourceManagerProvider;
