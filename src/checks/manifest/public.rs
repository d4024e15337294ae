//! Whether everybody may read the catalogue.

use super::input::ManifestInput;
use crate::model::view::PortalView;
use crate::model::{Diagnostic, Diagnostics, Role, code};

pub(super) fn check(context: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
    for declared in context.desired.resources.values() {
        let resource = &declared.resource;
        if !resource.address.is(Role::Portal) || !PortalView::of(&resource.body).is_public() {
            continue;
        }
        let mut diagnostic = Diagnostic::warning(
            code::ANONYMOUS_ACCESS,
            "everybody may read the catalogue without signing in",
        )
        .help(
            "this opens the portal, the data API, the MCP registry and the plugin marketplace; an apply that \
             changes it requires --allow-public",
        );
        if let Some(span) = declared.place_of(PortalView::ANONYMOUS_ACCESS) {
            diagnostic = diagnostic.at(span, "opens the catalogue");
        }
        diagnostics.push(diagnostic);
    }
}
