//! Bundles of descriptions that are written here.

mod law;
mod places;
mod problems;
mod references;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Bundle, BundleProblem, bundle};

/// Bundles the first of some files.
fn bundled(files: &[(&str, &str)]) -> Bundle {
    let by_name: BTreeMap<&str, &str> = files.iter().copied().collect();
    let mut read = |path: &str| by_name.get(path).map(|text| Arc::from(*text));
    let (name, text) = files[0];
    let bundle = bundle(name, text, 1_000_000, &mut read);
    bundle.expect("the file refers to something")
}

/// The bundle as a value; its text is the same each time, and is not bundled again.
fn value(files: &[(&str, &str)]) -> Value {
    let first = bundled(files);
    assert_eq!(first.problems, [], "{files:?}");
    let text = first.text.expect("parts are joined");
    assert_eq!(bundled(files).text.as_deref(), Some(text.as_str()));
    let again = bundle(files[0].0, &text, 1_000_000, &mut |_| None);
    assert!(again.is_none_or(|again| again.text.is_none()), "{text}");
    parsed(&text)
}

fn parsed(text: &str) -> Value {
    crate::document::yaml_text::read_yaml(text)
        .only_root()
        .expect("one document")
        .to_json()
}

fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let bundle = bundled(files);
    assert_eq!(bundle.text, None);
    let shown = |problem: &BundleProblem| {
        let file = &bundle.files[problem.file];
        format!(
            "{} {:?} {:?}",
            file.name,
            &file.text[problem.place.clone()],
            problem.kind
        )
    };
    bundle.problems.iter().map(shown).collect()
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: '1.10'}\n";
