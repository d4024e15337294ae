//! Fits a comment into two screens and into the characters that a service takes, by hiding and then leaving out what
//! matters least.
//!
//! A comment is a row of parts, each in ever shorter forms. [`SCREENS`] says what is put behind a click first and
//! [`STAGES`] what is left out first; what is deleted, blocked or refused comes last and never vanishes.

use super::escaper::{count, grouped};
use super::height::{self, TWO_SCREENS};
use super::part::{Part, Priority};

/// Which form a part takes next while more than two screens are seen.
const SCREENS: &[(Priority, usize)] = &[
    (Priority::Warnings, 1),
    (Priority::Changes, 1),
    (Priority::Changes, 2),
    (Priority::Changes, 3),
    (Priority::Changes, 4),
    (Priority::Changes, 5),
    (Priority::Breaking, 1),
    (Priority::Deletes, 1),
    (Priority::Blocked, 1),
    (Priority::Changes, 6),
    (Priority::Breaking, 2),
    (Priority::Blocked, 2),
    (Priority::Deletes, 2),
    (Priority::Refusals, 1),
];

/// What becomes shorter.
#[derive(Debug, Clone, Copy)]
enum Shorter {
    /// What is seen.
    Shown(usize),
    /// What is behind a click.
    Fold(usize),
}

/// Which form a part takes next while the whole is too long; within a stage the largest part first.
const STAGES: &[(Priority, Shorter)] = &[
    (Priority::Document, Shorter::Shown(1)),
    (Priority::Fields, Shorter::Shown(1)),
    (Priority::Unchanged, Shorter::Shown(1)),
    (Priority::Exempted, Shorter::Shown(1)),
    (Priority::Unmanaged, Shorter::Shown(1)),
    (Priority::Document, Shorter::Shown(2)),
    (Priority::Changes, Shorter::Fold(1)),
    (Priority::Changes, Shorter::Shown(1)),
    (Priority::Warnings, Shorter::Shown(1)),
    (Priority::Warnings, Shorter::Fold(1)),
    (Priority::Changes, Shorter::Fold(2)),
    (Priority::Changes, Shorter::Shown(5)),
    (Priority::Breaking, Shorter::Fold(1)),
    (Priority::Breaking, Shorter::Shown(1)),
    (Priority::Changes, Shorter::Shown(6)),
    (Priority::Breaking, Shorter::Fold(2)),
    (Priority::Breaking, Shorter::Shown(2)),
    (Priority::Deletes, Shorter::Fold(1)),
    (Priority::Blocked, Shorter::Fold(1)),
    (Priority::Deletes, Shorter::Shown(1)),
    (Priority::Blocked, Shorter::Shown(1)),
    (Priority::NextSteps, Shorter::Shown(1)),
    (Priority::Refusals, Shorter::Shown(1)),
    (Priority::Blocked, Shorter::Fold(2)),
    (Priority::Deletes, Shorter::Fold(2)),
    (Priority::Blocked, Shorter::Shown(2)),
    (Priority::Deletes, Shorter::Shown(2)),
];

/// Characters kept free for saying what was left out.
const NOTE: usize = 500;

/// Puts what matters least behind a click, until two screens are enough, also for the frames and for what is said of
/// all that exceeds a budget.
pub(super) fn fold(parts: &mut [Part], budget: usize) {
    let framed = [Priority::Fields, Priority::Document].into_iter();
    let frames = framed.filter(|one| parts.iter().any(|part| part.priority == *one));
    let mut total: usize = frames.count() * height::FOLD;
    if parts.iter().map(Part::size).sum::<usize>() > budget {
        total += height::NOTE;
    }
    total += parts.iter().map(Part::height).sum::<usize>();
    for &(priority, form) in SCREENS {
        for part in parts.iter_mut().filter(|part| part.priority == priority) {
            if total <= TWO_SCREENS {
                return;
            }
            total -= part.height();
            part.show(form);
            total += part.height();
        }
    }
}

