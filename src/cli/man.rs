//! `apicenter man`.

use std::path::PathBuf;

use clap::Command;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use crate::output::Data;

/// Print the manual page, or write the pages of all commands to a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter man | man -l -
  apicenter man --out /usr/local/share/man/man1")]
pub(super) struct Args {
    /// Write one page per command to this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, command: Command, console: &Console) -> Result<Exit, Failure> {
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder))
            .map_err(|error| {
                Failure::error(format!("cannot write to {}: {error}", folder.display()))
            })?;
        return Ok(Exit::Done);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| Failure::error(format!("cannot render the manual page: {error}")))?;
    console.data(&Data::own(&page));
    Ok(Exit::Done)
}
