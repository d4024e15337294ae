//! `apicenter drift`.

use std::collections::BTreeMap;

use clap::ValueEnum;

use super::complete;
use super::console::Console;
use super::exit::Exit;
use super::export::remove_with_folders;
use super::failure::Failure;
use super::fix;
use super::invocation::Invocation;
use super::markdown_budget;
use super::planning::{self, patterns, target_words};
use super::problems::Problems;
use super::progress::ConsoleObserver;
use super::project;
use super::signals;
use crate::drift::{Found, NotWritten, WriteBack, WrittenBack, write_back};
use crate::manifest::MOST_INLINE_BYTES;
use crate::manifest::source::ProjectFiles as _;
use crate::model::{LiveState, counted, without_mark};
use crate::output::{
    Data, DriftJson, DriftMarkdown, DriftView, MIN_DRIFT_BUDGET, NotWrittenView, render_drift,
};
use crate::plan::Plan;
use crate::project::{FixedFile, LoadedProject, PlanFlags};
use crate::workflow::{self, Connection};

/// List what was edited in the portal, and write it to the manifests
///
/// What the service holds is compared with the manifests as `plan` does it. Everything that differs counts as edited in
/// the portal, so apply the manifests before, or give what was applied as --base. With --write, the manifests get the live values; comments and layout stay,
/// and the next plan shows none of what was written. Nothing is sent to the service.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter drift -t prod                      list what was edited in the portal
  apicenter drift -t prod --write              edit the manifests, for a pull request
  apicenter drift --write --only 'api/orders*' these resources alone
  apicenter drift --write --base HEAD~1        what was edited since that commit was applied
  apicenter drift --detailed-exitcode          exit with 2 if something was edited")]
pub(super) struct Args {
    /// Compare only this resource and the resources below it; accepts globs, can be repeated
    #[arg(long, value_name = "ADDRESS", add = complete::address())]
    only: Vec<String>,

    /// Leave out this resource and the resources below it; accepts globs, can be repeated, wins over --only
    #[arg(long, value_name = "ADDRESS", add = complete::address())]
    exclude: Vec<String>,

    /// Edit the manifests, so that they declare what is live
    #[arg(long)]
    write: bool,

    /// Also count live resources that are not declared and neither below a declared one nor marked as this repository's
    #[arg(long)]
    include_unmanaged: bool,

    /// What the manifests and the service last agreed on: with it, what the repository changed since does not count, and
    /// what both edited is not written. A file written by `apicenter snapshot` after an apply, or a branch, a tag or a
    /// commit whose manifests were applied
    #[arg(long, value_name = "SNAPSHOT|REF")]
    base: Option<String>,

    /// How to print what was edited
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Maximum number of characters of the Markdown. GitHub accepts 65536 in a pull request, Azure DevOps 4000
    #[arg(long, value_name = "N", default_value = "60000", value_parser = markdown_budget::at_least(MIN_DRIFT_BUDGET))]
    markdown_budget: usize,

    /// Exit with 2 if something was edited, and with 0 if not
    #[arg(long)]
    detailed_exitcode: bool,
}

/// How to print the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a pull request, with what could not be written and why
    Markdown,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    let flags = PlanFlags {
        only: patterns("--only", &args.only)?,
        exclude: patterns("--exclude", &args.exclude)?,
        ..PlanFlags::default()
    };
    let mut project = project::open(invocation, flags)?;
    project.options.prune.enabled = false;
    let problems = Problems::new(console, false);
    problems.require_plannable(&project)?;
    if let Some(base) = &args.base {
        planning::compare_with(&mut project, base)?;
    }
    let connection = planning::connect(&project, invocation, &problems).await?;
    let read = read(args, &mut project, &connection, console).await;
    connection.close().await;
    let (plan, live) = read.map_err(|failure| problems.before(&project, failure))?;
    problems.require_valid(&project)?;
    let target = target_words(&project.target);
    let found = Found::of(&plan, &live, &project.options, args.include_unmanaged);
    let view = DriftView {
        target: &target,
        subscription: &project.target.target.service.subscription,
        edited: &found.edited,
        deleted: &found.deleted,
        created: &found.created,
        in_conflict: &found.in_conflict,
        unmanaged: found.unmanaged.len(),
        sources: &project.sources,
    };
    let result = Rendered {
        json: DriftJson::new(&view),
        markdown: DriftMarkdown::new(&view),
    };
    let text = render_drift(&view);
    if args.format == Format::Text {
        console.output(text);
    }
    if !args.write || found.is_empty() {
        result.print(args, console);
        return Ok(match args.detailed_exitcode && !found.is_empty() {
            true => Exit::Changes,
            false => Exit::Done,
        });
    }
    let written = write(args, &mut project, &live, console)?;
    result.print_with(&written, args, console);
    Ok(exit_of(&written, args.detailed_exitcode))
}

