//! Responses, with the three shapes of error body that the service mixes.

use axum::body::Body;
use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method, Response as HttpResponse, StatusCode, header,
};
use serde_json::{Value, json};

/// A response, before the gateway adds its headers.
#[derive(Debug, Clone)]
pub(in crate::emulator) struct HandlerResponse {
    pub(in crate::emulator) status: StatusCode,
    pub(in crate::emulator) headers: HeaderMap,
    pub(in crate::emulator) body: Payload,
}

/// The body of a response.
#[derive(Debug, Clone)]
pub(in crate::emulator) enum Payload {
    Empty,
    Json(Value),
    /// A document, served as it is.
    Text(String),
}

impl HandlerResponse {
    pub(in crate::emulator) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Payload::Empty,
        }
    }

    pub(in crate::emulator) fn json(status: StatusCode, body: Value) -> Self {
        Self {
            body: Payload::Json(body),
            ..Self::empty(status)
        }
    }

    pub(in crate::emulator) fn ok(body: Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(in crate::emulator) fn text(body: String) -> Self {
        Self {
            body: Payload::Text(body),
            ..Self::empty(StatusCode::OK)
        }
    }

    /// Adds a header; an invalid value is omitted.
    pub(in crate::emulator) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    pub(in crate::emulator) fn into_response(self) -> HttpResponse<Body> {
        let (body, kind) = match self.body {
            Payload::Empty => (Body::empty(), None),
            Payload::Json(value) => (
                Body::from(value.to_string()),
                Some("application/json; charset=utf-8"),
            ),
            Payload::Text(text) => (Body::from(text), Some("text/plain; charset=utf-8")),
        };
        let mut response = HttpResponse::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if let Some(kind) = kind {
            response
                .headers_mut()
                .entry(header::CONTENT_TYPE)
                .or_insert(HeaderValue::from_static(kind));
        }
        response
    }
}

/// The envelope of Azure Resource Manager's own errors: `{"error":{"code","message"}}`.
pub(in crate::emulator) fn arm_error(
    status: StatusCode,
    code: &str,
    message: impl Into<String>,
) -> HandlerResponse {
    HandlerResponse::json(
        status,
        json!({"error": {"code": code, "message": message.into()}}),
    )
}

/// Observed for a missing API, version, definition, deployment or metadata schema: nothing but a
/// code.
pub(in crate::emulator) fn bare_not_found() -> HandlerResponse {
    HandlerResponse::json(StatusCode::NOT_FOUND, json!({"code": "404"}))
}

/// Observed for actions below a missing API: RFC 7807.
pub(in crate::emulator) fn problem_not_found() -> HandlerResponse {
    let trace = uuid::Uuid::new_v4().simple().to_string();
    let body = json!({
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.5",
        "title": "Not Found",
        "status": 404,
        "traceId": format!("00-{trace}-{}-00", &trace[..16]),
    });
    HandlerResponse::json(StatusCode::NOT_FOUND, body)
}

/// Observed for a missing service: the 404 of the gateway, which a header marks.
pub(in crate::emulator) fn resource_not_found(
    resource_type: &str,
    name: &str,
    group: &str,
) -> HandlerResponse {
    let message = format!(
        "The Resource '{resource_type}/{name}' under resource group '{group}' was not found. \
         For more details please go to https://aka.ms/ARMResourceNotFoundFix"
    );
    arm_error(StatusCode::NOT_FOUND, "ResourceNotFound", message)
        .with_header("x-ms-failure-cause", "gateway")
}

/// The 405 for a method that a resource does not support.
pub(in crate::emulator) fn method_not_allowed(method: &Method) -> HandlerResponse {
    let message = format!("The http method '{method}' is not supported for this resource.");
    arm_error(
        StatusCode::METHOD_NOT_ALLOWED,
        "HttpMethodNotSupported",
        message,
    )
}

/// The response to a PUT of a tracked resource without a location.
pub(in crate::emulator) fn location_required() -> HandlerResponse {
    let message = "The location property is required for this definition.";
    arm_error(StatusCode::BAD_REQUEST, "LocationRequired", message)
}

/// Observed for a body the service does not accept: not wrapped in `error`, one detail per problem.
pub(in crate::emulator) fn invalid(problems: impl IntoIterator<Item = String>) -> HandlerResponse {
    let details: Vec<Value> = problems
        .into_iter()
        .map(|message| json!({"message": message}))
        .collect();
    let body = json!({"code": "ValidationError", "message": "Invalid request", "details": details});
    HandlerResponse::json(StatusCode::BAD_REQUEST, body)
}

/// The same for a single problem.
pub(in crate::emulator) fn refused(problem: impl Into<String>) -> HandlerResponse {
    invalid([problem.into()])
}
