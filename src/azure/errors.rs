//! Error responses of the service, in plain words.
//!
//! Observed: the same service responds with `{error: {code, message, details}}` (the resource manager in front
//! of it), with a bare `{code, message, details}` (most of its own refusals) and with problem details.

use serde_json::{Map, Value};

use crate::http::{HttpError, HttpErrorKind, StatusCode, parse_json};
use crate::live::ErrorKind;
use crate::live::Permission;
use crate::live::ServiceError;

/// How deep details are followed; they may contain details of their own.
const DEPTH: usize = 4;

/// The body of an error response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ErrorBody {
    /// The service's code, such as `ValidationError`, or a number in words.
    pub(super) code: Option<String>,
    /// Its message and all details, one after another.
    pub(super) text: String,
    /// Who wrote it.
    pub(super) source: ErrorSource,
    /// Whether it is in the form of problem details (RFC 9457), which have no code.
    problem: bool,
    trace: Option<String>,
}

/// Who wrote the body of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorSource {
    /// The service or the resource manager, in one of their forms.
    Service,
    /// Nobody: the body is empty.
    Empty,
    /// Something else, most likely a proxy.
    Foreign,
}

impl ErrorBody {
    /// Reads the body of a response.
    pub(super) fn parse(body: &[u8]) -> Self {
        let body = body.trim_ascii();
        match parse_json(body) {
            Ok(Some(value)) => Self::from_json(&value),
            Ok(None) => Self::without_code(ErrorSource::Empty, String::new()),
            Err(_) => Self::without_code(
                ErrorSource::Foreign,
                first_line(&String::from_utf8_lossy(body)),
            ),
        }
    }

    /// Reads an error from JSON; those of long-running operations have the same forms.
    pub(super) fn from_json(value: &Value) -> Self {
        let Some(object) = value.as_object() else {
            return Self::without_code(ErrorSource::Foreign, first_line(&value.to_string()));
        };
        let code = text(object, &["code"]);
        let (inner, oauth) = match object.get("error") {
            Some(Value::Object(inner)) => (inner, None),
            Some(Value::String(code)) => (object, Some(code.clone())),
            _ => (object, None),
        };
        let code = text(inner, &["code"]).or(oauth).or(code);
        let mut messages = Vec::new();
        collect(inner, DEPTH, &mut messages);
        if messages.is_empty() {
            messages.extend(text(object, &["comment"]));
        }
        let known = [
            "error",
            "code",
            "message",
            "title",
            "provisioningState",
            "status",
        ];
        let known = known.iter().any(|key| field(object, key).is_some());
        Self {
            code,
            text: messages.join(": "),
            source: if known {
                ErrorSource::Service
            } else {
                ErrorSource::Foreign
            },
            problem: object.contains_key("title") && object.contains_key("status"),
            trace: text(object, &["traceId"]),
        }
    }

    fn without_code(source: ErrorSource, text: String) -> Self {
        Self {
            code: None,
            text,
            source,
            problem: false,
            trace: None,
        }
    }

    /// Whether a 404 says that the requested resource does not exist, and not something else.
    ///
    /// Observed: `{"code": "404"}`, with or without a message, and problem details for what lives inside the
    /// service; `ResourceNotFound` for the service itself. A missing subscription or resource group, an unknown
    /// route, and the page of a proxy say nothing about the resource.
    pub(super) fn says_absent(&self) -> bool {
        const OTHERS: [&str; 5] = [
            "SubscriptionNotFound",
            "ResourceGroupNotFound",
            "TenantNotFound",
            "ResourceProviderNotFound",
            "EndpointNotFound",
        ];
        let absent = match self.code.as_deref() {
            None => self.problem,
            Some("404") => true,
            Some(code) => {
                let missing = code.ends_with("NotFound") || code.ends_with("DoesNotExist");
                missing && !OTHERS.contains(&code)
            }
        };
        self.source == ErrorSource::Service && absent
    }

