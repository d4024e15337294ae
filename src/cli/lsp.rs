//! `apicenter lsp`.

use std::sync::Arc;

use lsp_server::Connection;

use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::live_states::Services;
use super::project;
use crate::editor;
use crate::project::PlanFlags;

/// Serve an editor: diagnostics, completion, hover, navigation, fixes and lenses for manifests, over stdin and stdout
///
/// Editors start it by themselves, once they know it: docs/editors.md has the settings. It speaks the Language Server
/// Protocol. The project is that of the folder that is open, or of the document.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter lsp            for the projects that are open in the editor
  apicenter lsp -t prod    with the variables and overlays of prod
  apicenter lsp -v         and a log on stderr, which editors show")]
pub(super) struct Args {
    /// Accepted, because editors add it to the command; there is no other way
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(super) fn run(_args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let global = invocation.global;
    let options = project::load_options(global, PlanFlags::default());
    let (connection, threads) = Connection::stdio();
    let live = Arc::new(Services {
        options: options.clone(),
        connect: global.connect(),
        environment: invocation.environment.clone(),
    });
    let served = editor::serve(&connection, global.directory.clone(), options, live);
    // The threads end when nobody is left to send anything.
    drop(connection);
    match served {
        Ok(()) => {
            threads
                .join()
                .map_err(|error| Failure::error(format!("the connection failed: {error}")))?;
            Ok(Exit::Done)
        }
        // The thread that reads may still wait.
        Err(error) => Err(Failure::error(error.to_string())),
    }
}
