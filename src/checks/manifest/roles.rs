//! Roles are given by a built-in name or by GUID, to somebody.

use super::input::ManifestInput;
use crate::kinds;
use crate::manifest::meant;
use crate::model::view::RoleAssignmentView;
use crate::model::{Certainty, DesiredResource, Diagnostic, Diagnostics, Fix, Role, code};

pub(super) fn check(context: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
    for declared in context.desired.resources.values() {
        let resource = &declared.resource;
        if !resource.address.is(Role::RoleAssignment) {
            continue;
        }
        diagnostics.extend(names_nobody(declared));
        let Some(role) = RoleAssignmentView::of(&resource.body).role() else {
            continue;
        };
        if kinds::role_id(role).is_some() {
            continue;
        }
        let near = meant(role, &kinds::role_names());
        let unknown = "this program knows the roles that have to do with API catalogues by name; any other role is \
                       given by its GUID (az role definition list --name NAME --query [].name)";
        let help = near.map_or(unknown.to_owned(), |near| format!("did you mean `{near}`?"));
        let mut diagnostic =
            Diagnostic::error(code::ROLE_UNKNOWN, format!("unknown role `{role}`")).help(help);
        if let Some(span) = declared.place_of(RoleAssignmentView::ROLE) {
            diagnostic = diagnostic.at(span, "neither a known name nor a GUID");
        }
        let exact = declared.places.get(RoleAssignmentView::ROLE);
        diagnostic = diagnostic.fix_opt(
            near.zip(exact)
                .map(|(near, span)| Fix::write(Certainty::Suggested, span, near)),
        );
        diagnostics.push(diagnostic);
    }
}

/// `serviceIdentity: false` reads as if nobody got the role.
fn names_nobody(declared: &DesiredResource) -> Option<Diagnostic> {
    let view = RoleAssignmentView::of(&declared.resource.body);
    if view.service_identity() != Some(false) {
        return None;
    }
    let diagnostic = Diagnostic::error(
        code::MISSING_FIELD,
        "`serviceIdentity: false` leaves nobody who gets the role",
    )
    .help("write `true`, or name somebody by `objectId` instead");
    Some(
        match declared.place_of(RoleAssignmentView::SERVICE_IDENTITY) {
            Some(span) => diagnostic.at(span, "only `true` makes sense here"),
            None => diagnostic,
        },
    )
}
