//! How time and memory grow with the size of the catalogue.
//!
//! ```sh
//! cargo bench --bench scale                 # 100 and 1000 APIs
//! cargo bench --bench scale -- 10000        # a full service of the plan Standard
//! ```
//!
//! The whole program is measured from outside, against its own emulator over loopback HTTP: one
//! process per command, as a pipeline would run it. `cargo test --benches` runs it with five APIs,
//! to see that it still works.

#![expect(clippy::print_stdout, reason = "a table for people")]

mod catalogue;
mod emulator;
mod process;
mod program;
mod sizes;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use emulator::RunningEmulator;
use process::{memory, peak_of, watch};
use program::{PROGRAM, Result};
use sizes::for_each_size;

/// Commands that can be repeated are run this often; the fastest run counts.
const RUNS: usize = 3;

/// The folder of the digest cache, beside that of the project: one inside of a project is not believed.
const CACHE: &str = "cache";

fn main() -> ExitCode {
    for_each_size(&[100, 1000], measure)
}

/// Prints the table of one size.
fn measure(size: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let emulator = RunningEmulator::start(&folder.path().join("emulator.redb"))?;
    let project = Project::write(&folder.path().join("project"), size, &emulator.url)?;

    println!("\n{size} APIs, {} resources", project.resources);
    println!(
        "{:<34} {:>9} {:>11} {:>7}",
        "", "time", "peak memory", "reads"
    );
    project.best("validate", &["validate"], || Ok(()))?;
    let apply = project.run(&["apply", "--auto-approve"])?;
    apply.print("apply, everything is new", None);
    let plan = ["plan", "--detailed-exitcode", "--out", "plan.json"];
    project.best("plan, no change, no cache", &plan, || project.forget())?;
    project.best("plan, no change", &plan, || Ok(()))?;
    for (name, format) in [("get apis", "table"), ("get apis -o name", "name")] {
        let get = ["get", "apis", "-o", format];
        project.best_first_row(name, &get)?;
        project.best(&format!("{name}, all rows"), &get, || Ok(()))?;
    }
    if project.branch()? {
        let limited = ["plan", "--changed-since", "HEAD", "--out", "plan.json"];
        project.best("plan of a branch, a title differs", &limited, || Ok(()))?;
    }
    println!(
        "(the emulator's peak memory: {})",
        memory(peak_of(emulator.process.id()))
    );
    Ok(())
}

/// A repository of generated manifests.
struct Project {
    root: PathBuf,
    resources: usize,
}

impl Project {
    fn write(root: &Path, size: usize, url: &str) -> Result<Self> {
        catalogue::write(root, size, url)?;
        Ok(Self {
            root: root.to_owned(),
            resources: 9 + 4 * size,
        })
    }

    /// Commits everything and then changes a title; whether there is a git to do it with.
    fn branch(&self) -> Result<bool> {
        let git = |arguments: &[&str]| {
            let status = Command::new("git")
                .args(["-c", "user.name=bench", "-c", "user.email=bench@localhost"])
                .args(arguments)
                .current_dir(&self.root)
                .stdout(Stdio::null())
                .status();
            status.is_ok_and(|status| status.success())
        };
        let is_there =
            git(&["init", "-q"]) && git(&["add", "-A"]) && git(&["commit", "-qm", "all"]);
        if is_there {
            let path = self.root.join(catalogue::path_of_api(0));
            let text = fs::read(&path)?;
            let text = String::from_utf8(text)?.replacen("title: ", "title: Another ", 1);
            fs::write(path, text)?;
        }
        Ok(is_there)
    }

    /// Deletes what earlier plans remembered of live documents.
    fn forget(&self) -> Result<()> {
        match fs::remove_dir_all(self.root.with_file_name(CACHE)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Runs a command a few times and prints the fastest run.
    fn best(&self, name: &str, arguments: &[&str], prepare: impl Fn() -> Result<()>) -> Result<()> {
        let mut best: Option<Run> = None;
        for _ in 0..RUNS {
            prepare()?;
            let run = self.run(arguments)?;
            if best.as_ref().is_none_or(|best| run.time < best.time) {
                best = Some(run);
            }
        }
        if let Some(run) = best {
            let is_plan = arguments.contains(&"plan");
            run.print(name, if is_plan { self.reads()? } else { None });
        }
        Ok(())
    }

    fn run(&self, arguments: &[&str]) -> Result<Run> {
        let began = Instant::now();
        let mut process = self
            .command(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let talk = process.stderr.take().map(|stderr| {
            thread::spawn(move || std::io::read_to_string(stderr).unwrap_or_default())
        });
        let (status, peak) = watch(&mut process)?;
        let time = began.elapsed();
        if !status.success() {
            let talk = talk.and_then(|talk| talk.join().ok()).unwrap_or_default();
            let mut end: Vec<&str> = talk.lines().rev().take(20).collect();
            end.reverse();
            let (arguments, end) = (arguments.join(" "), end.join("\n"));
            return Err(format!("apicenter {arguments}: {status}\n{end}").into());
        }
        Ok(Run { time, peak })
    }

    /// Runs a command a few times and prints how long the fastest run took until its first row.
    fn best_first_row(&self, name: &str, arguments: &[&str]) -> Result<()> {
        let mut best: Option<Duration> = None;
        for _ in 0..RUNS {
            let began = Instant::now();
            let mut process = self
                .command(arguments)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()?;
            let rows = process.stdout.take().ok_or("no output")?;
            let mut rows = BufReader::new(rows).lines();
            let first = rows.by_ref().find(|row| is_row(row.as_deref()));
            let time = began.elapsed();
            first.ok_or("no row")??;
            // Nobody waits for the last one, but the program must come to its end.
            rows.for_each(drop);
            if !process.wait()?.success() {
                return Err(format!("apicenter {} has failed", arguments.join(" ")).into());
            }
            best = Some(best.map_or(time, |best| best.min(time)));
        }
        if let Some(time) = best {
            Run { time, peak: None }.print(&format!("{name}, until the first row"), None);
        }
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .current_dir(&self.root)
            .env("APICENTER_ACCESS_TOKEN", "benchmark")
            .env("APICENTER_CACHE_DIR", self.root.with_file_name(CACHE));
        command
    }

    /// How many reads the last plan needed.
    fn reads(&self) -> Result<Option<u64>> {
        let plan: serde_json::Value =
            serde_json::from_slice(&fs::read(self.root.join("plan.json"))?)?;
        Ok(plan["requests"]["reads"].as_u64())
    }
}

/// Whether a line of a list is a row, and not the names of its columns.
fn is_row(line: std::result::Result<&str, &std::io::Error>) -> bool {
    line.map_or(true, |line| line.starts_with("api/"))
}

/// What was seen of one run.
struct Run {
    time: Duration,
    peak: Option<u64>,
}

impl Run {
    fn print(&self, name: &str, reads: Option<u64>) {
        let time = format!("{:.2} s", self.time.as_secs_f64());
        let peak = memory(self.peak);
        let reads = reads.map_or_else(|| "-".to_owned(), |reads| reads.to_string());
        println!("{name:<34} {time:>9} {peak:>11} {reads:>7}");
    }
}
