//! `apicenter completions`.

use clap::Command;
use clap_complete::Shell;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use crate::output::Data;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter completions bash > ~/.local/share/bash-completion/completions/apicenter
  apicenter completions zsh > ~/.zfunc/_apicenter")]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args, mut command: Command, console: &Console) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "apicenter", &mut script);
    console.data(&Data::own(&script));
    Ok(Exit::Done)
}
