//! Fits a comment into the characters that a service takes, by leaving out what matters least.
//!
//! A comment is a row of parts, each of which has ever shorter variants. [`STAGES`] says which part is
//! shortened first; what is deleted, blocked or refused comes last and never vanishes.

use super::escaper::{count, grouped};

/// What a part is about; in the order in which the parts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Priority {
    Heading,
    Refusals,
    Deletes,
    Blocked,
    Breaking,
    Warnings,
    Exempted,
    Changes,
    Fields,
    Document,
    Unmanaged,
    Unchanged,
    NextSteps,
}

/// Which variant a part takes next while the whole is too long; within a stage the largest part first.
const STAGES: &[(Priority, usize)] = &[
    (Priority::Document, 1),
    (Priority::Fields, 1),
    (Priority::Unchanged, 1),
    (Priority::Exempted, 1),
    (Priority::Unmanaged, 1),
    (Priority::Changes, 1),
    (Priority::Document, 2),
    (Priority::Warnings, 1),
    (Priority::Changes, 2),
    (Priority::Breaking, 1),
    (Priority::Breaking, 2),
    (Priority::Deletes, 1),
    (Priority::Blocked, 1),
    (Priority::NextSteps, 1),
    (Priority::Refusals, 1),
    (Priority::Blocked, 2),
    (Priority::Deletes, 2),
];

/// Characters kept free for saying what was left out.
const NOTE: usize = 500;

/// One part of a comment.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) priority: Priority,
    /// How many things it is about, for saying what was left out.
    weight: usize,
    /// From the longest to the shortest, each with its length in characters.
    variants: Vec<(String, usize)>,
    shown: usize,
    is_cut: bool,
}

