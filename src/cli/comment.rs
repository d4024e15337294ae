//! `apicenter comment`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use serde_json::Value;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::in_file;
use super::invocation::Invocation;
use super::signals;
use crate::config::Pipeline;
use crate::forge::{
    self, CiEnvironment, CommentBody, CommentChange, Forge, ForgeError, ForgeErrorKind, Host, Link,
    Published,
};
use crate::http::parse_json;
use crate::output::{Data, changed, styled};

/// How long one request may take, unless APICENTER_HTTP_TIMEOUT says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Write a plan to its pull request: one comment for each target, updated on each run
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter comment -t prod --body-file plan.md
  apicenter comment -t prod --body-file plan.md --link 'Whole plan=https://ci.example/runs/7'
  apicenter comment --forge gitlab --pr 12 -t prod --body-file plan.md --dry-run

The token is read from GITHUB_TOKEN, SYSTEM_ACCESSTOKEN, or GITLAB_TOKEN (or else CI_JOB_TOKEN), and
the pull request from the variables of the pipeline. If a plan has no changes, its comment is hidden:
minimised on GitHub, its thread closed on Azure DevOps. No comment is created for such a plan.")]
pub(super) struct Args {
    /// File with the text, as Markdown; - for standard input
    #[arg(long, value_name = "FILE")]
    body_file: PathBuf,

    /// Where the pull request is
    #[arg(long, value_name = "FORGE", default_value = "auto")]
    forge: ForgeChoice,

    /// Number of the pull request, if the pipeline's variables do not contain it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pr: Option<u64>,

    /// The plan has no changes [default: detected in the first lines of the text]
    #[arg(long)]
    no_changes: bool,

    /// Append a link, for example to an artifact; can be repeated
    #[arg(long, value_name = "TEXT=URL")]
    link: Vec<Link>,

    /// Print the requests instead of sending them; without a token, nothing is read either
    #[arg(long)]
    dry_run: bool,
}

/// Where a pull request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ForgeChoice {
    /// Where this pipeline's repository is
    Auto,
    /// GitHub
    Github,
    /// Azure DevOps
    AzureDevops,
    /// GitLab
    Gitlab,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let text = read_text(&args.body_file)?;
    let body = CommentBody::compose(&text, global.target.as_deref(), &args.link)?;
    let event = event(&environment.pipeline, console);
    let variable = |name: &str| environment.pipeline.get(name).map(str::to_owned);
    let ci_environment = CiEnvironment {
        variable: &variable,
        event: event.as_ref(),
        number: args.pr,
        dry_run: args.dry_run,
        timeout: environment.http_timeout.unwrap_or(TIMEOUT),
        network: &environment.network,
    };
    let host = match args.forge {
        ForgeChoice::Auto => Host::detect(&ci_environment)?,
        ForgeChoice::Github => Host::GitHub,
        ForgeChoice::AzureDevops => Host::AzureDevOps,
        ForgeChoice::Gitlab => Host::GitLab,
    };
    let forge = Forge::open(host, &ci_environment)?;
    let hide = args.no_changes || body.says_no_changes();
    let work = async { Ok(forge::publish(&forge, &body, hide).await?) };
    let published = signals::or_interrupt(work).await?;
    report(&published, &forge, args.dry_run, console);
    Ok(Exit::Done)
}

fn report(published: &Published, forge: &Forge, dry_run: bool, console: &Console) {
    for note in &published.notes {
        console.status(styled![changed("warning"), ": ", note]);
    }
    if dry_run {
        if forge.cannot_read() {
            console.hint("Without a token nothing was read: a first comment is assumed.");
        }
        if published.not_sent.is_empty() {
            console.hint("Nothing would be written.");
        }
        for request in &published.not_sent {
            console.output(format!("{} {}", request.method, request.url));
            console.data(&Data::json(&request.body));
        }
        return;
    }
    let what = match published.change {
        CommentChange::Created => "Wrote the comment",
        CommentChange::Updated => "Updated the comment",
        CommentChange::Unchanged => "The comment is up to date",
        CommentChange::Skipped => "No changes, and no earlier comment: none was written",
    };
    let hidden = if published.hidden {
        "; it is hidden now"
    } else {
        ""
    };
    console.hint(format!("{what}{hidden}."));
    if let Some(url) = &published.url {
        console.output(url);
    }
}

fn read_text(file: &Path) -> Result<String, Failure> {
    let name = file.display();
    let bytes = match file == Path::new("-") {
        true => in_file::standard_input()
            .map_err(|error| Failure::error(format!("cannot read {name}: {error}")))?,
        false => in_file::read(file)?,
    };
    String::from_utf8(bytes).map_err(|_| Failure::error(format!("{name} is not UTF-8 text")))
}

/// The event that started a GitHub workflow. Without it, GITHUB_REF or --pr may do.
pub(super) fn event(pipeline: &Pipeline, console: &Console) -> Option<Value> {
    let file = pipeline.get("GITHUB_EVENT_PATH")?;
    let read = in_file::content(Path::new(file)).map_err(|error| error.to_string());
    let event = read.and_then(|bytes| parse_json(&bytes).map_err(|error| format!("it {error}")));
    event
        .map_err(|error| console.hint(format!("cannot read the event in {file}: {error}")))
        .ok()?
}

impl From<ForgeError> for Failure {
    fn from(error: ForgeError) -> Self {
        let exit = match error.kind {
            ForgeErrorKind::Usage => Exit::Usage,
            ForgeErrorKind::Denied => Exit::Authentication,
            ForgeErrorKind::Failed => Exit::Error,
        };
        let failure = Self::new(exit, error.message);
        match error.help {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}
