//! Why a workflow ended early.

use crate::azure::permissions::{CONTRIBUTOR_ROLE, READER_ROLE, how_to_grant};
use crate::live::{ErrorKind, Permission, ServiceError};
use crate::model::{Diagnostics, ServiceId, Sources};

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
    /// There are no credentials.
    SignIn {
        /// What is missing.
        message: String,
        /// What to do.
        help: String,
    },
    /// Credentials would go to an address that the user does not allow.
    Untrusted {
        /// Each such address, at its place in the project file.
        diagnostics: Diagnostics,
        /// The texts of the files.
        sources: Sources,
    },
    /// What the user asked for does not exist.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// Something else is wrong.
    Failed {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// The user interrupted the workflow while it was only reading or waiting.
    Interrupted {
        /// Whether a plan was applied before, which stays so.
        applied: bool,
    },
}

impl WorkflowError {
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::Failed {
            message: message.into(),
            help: None,
        }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            help: None,
        }
    }

    /// The error for a service that does not exist.
    pub(super) fn no_service(service: &ServiceId) -> Self {
        Self::failed(format!(
            "the service `{}` does not exist in the resource group `{}`",
            service.name, service.resource_group
        ))
    }

    /// The same error with this help, if it has none.
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        if let Self::Failed { help, .. } | Self::Usage { help, .. } = &mut self {
            help.get_or_insert_with(|| text.into());
        }
        self
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
pub(super) fn api_management_error(error: ServiceError) -> WorkflowError {
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

/// What to do about a request that failed; `None` if nothing is known.
#[must_use]
pub fn help_for(error: &ServiceError) -> Option<String> {
    match (error.help(), error.permission()) {
        (Some(help), _) => Some(help.to_owned()),
        (None, Some(permission)) => Some(how_to_allow(permission)),
        (None, None) if error.kind() == ErrorKind::Authorization => Some(format!(
            "planning requires the role {READER_ROLE} on the service, applying {CONTRIBUTOR_ROLE}; \
             apicenter doctor lists the permissions that are missing"
        )),
        (None, None) => None,
    }
}

fn how_to_allow(permission: &Permission) -> String {
    let grant = how_to_grant(
        std::slice::from_ref(&permission.action),
        &permission.scope,
        permission.object.as_deref(),
    );
    format!(
        "{grant} (a new role takes effect after some minutes; apicenter doctor lists all missing permissions)"
    )
}
