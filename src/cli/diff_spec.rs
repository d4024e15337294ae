//! `apicenter diff-spec`.

use std::path::{Component, Path, PathBuf};

use clap::ValueEnum;

use super::annotate::{self, AnnotateArgs, Annotator};
use super::exit::Exit;
use super::failure::Failure;
use super::in_file;
use super::invocation::Invocation;
use super::progress::ConsoleObserver;
use super::project;
use super::signals;
use crate::document::{self, Comparison, DocumentError, Impact, NamedText, NotComparable};
use crate::kinds;
use crate::manifest::{StandaloneDescription, UnreadableDescription};
use crate::model::{Address, Diagnostic, Diagnostics, Severity, Sources, Span, code, decoded};
use crate::output::{
    Data, SpecDiff, SpecDiffJson, SpecSide, annotate_spec_diff, render_diagnostics,
    render_spec_diff, render_spec_diff_markdown, render_spec_sarif,
};
use crate::workflow::{self, Connection};

/// Show what a changed API description breaks for callers
///
/// Each description is a file, an address, `-` for standard input, or the address of a definition in the live
/// service. Files are joined with the files that they refer to. Layout, order and notation (YAML or JSON) do not
/// matter.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter diff-spec old.yaml new.yaml
  git show main:openapi.yaml | apicenter diff-spec - openapi.yaml --fail-on breaking
  apicenter diff-spec https://api.contoso.com/openapi.json openapi.yaml
  apicenter diff-spec api/orders/version/1-0-0/definition/openapi orders.yaml -t prod
  apicenter diff-spec old.yaml new.yaml --format markdown   for a comment on a pull request")]
pub(super) struct Args {
    /// The old description: a file, an address, `-`, or a live definition
    before: String,

    /// The new description
    after: String,

    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Exit with 5 if something is found that breaks callers, or (caution) that may
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<FailOn>,

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
    /// For a comment on a pull request
    Markdown,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// What makes the command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// What surely breaks callers
    Breaking,
    /// What may break callers, too
    Caution,
}

/// Most characters of the Markdown: GitHub takes 65536 in a comment.
const MARKDOWN_BUDGET: usize = 60_000;

/// The name of standard input.
const STANDARD_INPUT: &str = "-";

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    let names = [args.before.as_str(), args.after.as_str()];
    let [before, after] = read_both(names, invocation).await?;
    let texts = [(names[0], &before), (names[1], &after)].map(|(name, side)| NamedText {
        name: Some(name).filter(|name| *name != STANDARD_INPUT),
        text: &side.text,
    });
    let comparison = match document::compare(texts[0], texts[1]) {
        Ok(comparison) => comparison,
        Err(problem) => {
            return Err(not_comparable(
                &problem,
                names,
                [&before, &after],
                invocation,
            ));
        }
    };
    let [was, now] = [(names[0], &before), (names[1], &after)].map(|(name, side)| SpecSide {
        name,
        is_file: Path::new(name).is_file(),
        sources: &side.sources,
        parts: &side.parts,
    });
    let diff = SpecDiff::new(was, now, &comparison);
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let pipeline = &invocation.environment.pipeline;
    let prefix = annotate::prefix(pipeline, &here);
    let in_repository = |name: &str| in_repository(&here, &prefix, name);
    Annotator::new(args.annotate, pipeline, &here, console)
        .findings(annotate_spec_diff(&diff, &in_repository), || {
            render_spec_diff_markdown(&diff, MARKDOWN_BUDGET)
        });
    match args.format {
        Format::Text => console.output(render_spec_diff(&diff)),
        Format::Json => console.data(&Data::json(&SpecDiffJson::new(&diff))),
        Format::Markdown => {
            let text = render_spec_diff_markdown(&diff, MARKDOWN_BUDGET);
            console.data(&Data::markdown(&text));
        }
        Format::Sarif => console.data(&render_spec_sarif(&diff, &in_repository)),
    }
    Ok(exit_of(&comparison, args.fail_on))
}

/// A path of the command line as one of the repository, to which `prefix` leads from the working directory.
fn in_repository(here: &Path, prefix: &str, name: &str) -> String {
    let top: PathBuf = here
        .ancestors()
        .nth(prefix.matches('/').count())
        .unwrap_or(here)
        .to_owned();
    let mut path = PathBuf::new();
    for step in here.join(name).components() {
        match step {
            Component::ParentDir => drop(path.pop()),
            Component::CurDir => {}
            step => path.push(step),
        }
    }
    let inside = path.strip_prefix(&top).unwrap_or(Path::new(name));
    inside.to_string_lossy().replace('\\', "/")
}

fn exit_of(comparison: &Comparison, fail_on: Option<FailOn>) -> Exit {
    let fails = comparison.findings.iter().any(|found| match fail_on {
        None => false,
        Some(FailOn::Breaking) => found.impact == Impact::Break,
        Some(FailOn::Caution) => true,
    });
    match fails {
        true => Exit::Refused,
        false => Exit::Done,
    }
}

