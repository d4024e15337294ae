//! `apicenter diff`.

use std::path::{Path, PathBuf};

use super::complete;
use super::console::Console;
use super::exit::Exit;
use super::export::write_all;
use super::failure::Failure;
use super::global::GlobalArgs;
use super::in_file;
use super::invocation::Invocation;
use super::origin::origin;
use super::plan_format::{PlanFormat, RenderArgs, Rendering};
use super::plan_subject::{PlanSubject, is_emulator, portal};
use super::planning::{patterns, target_words};
use super::progress::ConsoleObserver;
use super::project;
use super::refusal::refuse_to_overwrite;
use super::signals;
use crate::manifest::{PROJECT_FILE, list};
use crate::model::{Sources, counted};
use crate::output::{OptionsJson, PlanOrigin};
use crate::plan::{Plan, Target};
use crate::project::{LoadedProject, OpenError, PlanFlags, target_of, targets};
use crate::workflow::{self, Centre, Connection, ServiceComparison};

/// Compare two live services, or saved ones: what would have to change in --to so that it equals --from
///
/// Each is a target of the project or a file written by `apicenter snapshot`; two files need no project. The result is
/// shown as a plan is. Not compared are values that variables and overlays of the project give each target, the
/// services themselves, roles, ownership markers, and what an integration brings in. To compare two descriptions of an
/// API, use `apicenter diff-spec`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter diff --from dev --to prod                 what prod lacks of dev
  apicenter diff --from monday.json --to prod         what changed since the snapshot was taken, the other way round
  apicenter diff --from a.json --to b.json            two snapshots, without credentials
  apicenter diff --from dev --to prod --write .       the manifests and overlays for it, for a pull request
  apicenter diff --from dev --to prod --detailed-exitcode --summary")]
pub(super) struct Args {
    /// What --to is compared with: a target of the project, or a snapshot
    #[arg(long, value_name = "TARGET|SNAPSHOT", add = complete::target_or_file())]
    from: String,

    /// What would change: a target of the project, or a snapshot
    #[arg(long, value_name = "TARGET|SNAPSHOT", add = complete::target_or_file())]
    to: String,

    /// Compare only this resource and the resources below it; accepts globs, can be repeated
    #[arg(long, value_name = "ADDRESS", add = complete::address())]
    only: Vec<String>,

    /// Leave out this resource and the resources below it; accepts globs, can be repeated, wins over --only
    #[arg(long, value_name = "ADDRESS", add = complete::address())]
    exclude: Vec<String>,

    /// How to print the difference
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = PlanFormat::parser())]
    format: &'static PlanFormat,

    /// Exit with 2 if there are differences, and with 0 if not
    #[arg(long)]
    detailed_exitcode: bool,

    /// Also write to this folder what brings --to in line. In the project's folder or below it: manifests of what is not
    /// declared, and an overlay for each resource that is declared otherwise. Elsewhere: manifests of all that differs
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,

    /// With --write: overwrite files that differ
    #[arg(long, requires = "write")]
    force: bool,

    #[command(flatten)]
    render: RenderArgs,
}

/// A side of the comparison before anything is read.
enum Side {
    /// A target of the project.
    Live(Box<LoadedProject>),
    /// A snapshot.
    Saved(Box<Centre>),
}

impl Side {
    fn target(&self) -> &Target {
        match self {
            Self::Live(project) => &project.options.target,
            Self::Saved(centre) => &centre.target,
        }
    }
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    refuse_target_flags(global)?;
    let selection = (
        patterns("--only", &args.only)?,
        patterns("--exclude", &args.exclude)?,
    );
    if args.from == args.to {
        return Err(
            Failure::usage(format!("--from and --to are both `{}`", args.from))
                .help("name two different targets or snapshots"),
        );
    }
    let from = side("--from", &args.from, invocation)?;
    let to = side("--to", &args.to, invocation)?;
    refuse_same_service(&from, &to)?;
    let from = read(from, None, invocation).await?;
    let to = read(to, Some(&from), invocation).await?;
    let comparison = workflow::compare(&from, &to, selection)?;
    let subject = subject(&from, &to, &comparison);
    let options = OptionsJson {
        only: args.only.clone(),
        exclude: args.exclude.clone(),
        ..OptionsJson::default()
    };
    let origin = match to.project.as_ref().or(from.project.as_ref()) {
        Some(project) => origin(project, &environment.pipeline, console),
        None => PlanOrigin::default(),
    };
    let rendering = Rendering::new(
        args.format,
        subject,
        &args.render,
        (options, origin),
        (global, console),
    );
    let plan = &comparison.plan;
    if let Some(folder) = &args.write {
        write(args, folder, &comparison, (&from, &to), console)?;
    }
    console.print(&(args.format.render)(plan, &rendering));
    Ok(exit_of(plan, args.detailed_exitcode))
}

