//! Typed views of canonical bodies: the only names of fields that layers above the kinds use.
//!
//! One file for each shape. A law test checks that every path of a view is in its kind's schema.

mod api;
mod api_definition;
mod custom_properties;
mod deployment;
mod environment;
mod integration;
mod metadata_schema;
mod path;
mod portal;
mod role_assignment;
mod service;
mod synced_api;
mod title;

pub use api::{ApiVersionView, ApiView};
pub use api_definition::DefinitionView;
pub use custom_properties::CustomProperties;
pub use deployment::DeploymentView;
pub use environment::EnvironmentView;
pub use integration::{IntegrationSource, IntegrationView};
pub use metadata_schema::{Assignment, MetadataSchemaView};
pub use path::{leaf, set};
pub use portal::PortalView;
pub use role_assignment::{Principal, RoleAssignmentView};
pub use service::ServiceView;
pub use synced_api::{SyncedApiView, SyncedVersion};
pub use title::title_of;
