//! The worst patterns of `docs/style.md`, counted. A count may only fall.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// A phrase to avoid.
struct Pattern {
    /// What to write instead.
    instead: &'static str,
    /// Matched within a line, ignoring case.
    regex: &'static str,
    /// How many lines may still match. Lower it when it falls; never raise it.
    most: usize,
    /// Whether no line of a test may match either.
    also_in_tests: bool,
}

/// What looks like a phrase to avoid and is right.
const RIGHT: &str =
    r"\bthere ((may|must|can|could|will|would|should) )?(is|are|was|were|be) no\b|\bno longer\b";

const PATTERNS: &[Pattern] = &[
    Pattern {
        instead: "removed, missing, no longer there",
        regex: r"\b(is|are|was|were|be|been|has|have) gone\b",
        most: 2,
        also_in_tests: true,
    },
    Pattern {
        instead: "is not a …",
        regex: r"\b(is|are|was|were|be) no [a-z]",
        most: 0,
        also_in_tests: false,
    },
    Pattern {
        instead: "response (of a service); returns",
        regex: r"\banswer(s|ed|ing)?\b",
        most: 15,
        also_in_tests: false,
    },
    Pattern {
        instead: "fix, repair",
        regex: r"\bmend(s|ed|ing)?\b",
        most: 0,
        also_in_tests: true,
    },
    Pattern {
        instead: "again",
        regex: r"\banew\b",
        most: 0,
        also_in_tests: true,
    },
    Pattern {
        instead: "no longer",
        regex: r"\bany ?more\b",
        most: 0,
        also_in_tests: true,
    },
    Pattern {
        instead: "reports, shows, says, distinguishes",
        regex: r"\b(tell|tells|told)\b",
        most: 6,
        also_in_tests: false,
    },
    Pattern {
        instead: "is in, is under, appears in, is located at",
        regex: r"\b(lies|lie|stands|stand|stood|hangs|hang|hung) (in|at|on|below|above|under|beside|between|behind|within|inside|outside|before|after|there|where|here)\b",
        most: 1,
        also_in_tests: false,
    },
    Pattern {
        instead: "to confirm, add …; intended",
        regex: r"\b(is|was|are) meant\b",
        most: 3,
        also_in_tests: true,
    },
    Pattern {
        instead: "requires, needs",
        regex: r"\bwants (a|an|the|to|no|its)\b",
        most: 0,
        also_in_tests: true,
    },
];

/// Where a pattern is right: the end of a path, a part of the line, and why.
const ALLOWED: &[(&str, &str, &str)] = &[(
    "docs/style.md",
    "|",
    "the table of what not to write quotes it",
)];

fn is_allowed(path: &str, line: &str) -> bool {
    ALLOWED
        .iter()
        .any(|(end, part, _)| path.ends_with(end) && line.contains(part))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files with one of these endings, or names where they have none, below a folder, or the file itself.
fn collect(path: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), endings, found);
        }
    } else if path
        .extension()
        .or(path.file_name())
        .is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted))
    {
        found.push(path.to_owned());
    }
}

#[expect(clippy::disallowed_methods, reason = "the files are the project's own")]
fn texts() -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    for (place, endings) in [
        ("src", &["rs", "yml", "md", "js", "html"] as &[&str]),
        ("docs", &["md"]),
        ("schemas", &["json"]),
        ("README.md", &["md"]),
        ("ARCHITECTURE.md", &["md"]),
        ("CONTRIBUTING.md", &["md"]),
        ("CHANGELOG.md", &["md"]),
        ("SECURITY.md", &["md"]),
        (".github", &["yml"]),
        (".ci", &["run", "dead-items", "test-only-items"]),
        ("packaging", &["Dockerfile", "rb", "sh", "py"]),
        ("tests", &["rs", "js", "sh"]),
    ] {
        collect(&root.join(place), endings, &mut found);
    }
    // It quotes what to avoid; what is built and packages are not ours.
    found.retain(|path| {
        let mut below = path.strip_prefix(&root).unwrap().iter();
        !path.ends_with("tests/style.rs")
            && !below.any(|step| step == "node_modules" || step == "target")
    });
    found.sort();
    let relative = |path: &PathBuf| {
        let path = path.strip_prefix(&root).unwrap().to_str().unwrap();
        path.replace('\\', "/")
    };
    found
        .iter()
        .map(|path| (relative(path), fs::read_to_string(path).unwrap()))
        .collect()
}

#[test]
fn phrases_to_avoid_only_become_fewer() {
    let texts = texts();
    let right = Regex::new(&format!("(?i){RIGHT}")).unwrap();
    let mut complaints = Vec::new();
    for pattern in PATTERNS {
        let regex = Regex::new(&format!("(?i){}", pattern.regex)).unwrap();
        let mut places = Vec::new();
        let counts = |path: &str| pattern.also_in_tests || !path.starts_with("tests/");
        let matching = texts
            .iter()
            .filter(|(path, text)| counts(path) && regex.is_match(text));
        for (path, text) in matching {
            for (i, line) in text.lines().enumerate() {
                if regex.is_match(&right.replace_all(line, "")) && !is_allowed(path, line) {
                    places.push(format!("{path}:{}: {}", i + 1, line.trim()));
                }
            }
        }
        if places.len() > pattern.most {
            complaints.push(format!(
                "{} lines match `{}`, {} may. Write: {}\n{}",
                places.len(),
                pattern.regex,
                pattern.most,
                pattern.instead,
                places.join("\n")
            ));
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n\n"));
}
