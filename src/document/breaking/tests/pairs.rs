//! Pairs of descriptions from the field, where their folder is beside the project.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Impact, breaking};

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

/// What is wrong with the verdict about a pair whose verdict is one word.
fn other_mistake(folder: &Path, ends: &[&str]) -> Option<String> {
    let side = |side: &str| {
        let files = ends.iter().map(|end| folder.join(format!("{side}.{end}")));
        let text = files
            .filter_map(|file| String::from_utf8(std::fs::read(file).ok()?).ok())
            .next();
        text.unwrap_or_else(|| panic!("{} has no {side}", folder.display()))
    };
    let found = breaking(&side("before"), &side("after"));
    let expected: Value = serde_json::from_str(&side("expect")).unwrap();
    let verdict = match found.iter().any(|found| found.impact == Impact::Break) {
        true => "yes",
        false if found.is_empty() => "no",
        false => "caution",
    };
    let lines: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    (expected["want"] != verdict).then(|| format!("{}: {verdict}: {lines:?}", folder.display()))
}

#[test]
fn verdicts_about_pairs_of_other_formats_are_right() {
    for (format, end, least) in [
        ("asyncapi", "json", 20),
        ("graphql", "graphql", 30),
        ("proto", "proto", 30),
        ("wsdl", "wsdl", 10),
    ] {
        let ends = [end, "json"];
        let root = format!("../shared/cases/descriptions/{format}");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        let Ok(folders) = std::fs::read_dir(&root) else {
            continue;
        };
        let folders: Vec<PathBuf> = folders.map(|folder| folder.unwrap().path()).collect();
        assert!(
            folders.len() > least,
            "{} has too few pairs",
            root.display()
        );
        let mistakes: Vec<String> = folders
            .iter()
            .filter_map(|folder| other_mistake(folder, &ends))
            .collect();
        assert_eq!(mistakes, [""; 0], "{}", mistakes.join("\n"));
    }
}
