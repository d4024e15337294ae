//! What a resource names must be declared too.

use super::input::ManifestInput;
use crate::kinds;
use crate::manifest::did_you_mean;
use crate::model::{Address, DesiredResource, Diagnostic, Diagnostics, code};

pub(super) fn check(context: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
    for declared in context.desired.resources.values() {
        let resource = &declared.resource;
        let kind = kinds::of(&resource.address);
        for reference in (kind.references)(&resource.address, &resource.body) {
            let target = &reference.target;
            // Custom properties have a rule of their own.
            let checked = *target.kind() != kinds::METADATA_SCHEMA.info;
            let known = context.desired.resources.contains_key(target)
                || context.desired.may_declare(target);
            if checked && !known && !context.external.covers(target) {
                diagnostics.push(dangling(context, declared, &reference.field, target));
            }
        }
    }
}

fn dangling(
    context: &ManifestInput<'_>,
    declared: &DesiredResource,
    field: &str,
    target: &Address,
) -> Diagnostic {
    let noun = target.kind().noun;
    let mut diagnostic = Diagnostic::error(
        code::DANGLING_REFERENCE,
        format!("no {noun} `{target}` is declared"),
    )
    .about(&declared.resource.address)
    .about(target);
    if let Some(span) = declared.place_of(field) {
        diagnostic = diagnostic.at(span, "not declared");
    }
    let candidates = siblings(context, target);
    let names: Vec<&str> = candidates.iter().map(String::as_str).collect();
    let written = written_form(target);
    diagnostic.help(
        did_you_mean(&written, &names).unwrap_or_else(|| match names.as_slice() {
            [] => format!(
                "declare it, or list `{target}` under spec.external in apicenter.yaml if another \
             repository does"
            ),
            names if names.len() <= 12 => {
                format!("declared are {}", crate::manifest::list(names, "and"))
            }
            names => format!("{} others are declared, none of this name", names.len()),
        }),
    )
}

/// How a manifest would name the declared resources of the same kind and place.
fn siblings(context: &ManifestInput<'_>, target: &Address) -> Vec<String> {
    context
        .desired
        .resources
        .keys()
        .filter(|other| {
            other.kind() == target.kind()
                && (target.segments().len() == 1 || other.root() == target.root())
        })
        .map(written_form)
        .collect()
}

fn written_form(address: &Address) -> String {
    match address.segments() {
        [only] => only.name.clone(),
        [_, rest @ ..] => rest
            .iter()
            .map(|segment| segment.name.as_str())
            .collect::<Vec<_>>()
            .join("/"),
        [] => String::new(),
    }
}
