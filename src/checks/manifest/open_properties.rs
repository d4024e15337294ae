//! Open fields declare what nothing else does.

use super::input::ManifestInput;
use crate::kinds::{self, OwnedProperty, PropertyOwner};
use crate::model::{DesiredResource, Diagnostic, Diagnostics, code, field_path};

pub(super) fn check(context: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
    for declared in context.desired.resources.values() {
        let resource = &declared.resource;
        let kind = kinds::of(&resource.address);
        let Some(open_field) = kind.info.open_field else {
            continue;
        };
        for owned in kind.owned_properties(resource) {
            diagnostics.push(misplaced(declared, open_field, &owned));
        }
    }
}

fn misplaced(declared: &DesiredResource, open_field: &str, owned: &OwnedProperty) -> Diagnostic {
    let path = &owned.path;
    let (diagnostic, label) = match &owned.owner {
        PropertyOwner::Service => (
            Diagnostic::error(
                code::NOT_SETTABLE,
                format!("`{path}` is set by the service"),
            )
            .help("remove it"),
            "not settable",
        ),
        PropertyOwner::Field(field) if field == path => (
            Diagnostic::error(
                code::MISPLACED_FIELD,
                format!("`{path}` is a field of its own"),
            )
            .help(format!("write it under `spec`, beside `{open_field}`")),
            "not here",
        ),
        PropertyOwner::Field(field) => (
            Diagnostic::error(
                code::MISPLACED_FIELD,
                format!("`{path}` is declared by the field `{field}`"),
            )
            .help(format!(
                "write it as `{field}` under `spec`, beside `{open_field}`"
            )),
            "not here",
        ),
    };
    // A path that begins with a bracket follows without a dot.
    let place = match path.strip_prefix('[') {
        Some(_) => format!("{open_field}{path}"),
        None => format!("{}.{path}", field_path("", open_field)),
    };
    diagnostic
        .of(&declared.resource.address)
        .in_field(place.clone())
        .at_opt(declared.key_of(&place), label)
}