fn exit_of(plan: &Plan, detailed: bool) -> Exit {
    match detailed && !plan.changes.is_empty() {
        true => Exit::Changes,
        false => Exit::Done,
    }
}

/// The flags that choose one target have no meaning for two.
fn refuse_target_flags(global: &GlobalArgs) -> Result<(), Failure> {
    let given = [
        ("--target", global.target.is_some()),
        ("--emulator-data", global.emulator_data.is_some()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) => Err(Failure::usage(format!("{flag} cannot be used with diff"))
            .help("--from and --to name the two targets")),
        None => Ok(()),
    }
}

/// What a word of the command line names: a target of the project, or else a file.
fn side(flag: &str, word: &str, invocation: Invocation<'_>) -> Result<Side, Failure> {
    let Invocation {
        global, console, ..
    } = invocation;
    let of_target = GlobalArgs {
        target: Some(word.to_owned()),
        ..global.clone()
    };
    let is_file = Path::new(word).is_file();
    let of_target = Invocation {
        global: &of_target,
        ..invocation
    };
    match project::try_open(of_target, PlanFlags::default()) {
        Ok(project) if project.settings_are_valid() => {
            if !project.is_valid() {
                console.hint(format!(
                    "note: the manifests have errors (apicenter validate shows them), so what they give `{word}` of its own may be shown as a difference"
                ));
            }
            Ok(Side::Live(Box::new(project)))
        }
        Ok(project) if !is_file => {
            project::report(&project, console);
            Err(Failure::already_reported(Exit::Invalid))
        }
        Ok(_) | Err(_) if is_file => saved(word, invocation),
        Err(OpenError::Target(_) | OpenError::NotFound { .. }) => {
            Err(not_found(flag, word, global))
        }
        Err(error) => Err(error.into()),
        Ok(_) => Err(not_found(flag, word, global)),
    }
}

fn start(global: &GlobalArgs) -> &Path {
    global.directory.as_deref().unwrap_or(Path::new("."))
}

fn not_found(flag: &str, word: &str, global: &GlobalArgs) -> Failure {
    let known: Vec<String> = targets(start(global))
        .into_iter()
        .map(|target| target.name)
        .collect();
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let help = match names.as_slice() {
        [] => format!(
            "there is no project with targets here; apicenter snapshot -t TARGET --out {word} writes a snapshot"
        ),
        [one] => format!("the only target is {one}; snapshots are files of apicenter snapshot"),
        names => format!(
            "the targets are {}; snapshots are files of apicenter snapshot",
            list(names, "and")
        ),
    };
    Failure::usage(format!(
        "{flag} {word}: there is no such target and no such file"
    ))
    .help(help)
}

/// A snapshot, with the project if that has a target for its service.
fn saved(word: &str, invocation: Invocation<'_>) -> Result<Side, Failure> {
    let global = invocation.global;
    let file = Path::new(word);
    let bytes = in_file::read_json(file)?;
    let text = String::from_utf8_lossy(&bytes);
    let (service, live) = workflow::open_any_snapshot(word, &text).map_err(|error| {
        Failure::from(error).or_help("apicenter snapshot -t TARGET --out FILE writes a snapshot")
    })?;
    let project = target_of(start(global), &service).and_then(|name| {
        let of_target = GlobalArgs {
            target: Some(name),
            ..global.clone()
        };
        let of_target = Invocation {
            global: &of_target,
            ..invocation
        };
        project::try_open(of_target, PlanFlags::default()).ok()
    });
    let name = file.file_name().unwrap_or(file.as_os_str());
    let target = Target {
        name: name.to_string_lossy().into_owned(),
        service,
    };
    Ok(Side::Saved(Box::new(Centre {
        target,
        live,
        project,
    })))
}

