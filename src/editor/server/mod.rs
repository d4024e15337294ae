//! The protocol: messages in, messages out.

mod capabilities;
mod documents;
mod error;
mod live;
mod notifications;
mod publish;
mod requests;
mod run;
mod session;
mod state;

use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::{Receiver, unbounded};
use lsp_server::{Connection, Message};
use lsp_types::InitializeParams;
use serde_json::json;

use super::live_states::LiveStates;
use crate::project::LoadOptions;

pub use self::error::ServeError;
use self::state::Server;

/// Serves an editor until it asks to end. Projects are those of the folders that it has open, of the documents that
/// it opens, and of `folder`; `live` reads their services.
///
/// # Errors
/// If the editor does not speak the protocol, or closes the connection without asking to end.
pub fn serve(
    connection: &Connection,
    folder: Option<PathBuf>,
    options: LoadOptions,
    live: Arc<dyn LiveStates>,
) -> Result<(), ServeError> {
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = serde_json::from_value(params)
        .map_err(|error| ServeError::Protocol(format!("initialize: {error}")))?;
    let result = json!({
        "capabilities": capabilities::capabilities(),
        "serverInfo": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
    });
    connection.initialize_finish(id, result)?;
    // Checks of one file do not wait behind the reading of a whole project, which has all threads of the usual pool.
    let own = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread();
    let _own = own.build();
    let queued = Connection {
        sender: connection.sender.clone(),
        receiver: queue(connection),
    };
    let mut server = Server::new(&queued, options, live);
    server.open_folders(&params, folder);
    server.run()
}

/// The messages of a connection, which are taken from it while the server is busy.
fn queue(connection: &Connection) -> Receiver<Message> {
    let (sender, receiver) = unbounded();
    let messages = connection.receiver.clone();
    std::thread::spawn(move || {
        for message in messages {
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}
