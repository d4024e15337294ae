//! `apicenter mv`.

use std::path::Path;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::fix::write;
use super::invocation::Invocation;
use super::out_file::refused;
use super::project;
use crate::editor::{Move, move_in_files};
use crate::kinds;
use crate::manifest::source::destination;
use crate::model::{Address, counted};
use crate::output::text_difference;
use crate::project::{FixedFile, LoadedProject};

/// Give a resource another name in the manifests, in what refers to it, and in overlays
///
/// The former name is added to `previously`, so that the next plan renames the resource instead of deleting it.
/// Comments and layout stay. Files and folders that have the name of the resource get the new one, if nothing else is
/// in them. Nothing is sent to the service.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter mv api/weather api/forecast
  apicenter mv environment/prod environment/production --dry-run
  apicenter mv api/orders/version/1-0-0 api/orders/version/v1")]
pub(super) struct Args {
    /// The resource, such as api/weather
    old: String,

    /// The address that it gets, such as api/forecast
    new: String,

    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    let (old, new) = (address(&args.old)?, address(&args.new)?);
    if old.kind() != new.kind() || old.with_own_name(new.own_name()) != new {
        let message = format!("{old} cannot become {new}: only the last name can be another one");
        return Err(Failure::usage(message));
    }
    if old == new {
        let message = format!("{old} and {new} are the same: names are compared without case");
        return Err(Failure::usage(message));
    }
    let project = project::open_settings(invocation)?;
    check(&project, &old, &new)?;
    let moved = move_in_files(&project, &old, &new).map_err(Failure::error)?;
    if args.dry_run {
        show(&moved, console);
        return Ok(Exit::Done);
    }
    carry_out(&project, moved, console)?;
    console.status(format!(
        "{old} is now {new} in the manifests; `apicenter plan` shows the rename."
    ));
    Ok(Exit::Done)
}

fn address(text: &str) -> Result<Address, Failure> {
    kinds::parse_address(&kinds::singular(text)).ok_or_else(|| {
        Failure::usage(format!("`{text}` is not an address"))
            .help("addresses look like api/orders, environment/prod or api/orders/version/1-0-0")
    })
}

fn check(project: &LoadedProject, old: &Address, new: &Address) -> Result<(), Failure> {
    let declared = &project.desired.resources;
    if let Some(other) = declared.get(new) {
        let place = other.place.map(|place| project.sources.display(place));
        let place = place.map_or(String::new(), |place| format!(" ({place})"));
        let message = format!("{new} is declared already{place}");
        return Err(Failure::new(Exit::Refused, message)
            .help("choose another name, or remove that declaration first"));
    }
    if !declared.contains_key(old) && !project.desired.unread.contains(old) {
        let failure = Failure::error(format!("{old} is not declared in this project"));
        // A name is compared with names that it could be, not with what all addresses begin with.
        let is_alike =
            |other: &&Address| other.kind() == old.kind() && other.parent() == old.parent();
        let alike: Vec<&Address> = declared.keys().filter(is_alike).collect();
        let names: Vec<&str> = alike.iter().map(|other| other.name()).collect();
        let near = crate::manifest::meant(old.name(), &names);
        let near = near.and_then(|near| alike.iter().find(|other| other.name() == near));
        let meant = near.map(|near| format!("did you mean `{near}`?"));
        let help = meant.unwrap_or_else(|| match declared.is_empty() {
            true => "this project declares nothing yet".to_owned(),
            false => "apicenter graph shows what is declared".to_owned(),
        });
        return Err(failure.help(help));
    }
    Ok(())
}

fn show(moved: &Move, console: &Console) {
    for text in &moved.texts {
        console.output(text_difference(&text.path, &text.before, &text.after));
    }
    for (from, to) in &moved.paths {
        console.output(format!("move {from} to {to}"));
    }
}

fn carry_out(project: &LoadedProject, moved: Move, console: &Console) -> Result<(), Failure> {
    let root = project.files.root();
    let count = moved.texts.len();
    for text in moved.texts {
        let path = text.path;
        let file = FixedFile {
            before: text.before,
            after: text.after,
        };
        write(root, &path, &file)?;
        console.status(format!("changed {path}"));
    }
    for (from, to) in &moved.paths {
        move_path(root, from, to)?;
        console.status(format!("moved {from} to {to}"));
    }
    console.status(format!("Changed {}.", counted(count, "file")));
    Ok(())
}

/// Moves a file or a folder within the project.
fn move_path(root: &Path, from: &str, to: &str) -> Result<(), Failure> {
    let is_folder = root.join(from).is_dir();
    let place = |path: &str| {
        let path = Path::new(path);
        // The way to a folder is checked as that to a file in it.
        let file = match is_folder {
            true => path.join("file"),
            false => path.to_owned(),
        };
        let checked = destination(root, &file).map_err(|problem| refused(path, &problem))?;
        let folder = checked.parent().filter(|_| is_folder).map(Path::to_owned);
        Ok::<_, Failure>(folder.unwrap_or(checked))
    };
    let (old, new) = (place(from)?, place(to)?);
    std::fs::rename(old, new)
        .map_err(|error| Failure::error(format!("cannot move {from} to {to}: {error}")))
}
