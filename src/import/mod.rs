//! What is described elsewhere, as manifests: description files, the artifact tree of `apiops`, an instance of
//! API Management.
//!
//! Pure: texts and responses come in, files come out; the same input gives the same bytes. A manifest
//! from here passes validation: names are valid, and what is longer than the service takes is cut, or
//! left out where half of it would be wrong. Each cut is in [`Imported::notes`].

mod api_management;
mod apiops;
mod arm;
mod declared;
mod deployments;
mod descriptions;
mod draft;
mod files;
mod item;
mod merge;
mod metadata_extraction;
mod names;
mod path_facts;
mod paths;
mod related;
mod routes;
mod split;
mod truncation;
mod version_order;
mod xml_metadata;

pub use api_management::{Gateway, GatewayApi, GatewayOptions, api_management};
pub use apiops::{Artifact, apiops};
pub use arm::arm;
pub use declared::{DeclaredApi, DeclaredApis, DeclaredDefinition};
pub use descriptions::descriptions;
pub use files::{ApiChanges, Imported, ImportedApi};
pub use item::{DescriptionFile, DescriptionOptions, EarlierTexts};
pub use names::resource_name;
