//! Contracts: what the server, the registry and the providers share. Nothing here knows a provider.

pub(super) mod field;
pub(super) mod filter;
pub(super) mod handler;
pub(super) mod identity;
pub(super) mod job;
pub(super) mod links;
pub(super) mod provider;
pub(super) mod request;
pub(super) mod response;
pub(super) mod roles;
pub(super) mod tracked;
