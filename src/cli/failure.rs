//! Why a command ended early, for people.

use super::console::Console;
use super::exit::Exit;
use crate::emulator::EmulatorError;
use crate::provider::{ErrorKind, ProviderError};

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
    pub(super) fn told(exit: Exit) -> Self {
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
            let paint = console.talk_paint();
            console.talk(&format!("{}: {message}", paint.removed("error")));
        }
        if let Some(help) = &self.help {
            console.talk(&format!("  help: {help}"));
        }
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        let exit = if error.is_auth() {
            Exit::Authentication
        } else {
            Exit::Error
        };
        let failure = Self::new(exit, error.to_string());
        match error.kind() {
            ErrorKind::Authentication => failure.help(
                "get a fresh token: APICENTER_ACCESS_TOKEN=$(az account get-access-token --query \
                 accessToken --output tsv)",
            ),
            ErrorKind::Authorization => failure.help(
                "planning needs the role Azure API Center Service Reader on the service, applying \
                 Azure API Center Service Contributor; apicenter doctor tells which permission is \
                 missing",
            ),
            _ => failure,
        }
    }
}

impl From<EmulatorError> for Failure {
    fn from(error: EmulatorError) -> Self {
        Self::error(error.to_string())
    }
}
