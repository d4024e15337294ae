//! Error bodies of the provider.

use axum::http::StatusCode;

use crate::emulator::core::response::HandlerResponse;

/// The 404 of something inside an instance.
pub(super) fn not_found(what: &str) -> HandlerResponse {
    let body = serde_json::json!({
        "error": {
            "code": "ResourceNotFound",
            "message": format!("{what} not found."),
            "details": null,
        }
    });
    HandlerResponse::json(StatusCode::NOT_FOUND, body)
}

/// Refuses a request (documented shape): `{"error": {code, message, details}}`.
pub(super) fn refused(target: &str, message: &str) -> HandlerResponse {
    let body = serde_json::json!({
        "error": {
            "code": "ValidationError",
            "message": "One or more fields contain incorrect values:",
            "details": [{"code": "ValidationError", "target": target, "message": message}],
        }
    });
    HandlerResponse::json(StatusCode::BAD_REQUEST, body)
}
