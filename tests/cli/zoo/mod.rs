//! Odd live services: whatever one holds, it can be adopted. One law over a table of centers.

mod answers;
mod deployments;
mod documents;
mod gateways;
mod metadata;
mod names;
mod newer_kinds;
mod odd_values;

use std::sync::Mutex;

use apicenter::emulator::EmulatorOptions;

use super::files::files_below;
use super::harness::{Outcome, Project};
use super::service_fixture::ServiceFixture;

/// A live service that somebody could have.
pub(super) struct Center {
    name: &'static str,
    fill: fn(&ServiceFixture),
    options: fn(&mut EmulatorOptions),
    /// What `export` must say about what it leaves out.
    left_out: &'static [&'static str],
    /// Codes of what it has against a rule.
    accepted: &'static [&'static str],
    /// Codes of the findings that the adopted project has nevertheless.
    findings: &'static [&'static str],
}

impl Center {
    const fn new(name: &'static str, fill: fn(&ServiceFixture)) -> Self {
        Self {
            name,
            fill,
            options: |_| {},
            left_out: &[],
            accepted: &[],
            findings: &[],
        }
    }

    const fn with(mut self, options: fn(&mut EmulatorOptions)) -> Self {
        self.options = options;
        self
    }

    const fn leaving_out(mut self, notes: &'static [&'static str]) -> Self {
        self.left_out = notes;
        self
    }

    const fn accepting(mut self, codes: &'static [&'static str]) -> Self {
        self.accepted = codes;
        self
    }

    const fn finding(mut self, codes: &'static [&'static str]) -> Self {
        self.findings = codes;
        self
    }
}

fn centers() -> Vec<&'static Center> {
    [
        names::CENTERS,
        odd_values::CENTERS,
        deployments::CENTERS,
        metadata::CENTERS,
        documents::CENTERS,
        newer_kinds::CENTERS,
        gateways::CENTERS,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is wrong with the adoption of a center.
fn problems(center: &Center) -> Vec<String> {
    let mut live = ServiceFixture::with(|options| {
        // What is documented as the most need not be what a service holds.
        options.limits = false;
        (center.options)(options);
    });
    (center.fill)(&live);
    live.mark();
    let project = Project::of(&live);
    let mut problems = Vec::new();
    let exported = project.run("export");
    expect_success(&exported, &mut problems);
    for note in center.left_out {
        if !exported.stderr.contains(note) {
            problems.push(format!("`{note}` is not said: {exported}"));
        }
    }
    let validated = project.run("validate");
    expect_success(&validated, &mut problems);
    let planned = project.run("plan --detailed-exitcode");
    expect_success(&planned, &mut problems);
    if !planned.stdout.contains("No changes.") {
        problems.push(format!("not adopted as it is: {planned}"));
    }
    let data = project.run("plan --format json");
    for address in unmanaged(&data.stdout) {
        if !exported
            .stderr
            .contains(&format!("note: {address}: left out"))
        {
            problems.push(format!(
                "{address} is neither declared nor named: {exported}"
            ));
        }
    }
    let findings = codes(&data.stdout, "diagnostics");
    if findings != center.findings {
        let wanted = center.findings;
        problems.push(format!(
            "findings {findings:?} instead of {wanted:?}: {planned}\n{validated}"
        ));
    }
    let accepted = codes(&data.stdout, "exempted");
    if accepted != center.accepted {
        let wanted = center.accepted;
        problems.push(format!(
            "accepted {accepted:?} instead of {wanted:?}: {exported}\n{planned}"
        ));
    }
    let before = files_below(project.root());
    let again = project.run("export");
    if !again.stdout.contains("(0 written, ") || files_below(project.root()) != before {
        problems.push(format!("a second export differs: {again}"));
    }
    if !live.writes().is_empty() {
        problems.push(format!("written: {:?}", live.writes()));
    }
    if !problems.is_empty() {
        let texts = before
            .iter()
            .map(|(path, text)| format!("--- {path}\n{text}"));
        problems.extend(texts.filter(|text| text.len() < 2_000));
    }
    problems
}

fn expect_success(outcome: &Outcome, problems: &mut Vec<String>) {
    if !outcome.is_success() {
        problems.push(outcome.to_string());
    }
}

fn unmanaged(plan: &str) -> Vec<String> {
    let plan: serde_json::Value = serde_json::from_str(plan).unwrap_or_default();
    serde_json::from_value(plan["unmanaged"].clone()).unwrap_or_default()
}

/// The codes in a list of a plan, sorted.
fn codes(plan: &str, list: &str) -> Vec<String> {
    let plan: serde_json::Value = serde_json::from_str(plan).unwrap_or_default();
    let found = plan[list].as_array().into_iter().flatten();
    let mut codes: Vec<String> = found
        .filter_map(|one| Some(one["code"].as_str()?.to_owned()))
        .collect();
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn every_center_can_be_adopted_as_it_is() {
    let only = std::env::vars()
        .find_map(|(key, value)| (key == "ZOO").then_some(value))
        .unwrap_or_default();
    let mut left = centers();
    assert!(left.len() >= 30, "{} centers", left.len());
    left.retain(|center| center.name.contains(&only));
    let (left, failed) = (Mutex::new(left), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(center) = next(&left) {
                    let problems = std::thread::scope(|one| one.spawn(|| problems(center)).join())
                        .unwrap_or_else(|_| vec!["the test itself panicked".to_owned()]);
                    if !problems.is_empty() {
                        let report = format!("=== {}\n{}", center.name, problems.join("\n"));
                        failed.lock().expect("no thread panicked").push(report);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("no thread panicked");
    assert!(
        failed.is_empty(),
        "{} failed\n{}",
        failed.len(),
        failed.join("\n")
    );
}

fn next(left: &Mutex<Vec<&'static Center>>) -> Option<&'static Center> {
    left.lock().expect("no thread panicked").pop()
}