/// Where a description is.
enum Place<'a> {
    StandardInput,
    Web(&'a str),
    File(&'a str),
    Live(Address),
}

impl<'a> Place<'a> {
    /// A file of that name comes before a live definition.
    fn of(name: &'a str) -> Result<Self, Failure> {
        if name == STANDARD_INPUT {
            return Ok(Self::StandardInput);
        }
        if name.starts_with("https://") || name.starts_with("http://") {
            return Ok(Self::Web(name));
        }
        match kinds::parse_address(name) {
            Some(address) if !Path::new(name).exists() => match *address.kind()
                == kinds::API_DEFINITION.info
            {
                true => Ok(Self::Live(address)),
                false => {
                    let message = format!(
                        "there is no file `{name}`, and it is not the address of a definition"
                    );
                    Err(Failure::usage(message)
                        .help("write api/NAME/version/NAME/definition/NAME, or the path of a file"))
                }
            },
            _ => Ok(Self::File(name)),
        }
    }
}

async fn read_both(
    names: [&str; 2],
    invocation: Invocation<'_>,
) -> Result<[StandaloneDescription; 2], Failure> {
    if names == [STANDARD_INPUT; 2] {
        return Err(Failure::usage(
            "only one of the two descriptions can be standard input",
        ));
    }
    let places = [Place::of(names[0])?, Place::of(names[1])?];
    let mut live = read_live(&places, invocation).await?.into_iter();
    let mut sides = Vec::new();
    for (name, place) in names.iter().zip(&places) {
        sides.push(match place {
            Place::Live(_) => {
                let text = live.next().unwrap_or_default();
                StandaloneDescription::single(name, &text)
            }
            place => read(name, place, invocation).await?,
        });
    }
    let after = sides.pop().expect("both were read");
    let before = sides.pop().expect("both were read");
    Ok([before, after])
}

/// The texts of live definitions, in their order.
async fn read_live(
    places: &[Place<'_>],
    invocation: Invocation<'_>,
) -> Result<Vec<std::sync::Arc<str>>, Failure> {
    let addresses: Vec<&Address> = places
        .iter()
        .filter_map(|place| match place {
            Place::Live(address) => Some(address),
            _ => None,
        })
        .collect();
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let project = project::open_settings(invocation)?;
    let connection = Connection::open(&project, global.connect(), environment).await?;
    let observer = ConsoleObserver::new(console);
    let reading = async {
        Ok(workflow::live_descriptions(&project, &connection, &addresses, &observer).await?)
    };
    let texts = signals::or_interrupt(reading).await;
    connection.close().await;
    texts
}

async fn read(
    name: &str,
    place: &Place<'_>,
    invocation: Invocation<'_>,
) -> Result<StandaloneDescription, Failure> {
    let shown = shown(name);
    let bytes = match place {
        Place::StandardInput => in_file::standard_input().map_err(|error| error.to_string()),
        Place::Web(address) => workflow::fetch_description(address, invocation.environment).await,
        Place::File(file) => in_file::content(Path::new(file)).map_err(|error| error.to_string()),
        Place::Live(_) => Ok(Vec::new()),
    };
    let bytes = bytes.map_err(|error| Failure::error(format!("cannot read `{shown}`: {error}")))?;
    let text = decoded(bytes)
        .map_err(|problem| Failure::new(Exit::Invalid, format!("`{shown}` is {problem}")))?
        .text;
    match place {
        Place::File(file) => StandaloneDescription::of_file(Path::new(file), &text)
            .map_err(|problem| unreadable(problem, invocation)),
        _ => Ok(StandaloneDescription::single(shown, &text)),
    }
}

/// What messages call a description.
fn shown(name: &str) -> &str {
    match name {
        STANDARD_INPUT => "standard input",
        name => name,
    }
}

/// Shows what is wrong with the parts of a description.
fn unreadable(problem: UnreadableDescription, invocation: Invocation<'_>) -> Failure {
    let mut diagnostics: Diagnostics = problem.problems.into_iter().collect();
    diagnostics.sort(&problem.sources);
    show(&diagnostics, &problem.sources, invocation)
}

fn show(diagnostics: &Diagnostics, sources: &Sources, invocation: Invocation<'_>) -> Failure {
    let console = invocation.console;
    console.status(render_diagnostics(
        diagnostics,
        sources,
        console.is_interactive(),
    ));
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error);
    let is_unread = errors
        .clone()
        .all(|error| error.code == code::FILE_UNREADABLE);
    Failure::already_reported(match is_unread {
        true => Exit::Error,
        false => Exit::Invalid,
    })
}

/// Says why two texts cannot be compared: all that is wrong with each, or that they do not belong together.
fn not_comparable(
    problem: &NotComparable,
    names: [&str; 2],
    sides: [&StandaloneDescription; 2],
    invocation: Invocation<'_>,
) -> Failure {
    if let (Ok(before), Ok(after)) = (&problem.before, &problem.after) {
        let message = format!(
            "`{}` is {}, and `{}` is {}",
            shown(names[0]),
            before.noun(),
            shown(names[1]),
            after.noun()
        );
        return Failure::new(Exit::Invalid, message)
            .help("only descriptions of the same format can be compared");
    }
    let mut failure = Failure::already_reported(Exit::Invalid);
    let outcomes = [&problem.before, &problem.after];
    for (outcome, side) in outcomes.into_iter().zip(sides) {
        if let Err(error) = outcome {
            let diagnostics: Diagnostics = std::iter::once(diagnostic(error, side)).collect();
            failure = show(&diagnostics, &side.sources, invocation);
        }
    }
    failure
}

fn diagnostic(error: &DocumentError, side: &StandaloneDescription) -> Diagnostic {
    let part = side.parts.first();
    let start = part.map(|part| Span {
        source: part.source,
        start: error.place.as_ref().map_or(0, |place| place.start),
        end: error.place.as_ref().map_or(0, |place| place.end),
    });
    Diagnostic::error(
        code::DOCUMENT_INVALID,
        format!("not a description that can be compared: {}", error.message),
    )
    .at_opt(start, "here")
    .help("OpenAPI, AsyncAPI, GraphQL, proto and WSDL are compared")
}
