//! Pairs of descriptions from the field, where their folder is beside the project.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Breaking, Impact, breaking};

/// What is right for the pairs that have no file of their own.
fn right(name: &str) -> &'static str {
    match name {
        "r-allof-bound-false"
        | "r-nullable-member-30-to-31-false"
        | "r-swagger-file-false"
        | "r-servers-path-and-paths-moved" => "silent",
        "r-exclusive-minimum-false" | "r-range-2xx-false" | "r-no-type-before-object-after" => {
            "safe"
        }
        "r-default-status-only" => "caution",
        _ => "breaks",
    }
}

fn read(folder: &Path, side: &str) -> String {
    ["json", "yaml", "yml", "graphql", "proto", "wsdl"]
        .iter()
        .find_map(|end| std::fs::read(folder.join(format!("{side}.{end}"))).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

/// A side of a pair, which has to be there.
fn version(folder: &Path, side: &str) -> String {
    let text = read(folder, side);
    assert!(!text.is_empty(), "{} has no {side}", folder.display());
    text
}

/// What is wrong with the verdict about a pair.
fn mistake(folder: &Path) -> Option<String> {
    let name = folder.file_name()?.to_string_lossy().into_owned();
    let found = breaking(&version(folder, "before"), &version(folder, "after"));
    let lines: Vec<String> = found
        .iter()
        .map(|found| format!("{:?} {}: {}", found.impact, found.place, found.message))
        .collect();
    let is_break = found.iter().any(|found| found.impact == Impact::Break);
    let expected: Option<Value> = serde_json::from_str(&read(folder, "expect")).ok();
    let is_right = match &expected {
        Some(expected) => {
            let is_breaking = expected["breaking"] == true;
            let changes = expected["changes"].as_array().into_iter().flatten();
            let mut places = changes
                .filter(|change| change["breaking"] == true)
                .filter_map(|change| change["at"].as_str());
            let is_named = |place: &str| {
                found.iter().any(|found| {
                    found.place.starts_with(place)
                        || found.other_operations.iter().any(|other| other == place)
                })
            };
            match is_breaking {
                true => is_break && places.all(is_named),
                false => found.is_empty(),
            }
        }
        None => match right(&name) {
            "silent" | "safe" => found.is_empty(),
            "caution" => !found.is_empty(),
            _ => is_break,
        },
    };
    (!is_right).then(|| format!("{name}: {lines:?}"))
}

#[test]
fn verdicts_about_pairs_from_the_field_are_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/descriptions/openapi");
    let Ok(folders) = std::fs::read_dir(&root) else {
        return;
    };
    let folders: Vec<PathBuf> = folders.map(|folder| folder.unwrap().path()).collect();
    assert!(folders.len() > 50, "{} has too few pairs", root.display());
    let mut mistakes: Vec<String> = folders
        .iter()
        .filter_map(|folder| mistake(folder))
        .collect();
    mistakes.sort();
    assert!(
        mistakes.is_empty(),
        "{}\n{}",
        mistakes.len(),
        mistakes.join("\n")
    );
}

/// What is right for a pair of another format, in one word: a break, cautions only, or nothing at all.
fn verdict(found: &[Breaking]) -> &'static str {
    match found.iter().any(|found| found.impact == Impact::Break) {
        true => "yes",
        false if found.is_empty() => "no",
        false => "caution",
    }
}

fn verdicts_are_right(format: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/descriptions");
    let Ok(folders) = std::fs::read_dir(root.join(format)) else {
        return;
    };
    let mut mistakes = Vec::new();
    for folder in folders {
        let folder = folder.unwrap().path();
        let expected: Value = serde_json::from_str(&version(&folder, "expect")).unwrap();
        let found = breaking(&version(&folder, "before"), &version(&folder, "after"));
        if verdict(&found) != expected["want"] {
            let name = folder.display();
            mistakes.push(format!("{name} wants {}: {found:#?}", expected["want"]));
        }
    }
    mistakes.sort();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn verdicts_about_graphql_from_the_field_are_right() {
    verdicts_are_right("graphql");
}
