//! `apicenter site`.

use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::export::write_all;
use super::failure::Failure;
use super::invocation::Invocation;
use super::{in_file, project, snapshot};
use crate::model::counted;
use crate::site::{Catalogue, DESCRIPTIONS, GENERATOR, PAGE, site};

/// Write the catalogue as pages for a browser: search, filters, APIs with their descriptions
///
/// The pages need neither a server nor a network: open index.html, or publish the folder. They show what the manifests
/// declare, or what was live when a snapshot was taken.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter site --out public                       the catalogue of the manifests
  apicenter snapshot -t prod --documents --out live.json
  apicenter site -t prod --from live.json --out public   what is live

A folder that has a site is written again; any other folder must be empty, unless --force is given.")]
pub(super) struct Args {
    /// Folder to write the pages to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Show what is in a file written by `apicenter snapshot`; with --documents, it has descriptions
    #[arg(long, value_name = "SNAPSHOT")]
    from: Option<PathBuf>,

    /// Write to a folder that has other files
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    let project = project::open_settings(invocation)?;
    if args.from.is_none() {
        project::report(&project, console);
        if !project.is_plannable() {
            return Err(Failure::already_reported(Exit::Invalid));
        }
    }
    let service = &project.options.target.service.name;
    let live = args
        .from
        .as_deref()
        .map(|file| snapshot::read(file, &project))
        .transpose()?;
    let catalogue = match (&live, &args.from) {
        (Some(live), Some(file)) => Catalogue::of_live(
            service,
            format!("as of the snapshot {}", file.display()),
            live,
        ),
        _ => Catalogue::of_desired(
            service,
            "as the manifests declare it".to_owned(),
            &project.desired,
        ),
    };
    let files = site(&catalogue).map_err(|error| Failure::error(error.to_string()))?;
    prepare(&args.out, args.force)?;
    write_all(&args.out, &files)?;
    console.output(format!(
        "Wrote {} to {}.",
        counted(catalogue.resources.len(), "resource"),
        args.out.join(PAGE).display()
    ));
    Ok(Exit::Done)
}

/// Makes room in a folder: what an earlier site has of descriptions is removed.
fn prepare(folder: &Path, force: bool) -> Result<(), Failure> {
    let page = in_file::content(&folder.join(PAGE)).unwrap_or_default();
    if String::from_utf8_lossy(&page).contains(GENERATOR) {
        let old = folder.join(DESCRIPTIONS);
        return match std::fs::remove_dir_all(&old) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Failure::error(
                format!("cannot remove {}: {error}", old.display()),
            )),
            _ => Ok(()),
        };
    }
    let is_empty = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if force || is_empty || folder.symlink_metadata().is_err() {
        return Ok(());
    }
    let message = format!(
        "{} is not empty and has no site; nothing was written",
        folder.display()
    );
    Err(Failure::new(Exit::Refused, message)
        .help("choose another folder; --force writes next to what is there"))
}
