//! What every diagnostic code means, with an example and a remedy: the page `docs/codes.md`, read as data.

use std::sync::LazyLock;

/// The page.
const PAGE: &str = include_str!("../../docs/codes.md");

/// Codes that belong together.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) codes: Vec<CodeGuide>,
}

/// One code.
#[derive(Debug, Default)]
pub(super) struct CodeGuide {
    pub(super) id: &'static str,
    /// Why it is reported.
    pub(super) cause: String,
    /// The lines of an example.
    pub(super) example: Vec<&'static str>,
    /// What to do.
    pub(super) remedy: String,
}

/// The groups in the order of the page.
pub(super) fn groups() -> &'static [Group] {
    static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| read(PAGE));
    &GROUPS
}

/// What the page says about a code.
pub(super) fn of(id: &str) -> Option<&'static CodeGuide> {
    let mut codes = groups().iter().flat_map(|group| &group.codes);
    codes.find(|code| code.id == id)
}

fn read(page: &'static str) -> Vec<Group> {
    let sections = page.split("\n## ").skip(1);
    sections
        .map(|section| {
            let mut parts = section.split("\n### ");
            let title = parts.next().unwrap_or_default().trim();
            let codes = parts.map(code).collect();
            Group { title, codes }
        })
        .collect()
}

fn code(text: &'static str) -> CodeGuide {
    let mut lines = text.lines();
    let mut guide = CodeGuide {
        id: lines.next().unwrap_or_default().trim(),
        ..CodeGuide::default()
    };
    let mut is_example = false;
    let mut is_remedy = false;
    for line in lines {
        if line.starts_with("```") {
            is_example = !is_example;
            // First what is written, then what the program says to that.
            if is_example && !guide.example.is_empty() {
                guide.example.push("");
            }
        } else if is_example {
            guide.example.push(line);
        } else if !line.is_empty() {
            is_remedy |= line.starts_with("Remedy: ");
            let text = match is_remedy {
                true => &mut guide.remedy,
                false => &mut guide.cause,
            };
            let line = line
                .trim_start_matches("Cause: ")
                .trim_start_matches("Remedy: ");
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(line);
        }
    }
    guide
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::code;

    #[test]
    fn every_code_has_a_cause_an_example_and_a_remedy() {
        let mut described = BTreeSet::new();
        for guide in groups().iter().flat_map(|group| &group.codes) {
            assert!(
                described.insert(guide.id),
                "{} is described twice",
                guide.id
            );
            for text in [&guide.cause, &guide.remedy] {
                assert!(
                    text.len() > 20 && text.ends_with('.'),
                    "{}: {text}",
                    guide.id
                );
            }
            assert!(!guide.example.is_empty(), "{} has no example", guide.id);
        }
        let all: BTreeSet<&str> = code::ALL.iter().map(|code| &*code.id).collect();
        let missing: Vec<_> = all.difference(&described).collect();
        let unknown: Vec<_> = described.difference(&all).collect();
        assert!(missing.is_empty(), "docs/codes.md lacks {missing:?}");
        assert!(unknown.is_empty(), "no such codes: {unknown:?}");
    }
}
