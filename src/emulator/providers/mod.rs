//! The resource providers, one folder each, and the authority that clients sign in at.

pub(super) mod api_center;
pub(super) mod api_management;
pub(super) mod authorization;
pub(super) mod login;
pub(super) mod managed_identity;
pub(super) mod resource_manager;
