//! The tests that `docs/threat-model.md` names exist.

#![expect(
    clippy::disallowed_methods,
    reason = "the files are part of this repository"
)]

use std::path::Path;

use regex::Regex;

/// The cells of the last column of the table of boundaries.
fn cells(page: &str) -> Vec<&str> {
    page.split("\n## ")
        .find(|section| section.starts_with("Boundaries"))
        .expect("the section is there")
        .lines()
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| {
            line.trim_end_matches('|')
                .rsplit('|')
                .next()
                .unwrap_or_default()
        })
        .collect()
}

/// Whether the file has a test of this name: a function of Rust, or what a script says that it checks.
fn has(path: &str, name: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read_to_string(root.join(path)) else {
        return false;
    };
    let is_rust = Path::new(path).extension().is_some_and(|it| it == "rs");
    text.contains(&if is_rust {
        format!("fn {name}(")
    } else {
        name.to_owned()
    })
}

#[test]
fn every_boundary_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/threat-model.md")).expect("it is there");
    let test = Regex::new("`([^`:]+)::([^`]+)`").expect("a pattern");
    let all = cells(&page);
    assert!(all.len() > 10, "{}", all.len());
    for cell in all {
        let named: Vec<_> = test.captures_iter(cell).collect();
        assert!(!named.is_empty(), "no test in {cell:?}");
        for found in named {
            let (path, name) = (&found[1], &found[2]);
            assert!(has(path, name), "{path} has no test {name}");
        }
    }
    assert!(!has("tests/threat_model.rs", "a_test_that_does_not_exist") && !has("no/file.rs", ""));
}
