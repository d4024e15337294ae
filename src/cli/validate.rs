//! `apicenter validate`.

use clap::ValueEnum;

use super::annotate::{self, AnnotateArgs, Annotator};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::fix::{fix, fixed_json};
use super::invocation::Invocation;
use super::project;
use super::watch;
use crate::manifest::source::ProjectFiles as _;
use crate::output::{
    Data, ValidateJson, added, exempted_words, render_junit, render_sarif, styled,
};
use crate::project::{LoadedProject, PlanFlags};

/// Check the manifests offline: syntax, fields, references, custom metadata, limits, description files
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter validate                 every problem, with file and line
  apicenter validate --fix           fix what can have meant nothing else, show the rest
  apicenter validate -t prod         with the variables and overlays of prod
  apicenter validate -v              and which files are left out, and why
  apicenter validate --watch         again whenever a file changes
  apicenter validate --format json   for other programs
  apicenter validate --format sarif > validate.sarif   for code scanning")]
pub(super) struct Args {
    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Write fixes into the manifests where a mistake can have meant nothing else; comments and layout stay
    #[arg(long)]
    fix: bool,

    /// Validate again whenever a file of the project changes, until Ctrl-C
    #[arg(long)]
    watch: bool,

    #[command(flatten)]
    annotate: AnnotateArgs,
}

/// How to print the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports
    Junit,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    match args.watch {
        false => validate(args, invocation),
        true => {
            let project = project::open(invocation, PlanFlags::default())?;
            let root = project.files.root().to_owned();
            watch::watch(&root, invocation.console, async || {
                validate(args, invocation)
            })
            .await
        }
    }
}

fn validate(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let mut project = project::open(invocation, PlanFlags::default())?;
    let fixed = match args.fix {
        true => fix(&mut project, console)?,
        false => Vec::new(),
    };
    project::report(&project, console);
    if !args.fix {
        offer_fixes(&project, console);
    }
    if global.verbose > 0 {
        show_left_out(&project, console);
    }
    show_notes(&project, global.verbose > 0, console);
    let (pipeline, root) = (&environment.pipeline, project.files.root());
    Annotator::new(args.annotate, pipeline, root, console).problems(&project);
    let (diagnostics, sources) = (&project.diagnostics, &project.sources);
    let exempted = &project.exempted;
    let prefix = annotate::prefix(pipeline, root);
    let count = project.desired.resources.len();
    match args.format {
        Format::Json => {
            let json =
                ValidateJson::new(count, diagnostics, exempted, sources).fixed(fixed_json(fixed));
            console.data(&Data::json(&json));
        }
        Format::Sarif => {
            let project_file = project.files.project_file();
            let log = render_sarif(diagnostics, exempted, sources, &prefix, project_file);
            console.data(&log);
        }
        Format::Junit => {
            let files = annotate::files(&project);
            console.data(&render_junit(
                diagnostics,
                exempted,
                files,
                sources,
                &prefix,
            ));
        }
        Format::Text if project.is_valid() => show_valid(&project, console),
        Format::Text => {}
    }
    Ok(if project.is_valid() {
        Exit::Done
    } else {
        Exit::Invalid
    })
}

/// That nothing is wrong, and how much is declared.
fn show_valid(project: &LoadedProject, console: &Console) {
    let count = project.desired.resources.len();
    let noun = if count == 1 {
        "resource is"
    } else {
        "resources are"
    };
    let exempted = exempted_words(&project.exempted);
    let exempted = exempted.map_or(String::new(), |words| format!(" {words}."));
    console.output(styled![
        added("Valid."),
        format!(" {count} {noun} declared.{exempted}")
    ]);
}

/// The notes about descriptions: all of them, or the first and how many more there are.
fn show_notes(project: &LoadedProject, all: bool, console: &Console) {
    let shown = if all { project.notes.len() } else { 1 };
    for note in project.notes.iter().take(shown) {
        console.hint(format!("note: {note}"));
    }
    let more = project.notes.len().saturating_sub(shown);
    if more > 0 {
        let (noun, verb) = match more {
            1 => ("description", "refers"),
            _ => ("descriptions", "refer"),
        };
        console.hint(format!(
            "note: {more} more {noun} {verb} to other addresses: -v lists them"
        ));
    }
}

/// Says how many problems `--fix` would fix.
fn offer_fixes(project: &LoadedProject, console: &Console) {
    let fixes = project
        .diagnostics
        .iter()
        .filter_map(|diagnostic| diagnostic.fix.as_ref());
    let count = fixes.filter(|fix| fix.is_certain()).count();
    if count > 0 {
        console.hint(format!(
            "`apicenter validate --fix` fixes {} of them",
            if count == project.diagnostics.len() {
                "all".to_owned()
            } else {
                count.to_string()
            }
        ));
    }
}

/// Lists the files that look like manifests and are not read, each with the reason.
fn show_left_out(project: &LoadedProject, console: &Console) {
    const MOST: usize = 200;
    let files = project.all_left_out();
    for file in files.iter().take(MOST) {
        console.status(format!("left out: {}: {}", file.path, file.reason.text()));
    }
    if let Some(rest) = files.len().checked_sub(MOST).filter(|rest| *rest > 0) {
        console.status(format!("left out: {rest} more"));
    }
}
