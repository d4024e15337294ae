//! What does not make sense in a declared `Resource`.

use serde_json::Value;

use super::resource::{DEPENDS_ON, PARENT, RESOURCE, SCOPE, SERVICE_SCOPE, TYPE, parent_steps};
use super::resource_type::{ResourceType, instead, is_of_service, typed};
use super::wire::parse_address;
use crate::model::{FieldPath, Resource};

/// A part of a `Resource` that does not make sense.
#[derive(Debug)]
pub struct ResourceProblem {
    /// The path of the field.
    pub field: FieldPath,
    /// What is wrong.
    pub what: ResourceFault,
}

/// What is wrong with a part of a `Resource`.
#[derive(Debug, PartialEq, Eq)]
pub enum ResourceFault {
    /// The type has a kind of its own: the kind of the document that declares it.
    Typed(&'static str),
    /// No such type is known.
    UnknownType,
    /// The type has no parent, and one is named.
    NoParent,
    /// The type has parents, and none is named, or another one: how its address begins.
    WrongParent(String),
    /// The type is not at this scope.
    WrongScope,
    /// A text that is not an address.
    NoAddress(String),
}

/// What does not make sense in a declared `Resource`.
#[must_use]
pub fn resource_problems(resource: &Resource) -> Vec<ResourceProblem> {
    let body = &resource.body;
    let text = |field: &str| body.get(field).and_then(Value::as_str);
    let Some(path) = text(TYPE) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    let mut report = |field: &str, what| {
        let field = field.to_owned();
        problems.push(ResourceProblem { field, what });
    };
    if let Some(kind) = instead(path) {
        let top = std::iter::successors(Some(kind), |kind| kind.location.parent()).last();
        report(TYPE, ResourceFault::Typed(top.unwrap_or(kind).info.name));
        return problems;
    }
    if ResourceType::at(path).is_none() && typed(path).is_none() {
        report(TYPE, ResourceFault::UnknownType);
    }
    let declared = text(SCOPE).map(|scope| scope.eq_ignore_ascii_case(SERVICE_SCOPE));
    if declared.is_some_and(|declared| declared != is_of_service(path, declared)) {
        report(SCOPE, ResourceFault::WrongScope);
    }
    let above = path.rsplit_once('/').map(|(above, _)| above);
    match (above, text(PARENT)) {
        (None, Some(_)) => report(PARENT, ResourceFault::NoParent),
        (Some(above), parent)
            if parent.is_none_or(|parent| parent_steps(above, parent).is_none()) =>
        {
            report(PARENT, ResourceFault::WrongParent(address_form(above)));
        }
        _ => {}
    }
    let needed = body.get(DEPENDS_ON).and_then(Value::as_array);
    for (i, one) in needed.into_iter().flatten().enumerate() {
        if let Some(text) = one.as_str().filter(|text| parse_address(text).is_none()) {
            let field = format!("{DEPENDS_ON}[{i}]");
            report(&field, ResourceFault::NoAddress(text.to_owned()));
        }
    }
    problems
}

/// How the address of a resource of a type looks: `api/NAME/version/NAME`.
fn address_form(path: &str) -> String {
    match typed(path) {
        Some(kind) => {
            let kinds = std::iter::successors(Some(kind), |kind| kind.location.parent());
            let steps: Vec<String> = kinds
                .map(|kind| format!("{}/NAME", kind.info.slug))
                .collect();
            steps.into_iter().rev().collect::<Vec<_>>().join("/")
        }
        None => format!(
            "{}/{}/NAME",
            RESOURCE.info.slug,
            path.replace('/', "/NAME/")
        ),
    }
}
