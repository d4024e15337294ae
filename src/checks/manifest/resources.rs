//! Resources of any type: what their type, scope and parent must be.

use super::input::ManifestInput;
use crate::kinds::{self, ResourceFault};
use crate::manifest::{did_you_mean, list};
use crate::model::{Address, DesiredResource, Diagnostic, Diagnostics, code};

pub(super) fn check(context: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
    for declared in context.desired.resources.values() {
        let resource = &declared.resource;
        if *resource.address.kind() != kinds::RESOURCE.info {
            continue;
        }
        for problem in kinds::resource_problems(resource) {
            let text = resource
                .body
                .get(&problem.field)
                .and_then(|value| value.as_str());
            let diagnostic = diagnostic(problem.what, text.unwrap_or_default());
            diagnostics.push(placed(diagnostic, declared, &problem.field));
        }
        let typed = kinds::typed_address(resource);
        if let Some(typed) = typed.filter(|typed| context.desired.resources.contains_key(typed)) {
            diagnostics.push(declared_twice(context, declared, &typed));
        }
    }
}

fn diagnostic(fault: ResourceFault, text: &str) -> Diagnostic {
    let error = |message: String| Diagnostic::error(code::RESOURCE_TYPE, message);
    let known: Vec<&str> = kinds::resource_types().map(|one| one.path).collect();
    match fault {
        ResourceFault::Typed(kind) => error(format!("`{text}` has a kind of its own"))
            .help(format!("declare it as kind `{kind}`")),
        ResourceFault::UnknownType => {
            let types = format!("the types that it knows are {}", list(&known, "and"));
            let help = did_you_mean(text, &known)
                .map_or(types.clone(), |hint| format!("{hint} ({types})"));
            Diagnostic::warning(
                code::UNKNOWN_RESOURCE_TYPE,
                format!("this program does not know the type `{text}`"),
            )
            .help(help)
        }
        ResourceFault::NoParent => error("this type has no parent".to_owned()).help(
            "remove `parent`, or write the types of the parents in front, as in `agents/versions`",
        ),
        ResourceFault::WrongParent(form) => {
            let message = match text {
                "" => "`parent` is missing".to_owned(),
                _ => format!("`{text}` is not a parent of this type"),
            };
            error(message).help(format!("write the address of the parent: `{form}`"))
        }
        ResourceFault::WrongScope => error(format!("this type is not at the scope `{text}`"))
            .help("leave `scope` out: the type decides it"),
        ResourceFault::NoAddress(one) => {
            error(format!("`{one}` is not an address")).help(address_meant(&one))
        }
    }
}

/// The address that a text without one may mean: `resource/links/one` for `links/one`.
fn address_meant(text: &str) -> String {
    let whole = format!("{}/{text}", kinds::RESOURCE.info.slug);
    let is_known = kinds::resource_types().any(|one| {
        let collection = text.split('/').next().unwrap_or_default();
        let first = one.path.split('/').next().unwrap_or_default();
        first.eq_ignore_ascii_case(collection)
    });
    match is_known && kinds::parse_address(&whole).is_some() {
        true => format!("did you mean `{whole}`?"),
        false => "addresses look like api/orders, environment/prod or api/orders/version/1-0-0"
            .to_owned(),
    }
}

fn declared_twice(
    context: &ManifestInput<'_>,
    declared: &DesiredResource,
    typed: &Address,
) -> Diagnostic {
    let message = format!("{typed} is declared twice");
    let diagnostic = Diagnostic::error(code::DUPLICATE_RESOURCE, message)
        .help("remove one of the two declarations");
    let first = context
        .desired
        .resources
        .get(typed)
        .and_then(|first| first.place);
    let diagnostic = placed(diagnostic, declared, "name");
    match first {
        Some(span) => diagnostic.related(span, "first declared here"),
        None => diagnostic,
    }
}

fn placed(diagnostic: Diagnostic, declared: &DesiredResource, field: &str) -> Diagnostic {
    match declared.place_of(field) {
        Some(span) => diagnostic.at(span, "declared here"),
        None => diagnostic,
    }
}