impl Part {
    pub(super) fn new(
        priority: Priority,
        weight: usize,
        variants: impl IntoIterator<Item = String>,
    ) -> Self {
        let variants = variants
            .into_iter()
            .map(|variant| {
                let size = size_of(&variant);
                (variant, size)
            })
            .collect();
        Self {
            priority,
            weight,
            variants,
            shown: 0,
            is_cut: false,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.variants[self.shown].0
    }

    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    fn size(&self) -> usize {
        self.variants[self.shown].1
    }

    fn is_essential(&self) -> bool {
        matches!(
            self.priority,
            Priority::Refusals | Priority::Deletes | Priority::Blocked
        )
    }

    /// Keeps the first line, and as many of the others as fit.
    fn cut_to(&mut self, room: usize) {
        let (text, _) = &self.variants[self.shown];
        let lines: Vec<&str> = text.lines().collect();
        let mut kept = String::new();
        let mut size = 60;
        let mut left_out = 0;
        for (i, line) in lines.iter().enumerate() {
            size += line.chars().count() + 1;
            if i > 0 && size > room {
                left_out = lines[i..]
                    .iter()
                    .filter(|line| line.starts_with("- "))
                    .count();
                break;
            }
            kept.push_str(line);
            kept.push('\n');
        }
        if left_out > 0 {
            kept.push_str(&format!("- … and {} more\n", grouped(left_out)));
        }
        let size = size_of(&kept);
        self.variants.push((kept, size));
        self.shown = self.variants.len() - 1;
        self.is_cut = true;
    }
}

/// A part is followed by an empty line.
fn size_of(text: &str) -> usize {
    match text.chars().count() {
        0 => 0,
        n => n + 1,
    }
}

/// Shortens parts until all of them fit into a budget of which a frame takes something; says what was left out, if anything.
pub(super) fn truncate(parts: &mut [Part], budget: usize, frame: usize) -> Option<String> {
    let mut total: usize = parts.iter().map(Part::size).sum();
    if total + frame <= budget {
        return None;
    }
    let room = budget.saturating_sub(NOTE + frame);
    for &(priority, variant) in STAGES {
        let mut chosen: Vec<usize> = (0..parts.len())
            .filter(|&i| parts[i].priority == priority && parts[i].variants.len() > variant)
            .collect();
        chosen.sort_by_key(|&i| std::cmp::Reverse(parts[i].size()));
        for i in chosen {
            if total <= room {
                break;
            }
            total -= parts[i].size();
            parts[i].shown = variant;
            total += parts[i].size();
        }
    }
    if total > room {
        cut_essentials(parts, room);
    }
    Some(note(parts, budget))
}

fn cut_essentials(parts: &mut [Part], room: usize) {
    let size = |parts: &[Part], essential| -> usize {
        let chosen = parts.iter().filter(|p| p.is_essential() == essential);
        chosen.map(Part::size).sum()
    };
    let room = room.saturating_sub(size(parts, false));
    let mut chosen: Vec<usize> = (0..parts.len())
        .filter(|&i| parts[i].is_essential())
        .collect();
    chosen.sort_by_key(|&i| parts[i].size());
    let (mut left, mut many) = (room, chosen.len());
    for i in chosen {
        let share = left / many.max(1);
        if parts[i].size() > share {
            parts[i].cut_to(share);
        }
        left = left.saturating_sub(parts[i].size());
        many -= 1;
    }
}

fn note(parts: &[Part], budget: usize) -> String {
    let weight = |priority: Priority, least: usize| -> usize {
        let chosen = parts
            .iter()
            .filter(|p| p.priority == priority && p.shown >= least);
        chosen.map(Part::weight).sum()
    };
    let is_short = |priority| parts.iter().any(|p| p.priority == priority && p.shown > 0);
    let mut left_out = Vec::new();
    let mut counted = |priority, before: &str, noun: &str| match weight(priority, 1) {
        0 => {}
        n => left_out.push(format!("{before}{}", count(n, noun))),
    };
    counted(Priority::Document, "the lines of ", "document");
    counted(Priority::Fields, "the fields of ", "resource");
    counted(Priority::Unchanged, "", "unchanged resource");
    counted(Priority::Unmanaged, "", "unmanaged resource");
    counted(Priority::Warnings, "", "warning");
    let listed = [
        (
            Priority::Changes,
            "the names of what is counted under Changes",
        ),
        (Priority::Breaking, "what breaks"),
        (Priority::NextSteps, "the next steps"),
        (Priority::Deletes, "why things are deleted"),
        (Priority::Blocked, "why things are blocked"),
        (Priority::Refusals, "how to fix what is refused"),
    ];
    for (priority, words) in listed {
        if is_short(priority) {
            left_out.push(words.to_owned());
        }
    }
    if parts.iter().any(|p| p.is_cut) {
        left_out.push("the rest of lists that are too long".to_owned());
    }
    format!(
        "Left out to stay within {} characters: {}. `apicenter plan --format html` shows everything.\n",
        grouped(budget),
        left_out.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(priority: Priority, sizes: &[usize]) -> Part {
        Part::new(priority, 1, sizes.iter().map(|n| "x".repeat(*n)))
    }

    #[test]
    fn what_matters_least_goes_first_and_the_largest_of_it() {
        let mut parts = [
            part(Priority::Heading, &[100]),
            part(Priority::Document, &[500, 10, 0]),
            part(Priority::Document, &[900, 10, 0]),
            part(Priority::Unmanaged, &[50, 5]),
        ];
        assert_eq!(truncate(&mut parts, 2000, 0), None);
        let note = truncate(&mut parts, 1300, 0).unwrap();
        assert!(
            note.contains("1,300 characters: the lines of 1 document."),
            "{note}"
        );
        assert_eq!([parts[1].shown, parts[2].shown, parts[3].shown], [0, 1, 0]);
    }

    #[test]
    fn essentials_are_cut_by_lines_at_last() {
        let lines: String = (0..1000).map(|i| format!("- line {i}\n")).collect();
        let deletes = format!("### Deletes\n\n{lines}");
        let mut parts = [
            part(Priority::Heading, &[100]),
            Part::new(Priority::Deletes, 1, [deletes]),
        ];
        truncate(&mut parts, 1000, 0).unwrap();
        let text = parts[1].text();
        assert!(text.starts_with("### Deletes\n\n- line 0\n"), "{text}");
        assert!(
            text.ends_with(" more\n") && text.chars().count() < 400,
            "{text}"
        );
    }
}
