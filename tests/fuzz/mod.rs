//! Everything that is read from outside, fed with damaged input: no panic, and no endless work.
//!
//! A run is short and the same everywhere. `APICENTER_FUZZ_RUNS` sets how many inputs each target gets, and
//! `APICENTER_FUZZ_SEED` where they begin: see CONTRIBUTING.md.

mod inputs;
mod plan_files;
mod service;
mod targets;

use inputs::Inputs;
use targets::Target;

/// Inputs of each target in an ordinary test run.
const RUNS: u64 = 300;

fn number(name: &str, default: u64) -> u64 {
    let text = std::env::vars().find_map(|(key, value)| (key == name).then_some(value));
    text.map_or(default, |text| text.parse().expect("a number"))
}

fn fuzz(target: &Target) {
    let runs = number("APICENTER_FUZZ_RUNS", RUNS).div_ceil(target.share);
    let mut inputs = Inputs::new(target.seeds, number("APICENTER_FUZZ_SEED", 1));
    for run in 0..runs {
        let input = inputs.next();
        let ended = std::panic::catch_unwind(|| (target.run)(&input));
        assert!(
            ended.is_ok(),
            "{} panicked in run {run} with {:?}",
            target.name,
            String::from_utf8_lossy(&input)
        );
    }
}

#[test]
fn manifests() {
    fuzz(&targets::MANIFESTS);
}

#[test]
fn documents_of_every_format() {
    fuzz(&targets::DOCUMENTS);
}

#[test]
fn pairs_of_documents() {
    fuzz(&targets::PAIRS);
}

#[test]
fn templates_and_states() {
    fuzz(&targets::TEMPLATES);
}

#[test]
fn snapshots() {
    fuzz(&targets::SNAPSHOTS);
}

#[test]
fn saved_plans() {
    fuzz(&targets::SAVED_PLANS);
}

#[test]
fn plan_files() {
    fuzz(&plan_files::PLAN_FILES);
}

#[test]
fn responses_of_the_service() {
    fuzz(&service::RESPONSES);
}

#[test]
fn text_for_a_terminal() {
    fuzz(&targets::TEXTS);
}
