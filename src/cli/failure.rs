//! Why a command ended early, for people.

use super::console::Console;
use super::exit::Exit;
use crate::live::ServiceError;
use crate::model::{Diagnostics, Sources};
use crate::output::{Text, removed, render_diagnostics, styled};
use crate::plan::Refusal;
use crate::workflow::{WorkflowError, help_for};

/// Why a command ended early: what to say and how to exit.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    /// Diagnostics that come before the message.
    details: Option<Text>,
    message: Option<String>,
    help: Option<String>,
    /// The same in parts, where rules refuse what was asked for before there is a plan.
    refusals: Vec<Refusal>,
}

impl Failure {
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            details: None,
            message: Some(message.into()),
            help: None,
            refusals: Vec::new(),
        }
    }

    pub(super) fn error(message: impl Into<String>) -> Self {
        Self::new(Exit::Error, message)
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The problem was already shown.
    pub(super) fn already_reported(exit: Exit) -> Self {
        Self {
            exit,
            details: None,
            message: None,
            help: None,
            refusals: Vec::new(),
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with this help, if it has none.
    pub(super) fn or_help(mut self, help: &str) -> Self {
        self.help.get_or_insert_with(|| help.to_owned());
        self
    }

    /// The same with a place in front.
    pub(super) fn prefixed(mut self, place: &str) -> Self {
        self.message = self.message.map(|message| format!("{place}: {message}"));
        self
    }

    /// The same in parts, for formats that are not for people at a terminal.
    pub(super) fn refused_by(mut self, refusals: Vec<Refusal>) -> Self {
        self.refusals = refusals;
        self
    }

    /// What rules refuse, where they do.
    pub(super) fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    pub(super) fn exit(&self) -> Exit {
        self.exit
    }

    /// What happened, and what to do; each may be empty.
    pub(super) fn texts(&self) -> (&str, &str) {
        (
            self.message.as_deref().unwrap_or_default(),
            self.help.as_deref().unwrap_or_default(),
        )
    }

    /// Shows what comes before the message.
    pub(super) fn print_details(&self, console: &Console) {
        if let Some(details) = &self.details {
            console.status(details.clone());
        }
    }

    pub(super) fn print(&self, console: &Console) {
        self.print_details(console);
        if let Some(message) = &self.message {
            let lead = styled![removed("error"), ": "];
            console.status(Text::paragraph(lead, message, "    "));
        }
        if let Some(help) = &self.help {
            console.status(Text::paragraph("  help: ", help, "    "));
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
        match help_for(&error) {
            Some(help) => failure.help(help),
            None => failure,
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
            WorkflowError::SignIn { message, help } => {
                Self::new(Exit::Authentication, message).help(help)
            }
            WorkflowError::Untrusted {
                diagnostics,
                sources,
            } => untrusted(&diagnostics, &sources),
            WorkflowError::Usage { message, help } => Self {
                help,
                ..Self::usage(message)
            },
            WorkflowError::Failed { message, help } => Self {
                help,
                ..Self::error(message)
            },
            WorkflowError::Interrupted { applied } => Self::new(
                Exit::Interrupted,
                match applied {
                    true => "interrupted while waiting for integrations; what was applied stays",
                    false => "interrupted; nothing was changed",
                },
            ),
        }
    }
}

/// The refusal to send credentials, with the place of each address.
fn untrusted(diagnostics: &Diagnostics, sources: &Sources) -> Failure {
    let details = render_diagnostics(diagnostics, sources, false);
    let failure = Failure::new(
        Exit::Authentication,
        "the project file decides where credentials go, and that is not allowed; nothing was sent",
    );
    Failure {
        details: Some(details),
        ..failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interruption_says_whether_something_was_applied() {
        for (applied, text) in [
            (
                true,
                "interrupted while waiting for integrations; what was applied stays",
            ),
            (false, "interrupted; nothing was changed"),
        ] {
            let failure = Failure::from(WorkflowError::Interrupted { applied });
            assert_eq!(failure.exit(), Exit::Interrupted);
            assert_eq!(failure.texts(), (text, ""));
        }
    }
}
