//! How close a plan and an apply come to what latency and the limits of Azure Resource Manager allow.
//!
//! ```sh
//! cargo bench --bench throttle              # 300 APIs: about six minutes
//! cargo bench --bench throttle -- 1000      # about fifteen minutes
//! ```
//!
//! The whole program is measured from outside, against an emulator that takes a while for each response: without
//! limits, then with the documented ones at true speed (250 reads at once and 25 more per second, 200 writes and 200
//! deletes at once and 10 more per second), and with four times as much, as some subscriptions have.
//! `cargo test --benches` runs it with five APIs, to see that it still works.

#![expect(clippy::print_stdout, reason = "a table for people")]

mod program;
mod sizes;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use apicenter::emulator::{Buckets, Emulator, EmulatorOptions, RecordedRequest};

use program::{PROGRAM, Result};
use sizes::for_each_size;

/// How long each response takes.
const LATENCY: Duration = Duration::from_millis(50);

/// The plan that finds no digests of earlier runs.
const COLD: &str = "plan, no change, empty digest cache";

/// The folder of the project, and that of the digest cache beside it: one inside of a project is not believed.
const PROJECT: &str = "project";
const CACHE: &str = "cache";

const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";

fn main() -> ExitCode {
    for_each_size(&[300], |size| {
        for limits in [None, Some(1), Some(4)] {
            measure(size, limits).map_err(|error| format!("{}: {error}", in_words(limits)))?;
        }
        Ok(())
    })
}

fn in_words(limits: Option<u32>) -> String {
    limits.map_or_else(
        || "without limits".to_owned(),
        |limits| format!("limits {limits} times as documented"),
    )
}

/// Prints the table of one size, at a service with so many times the documented limits.
fn measure(size: usize, limits: Option<u32>) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let options = EmulatorOptions {
        buckets: limits.map(|size| Buckets { size, speed: 1 }),
        latency: LATENCY,
        seed_sample: false,
        ..EmulatorOptions::default()
    };
    let emulator = runtime.block_on(Emulator::start(options))?;
    emulator.ensure_service(SUBSCRIPTION, "rg", "throttle", "westeurope")?;
    let folder = tempfile::tempdir()?;
    write(&folder.path().join(PROJECT), size, &emulator.url())?;

    println!(
        "\n{size} APIs, {} resources, {}, {LATENCY:?} for each request",
        3 * size,
        in_words(limits)
    );
    println!(
        "{:<36} {:>8} {:>8} {:>8} {:>8} {:>6}",
        "", "reads", "writes", "allowed", "time", "429s"
    );
    let mut seen = 0;
    for (name, arguments) in [
        ("apply, everything is new", vec!["apply", "--auto-approve"]),
        (
            "plan, no change, warm digest cache",
            vec!["plan", "--detailed-exitcode"],
        ),
        (COLD, vec!["plan", "--detailed-exitcode"]),
    ] {
        if name == COLD {
            fs::remove_dir_all(folder.path().join(CACHE))?;
        }
        // The buckets are full again, as they are for a pipeline that begins.
        std::thread::sleep(limits.map_or(Duration::ZERO, |_| refill(seen)));
        let time = run(folder.path(), &arguments)?;
        let all = emulator.requests();
        report(name, &all[seen.min(all.len())..], limits, time);
        seen = all.len();
    }
    runtime.block_on(emulator.stop());
    Ok(())
}

/// How long the buckets take to fill after so many requests.
fn refill(requests: usize) -> Duration {
    Duration::from_secs(if requests > 100 { 21 } else { 0 })
}

fn report(name: &str, requests: &[RecordedRequest], limits: Option<u32>, time: Duration) {
    let (refused, done): (Vec<_>, Vec<_>) = requests
        .iter()
        .partition(|request| request.status == Some(429));
    // An export is a POST that only reads; it counts as a write for the limits.
    let count =
        |is_one: &dyn Fn(&RecordedRequest) -> bool| done.iter().filter(|one| is_one(one)).count();
    let gets = count(&|request| request.method == "GET");
    let exports = count(&|request| request.path.ends_with("/exportSpecification"));
    let imports = count(&|request| request.path.ends_with("/importSpecification"));
    let writes = done.len() - gets;
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let by_limit = |count: usize, size: f64, rate: f64| {
        limits.map_or(0.0, |limits| {
            let limits = f64::from(limits);
            (number(count) - size * limits) / (rate * limits)
        })
    };
    let by_latency =
        |count: usize, at_once: usize| number(count.div_ceil(at_once)) * LATENCY.as_secs_f64();
    // They may go at the same time, so the slowest decides; where one waits for the other, more is needed.
    let allowed = [
        by_limit(gets, 250.0, 25.0),
        by_limit(writes, 200.0, 10.0),
        by_latency(gets + exports, 64),
        by_latency(writes - exports - imports, 16),
        by_latency(imports, 16),
    ];
    let allowed = allowed.into_iter().fold(0.0, f64::max);
    println!(
        "{name:<36} {gets:>8} {writes:>8} {allowed:>6.2} s {:>6.2} s {:>6}",
        time.as_secs_f64(),
        refused.len()
    );
}

fn run(folder: &Path, arguments: &[&str]) -> Result<Duration> {
    let began = Instant::now();
    let output = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder.join(PROJECT))
        .env("APICENTER_ACCESS_TOKEN", "benchmark")
        .env("APICENTER_CACHE_DIR", folder.join(CACHE))
        .stdout(Stdio::null())
        .output()?;
    if !output.status.success() {
        let talk = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "apicenter {}: {}\n{talk}",
            arguments.join(" "),
            output.status
        )
        .into());
    }
    Ok(began.elapsed())
}

fn write(root: &Path, size: usize, url: &str) -> Result<()> {
    let project = format!(
        "apiVersion: apicenter/v1
kind: Project
metadata: {{name: throttle}}
spec:
  targets:
    bench:
      subscriptionId: {SUBSCRIPTION}
      resourceGroup: rg
      service: throttle
      cloud: {{resourceManager: \"{url}\"}}
"
    );
    fs::create_dir(root)?;
    fs::write(root.join("apicenter.yaml"), project)?;
    for number in 0..size {
        let api = format!(
            "apiVersion: apicenter/v1
kind: Api
metadata: {{name: api-{number:05}}}
spec:
  title: API {number}
  kind: rest
  versions:
    - name: 1-0-0
      title: v1
      lifecycleStage: production
      definitions:
        - {{name: openapi, title: OpenAPI, source: {{file: api-{number:05}.openapi.yaml}}}}
"
        );
        let document =
            format!("openapi: 3.0.3\ninfo: {{title: API {number}, version: 1.0.0}}\npaths: {{}}\n");
        fs::write(root.join(format!("api-{number:05}.yaml")), api)?;
        fs::write(root.join(format!("api-{number:05}.openapi.yaml")), document)?;
    }
    Ok(())
}
