//! docs/codes.md: every example has the problem of its code, and the program says what the page shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::harness::Project;

/// Codes whose examples a project alone does not show, and why.
const NOT_SHOWN: &[(&str, &str)] = &[
    (
        "file-unreadable",
        "depends on links and permissions: cli::file_boundary",
    ),
    (
        "outer-folder",
        "needs a link to a folder: cli::file_boundary",
    ),
    (
        "file-too-large",
        "needs a file of many megabytes: cli::file_boundary",
    ),
    ("yaml-depth", "needs a hundred levels: manifests::yaml"),
    ("yaml-size", "needs millions of values: cli::bounds"),
    ("variables-too-large", "needs many megabytes: cli::bounds"),
    (
        "document-too-large",
        "needs a document of megabytes: manifests::documents",
    ),
    (
        "ruleset-too-large",
        "needs a folder of megabytes: cli::analyzer",
    ),
    (
        "untrusted-host",
        "is found when a host is about to be used: azure::trusted_hosts",
    ),
    (
        "foreign-audience",
        "is found when a host is about to be used: azure::trusted_hosts",
    ),
    ("dangling-link", "needs links in the service: cli::zoo"),
    (
        "integration-link",
        "needs an integration that fails: cli::zoo",
    ),
    (
        "hidden-below",
        "needs credentials that may not list everything: cli::renamed_ids",
    ),
    (
        "kept-by-integration",
        "needs an integration that has synchronised: cli::gateways",
    ),
    (
        "ambiguous-match",
        "needs two APIs of one title in a gateway: planner",
    ),
    (
        "cascade",
        "needs an integration that has synchronised: planner::deletes",
    ),
    (
        "foreign-owner",
        "needs the marker of another project: cli::exemptions",
    ),
    (
        "edit-conflict",
        "needs an edit in the portal: cli::plan_base",
    ),
    (
        "undo-moved",
        "needs an edit after an apply: cli::undo_refused",
    ),
    (
        "undo-target",
        "needs the file of another target: cli::undo_refused",
    ),
    (
        "undo-remains",
        "needs an integration or versions: cli::undo_remains",
    ),
    (
        "undo-file-taken",
        "needs the file of another apply: cli::undo_refused",
    ),
    (
        "unresolved-expression",
        "is about an ARM template: cli::import",
    ),
];

/// What the page has about one code.
struct Example<'a> {
    lines: Vec<&'a str>,
    /// What the program says.
    said: Vec<&'a str>,
}

/// The files around the lines of an example, and the command that finds the problem.
struct Frame<'a> {
    command: &'a str,
    files: Vec<FrameFile<'a>>,
}

struct FrameFile<'a> {
    path: &'a str,
    is_utf16: bool,
    /// Written after the others were applied.
    is_later: bool,
    lines: Vec<&'a str>,
}

#[test]
fn every_example_has_its_problem() {
    let page = read("docs/codes.md");
    let frames = read("tests/cli/codes/frames.txt");
    let (examples, frames) = (examples(&page), frames_of(&frames));
    let not_shown: BTreeSet<&str> = NOT_SHOWN.iter().map(|(code, _)| *code).collect();
    let shown: BTreeSet<&str> = frames.keys().copied().collect();
    let all: BTreeSet<&str> = examples.keys().copied().collect();
    assert_eq!(&shown | &not_shown, all);
    assert_eq!(shown.intersection(&not_shown).count(), 0);
    for (code, example) in &examples {
        let Some(frame) = frames.get(code) else {
            assert!(example.said.is_empty(), "{code}: nothing shows this");
            continue;
        };
        assert_eq!(said(code, frame, example), example.said, "{code}");
    }
}

fn read(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the file is there");
    String::from_utf8(bytes).expect("the file is text")
}

fn examples(page: &str) -> BTreeMap<&str, Example<'_>> {
    page.split("\n### ").skip(1).map(example).collect()
}

fn example(section: &str) -> (&str, Example<'_>) {
    let (code, rest) = section.split_once('\n').expect("a title and a text");
    let mut blocks = rest.split("```").skip(1).step_by(2).map(|block| {
        let (language, body) = block.split_once('\n').expect("a language and a body");
        (language, body.lines().collect::<Vec<_>>())
    });
    let (_, lines) = blocks.next().expect("an example");
    let said = blocks.find(|(language, _)| *language == "text");
    let said = said.map(|(_, said)| said).unwrap_or_default();
    (code, Example { lines, said })
}

fn frames_of(text: &str) -> BTreeMap<&str, Frame<'_>> {
    let frames = text.split("\n=== ").skip(1).map(|section| {
        let (head, body) = section.split_once('\n').expect("a head and files");
        let (code, command) = head.split_once(": ").expect("a code and a command");
        let mut files: Vec<FrameFile<'_>> = Vec::new();
        for line in body.lines() {
            let earlier = line.strip_prefix("--- ");
            match earlier.or_else(|| line.strip_prefix("+++ ")) {
                Some(name) => files.push(FrameFile {
                    path: name.trim_end_matches(" utf-16"),
                    is_utf16: name.ends_with(" utf-16"),
                    is_later: earlier.is_none(),
                    lines: Vec::new(),
                }),
                None => files.last_mut().expect("a file").lines.push(line),
            }
        }
        (code, Frame { command, files })
    });
    frames.collect()
}

/// What the program says about the first problem of the code, as the page shows it.
fn said(code: &str, frame: &Frame<'_>, example: &Example<'_>) -> Vec<String> {
    let project = Project::local();
    for file in frame.files.iter().filter(|file| !file.is_later) {
        write(&project, file, example);
    }
    if frame.files.iter().any(|file| file.is_later) {
        project.run("apply --auto-approve").success();
    }
    for file in frame.files.iter().filter(|file| file.is_later) {
        write(&project, file, example);
    }
    let outcome = project.run(&format!("{} --format json", frame.command));
    let json: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let text = |value: &Value, severity: &str| {
        let message = value["message"].as_str().unwrap_or_default();
        let help = value["help"].as_str().and_then(|help| help.lines().next());
        let help = help.map(|help| format!("help: {help}"));
        let lines = [Some(format!("{severity}: {message}")), help];
        lines.into_iter().flatten().collect()
    };
    let diagnostics = json["diagnostics"].as_array().into_iter().flatten();
    if let Some(found) = diagnostics.clone().find(|one| one["code"] == code) {
        return text(found, found["severity"].as_str().expect("a severity"));
    }
    if let Some(refusal) = json["refusals"].get(0) {
        return text(refusal, "refused");
    }
    let changes = json["changes"].as_array().into_iter().flatten();
    let blocked = changes.filter_map(|change| change["blockedBy"].as_str());
    blocked.map(|why| format!("blocked: {why}")).collect()
}

fn write(project: &Project, file: &FrameFile<'_>, example: &Example<'_>) {
    let mut text = String::new();
    for line in &file.lines {
        match line.strip_suffix("<example>") {
            Some(indent) => {
                for line in &example.lines {
                    text.extend([indent, line, "\n"]);
                }
            }
            None => text.extend([line, "\n"]),
        }
    }
    match file.is_utf16 {
        true => {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
            project.write(file.path, bytes);
        }
        false => project.write(file.path, text),
    }
}