/// What was found, in the formats that come as a whole, at the end.
struct Rendered {
    json: DriftJson,
    markdown: DriftMarkdown,
}

impl Rendered {
    fn print(self, args: &Args, console: &Console) {
        match args.format {
            Format::Text => {}
            Format::Json => console.data(&Data::json(self.json)),
            Format::Markdown => {
                let text = self.markdown.text(&[], args.markdown_budget);
                console.data(&Data::markdown(&text));
            }
        }
    }

    /// The same with what was written, and what was not.
    fn print_with(self, result: &WrittenBack, args: &Args, console: &Console) {
        let left = result.not_written.iter();
        match args.format {
            Format::Text => {}
            Format::Json => {
                let files = result.files.iter();
                let files = files.map(|(path, content)| (path.as_str(), content.is_some()));
                let left = left.map(|one| (&one.address, one.field.as_str(), one.reason.as_str()));
                console.data(&Data::json(self.json.written(files, left)));
            }
            Format::Markdown => {
                let left = left.map(|one| NotWrittenView {
                    address: &one.address,
                    field: one.field.as_str(),
                    reason: &one.reason,
                });
                let left: Vec<NotWrittenView<'_>> = left.collect();
                let text = self.markdown.text(&left, args.markdown_budget);
                console.data(&Data::markdown(&text));
            }
        }
    }
}

async fn read(
    args: &Args,
    project: &mut LoadedProject,
    connection: &Connection,
    console: &Console,
) -> Result<(Plan, LiveState), Failure> {
    let observer = ConsoleObserver::new(console);
    let planned = async {
        let (plan, mut live) = workflow::plan_and_live(project, connection, &observer).await?;
        let found = Found::of(&plan, &live, &project.options, args.include_unmanaged);
        if args.write && !found.created.is_empty() {
            let created = &found.created;
            workflow::add_documents(project, connection, created, &mut live, &observer).await?;
        }
        Ok((plan, live))
    };
    signals::or_interrupt(planned).await
}

fn exit_of(result: &WrittenBack, detailed: bool) -> Exit {
    match (result.not_written.is_empty(), detailed) {
        (false, _) => Exit::Partial,
        (true, true) => Exit::Changes,
        (true, false) => Exit::Done,
    }
}

/// Edits the manifests, and says what was done and what was not.
fn write(
    args: &Args,
    project: &mut LoadedProject,
    live: &LiveState,
    console: &Console,
) -> Result<WrittenBack, Failure> {
    let before = project.files.clone();
    let options = project.options.clone();
    let request = WriteBack {
        live,
        options: &options,
        include_unmanaged: args.include_unmanaged,
    };
    let result = write_back(project, request)?;
    project.files = before;
    write_files(project, &result.files, console)?;
    for NotWritten {
        address,
        field,
        reason,
    } in &result.not_written
    {
        let field = match field.is_empty() {
            true => String::new(),
            false => format!(" `{field}`"),
        };
        console.status(format!("not written: {address}{field}: {reason}"));
    }
    console.status(format!(
        "Wrote {} to {}.",
        counted(result.written.len(), "resource"),
        counted(result.files.len(), "file")
    ));
    Ok(result)
}

fn write_files(
    project: &LoadedProject,
    files: &BTreeMap<String, Option<Vec<u8>>>,
    console: &Console,
) -> Result<(), Failure> {
    let root = project.files.root();
    for (path, content) in files {
        let before = project
            .files
            .read_document(path.as_ref(), MOST_INLINE_BYTES);
        let before = before.ok().map(|text| without_mark(&text).to_owned());
        let content = content.as_ref();
        let after = content.and_then(|bytes| String::from_utf8(bytes.clone()).ok());
        match (before, content, after) {
            (Some(before), Some(_), Some(after)) => {
                fix::write(root, path, &FixedFile { before, after })?;
                console.status(format!("changed {path}"));
            }
            (_, Some(bytes), _) => {
                fix::write_new(root, path, bytes)?;
                console.status(format!("wrote {path}"));
            }
            (_, None, _) => {
                remove_with_folders(root, path)?;
                console.status(format!("removed {path}"));
            }
        }
    }
    Ok(())
}
