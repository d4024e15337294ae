//! `apicenter fmt`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::failure::Failure;
use super::fix::write;
use super::global::GlobalArgs;
use super::invocation::Invocation;
use super::project;
use crate::model::{counted, without_mark};
use crate::output::text_difference;
use crate::project::{FixedFile, LoadedProject, OpenError, PlanFlags, targets};
use crate::yaml;

/// Lay out the manifests in one way: indentation, spaces, quotes; values, comments and the order of keys stay
///
/// The project file, all manifests and the overlays of all targets are formatted; description files are not. A file that
/// cannot be read as YAML, or whose values another layout would change, stays as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter fmt                    all manifests of the project
  apicenter fmt apis/orders.yaml   this file only
  apicenter fmt --check            for pipelines: list what is not formatted, and exit with 1 if there is something
  apicenter fmt --diff             show what would change, and write nothing")]
pub(super) struct Args {
    /// Files or folders to format, instead of the whole project
    #[arg(value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,

    /// Write nothing; list the files that would change, and exit with 1 if there are some
    #[arg(long)]
    check: bool,

    /// Write nothing; show what would change
    #[arg(long)]
    diff: bool,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    let project = open(invocation)?;
    let texts = selected(args, &project)?;
    let count = texts.len();
    let mut changed: BTreeMap<String, FixedFile> = BTreeMap::new();
    let mut left = 0;
    for (path, text) in texts {
        match yaml::formatted(&text) {
            Some(after) if after != text => {
                let (before, after) = (without_mark(&text), without_mark(&after));
                let file = FixedFile {
                    before: before.to_owned(),
                    after: after.to_owned(),
                };
                changed.insert(path, file);
            }
            Some(_) => {}
            None => {
                left += 1;
                console.hint(format!(
                    "note: {path}: left as it is: it has errors (apicenter validate shows them), or its values would change"
                ));
            }
        }
    }
    for (path, file) in &changed {
        if args.diff {
            console.output(text_difference(path, &file.before, &file.after));
        } else if args.check {
            console.output(path.as_str());
        } else {
            write(project.files.root(), path, file)?;
            console.output(path.as_str());
        }
    }
    console.status(summary(args, changed.len(), left, count));
    Ok(match args.check && !changed.is_empty() {
        true => Exit::Error,
        false => Exit::Done,
    })
}

/// The project for any of its targets: the layout is the same for all.
fn open(invocation: Invocation<'_>) -> Result<LoadedProject, Failure> {
    let global = invocation.global;
    let result = match project::try_open(invocation, PlanFlags::default()) {
        Err(OpenError::Target(_)) if global.target.is_none() => {
            let start = global.directory.as_deref().unwrap_or(Path::new("."));
            let first = targets(start).into_iter().next();
            let with_target = GlobalArgs {
                target: first.map(|target| target.name),
                ..global.clone()
            };
            let invocation = Invocation {
                global: &with_target,
                ..invocation
            };
            project::try_open(invocation, PlanFlags::default())
        }
        result => result,
    };
    Ok(result?)
}

/// The texts of the manifests that the paths name, or of all.
fn selected(args: &Args, project: &LoadedProject) -> Result<BTreeMap<String, String>, Failure> {
    let all = project.manifest_texts();
    if args.paths.is_empty() {
        return Ok(all);
    }
    let root = project.files.root();
    let mut names = BTreeSet::new();
    for path in &args.paths {
        let real = path
            .canonicalize()
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        let below = real.strip_prefix(root).ok();
        let name = below.map(|below| below.to_string_lossy().replace('\\', "/"));
        let is_wanted = |file: &&String| {
            let name = name.as_deref().unwrap_or("/");
            name.is_empty() || *file == name || file.starts_with(&format!("{name}/"))
        };
        let found: Vec<&String> = all.keys().filter(is_wanted).collect();
        if found.is_empty() {
            let message = format!("{} is not a manifest of this project", path.display());
            return Err(Failure::usage(message)
                .help("apicenter validate -v lists the files that are not read as manifests"));
        }
        names.extend(found.into_iter().cloned());
    }
    Ok(all
        .into_iter()
        .filter(|(path, _)| names.contains(path))
        .collect())
}

fn summary(args: &Args, changed: usize, left: usize, all: usize) -> String {
    let files = counted(all, "file");
    let rest = match left {
        0 => String::new(),
        left => format!(" Left as it is: {left}."),
    };
    let said = match (changed, args.check || args.diff) {
        (0, _) if left > 0 => format!("{} of {files}: formatted.", all - left),
        (0, _) => format!("{files}: formatted."),
        (n, true) => format!("{n} of {files}: not formatted."),
        (n, false) => format!("Formatted {n} of {files}."),
    };
    said + &rest
}
