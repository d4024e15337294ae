//! Why a workflow ended early.

use crate::live::{ErrorKind, ServiceError};

/// Why a workflow ended early.
#[derive(Debug)]
pub enum WorkflowError {
    /// A request failed.
    Service {
        /// The error.
        error: ServiceError,
        /// What to do, instead of the error's own help.
        help: Option<&'static str>,
        /// What to do, if the error has no help of its own.
        fallback_help: Option<&'static str>,
        /// `file:line:column` of the declaration that the request was for.
        place: Option<String>,
    },
    /// A pattern of the selection matches nothing.
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// Something else is wrong.
    Failed {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// The user interrupted the workflow while it was only reading or waiting.
    Interrupted,
}

impl WorkflowError {
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::Failed {
            message: message.into(),
            help: None,
        }
    }

    /// The same error with this help, if it has none.
    pub(super) fn help(self, text: impl Into<String>) -> Self {
        match self {
            Self::Failed {
                message,
                help: None,
            } => Self::Failed {
                message,
                help: Some(text.into()),
            },
            other => other,
        }
    }

    /// The same error with the place of the declaration that it is about.
    pub(super) fn at(self, declared: &str) -> Self {
        match self {
            Self::Service {
                error,
                help,
                fallback_help,
                ..
            } => Self::Service {
                error,
                help,
                fallback_help,
                place: Some(declared.to_owned()),
            },
            Self::Failed { message, help } => Self::Failed {
                message: format!("{declared}: {message}"),
                help,
            },
            other => other,
        }
    }
}

impl From<ServiceError> for WorkflowError {
    fn from(error: ServiceError) -> Self {
        Self::Service {
            error,
            help: None,
            fallback_help: None,
            place: None,
        }
    }
}

/// The error for a request to an API Management instance that failed.
#[must_use]
pub fn api_management_error(error: ServiceError) -> WorkflowError {
    let (help, fallback_help) = match error.kind() {
        ErrorKind::Authorization => (
            Some(
                "reading API Management requires the role API Management Service Reader Role on the \
                 instance",
            ),
            None,
        ),
        ErrorKind::NotFound => (
            None,
            Some(
                "check the id and the name; -t selects the target whose cloud and credentials are used",
            ),
        ),
        _ => (None, None),
    };
    WorkflowError::Service {
        error,
        help,
        fallback_help,
        place: None,
    }
}
