//! What `validate` costs beside the least that it could: to walk, read and parse every file once.
//!
//! ```sh
//! cargo bench --bench validate                 # 1000 APIs
//! cargo bench --bench validate -- 10000        # a full service of the plan Standard
//! ```
//!
//! Everything runs in a process of its own, and what counts are the ratios: the same machine does both. `cargo test
//! --benches` runs it with five APIs, to see that it still works.

#![expect(clippy::print_stdout, reason = "a table for people")]

mod catalogue;
mod parse_once;
mod process;
mod program;
mod sizes;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use process::{memory, watch};
use program::{PROGRAM, Result};
use sizes::for_each_size;

/// Each row is measured this often; the run with the least CPU time counts.
const RUNS: usize = 3;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, folder] = arguments.as_slice()
        && first == parse_once::ARGUMENT
    {
        parse_once::run(Path::new(folder));
        return ExitCode::SUCCESS;
    }
    for_each_size(&[1000], measure)
}

fn measure(size: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().canonicalize()?.join("project");
    catalogue::write(&root, size, "http://127.0.0.1:9")?;
    let project = Project {
        cache: folder.path().join("cache"),
        bytes: bytes_below(&root)?,
        root,
    };
    println!("\n{size} APIs, {} KiB", project.bytes / 1024);
    println!(
        "{:<34} {:>9} {:>9} {:>11} {:>7} {:>9}",
        "", "CPU", "time", "peak memory", "CPU x", "memory x"
    );
    let exe = std::env::current_exe()?;
    let base = project.best(Some(0), || {
        let mut command = Command::new(&exe);
        command.arg(parse_once::ARGUMENT).arg(&project.root);
        Ok(command)
    })?;
    project.print("walk, read and parse once", &base, &base);
    let cold = project.best(Some(0), || {
        project.forget()?;
        Ok(project.validate())
    })?;
    project.print("validate, nothing remembered", &cold, &base);
    let warm = project.best(Some(0), || Ok(project.validate()))?;
    project.print("validate, descriptions remembered", &warm, &base);
    for number in 0..size {
        let path = project.root.join(catalogue::path_of_api(number));
        let text = String::from_utf8(fs::read(&path)?)?;
        fs::write(path, text.replace("  kind: rest\n", "  kinds: rest\n"))?;
    }
    let errors = project.best(Some(6), || Ok(project.validate()))?;
    project.print("validate, an error in each API", &errors, &base);
    Ok(())
}

fn bytes_below(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += match entry.file_type()?.is_dir() {
            true => bytes_below(&entry.path())?,
            false => entry.metadata()?.len(),
        };
    }
    Ok(bytes)
}

/// A repository of generated manifests.
struct Project {
    root: PathBuf,
    cache: PathBuf,
    /// The bytes of all its files.
    bytes: u64,
}

/// What was seen of one run.
struct Run {
    cpu: Duration,
    time: Duration,
    peak: Option<u64>,
}

impl Project {
    fn validate(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .arg("validate")
            .current_dir(&self.root)
            .env("APICENTER_CACHE_DIR", &self.cache);
        command
    }

    /// Deletes what earlier runs remembered.
    fn forget(&self) -> Result<()> {
        match fs::remove_dir_all(&self.cache) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Runs a command a few times; the run with the least CPU time.
    fn best(&self, code: Option<i32>, command: impl Fn() -> Result<Command>) -> Result<Run> {
        let mut best: Option<Run> = None;
        for _ in 0..RUNS {
            let mut command = command()?;
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let (before, began) = (cpu_of_children(), Instant::now());
            let (status, peak) = watch(&mut command.spawn()?)?;
            let run = Run {
                time: began.elapsed(),
                cpu: cpu_of_children().saturating_sub(before),
                peak,
            };
            if status.code() != code {
                return Err(format!("{command:?}: {status}").into());
            }
            if best.as_ref().is_none_or(|best| run.cpu < best.cpu) {
                best = Some(run);
            }
        }
        best.ok_or_else(|| "nothing ran".into())
    }

    fn print(&self, name: &str, run: &Run, base: &Run) {
        let seconds = |time: Duration| format!("{:.2} s", time.as_secs_f64());
        let cpu = run.cpu.as_secs_f64() / base.cpu.as_secs_f64().max(0.01);
        let bytes = run.peak.unwrap_or_default() * 1024;
        let input = bytes as f64 / self.bytes as f64;
        println!(
            "{name:<34} {:>9} {:>9} {:>11} {cpu:>7.2} {input:>9.1}",
            seconds(run.cpu),
            seconds(run.time),
            memory(run.peak),
        );
    }
}

/// The CPU time of all processes that were waited for, to a hundredth of a second; only Linux has it.
fn cpu_of_children() -> Duration {
    let stat = fs::read("/proc/self/stat").unwrap_or_default();
    let stat = String::from_utf8_lossy(&stat);
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = fields
        .split_whitespace()
        .skip(13)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    Duration::from_millis(10 * ticks)
}
