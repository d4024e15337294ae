//! From a live service to the files of a project: readable manifests and byte-exact descriptions.
//!
//! Pure: it reads no file and writes none. What it gives, loaded as manifests, is the canonical form
//! of the live resources again, so that a plan straight after an export is empty; what cannot be
//! said in a manifest is in [`Export::notes`].

mod custom_properties;
mod definition;
mod desired;
mod enum_form;
mod exemptions;
mod files;
mod left_out;
mod manifest;
mod manifests;
mod names;
mod places;
mod required;
mod service_additions;
mod spec;
mod stale;

#[cfg(test)]
mod tests;

pub(crate) use definition::{least_specification, suffix_of};
pub(crate) use enum_form::readable as readable_schema;
pub(crate) use names::file_name;
pub(crate) use spec::escaped;

pub use desired::desired;
pub use exemptions::{EXEMPTIONS_FILE, accepts, exemptions};
pub use files::{Export, ExportFile, ExportOptions, ProjectFile, SplitDocument};
pub use manifest::manifest;
pub use stale::{Stale, StaleRemedy, StaleResource, stale};

use crate::model::LiveState;

/// The files that declare a live state: same state and options, same bytes.
///
/// Only resources of `live` are written; a child whose parent is not among them is left out.
#[must_use]
pub fn export(live: &LiveState, options: &ExportOptions) -> Export {
    manifests::Exporter::new(live, options).run()
}
