//! Rules over the declared resources, one file each. Pure and offline.

mod custom_properties;
pub(super) mod input;
mod json_schema;
mod limits;
mod mcp_servers;
mod metadata_schemas;
mod open_properties;
mod public;
mod references;
mod resources;
mod roles;

use super::rule::Rule;

/// The rules over manifests, in the order in which they are checked.
pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::over_manifests("metadata-schemas", metadata_schemas::check),
        Rule::over_manifests("custom-properties", custom_properties::check),
        Rule::over_manifests("references", references::check),
        Rule::over_manifests("resources", resources::check),
        Rule::over_manifests("open-properties", open_properties::check),
        Rule::over_manifests("roles", roles::check),
        Rule::over_manifests("public", public::check),
        Rule::over_manifests("mcp-servers", mcp_servers::check),
        Rule::over_manifests("limits", limits::check),
    ]
}
