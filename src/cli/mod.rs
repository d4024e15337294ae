//! The command line: one file per command, and nothing that decides what is planned or written.

mod activity;
mod annotate;
mod apply;
mod apply_args;
mod apply_nothing;
mod apply_refused;
mod apply_run;
mod bar;
mod branch;
mod comment;
mod complete;
mod completions;
mod consent;
mod console;
mod description_cache;
mod diff;
mod diff_spec;
mod doctor;
mod drift;
mod duration;
mod emulator;
mod exit;
mod expected_plan;
mod explain;
mod export;
mod extent;
mod failure;
mod fix;
mod fmt;
mod format;
mod get;
mod get_services;
mod global;
mod graph;
mod import;
mod in_file;
mod init;
mod init_program;
mod invocation;
mod kept_file;
mod list_format;
mod list_printer;
mod live_states;
mod log;
mod lsp;
mod man;
mod markdown_budget;
mod mv;
mod open;
mod origin;
mod out_file;
mod plan;
mod plan_format;
mod plan_subject;
mod planning;
mod problems;
mod progress;
mod project;
mod refusal;
mod schema;
mod schema_files;
mod signals;
mod site;
mod snapshot;
mod undo;
mod undo_refusal;
mod unreadable;
mod validate;
mod watch;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::CompleteEnv;

pub use exit::Exit;

use crate::config::Environment;
use console::Console;
use failure::Failure;
use global::GlobalArgs;
use invocation::Invocation;

/// GitOps for Azure API Center: declare your API catalogue as YAML, review the plan, apply it.
#[derive(Debug, Parser)]
#[command(name = "apicenter", version, arg_required_else_help = true, after_help = AFTER_HELP)]
pub(crate) struct App {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  apicenter init                         start a catalogue in this folder
  apicenter validate                     check the manifests offline
  apicenter plan                         show what differs from the live service
  apicenter plan -t prod --out plan.json save the plan for review
  apicenter apply plan.json              apply exactly that plan, or refuse
  apicenter get apis                     list what is live, and who keeps it

Environment:
  APICENTER_AUTH          how to sign in to Azure; same values as --auth
  APICENTER_ACCESS_TOKEN  a bearer token for Azure; takes precedence over --auth
  APICENTER_ALLOWED_HOSTS hosts that may get credentials; same as --allow-host
  APICENTER_HTTP_TIMEOUT  the timeout of one request, in seconds (60)
  HTTPS_PROXY, NO_PROXY   the proxy of https requests, and hosts that need none
  COLUMNS                 how wide lines are, where the terminal does not say it (100)
  SSL_CERT_FILE           certificates of the authorities to trust, as a PEM file
  APICENTER_CACHE_DIR     where digests of live description files, and what is known of local
                          ones, are kept between runs (the platform's cache folder); keep it
                          out of the repository
  AZURE_TENANT_ID, AZURE_CLIENT_ID and others, as in other Azure tools:
  docs/authentication.md lists them for each sign-in method

Exit codes:
  0    done, or nothing to change
  1    error
  2    changes present (only with --detailed-exitcode)
  3    authentication or authorisation failed
  4    apply stopped part-way, run it again; or drift --write could not write all
  5    refused: a safety rule, an immutable field, --fail-on, or a plan that no longer matches
  6    the manifests are invalid
  64   wrong usage
  130  interrupted";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Validate(validate::Args),
    Fmt(fmt::Args),
    Plan(plan::Args),
    Apply(apply::Args),
    Comment(comment::Args),
    Get(get::Args),
    Export(export::Args),
    Import(import::Args),
    Snapshot(snapshot::Args),
    Diff(diff::Args),
    DiffSpec(diff_spec::Args),
    Drift(drift::Args),
    Open(open::Args),
    Mv(mv::Args),
    Site(site::Args),
    Doctor(doctor::Args),
    Explain(explain::Args),
    Graph(graph::Args),
    Lsp(lsp::Args),
    Schema(schema::Args),
    Emulator(emulator::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the program with these arguments and returns its exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let environment = Environment::read();
    let args: Vec<OsString> = args.into_iter().collect();
    complete::set_line(&args);
    let completion = CompleteEnv::with_factory(App::command).var(completions::VARIABLE);
    match completion.try_complete(args.iter(), Path::new(".").canonicalize().ok().as_deref()) {
        Ok(true) => return ExitCode::SUCCESS,
        Ok(false) => {}
        Err(error) => return log::show_usage(&error, Console::without_flags(&environment)).into(),
    }
    let app = match App::try_parse_from(args) {
        Ok(app) => app,
        Err(error) => return log::show_usage(&error, Console::without_flags(&environment)).into(),
    };
    let console = Console::new(&app.global, &environment);
    log::report_panics(console);
    log::start(app.global.verbose);
    let invocation = Invocation {
        global: &app.global,
        console: &console,
        environment: &environment,
    };
    let result = match &environment.problem {
        Some(problem) => Err(Failure::usage(problem.clone())),
        None => dispatch(&app.command, invocation),
    };
    let exit = match result {
        Ok(exit) => exit,
        Err(failure) => {
            failure.print(&console);
            failure.exit()
        }
    };
    console.ends_with(exit).into()
}

fn dispatch(command: &Command, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    match command {
        Command::Init(args) => block_on(init::run(args, invocation)),
        Command::Validate(args) => block_on(validate::run(args, invocation)),
        Command::Fmt(args) => fmt::run(args, invocation),
        Command::Plan(args) => block_on(plan::run(args, invocation)),
        Command::Apply(args) => block_on(apply::run(args, invocation)),
        Command::Comment(args) => block_on(comment::run(args, invocation)),
        Command::Get(args) => block_on(get::run(args, invocation)),
        Command::Export(args) => block_on(export::run(args, invocation)),
        Command::Import(args) => block_on(import::run(args, invocation)),
        Command::Snapshot(args) => block_on(snapshot::run(args, invocation)),
        Command::Diff(args) => block_on(diff::run(args, invocation)),
        Command::DiffSpec(args) => block_on(diff_spec::run(args, invocation)),
        Command::Drift(args) => block_on(drift::run(args, invocation)),
        Command::Open(args) => open::run(args, invocation),
        Command::Mv(args) => mv::run(args, invocation),
        Command::Site(args) => site::run(args, invocation),
        Command::Doctor(args) => block_on(doctor::run(args, invocation)),
        Command::Explain(args) => explain::run(args, invocation),
        Command::Graph(args) => graph::run(args, invocation),
        Command::Lsp(args) => lsp::run(args, invocation),
        Command::Schema(args) => schema::run(args, invocation),
        Command::Emulator(args) => block_on(emulator::run(args, console)),
        Command::Completions(args) => completions::run(args, App::command(), console),
        Command::Man(args) => man::run(args, App::command(), console),
    }
}

fn block_on(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::error(format!("cannot start the runtime: {error}")))?
        .block_on(work)
}
