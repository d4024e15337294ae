//! Errors that keep the emulator from running.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the emulator could not start or could not do what its owner (not a client) asked for.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// The address could not be bound: in use, or not one of this machine's.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Another process holds the data file.
    #[error("another apicenter process is using {}; stop it, or choose another data file", path.display())]
    Busy {
        /// The data file.
        path: PathBuf,
    },
    /// The data file, or its folder, cannot be opened or created, or the file is damaged. It was not changed.
    #[error("cannot open the emulator's data file {}: {message}", path.display())]
    Open {
        /// The data file.
        path: PathBuf,
        /// What went wrong.
        message: String,
        /// What to do.
        help: &'static str,
    },
    /// Reading or writing the stored state failed.
    #[error("the emulator's store failed: {0}")]
    Store(String),
    /// The certificate for https cannot be made or used.
    #[error("cannot serve https: {0}")]
    Certificate(String),
    /// The service cannot be created, for example because its name is reserved.
    #[error("cannot create the service {name}: {message}")]
    Service {
        /// The service's name.
        name: String,
        /// The response of the emulated service.
        message: String,
    },
}

/// What to do about a file that cannot be read or written.
pub(in crate::emulator) const NOT_USABLE: &str =
    "make the file and its folder readable and writable, or choose another data file";

impl EmulatorError {
    /// What to do about it, if something helps.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Open { help, .. } => Some(help),
            _ => None,
        }
    }
}
