//! `apicenter completions`.

use clap::Command;
use clap_complete::Shell;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use crate::output::Data;

/// The variable by which a shell asks the program what completes a line.
pub(super) const VARIABLE: &str = "COMPLETE";

/// The name of the program.
const PROGRAM: &str = "apicenter";

/// Print a completion script for a shell
///
/// The script completes commands and flags, and asks the program for addresses of declared resources, targets, kinds and
/// codes: these are found in the manifests, without network.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter completions bash > ~/.local/share/bash-completion/completions/apicenter
  apicenter completions zsh > ~/.zfunc/_apicenter
  apicenter completions fish > ~/.config/fish/completions/apicenter.fish
  apicenter completions powershell >> $PROFILE")]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args, mut command: Command, console: &Console) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, PROGRAM, &mut script);
    // What follows takes the place of the first part, which works without the program.
    if let Some(shell) = asking(args.shell) {
        script.push(b'\n');
        shell
            .write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script)
            .map_err(|error| Failure::error(format!("cannot write the script: {error}")))?;
    }
    console.data(&Data::own(&script));
    Ok(Exit::Done)
}

/// How a shell asks the program.
fn asking(shell: Shell) -> Option<&'static dyn EnvCompleter> {
    match shell {
        Shell::Bash => Some(&Bash),
        Shell::Elvish => Some(&Elvish),
        Shell::Fish => Some(&Fish),
        Shell::PowerShell => Some(&Powershell),
        Shell::Zsh => Some(&Zsh),
        _ => None,
    }
}
