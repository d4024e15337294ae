//! From a request to the target of the provider that serves it.

use axum::http::StatusCode;

use crate::emulator::core::provider::{Provider, RequestPath, RequestTarget};
use crate::emulator::core::request::{HandlerRequest, decoded};
use crate::emulator::core::response::{HandlerResponse, arm_error};
use crate::emulator::registry::DEFAULT_NAMESPACE;

/// The target of a request, or the response that refuses it.
pub(super) fn route(
    providers: &[&dyn Provider],
    request: &HandlerRequest,
) -> Result<Box<dyn RequestTarget>, Box<HandlerResponse>> {
    let Some(version) = request.query.get("api-version") else {
        return Err(Box::new(arm_error(
            StatusCode::BAD_REQUEST,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )));
    };
    let found = find(providers, &request.path);
    let (namespace, target) = found.ok_or_else(|| Box::new(unknown(&request.path, version)))?;
    if target.accepts_version(version) {
        return Ok(target);
    }
    Err(Box::new(arm_error(
        StatusCode::BAD_REQUEST,
        "InvalidResourceType",
        format!(
            "The resource type '{}' could not be found in the namespace '{namespace}' for api version '{version}'. \
             The supported api-versions are '{}'.",
            target.type_path(),
            target.api_versions().join(",")
        ),
    )))
}

fn find(providers: &[&dyn Provider], path: &str) -> Option<(&'static str, Box<dyn RequestTarget>)> {
    let text = path.trim_end_matches('/');
    let segments: Vec<String> = text
        .strip_prefix('/')?
        .split('/')
        .map(|segment| decoded(segment, false))
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let path = RequestPath {
        text,
        segments: &segments,
    };
    providers.iter().find_map(|provider| {
        let target = provider.target(&path)?;
        Some((provider.namespace(), target))
    })
}

/// The namespace is that of the path (observed for API Center); without one, the resource manager's.
fn unknown(path: &str, version: &str) -> HandlerResponse {
    let segments: Vec<&str> = path.split('/').collect();
    let named = segments.windows(2).rev().find_map(|pair| match pair {
        [providers, namespace] if providers.eq_ignore_ascii_case("providers") => Some(*namespace),
        _ => None,
    });
    let namespace = named.unwrap_or(DEFAULT_NAMESPACE);
    let message = format!(
        "The resource type of '{path}' could not be found in the namespace '{namespace}' for api version '{version}'."
    );
    arm_error(StatusCode::NOT_FOUND, "InvalidResourceType", message)
}
