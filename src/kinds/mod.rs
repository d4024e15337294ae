//! One file per kind of resource: its fields, its references, its two forms (canonical and wire).
//!
//! Everything here is pure. A kind is added by one new file, its `mod` line and its row in [`KINDS`].

mod agent;
mod analyzer;
mod api;
mod api_definition;
mod api_version;
mod asset_version;
mod canonical;
mod content;
mod custom_properties;
mod deployment;
mod environment;
mod field_paths;
mod ids;
mod integration;
mod kind;
mod lifecycle;
mod location;
pub mod metadata_schema;
mod open_properties;
mod plugin;
mod portal;
mod resource;
mod resource_problems;
mod resource_type;
mod role_assignment;
mod schema;
mod service;
mod skill;
mod synced_api;
mod wire;
mod words;

pub use content::{Content, ContentForm, DocumentSource, FolderCodes, FolderRules, Presence};
pub use kind::{Canonical, Child, Kind, NAME, PREVIOUSLY, Reference, Snippet};
pub use location::{API_CENTER, Location, RootNaming, ServiceRoot};
pub(crate) use schema::{Known, meanings, of as plain_schema, values};
pub use wire::{arm_path, parse_address, wire_name};
pub use words::{by_word, singular, words};

/// Every kind of resource, in the order in which resources are created.
pub static KINDS: &[&Kind] = &[
    &service::SERVICE,
    &metadata_schema::METADATA_SCHEMA,
    &environment::ENVIRONMENT,
    &role_assignment::ROLE_ASSIGNMENT,
    &integration::INTEGRATION,
    &api::API,
    &api_version::API_VERSION,
    &api_definition::API_DEFINITION,
    &deployment::DEPLOYMENT,
    &synced_api::SYNCED_API,
    &analyzer::ANALYZER,
    &skill::SKILL,
    &asset_version::SKILL_VERSION,
    &agent::AGENT,
    &asset_version::AGENT_VERSION,
    &plugin::PLUGIN,
    &portal::PORTAL,
    &resource::RESOURCE,
];

/// The kind of that name, such as `ApiVersion`.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.info.name == name)
}

/// The kind of the resource with this address.
///
/// Searches the short table by name, because addresses belong to `model`, which does not know the table. It
/// panics for a kind without a row, which only tests of `model` have.
#[must_use]
pub fn of(address: &crate::model::Address) -> &'static Kind {
    by_name(address.kind().name).expect("every address is made from a row of KINDS")
}

/// The kinds that a manifest document can declare, in the order of [`KINDS`].
pub fn declarable() -> impl Iterator<Item = &'static Kind> {
    KINDS
        .iter()
        .copied()
        .filter(|kind| kind.location.parent().is_none())
}

/// The kinds directly below a kind.
pub fn below(kind: &Kind) -> impl Iterator<Item = &'static Kind> + use<'_> {
    KINDS.iter().copied().filter(move |child| {
        let parent = child.location.parent();
        parent.is_some_and(|parent| parent.info == kind.info)
    })
}

pub use agent::AGENT;
pub use analyzer::ANALYZER;
pub use api::API;
pub use api_definition::API_DEFINITION;
pub use api_version::API_VERSION;
use asset_version::{AGENT_VERSION, SKILL_VERSION};
pub use deployment::DEPLOYMENT;
pub use environment::ENVIRONMENT;
pub use field_paths::field_paths;
pub use ids::{REDIRECT, former_paths, names_in_id, names_in_path};
pub use integration::{INTEGRATION, asset_type, is_service_made};
pub use metadata_schema::METADATA_SCHEMA;
pub use open_properties::{OwnedProperty, PropertyOwner};
pub use portal::PORTAL;
pub use resource::{
    RESOURCE, address_of_path, api_version_of, as_untyped, path_below_workspace, resource_path,
    type_path_of, typed_address,
};
pub use resource_problems::{ResourceFault, ResourceProblem, resource_problems};
pub use resource_type::{ResourceType, arm_type_of, resource_types};
pub use role_assignment::{ROLE_ASSIGNMENT, role_id, role_name, role_names};
pub use service::SERVICE;
pub use skill::SKILL;
pub use synced_api::SYNCED_API;
