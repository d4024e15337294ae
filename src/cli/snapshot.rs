//! `apicenter snapshot`.

use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::failure::Failure;
use super::in_file;
use super::invocation::Invocation;
use super::out_file::write_file;
use super::progress::ConsoleObserver;
use super::project;
use super::signals;
use crate::model::LiveState;
use crate::output::Data;
use crate::project::LoadedProject;
use crate::workflow::{self, Connection};

/// Save the live state to a file, for `plan --against` without credentials
///
/// Documents are saved as digests, so the file can be published as an artifact, unless --documents is given.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter snapshot -t prod --out live.json     in a trusted pipeline
  apicenter plan -t prod --against live.json     anywhere, for example for a pull request from a fork")]
pub(super) struct Args {
    /// File to write, instead of stdout (which is `-`)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Also save the documents of definitions, so that `plan --against` shows what changed documents break
    #[arg(long)]
    documents: bool,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let project = project::open_settings(invocation)?;
    let connection = Connection::open(&project, global.connect(), environment).await?;
    let observer = ConsoleObserver::new(console);
    let taking = async {
        Ok(workflow::take_snapshot(&project, &connection, args.documents, &observer).await?)
    };
    let snapshot = signals::or_interrupt(taking).await;
    connection.close().await;
    let text = Data::json(snapshot?);
    match &args.out {
        Some(file) => write_file(file, &text, console)?,
        None => console.data(&text),
    }
    Ok(Exit::Done)
}

/// The live state in a snapshot file.
pub(super) fn read(file: &Path, project: &LoadedProject) -> Result<LiveState, Failure> {
    let name = file.display();
    let bytes = in_file::read_json(file)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(workflow::open_snapshot(&name.to_string(), &text, project)?)
}
