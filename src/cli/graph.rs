//! `apicenter graph`.

use clap::ValueEnum;

use super::complete;
use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::planning::patterns;
use super::project;
use crate::output::Graph;
use crate::project::PlanFlags;

/// Print the dependencies between declared resources as a graph
///
/// Each API is a group with its versions, definitions and deployments in it. Solid lines lead to what belongs to a
/// resource, dashed ones to what it names. Kinds have colours.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter graph                                 for a ```mermaid block in Markdown
  apicenter graph --only 'api/orders*'            these APIs and what they use
  apicenter graph --format dot | dot -Tsvg > graph.svg")]
pub(super) struct Args {
    /// Language of the graph; without it, Mermaid, or DOT if the graph is too large for Mermaid
    #[arg(long, value_name = "FORMAT")]
    format: Option<Language>,

    /// Show only this resource, the resources below it, and what they use; accepts globs, can be repeated
    #[arg(long, value_name = "ADDRESS", add = complete::address())]
    only: Vec<String>,

    /// Leave out this resource and the resources below it; accepts globs, can be repeated, wins over --only
    #[arg(long, value_name = "ADDRESS", add = complete::address())]
    exclude: Vec<String>,

    /// Also show metadata schemas and the resources that use them
    #[arg(long)]
    metadata: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Language {
    /// Mermaid, which GitHub, GitLab and Azure DevOps draw
    Mermaid,
    /// DOT, for Graphviz
    Dot,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    let only = patterns("--only", &args.only)?;
    let exclude = patterns("--exclude", &args.exclude)?;
    let project = project::open(invocation, PlanFlags::default())?;
    project::report(&project, console);
    let graph = Graph::new(&project.desired, &only, &exclude, args.metadata);
    let is_partial = !only.is_empty() || !exclude.is_empty();
    if is_partial && graph.is_empty() && project.is_valid() {
        let message = match exclude.is_empty() {
            true => "--only: nothing that is drawn matches",
            false => "--exclude: nothing is left to draw",
        };
        return Err(Failure::usage(message)
            .help("apicenter graph without these flags draws everything; metadata schemas are drawn with --metadata"));
    }
    let graph = match args.format {
        Some(Language::Dot) => graph.dot(),
        format => match graph.mermaid() {
            (mermaid, None) => mermaid,
            (mermaid, Some(limit)) => {
                let (what, graph) = match format {
                    Some(_) => ("it may not be drawn", mermaid),
                    None => ("so this is DOT, for Graphviz", graph.dot()),
                };
                console.status(format!(
                    "warning: {limit}: {what}; --only draws a part of it"
                ));
                graph
            }
        },
    };
    console.output(graph);
    Ok(if project.is_valid() {
        Exit::Done
    } else {
        Exit::Invalid
    })
}
