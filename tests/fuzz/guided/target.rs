//! A target of `tests/fuzz` as libFuzzer runs it.

#[path = "../inputs.rs"]
mod inputs;
#[path = "../service.rs"]
mod service;
#[path = "../targets.rs"]
mod targets;

use inputs::Inputs;
use targets::Target;

/// Every target but the one that runs the program for each input.
const TARGETS: [&Target; 8] = [
    &targets::MANIFESTS,
    &targets::DOCUMENTS,
    &targets::PAIRS,
    &targets::SNAPSHOTS,
    &targets::TEMPLATES,
    &targets::SAVED_PLANS,
    &service::RESPONSES,
    &targets::TEXTS,
];

fn named(name: &str) -> &'static Target {
    let found = TARGETS.into_iter().find(|target| target.name == name);
    found.expect("the name of a target")
}

pub fn run(name: &str, input: &[u8]) {
    (named(name).run)(input);
}

/// Changes an input in place and returns its new size: half the time as an ordinary test run does, else as libFuzzer
/// does by itself. What is empty becomes one of the valid inputs.
pub fn mutate(name: &str, data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut inputs = Inputs::new(named(name).seeds, seed.into());
    if size > 1 && seed % 2 == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, most);
    }
    let changed = if size > 1 {
        inputs.damaged(&data[..size])
    } else {
        inputs.next()
    };
    let size = changed.len().min(most);
    data[..size].copy_from_slice(&changed[..size]);
    size
}
