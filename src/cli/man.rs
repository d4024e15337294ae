//! `apicenter man`.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use clap::Command;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::out_file::write_file_and_folder;
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
        let failed = |error: io::Error| {
            Failure::error(format!("cannot write to {}: {error}", folder.display()))
        };
        for (name, page) in pages(command).map_err(failed)? {
            write_file_and_folder(&folder.join(name), &Data::own(&page), console)?;
        }
        return Ok(Exit::Done);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| Failure::error(format!("cannot render the manual page: {error}")))?;
    console.data(&Data::own(&page));
    Ok(Exit::Done)
}

/// The pages of all commands, by the names of their files.
fn pages(command: Command) -> io::Result<Vec<(OsString, Vec<u8>)>> {
    let folder = tempfile::tempdir()?;
    clap_mangen::generate_to(command, folder.path())?;
    folder
        .path()
        .read_dir()?
        .map(|entry| {
            let entry = entry?;
            Ok((entry.file_name(), std::fs::read(entry.path())?))
        })
        .collect()
}
