//! Manifests with marks where a problem must be told, run through the real program.
//!
//! A mark is `«code|text»`: the diagnostic `code` must stand at the first character of `text`
//! (which may be empty). `«code?|text»` is a warning, `«code+|text»` a place that the diagnostic
//! only relates to. The marks are taken out before the files are written.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cli::harness::Project;
use crate::declared;

/// One broken project: words of which each stands in a message or a help, and its marked files.
pub(super) struct Case {
    pub(super) says: &'static [&'static str],
    pub(super) files: Vec<(String, String)>,
}

/// A place with what is told there.
type Told = (String, usize, usize, String);

/// Files of one text: `=== path` starts each. Without that the text is one file.
pub(super) fn files(text: &str) -> Vec<(String, String)> {
    if !text.starts_with("=== ") {
        return vec![("it.yaml".to_owned(), text.to_owned())];
    }
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix("=== "), files.last_mut()) {
            (Some(path), _) => files.push((path.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    files
}

/// A case of whole files.
pub(super) fn case(says: &'static [&'static str], text: &str) -> Case {
    Case {
        says,
        files: files(text),
    }
}

/// A case of one document: its kind and its `spec`, which is indented here.
pub(super) fn document(kind: &str, says: &'static [&'static str], spec: &str) -> Case {
    case(says, &text_of(kind, spec))
}

/// A document with the name `it-is`.
pub(super) fn text_of(kind: &str, spec: &str) -> String {
    let spec: String = spec
        .lines()
        .map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("  {line}\n"),
        })
        .collect();
    format!("apiVersion: apicenter/v1\nkind: {kind}\nmetadata: {{name: it-is}}\nspec:\n{spec}")
}

/// Checks every case and tells about all that are not as marked.
#[track_caller]
pub(super) fn check(cases: &[Case]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| mismatch(case).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Cases that are fine as they are: they hold no mark, and nothing is told.
#[track_caller]
pub(super) fn fine(texts: &[&str]) {
    let cases: Vec<Case> = texts.iter().map(|text| case(&[], text)).collect();
    check(&cases);
}

fn mismatch(case: &Case) -> Result<(), String> {
    let project = Project::local();
    let mut wanted = Vec::new();
    for (path, text) in &case.files {
        let (text, marks) = stripped(path, text);
        project.write(path, text);
        wanted.extend(marks);
    }
    let told = validate(&project);
    wanted.sort();
    let (found, messages) = places(&told);
    let show = |places: &[Told]| {
        let lines = places
            .iter()
            .map(|(file, line, column, what)| format!("  {file}:{line}:{column} {what}"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let missing: Vec<&&str> = case
        .says
        .iter()
        .filter(|word| !messages.contains(**word))
        .collect();
    if found == wanted && missing.is_empty() {
        return Ok(());
    }
    let files: Vec<&str> = case.files.iter().map(|(_, text)| text.as_str()).collect();
    let files: String = files
        .join("\n---- next file\n")
        .chars()
        .take(1500)
        .collect();
    Err(format!(
        "in\n{files}\nexpected\n{}\nfound\n{}\nmissing words {missing:?} in\n{messages}",
        show(&wanted),
        show(&found)
    ))
}

/// The result of `validate`, whose exit code must fit. Reading less of the manifests must not find other addresses.
pub(super) fn validate(project: &Project) -> Value {
    declared::addresses(project.root(), None);
    let run = project.run("validate --format json");
    let valid = run.stdout.contains("\"valid\": true");
    run.exit(if valid { 0 } else { 6 }).json()
}

fn places(told: &Value) -> (Vec<Told>, String) {
    let mut places = Vec::new();
    let mut messages = String::new();
    let place = |source: &Value, what: String| -> Told {
        let number = |name: &str| {
            let number = source[name].as_u64().unwrap_or_default();
            usize::try_from(number).expect("a small number")
        };
        let file = source["file"].as_str().unwrap_or("nowhere").to_owned();
        (file, number("line"), number("column"), what)
    };
    for diagnostic in told["diagnostics"].as_array().expect("diagnostics") {
        let code = diagnostic["code"].as_str().expect("a code");
        let mark = if diagnostic["severity"] == "warning" {
            "?"
        } else {
            ""
        };
        places.push(place(&diagnostic["source"], format!("{code}{mark}")));
        for related in diagnostic["related"].as_array().into_iter().flatten() {
            places.push(place(&related["source"], format!("{code}+")));
        }
        for words in ["message", "help"] {
            messages.push_str(diagnostic[words].as_str().unwrap_or_default());
            messages.push('\n');
        }
    }
    places.sort();
    (places, messages)
}

/// The text without its marks, and what they expect.
fn stripped(path: &str, marked: &str) -> (String, Vec<Told>) {
    let mut text = String::new();
    let mut told = Vec::new();
    let mut rest = marked;
    while let Some(at) = rest.find(['«', '»']) {
        text.push_str(&rest[..at]);
        rest = match rest[at..].strip_prefix('«') {
            None => &rest[at + '»'.len_utf8()..],
            Some(mark) => {
                let (code, rest) = mark.split_once('|').expect("a mark is «code|text»");
                let line = text.matches('\n').count() + 1;
                let start = text.rfind('\n').map_or(0, |at| at + 1);
                let column = text[start..].chars().count() + 1;
                told.push((path.to_owned(), line, column, code.to_owned()));
                rest
            }
        };
    }
    text.push_str(rest);
    (text, told)
}

/// How many of the diagnostics have each code.
pub(super) fn counts(told: &Value) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for diagnostic in told["diagnostics"].as_array().expect("diagnostics") {
        *counts
            .entry(diagnostic["code"].as_str().expect("a code"))
            .or_default() += 1;
    }
    counts
}

impl Case {
    /// The same with another name in the document.
    pub(super) fn named(mut self, name: &str) -> Self {
        for (_, text) in &mut self.files {
            *text = text.replace("{name: it-is}", &format!("{{name: {name}}}"));
        }
        self
    }

    /// The same with other words.
    pub(super) fn saying(self, says: &'static [&'static str]) -> Self {
        Self { says, ..self }
    }
}
