//! The errors of a live service, worded for users.

use std::fmt;

use crate::http::redact;

/// The most characters of a text from the service; some have whole stack traces.
const LONGEST_DETAIL: usize = 1200;

/// The longest id of a request or code of an error, in characters: both are far shorter in real responses.
const LONGEST_ID: usize = 100;

/// What kind of failure a [`ServiceError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// There are no usable credentials, or the service does not accept them (401).
    Authentication,
    /// The credentials are valid, but a permission is missing (403).
    Authorization,
    /// Something that the request relies on does not exist (404).
    NotFound,
    /// The service understood the request and refused it (400, 409 and their like).
    Refused,
    /// Every attempt was throttled (429).
    Throttled,
    /// No connection: name resolution, network, proxy or TLS.
    Unreachable,
    /// No complete response in time.
    Timeout,
    /// Every attempt ended with a server error (5xx).
    Unavailable,
    /// An unexpected response: invalid JSON, a link to another host, the page of a proxy.
    Protocol,
    /// A long-running operation was accepted, and then failed or was cancelled.
    OperationFailed,
    /// The client cannot be set up, or the request has no valid address.
    Configuration,
}

/// A request to a live service that did not succeed.
///
/// It contains no token, no header and no signature of a URL: every text is redacted.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct ServiceError(Box<ErrorDetails>);

#[derive(Debug, Clone)]
struct ErrorDetails {
    kind: ErrorKind,
    subject: Option<String>,
    request: Option<RequestInfo>,
    status: Option<u16>,
    code: Option<String>,
    permission: Option<Permission>,
    request_id: Option<String>,
    attempts: u32,
    detail: String,
    help: Option<String>,
}

/// A permission that a caller needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The action, such as `Microsoft.ApiCenter/services/write`.
    pub action: String,
    /// The ARM id of the resource.
    pub scope: String,
    /// The object id of the caller, if the service reports it.
    pub object: Option<String>,
}

/// A request as messages name it: its method and the short address of the resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestInfo {
    /// The HTTP method.
    pub method: String,
    /// The path below the service, such as `apis/orders`.
    pub resource: String,
    /// The permission that the request needs, if it follows from the path.
    pub needs: Option<Permission>,
}

impl fmt::Display for RequestInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.resource)
    }
}

impl ServiceError {
    /// An error of a kind, with a fragment about it. Secrets in the text are redacted.
    pub fn new(kind: ErrorKind, detail: impl AsRef<str>) -> Self {
        Self(Box::new(ErrorDetails {
            kind,
            subject: None,
            request: None,
            status: None,
            code: None,
            permission: None,
            request_id: None,
            attempts: 0,
            detail: sanitize(detail.as_ref()),
            help: None,
        }))
    }

    /// The same, naming the request: its method and the short address of the resource.
    #[cfg(test)]
    #[must_use]
    pub fn on(mut self, method: &str, resource: &str) -> Self {
        let (method, resource) = (method.to_owned(), redact(resource));
        let needs = None;
        self.0.request = Some(RequestInfo {
            method,
            resource,
            needs,
        });
        self
    }

    /// The same, naming the request.
    #[must_use]
    pub fn about(mut self, request: &RequestInfo) -> Self {
        self.0.request = Some(request.clone());
        self
    }

    /// The same, naming what the request was for: the address of a resource, for example.
    #[must_use]
    pub fn with_subject(mut self, subject: impl fmt::Display) -> Self {
        self.0.subject = Some(redact(&subject.to_string()));
        self
    }

    /// The same, with the status of the response.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// The same, with the service's own error code.
    #[must_use]
    pub fn with_code(mut self, code: Option<&str>) -> Self {
        self.0.code = code.map(|code| cut(redact(&one_line(code)), LONGEST_ID));
        self
    }

    /// The same, with the missing permission, if the service named it.
    #[must_use]
    pub fn with_permission(mut self, permission: Option<Permission>) -> Self {
        self.0.permission = permission;
        self
    }

    /// The same, with the id under which the service logged the request.
    #[must_use]
    pub fn with_request_id(mut self, request_id: Option<&str>) -> Self {
        self.0.request_id = request_id.map(|id| cut(redact(&one_line(id)), LONGEST_ID));
        self
    }

    /// The same, with the number of times that the request was sent.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// The same, with a hint for the user.
    #[must_use]
    pub fn with_help(mut self, help: impl AsRef<str>) -> Self {
        self.0.help = Some(redact(help.as_ref())).filter(|help| !help.is_empty());
        self
    }

    /// The same, with a text before the fragment.
    pub fn with_prefix(mut self, text: &str) -> Self {
        self.0.detail.insert_str(0, text);
        self
    }

    /// The same, with a clause after the fragment.
    #[must_use]
    pub fn with_context(mut self, clause: &str) -> Self {
        if !self.0.detail.is_empty() {
            self.0.detail.push_str("; ");
        }
        self.0.detail.push_str(clause);
        self
    }

