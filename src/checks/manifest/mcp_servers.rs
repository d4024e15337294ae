//! MCP servers that a registry would not show.

use std::collections::BTreeSet;

use super::input::ManifestInput;
use crate::model::view::{ApiView, DeploymentView};
use crate::model::{Address, Diagnostic, Diagnostics, Role, code};

pub(super) fn check(context: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
    let resources = &context.desired.resources;
    let reachable: BTreeSet<Address> = resources
        .values()
        .map(|declared| &declared.resource)
        .filter(|resource| {
            DeploymentView::of(&resource.body)
                .runtime_uris()
                .next()
                .is_some()
        })
        .filter_map(|resource| resource.address.parent())
        .collect();
    for declared in resources.values() {
        let address = &declared.resource.address;
        let api = ApiView::of(&declared.resource.body);
        if !address.is(Role::Api) || !api.is_mcp_server() || reachable.contains(address) {
            continue;
        }
        let mut diagnostic = Diagnostic::warning(
            code::MCP_WITHOUT_ADDRESS,
            format!("{address} has no deployment with a runtime address, so MCP registries do not show it"),
        )
        .help("declare a version with a definition, and a deployment of it with `server.runtimeUri`");
        if let Some(span) = declared.place_of(ApiView::STYLE) {
            diagnostic = diagnostic.at(span, "an MCP server");
        }
        diagnostics.push(diagnostic);
    }
}