/// Shortens parts until all of them fit into a budget of which a frame takes something; says what was left out, if anything.
pub(super) fn truncate(parts: &mut [Part], budget: usize, frame: usize) -> Option<String> {
    let mut total: usize = parts.iter().map(Part::size).sum();
    if total + frame <= budget {
        return None;
    }
    let room = budget.saturating_sub(NOTE + frame);
    for &(priority, shorter) in STAGES {
        let mut chosen: Vec<usize> = (0..parts.len())
            .filter(|&i| parts[i].priority == priority)
            .collect();
        chosen.sort_by_key(|&i| std::cmp::Reverse(parts[i].size()));
        for i in chosen {
            if total <= room {
                break;
            }
            total -= parts[i].size();
            match shorter {
                Shorter::Shown(form) => parts[i].show(form),
                Shorter::Fold(form) => parts[i].shorten_fold(form),
            }
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

/// The first words if not even the names are left.
fn names_or_reasons<'a>(
    mut parts: impl Iterator<Item = &'a Part>,
    [names, reasons]: [&'static str; 2],
) -> &'static str {
    match parts.any(Part::is_only_counted) {
        true => names,
        false => reasons,
    }
}

/// Whether something of a part was left out.
fn is_short(part: &Part) -> bool {
    match part.priority {
        // Without details, the names are still there.
        Priority::Changes => part.fold > 1,
        Priority::Breaking | Priority::Deletes | Priority::Blocked | Priority::Warnings => {
            part.fold > 0
        }
        _ => part.shown > 0,
    }
}

/// What was left out. What is only behind a click was not.
fn note(parts: &[Part], budget: usize) -> String {
    let of = |priority: Priority| {
        let chosen = parts.iter();
        chosen.filter(move |part| part.priority == priority && is_short(part))
    };
    let weight = |priority: Priority| -> usize { of(priority).map(|part| part.weight).sum() };
    let mut left_out = Vec::new();
    let counts = [
        (Priority::Document, "the lines of ", "document"),
        (Priority::Fields, "the fields of ", "resource"),
        (Priority::Unchanged, "", "unchanged resource"),
        (Priority::Unmanaged, "", "unmanaged resource"),
        (Priority::Warnings, "", "warning"),
    ];
    for (priority, before, noun) in counts {
        match weight(priority) {
            0 => {}
            n => left_out.push(format!("{before}{}", count(n, noun))),
        }
    }
    let listed = [
        (
            Priority::Changes,
            "the names of what is counted under Changes",
        ),
        (Priority::Breaking, "what breaks"),
        (Priority::NextSteps, "the next steps"),
        (
            Priority::Deletes,
            names_or_reasons(
                of(Priority::Deletes),
                ["the names of what is deleted", "why things are deleted"],
            ),
        ),
        (
            Priority::Blocked,
            names_or_reasons(
                of(Priority::Blocked),
                ["the names of what is blocked", "why things are blocked"],
            ),
        ),
        (Priority::Refusals, "how to fix what is refused"),
    ];
    for (priority, words) in listed {
        if of(priority).next().is_some() {
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

    #[test]
    fn what_is_more_than_two_screens_is_behind_a_click() {
        let list = |n: usize| "- x\n".repeat(n);
        let folded = format!(
            "<details><summary>x</summary>\n\n{}\n</details>\n",
            list(90)
        );
        let mut parts = [
            Part::new(Priority::Deletes, 1, [list(30), "- x\n".to_owned()]),
            Part::new(Priority::Changes, 1, [list(90), list(20)]).folding([folded.clone()], false),
        ];
        fold(&mut parts, 10_000);
        assert_eq!([parts[0].shown, parts[1].shown], [0, 1]);
        assert_eq!(parts[1].text(), format!("{}\n{folded}", list(20)));
        assert_eq!(parts[1].height(), 520);
        fold(&mut parts, 10_000);
        assert_eq!([parts[0].shown, parts[1].shown], [0, 1]);
    }
}