    /// A hint for the user, if there is one.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether credentials or permissions are the cause.
    pub fn is_auth(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Authentication | ErrorKind::Authorization
        )
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The service's own code, such as `ValidationError`, if it is a word.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The missing permission: as the service named it, or as the request needs it.
    pub fn permission(&self) -> Option<&Permission> {
        let needed = || self.0.request.as_ref()?.needs.as_ref();
        let denied = self.0.kind == ErrorKind::Authorization;
        denied.then(|| self.0.permission.as_ref().or_else(needed))?
    }

    /// The fragment about the failure alone, without request, status and ids.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }
}

impl ErrorDetails {
    fn headline(&self) -> String {
        let text = match self.kind {
            ErrorKind::Authentication => "the credentials were not accepted",
            ErrorKind::Authorization => return self.denial(),
            ErrorKind::NotFound => "not found",
            ErrorKind::Refused => "refused by the service",
            ErrorKind::Throttled => "throttled by the service",
            ErrorKind::Unreachable => "the service could not be reached",
            ErrorKind::Timeout => "no response in time",
            ErrorKind::Unavailable => "the service failed",
            ErrorKind::Protocol => "unexpected response",
            ErrorKind::OperationFailed => "accepted, then failed",
            ErrorKind::Configuration => "not sent",
        };
        text.to_owned()
    }

    fn denial(&self) -> String {
        let needs = self.request.as_ref().and_then(|to| to.needs.as_ref());
        match (&self.permission, needs) {
            (Some(Permission { action, scope, .. }), _) => {
                format!("the permission {action} is missing on {scope}")
            }
            (None, Some(Permission { action, scope, .. })) => {
                format!("not allowed; the request needs the permission {action} on {scope}")
            }
            (None, None) => "not allowed".to_owned(),
        }
    }

    fn notes(&self) -> String {
        let mut notes = Vec::new();
        notes.extend(self.status.map(|status| format!("HTTP {status}")));
        notes.extend(self.code.clone());
        if self.attempts > 1 {
            notes.push(format!("{} attempts", self.attempts));
        }
        notes.extend(
            self.request_id
                .as_ref()
                .map(|id| format!("request id {id}")),
        );
        notes.join(", ")
    }
}

impl fmt::Display for ErrorDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(subject) = &self.subject {
            write!(f, "{subject}: ")?;
        }
        match &self.request {
            Some(request) => write!(f, "{request}: {}", self.headline())?,
            None if self.detail.is_empty() => f.write_str(&self.headline())?,
            None => {}
        }
        if !self.detail.is_empty() {
            let colon = if self.request.is_some() { ": " } else { "" };
            write!(f, "{colon}{}", self.detail)?;
        }
        match self.notes() {
            notes if notes.is_empty() => Ok(()),
            notes => write!(f, " ({notes})"),
        }
    }
}

/// A text without line breaks and other blanks than spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line without secrets, stack frames and a final full stop, cut to [`LONGEST_DETAIL`].
fn sanitize(text: &str) -> String {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !is_frame(line));
    let text = redact(&lines.collect::<Vec<_>>().join(" "));
    let text = text.trim_end_matches('.');
    cut(text.to_owned(), LONGEST_DETAIL)
}

/// The first characters of a text, and a sign that there were more.
fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Whether a line is from a JavaScript or .NET stack trace; the service passes them on.
fn is_frame(line: &str) -> bool {
    line.starts_with("at ") && line.contains('(')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stack_frames_and_surplus_are_cut() {
        let error = ServiceError::new(
            ErrorKind::Refused,
            "Error: no ruleset.\n    at infer (evalmachine:1:2)\nSecond line.",
        );
        assert_eq!(error.to_string(), "Error: no ruleset. Second line");
        let long = ServiceError::new(ErrorKind::Refused, "ü".repeat(5000));
        assert_eq!(long.detail().chars().count(), LONGEST_DETAIL + 1);
        let id = "7".repeat(5000);
        let long = ServiceError::new(ErrorKind::Refused, "no")
            .with_code(Some(&id))
            .with_request_id(Some(&id));
        assert!(long.to_string().len() < 300, "{long}");
    }

    #[test]
    fn one_sentence_says_what_why_and_where_to_ask() {
        let error = ServiceError::new(
            ErrorKind::Refused,
            "Invalid request: the title is too long.",
        )
        .on("PUT", "apis/orders")
        .with_status(400)
        .with_code(Some("ValidationError"))
        .with_request_id(Some("7f3a"))
        .with_attempts(1);
        assert_eq!(
            error.to_string(),
            "PUT apis/orders: refused by the service: Invalid request: the title is too long \
             (HTTP 400, ValidationError, request id 7f3a)"
        );
        let error = ServiceError::new(ErrorKind::Authorization, "no")
            .on("GET", "apis")
            .with_permission(Some(Permission {
                action: "Microsoft.ApiCenter/services/read".to_owned(),
                scope: "/subscriptions/0".to_owned(),
                object: None,
            }));
        assert_eq!(
            error.to_string(),
            "GET apis: the permission Microsoft.ApiCenter/services/read is missing on /subscriptions/0: no"
        );
        assert!(error.is_auth());
    }
}
