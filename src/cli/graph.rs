//! `apicenter graph`.

use clap::ValueEnum;

use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::project;
use crate::output::{GraphLanguage, render_graph};
use crate::project::PlanFlags;

/// Print the dependencies between declared resources as a graph
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter graph                                 for a ```mermaid block in Markdown
  apicenter graph --format dot | dot -Tsvg > graph.svg")]
pub(super) struct Args {
    /// Language of the graph
    #[arg(long, value_name = "FORMAT", default_value = "mermaid")]
    format: Language,

    /// Also show metadata schemas and the resources that use them
    #[arg(long)]
    metadata: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Language {
    /// Mermaid
    Mermaid,
    /// Graphviz
    Dot,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global, console, ..
    } = invocation;
    let project = project::open(global, PlanFlags::default())?;
    project::report(&project, console);
    let language = match args.format {
        Language::Mermaid => GraphLanguage::Mermaid,
        Language::Dot => GraphLanguage::Dot,
    };
    console.output(render_graph(&project.desired, language, args.metadata));
    Ok(if project.is_valid() {
        Exit::Done
    } else {
        Exit::Invalid
    })
}