    /// Whether a 409 says that another operation has to end first.
    pub(super) fn says_in_progress(&self) -> bool {
        let code = self.code.as_deref().unwrap_or_default();
        let text = self.text.to_ascii_lowercase();
        [
            "AnotherOperationInProgress",
            "OperationInProgress",
            "RetryableError",
        ]
        .contains(&code)
            || (text.contains("operation") && text.contains("in progress"))
    }

    /// The permission that a 403 names. Documented: `The client 'C' with object id 'O' does not have
    /// authorization to perform action 'X' over scope 'Y' or …`.
    fn permission(&self) -> Option<Permission> {
        let quoted = |before: &str| {
            let (_, rest) = self.text.split_once(before)?;
            rest.split_once('\'').map(|(text, _)| text.to_owned())
        };
        Some(Permission {
            action: quoted("perform action '")?,
            scope: quoted("over scope '")?,
            object: quoted("with object id '"),
        })
    }

    /// The error for a response with a status.
    pub(super) fn into_error(self, status: StatusCode) -> ServiceError {
        let kind = self.kind(status);
        self.into_error_of(kind, status)
    }

    /// The error of a kind that does not follow from the status alone.
    pub(super) fn into_error_of(self, kind: ErrorKind, status: StatusCode) -> ServiceError {
        let permission = (kind == ErrorKind::Authorization)
            .then(|| self.permission())
            .flatten();
        let detail = match (self.text, self.source) {
            // The headline names action and scope.
            (text, _) if permission.is_some() => {
                let end = text.find(" to perform action '");
                text[..end.unwrap_or(text.len())].to_owned()
            }
            (text, ErrorSource::Foreign) if !text.is_empty() => {
                format!("not an error in the service's format: {text}")
            }
            (text, _) if !text.is_empty() => text,
            // The headline says it all.
            (_, ErrorSource::Service) if kind == ErrorKind::NotFound => String::new(),
            _ => plain_words(status).to_owned(),
        };
        // A number says no more than the status does.
        let code = self.code.filter(|code| code.parse::<u32>().is_err());
        ServiceError::new(kind, detail)
            .with_status(status.as_u16())
            .with_code(code.as_deref())
            .with_permission(permission)
            .with_request_id(self.trace.as_deref())
    }

    fn kind(&self, status: StatusCode) -> ErrorKind {
        let denied_by_policy = || self.code.as_deref() == Some("RequestDisallowedByPolicy");
        match status.as_u16() {
            401 => ErrorKind::Authentication,
            403 if denied_by_policy() => ErrorKind::Refused,
            403 => ErrorKind::Authorization,
            404 if self.source == ErrorSource::Service => ErrorKind::NotFound,
            404 => ErrorKind::Protocol,
            407 => ErrorKind::Unreachable,
            408 => ErrorKind::Timeout,
            429 => ErrorKind::Throttled,
            400..=499 => ErrorKind::Refused,
            500..=599 => ErrorKind::Unavailable,
            _ => ErrorKind::Protocol,
        }
    }
}

/// The words for a response without any of its own.
fn plain_words(status: StatusCode) -> &'static str {
    match status.as_u16() {
        404 => "the response does not say what is missing",
        407 => "a proxy asks for credentials",
        300..=399 => "the response is a redirect; redirects are not followed",
        _ => status
            .canonical_reason()
            .unwrap_or("the response gives no reason"),
    }
}

/// All messages of a failure and its details, outermost first, none twice.
fn collect(object: &Map<String, Value>, depth: usize, messages: &mut Vec<String>) {
    if depth == 0 {
        return;
    }
    let keys = ["message", "error_description", "detail", "title"];
    if let Some(message) = text(object, &keys)
        && !messages.iter().any(|earlier| earlier.contains(&message))
    {
        messages.push(message.trim_end_matches(['.', ':']).to_owned());
    }
    if let Some(Value::Array(details)) = field(object, "details") {
        for detail in details.iter().filter_map(Value::as_object) {
            collect(detail, depth - 1, messages);
        }
    }
    if let Some(Value::Object(inner)) = field(object, "innererror") {
        collect(inner, depth - 1, messages);
    }
    // Problem details of a failed validation: field names with their messages.
    if let Some(Value::Object(fields)) = field(object, "errors") {
        for (name, texts) in fields {
            let texts = texts.as_array().map(Vec::as_slice).unwrap_or_default();
            let texts: Vec<_> = texts.iter().filter_map(Value::as_str).collect();
            messages.push(format!("{name}: {}", texts.join(" ")));
        }
    }
}

