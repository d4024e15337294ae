//! OpenAPI 3.x and Swagger 2.0, and the one against the other.

mod compare;
mod contents;
mod forms;
mod media;
mod operation;
mod parameters;
mod paths;
mod responses;
mod security;
mod servers;
mod style;
mod sums;
mod view;

use serde_json::Value;

pub(super) use compare::compare;

pub(super) fn is_openapi(root: &Value) -> bool {
    // A version that is written as a number is a number.
    ["openapi", "swagger"]
        .iter()
        .any(|key| root.get(key).is_some())
        && root.is_object()
}
