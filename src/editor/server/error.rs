//! Why the server ended other than by the editor's wish.

use std::fmt;

use lsp_server::ProtocolError;

/// Why the server ended other than by the editor's wish.
#[derive(Debug)]
pub enum ServeError {
    /// The editor does not speak the protocol.
    Protocol(String),
    /// The editor closed the connection.
    Disconnected,
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protocol(error) => f.write_str(error),
            Self::Disconnected => f.write_str("the editor closed the connection"),
        }
    }
}

impl From<ProtocolError> for ServeError {
    fn from(error: ProtocolError) -> Self {
        match error.channel_is_disconnected() {
            true => Self::Disconnected,
            false => Self::Protocol(error.to_string()),
        }
    }
}
