//! Why a command ended early, for people.

use super::console::Console;
use super::exit::Exit;
use crate::azure::credential::NoCredential;
use crate::azure::permissions::{CONTRIBUTOR_ROLE, READER_ROLE, how_to_grant};
use crate::emulator::EmulatorError;
use crate::live::{ErrorKind, Permission, ServiceError};
use crate::workflow::WorkflowError;

/// Why a command ended early: what to say and how to exit.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: Option<String>,
    help: Option<String>,
}

impl Failure {
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: Some(message.into()),
            help: None,
        }
    }

    pub(super) fn error(message: impl Into<String>) -> Self {
        Self::new(Exit::Error, message)
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Everything was said already.
    pub(super) fn already_reported(exit: Exit) -> Self {
        Self {
            exit,
            message: None,
            help: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with this help, unless there is some.
    pub(super) fn or_help(mut self, help: &str) -> Self {
        self.help.get_or_insert_with(|| help.to_owned());
        self
    }

    /// The same with a place in front.
    pub(super) fn prefixed(mut self, place: &str) -> Self {
        self.message = self.message.map(|message| format!("{place}: {message}"));
        self
    }

    pub(super) fn exit(&self) -> Exit {
        self.exit
    }

    /// What happened, and what to do; empty where nothing is to be said.
    pub(super) fn texts(&self) -> (&str, &str) {
        (
            self.message.as_deref().unwrap_or_default(),
            self.help.as_deref().unwrap_or_default(),
        )
    }

    pub(super) fn print(&self, console: &Console) {
        if let Some(message) = &self.message {
            let styles = console.status_styles();
            console.status(&format!("{}: {message}", styles.removed("error")));
        }
        if let Some(help) = &self.help {
            console.status(&format!("  help: {help}"));
        }
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        let exit = if error.is_auth() {
            Exit::Authentication
        } else {
            Exit::Error
        };
        let failure = Self::new(exit, error.to_string());
        match (error.help(), error.permission()) {
            (Some(help), _) => failure.help(help),
            (None, Some(permission)) => failure.help(how_to_allow(permission)),
            (None, None) if error.kind() == ErrorKind::Authorization => failure.help(format!(
                "planning needs the role {READER_ROLE} on the service, applying {CONTRIBUTOR_ROLE}; \
                 apicenter doctor tells which permission is missing"
            )),
            (None, None) => failure,
        }
    }
}

impl From<WorkflowError> for Failure {
    fn from(error: WorkflowError) -> Self {
        match error {
            WorkflowError::Service {
                error,
                help,
                fallback_help,
                place,
            } => {
                let mut failure = Self::from(error);
                if let Some(help) = help {
                    failure = failure.help(help);
                }
                if let Some(help) = fallback_help {
                    failure = failure.or_help(help);
                }
                match place {
                    Some(place) => failure.prefixed(&place),
                    None => failure,
                }
            }
            WorkflowError::NoMatch { pattern } => Self::usage(format!(
                "--only {pattern} matches nothing that is declared or live"
            ))
            .help("addresses look like api/orders, environment/prod or api/*/deployment/prod"),
            WorkflowError::Failed { message, help } => {
                let failure = Self::error(message);
                match help {
                    Some(help) => failure.help(help),
                    None => failure,
                }
            }
            WorkflowError::Interrupted => {
                Self::new(Exit::Interrupted, "interrupted; nothing was changed")
            }
        }
    }
}

/// The words of `doctor`, for one permission.
fn how_to_allow(permission: &Permission) -> String {
    let grant = how_to_grant(
        std::slice::from_ref(&permission.action),
        &permission.scope,
        permission.object.as_deref(),
    );
    format!(
        "{grant} (new roles take some minutes to count; apicenter doctor lists all that is missing)"
    )
}

impl From<NoCredential> for Failure {
    fn from(none: NoCredential) -> Self {
        match none {
            NoCredential::Incomplete(missing) => Self::new(
                Exit::Authentication,
                format!("--auth {} cannot be used here: it {missing}", missing.method),
            )
            .help("set what is missing, or choose another way to sign in; docs/authentication.md has recipes"),
            NoCredential::NoneFound(skipped) => {
                let width = skipped.iter().map(|missing| missing.method.name().len()).max();
                let width = width.unwrap_or_default();
                let mut message = "no credentials for this target".to_owned();
                for missing in &skipped {
                    message.push_str(&format!("\n  {:width$}  {missing}", missing.method.name()));
                }
                Self::new(Exit::Authentication, message).help(
                    "on your own machine, install the Azure CLI and run az login; in a pipeline, set the \
                     variables of one of these; or set APICENTER_ACCESS_TOKEN to a bearer token",
                )
            }
        }
    }
}

impl From<EmulatorError> for Failure {
    fn from(error: EmulatorError) -> Self {
        Self::error(error.to_string())
    }
}