fn text(object: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| match field(object, key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Older parts of Azure write their keys with a capital.
fn field<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    let found = || {
        object
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key))
    };
    object.get(key).or_else(|| found().map(|(_, value)| value))
}

/// The first line of a text or a page that says anything, without its tags.
fn first_line(text: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for character in text.chars().take(4000) {
        match character {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                plain.push('\n');
            }
            _ if !inside => plain.push(character),
            _ => {}
        }
    }
    let line = plain
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    line.chars().take(200).collect()
}

/// The error for a request that got no complete response.
pub(super) fn from_http(error: &HttpError) -> ServiceError {
    let kind = match error.kind() {
        HttpErrorKind::InvalidRequest => ErrorKind::Configuration,
        HttpErrorKind::Certificate
        | HttpErrorKind::Unreachable
        | HttpErrorKind::Connect
        | HttpErrorKind::Broken => ErrorKind::Unreachable,
        HttpErrorKind::Timeout => ErrorKind::Timeout,
        HttpErrorKind::Undecodable | HttpErrorKind::TooLarge => ErrorKind::Protocol,
    };
    ServiceError::new(kind, error.message()).with_help(error.help().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(status: u16, body: &str) -> ServiceError {
        let status = StatusCode::from_u16(status).unwrap();
        ErrorBody::parse(body.as_bytes()).into_error(status)
    }

    #[test]
    fn every_form_of_a_refusal_becomes_plain_words() {
        let wrapped = json!({"error": {"code": "Bad", "message": "Outer.", "details": [
            {"code": "X", "message": "First.", "details": [{"message": "Deeper."}]},
            {"message": "Second."}, {"message": "First"}],
            "innererror": {"code": "In", "message": "Inner."}}});
        let table = [
            (wrapped.to_string(), Some("Bad"), "Outer: First: Deeper: Second: Inner"),
            (
                r#"{"code":"ValidationError","message":"Invalid request","details":[{"message":"The field Title is too long."}]}"#
                    .to_owned(),
                Some("ValidationError"),
                "Invalid request: The field Title is too long",
            ),
            (
                r#"{"type":"t","title":"One or more errors.","status":400,"errors":{"Name":["is required.","is bad."]},"traceId":"00-1"}"#
                    .to_owned(),
                None,
                "One or more errors: Name: is required. is bad",
            ),
            (r#"{"code":"400","message":"Nope"}"#.to_owned(), None, "Nope"),
            (r#"{"Code":"Old","Message":"Style"}"#.to_owned(), Some("Old"), "Style"),
            (
                r#"{"provisioningState":"Failed","comment":"c","error":{"code":"400","message":"m"}}"#
                    .to_owned(),
                None,
                "m",
            ),
            (r#"{"provisioningState":"Failed","comment":"c"}"#.to_owned(), None, "c"),
            (
                r#"{"error":"invalid_client","error_description":"AADSTS7000215"}"#.to_owned(),
                Some("invalid_client"),
                "AADSTS7000215",
            ),
            (String::new(), None, "Bad Request"),
            (
                "<html>\n<head><title>400 Blocked</title></head><body>x</body></html>".to_owned(),
                None,
                "not an error in the service's format: 400 Blocked",
            ),
        ];
        for (body, code, detail) in table {
            let error = error(400, &body);
            assert_eq!((error.code(), error.detail()), (code, detail), "{body}");
            assert_eq!(error.kind(), ErrorKind::Refused);
        }
    }

    #[test]
    fn only_some_404_say_that_the_resource_is_absent() {
        for body in [
            r#"{"code":"404"}"#,
            r#"{"code":404}"#,
            r#"{"code":"404","message":"The environment with the specified ID does not exist."}"#,
            r#"{"code":"404","message":"Subscription not found","target":"0"}"#,
            r#"{"type":"https://tools.ietf.org/html/rfc9110","title":"Not Found","status":404,"traceId":"0"}"#,
            r#"{"error":{"code":"ResourceNotFound","message":"The Resource 'x' was not found."}}"#,
            r#"{"error":{"code":"RoleAssignmentNotFound","message":"m"}}"#,
        ] {
            assert!(ErrorBody::parse(body.as_bytes()).says_absent(), "{body}");
        }
        for body in [
            r#"{"error":{"code":"SubscriptionNotFound","message":"m"}}"#,
            r#"{"error":{"code":"ResourceGroupNotFound","message":"m"}}"#,
            r#"{"error":{"code":"InvalidResourceType","message":"m"}}"#,
            "",
            "404",
            "[]",
            "{}",
            r#"{"statusCode":404,"message":"Resource not found"}"#,
            "<h1>Not Found</h1>",
            "Not Found",
        ] {
            assert!(!ErrorBody::parse(body.as_bytes()).says_absent(), "{body}");
        }
        assert_eq!(error(404, "<h1>Not Found</h1>").kind(), ErrorKind::Protocol);
        assert_eq!(error(404, "").kind(), ErrorKind::Protocol);
        let plain = error(404, r#"{"code":"404"}"#).on("GET", "apis/orders");
        assert_eq!(plain.kind(), ErrorKind::NotFound);
        assert_eq!(plain.to_string(), "GET apis/orders: not found (HTTP 404)");
    }

    #[test]
    fn statuses_have_kinds() {
        use ErrorKind::*;
        let table = [
            (401, Authentication),
            (403, Authorization),
            (404, Protocol),
            (407, Unreachable),
            (408, Timeout),
            (409, Refused),
            (412, Refused),
            (429, Throttled),
            (302, Protocol),
            (500, Unavailable),
            (503, Unavailable),
        ];
        for (status, kind) in table {
            assert_eq!(error(status, "").kind(), kind, "{status}");
        }
        let denied = r#"{"error":{"code":"RequestDisallowedByPolicy","message":"m"}}"#;
        assert_eq!(error(403, denied).kind(), Refused);
    }

    #[test]
    fn a_denial_names_the_permission() {
        let body = r#"{"error":{"code":"AuthorizationFailed","message":"The client 'c' with object id 'o' does not have authorization to perform action 'Microsoft.ApiCenter/services/read' over scope '/subscriptions/0' or the scope is invalid."}}"#;
        let error = error(403, body).on("GET", "services/inv");
        let permission = Permission {
            action: "Microsoft.ApiCenter/services/read".to_owned(),
            scope: "/subscriptions/0".to_owned(),
            object: Some("o".to_owned()),
        };
        assert!(error.is_auth() && error.permission() == Some(&permission));
        assert_eq!(
            error.to_string(),
            "GET services/inv: the permission Microsoft.ApiCenter/services/read is missing on /subscriptions/0: \
             The client 'c' with object id 'o' does not have authorization (HTTP 403, AuthorizationFailed)"
        );
    }

    #[test]
    fn a_conflict_with_another_operation_is_told_from_others() {
        let busy = [
            r#"{"error":{"code":"AnotherOperationInProgress","message":"m"}}"#,
            r#"{"code":"Conflict","message":"An operation on this resource is in progress."}"#,
        ];
        let other = [
            r#"{"code":"Conflict","message":"The name is taken."}"#,
            "",
            "in progress",
        ];
        assert!(
            busy.iter()
                .all(|body| ErrorBody::parse(body.as_bytes()).says_in_progress())
        );
        assert!(
            !other
                .iter()
                .any(|body| ErrorBody::parse(body.as_bytes()).says_in_progress())
        );
    }
}