/// Two targets of one service have nothing to compare; a snapshot and its service have.
fn refuse_same_service(from: &Side, to: &Side) -> Result<(), Failure> {
    let (Side::Live(one), Side::Live(other)) = (from, to) else {
        return Ok(());
    };
    let is_same = one.target.is_same_place(&other.target);
    if !is_same {
        return Ok(());
    }
    let (from, to) = (&from.target().name, &to.target().name);
    Err(Failure::usage(format!(
        "the targets `{from}` and `{to}` are the same service"
    ))
    .help("name two targets of different services, or a snapshot"))
}

async fn read(
    side: Side,
    other: Option<&Centre>,
    invocation: Invocation<'_>,
) -> Result<Centre, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let project = match side {
        Side::Saved(centre) => return Ok(*centre),
        Side::Live(project) => *project,
    };
    let connection = Connection::open(&project, global.connect(), environment).await?;
    let observer = ConsoleObserver::new(console);
    let reading =
        async { Ok(workflow::read_centre(project, &connection, other, &observer).await?) };
    let centre = signals::or_interrupt(reading).await;
    connection.close().await;
    centre
}

fn subject<'a>(
    from: &Centre,
    to: &'a Centre,
    comparison: &'a ServiceComparison,
) -> PlanSubject<'a> {
    // A snapshot says which service it is of, not in which cloud.
    let project = to
        .project
        .as_ref()
        .filter(|project| project.options.target == to.target);
    PlanSubject {
        name: &to.target.name,
        target: words(to),
        from: Some(words(from)),
        sources: &EMPTY,
        desired: &comparison.wanted,
        diagnostics: &[],
        portal: project.and_then(|project| portal(&project.target)),
        is_emulator: project.is_some_and(|project| is_emulator(&project.target)),
    }
}

/// Nothing that is compared is in a file.
static EMPTY: std::sync::LazyLock<Sources> = std::sync::LazyLock::new(Sources::default);

fn words(centre: &Centre) -> String {
    match &centre.project {
        Some(project) if project.options.target == centre.target => target_words(&project.target),
        _ => format!(
            "{}: snapshot of the service {} in resource group {}",
            centre.target.name, centre.target.service.name, centre.target.service.resource_group
        ),
    }
}

/// Writes what brings the second side in line.
fn write(
    args: &Args,
    folder: &Path,
    comparison: &ServiceComparison,
    (from, to): (&Centre, &Centre),
    console: &Console,
) -> Result<(), Failure> {
    let inside = to
        .project
        .as_ref()
        .and_then(|project| below(project.files.root(), folder));
    let promotion = workflow::promotion(comparison, to, inside.is_some());
    let has_project = folder.join(PROJECT_FILE).is_file();
    let files: Vec<_> = promotion
        .files
        .into_iter()
        .filter(|file| !(has_project && file.path == PROJECT_FILE))
        .collect();
    if !args.force {
        refuse_to_overwrite(folder, &files, "--force overwrites them")?;
    }
    let written = write_all(folder, &files)?;
    for note in &promotion.notes {
        console.hint(format!("note: {note}"));
    }
    if let (Some(pattern), Some(inside)) = (&promotion.overlays, &inside) {
        let pattern = match inside.is_empty() {
            true => pattern.clone(),
            false => format!("{inside}/{pattern}"),
        };
        let known = to.project.as_ref();
        let known = known.and_then(|project| project.target.spec.overlays.as_ref());
        if !known.is_some_and(|known| known.contains(&pattern)) {
            console.hint(format!(
                "note: add \"{pattern}\" to the `overlays` of the target `{}` in {PROJECT_FILE}",
                to.target.name
            ));
        }
    }
    console.status(format!(
        "Wrote {} to {}: what brings {} in line with {} ({written} new or changed).",
        counted(files.len(), "file"),
        folder.display(),
        to.target.name,
        from.target.name,
    ));
    Ok(())
}

/// The path of a folder below the project's, with `/` between its parts; `None` for one that is elsewhere.
fn below(root: &Path, folder: &Path) -> Option<String> {
    let absolute = std::path::absolute(folder).ok()?;
    // Of a folder that does not exist yet, the nearest one that does counts.
    let existing = absolute.ancestors().find(|above| above.exists())?;
    let rest = absolute.strip_prefix(existing).ok()?;
    let real = existing.canonicalize().ok()?.join(rest);
    let inside = real.strip_prefix(root.canonicalize().ok()?).ok()?;
    Some(inside.to_string_lossy().replace('\\', "/"))
}
