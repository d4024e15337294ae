//! The instructions that commands take, beside those of parsing every file once.
//!
//! ```sh
//! cargo test --locked --bench instructions -- --check     # fails where docs/benchmarks.md says less
//! cargo test --locked --bench instructions -- --print     # prints the rows for docs/benchmarks.md
//! ```
//!
//! Instructions are counted by valgrind, so that neither the machine nor what else runs on it matters, and a ratio of two
//! counts hardly depends on the compiler. What a command takes for a few APIs is subtracted: it is that of starting.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a table for people"
)]

mod catalogue;
mod emulator;
mod parse_once;
mod program;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use emulator::RunningEmulator;
use program::{PROGRAM, Result};

/// The table that says how much is expected.
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/benchmarks.md");

/// So many APIs are few, and so many are many.
const FEW: usize = 20;
const MANY: usize = 60;

/// How much more than expected is still accepted: another compiler, another order of threads.
const TOLERANCE: f64 = 1.1;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, folder] = arguments.as_slice()
        && first == parse_once::ARGUMENT
    {
        parse_once::run(Path::new(folder));
        return ExitCode::SUCCESS;
    }
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    if !has("--check") && !has("--print") {
        return ExitCode::SUCCESS;
    }
    match ratios().and_then(|ratios| report(&ratios, has("--check"))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// A command, and how many times the instructions of parsing once it takes.
type Ratio = (&'static str, f64);

fn report(ratios: &[Ratio], is_check: bool) -> Result<()> {
    let table = String::from_utf8(std::fs::read(TABLE)?)?;
    let mut problems = Vec::new();
    for (name, ratio) in ratios {
        println!("| {name} | {ratio:.2} |");
        match expected(&table, name) {
            None => problems.push(format!("no row for {name}")),
            Some(most) if *ratio > most * TOLERANCE => {
                problems.push(format!("{name}: {ratio:.2}, expected {most:.2}"));
            }
            Some(_) => {}
        }
    }
    if is_check && !problems.is_empty() {
        let problems = problems.join("\n  ");
        return Err(format!("more instructions than {TABLE} says:\n  {problems}").into());
    }
    Ok(())
}

/// The number in the row of a command.
fn expected(table: &str, name: &str) -> Option<f64> {
    let start = format!("| {name} | ");
    // Other tables of the page have rows of the same name, with more than one figure.
    let mut rows = table.lines().filter_map(|line| line.strip_prefix(&start));
    rows.find_map(|row| row.strip_suffix(" |")?.parse().ok())
}

fn ratios() -> Result<Vec<Ratio>> {
    let (few, many) = (counts(FEW)?, counts(MANY)?);
    let more = |at: usize| many[at].1.saturating_sub(few[at].1) as f64;
    let base = more(0).max(1.0);
    let rest = 1..many.len();
    Ok(rest.map(|at| (many[at].0, more(at) / base)).collect())
}

/// What parsing once and each command takes with so many APIs.
fn counts(size: usize) -> Result<Vec<(&'static str, u64)>> {
    let folder = tempfile::tempdir()?;
    let emulator = RunningEmulator::start(&folder.path().join("emulator.redb"))?;
    let project = Project {
        root: folder.path().canonicalize()?.join("project"),
    };
    catalogue::write(&project.root, size, &emulator.url)?;
    let mut once = Command::new(std::env::current_exe()?);
    once.arg(parse_once::ARGUMENT).arg(&project.root);
    let mut counts = vec![("parse", instructions(&once)?)];
    let mut count = |name, arguments: &str| -> Result<()> {
        counts.push((name, instructions(&project.command(arguments))?));
        Ok(())
    };
    count("`validate`", "validate")?;
    count("`plan --format html`, everything new", "plan --format html")?;
    let apply = project
        .command("apply --auto-approve --no-verify")
        .output()?;
    if !apply.status.success() {
        return Err(String::from_utf8_lossy(&apply.stderr).into());
    }
    count("`plan`, no change", "plan --detailed-exitcode")?;
    Ok(counts)
}

/// A repository of generated manifests.
struct Project {
    root: PathBuf,
}

impl Project {
    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments.split(' '))
            .current_dir(&self.root)
            .env("APICENTER_ACCESS_TOKEN", "benchmark")
            .env("APICENTER_CACHE_DIR", self.root.with_file_name("cache"));
        command
    }
}

/// The instructions of a command, on one thread for what may use several.
fn instructions(command: &Command) -> Result<u64> {
    let mut counting = Command::new("valgrind");
    counting
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(command.get_program())
        .args(command.get_args())
        .envs(
            command
                .get_envs()
                .filter_map(|(key, value)| Some((key, value?))),
        )
        .env("RAYON_NUM_THREADS", "1")
        .stdout(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        counting.current_dir(folder);
    }
    let output = counting
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let talk = String::from_utf8_lossy(&output.stderr);
    let collected = talk
        .lines()
        .rev()
        .find_map(|line| line.split_once("Collected : "));
    match collected.and_then(|(_, count)| count.trim().parse().ok()) {
        Some(count) if output.status.success() => Ok(count),
        _ => Err(format!("{command:?}: {}\n{talk}", output.status).into()),
    }
}
