//! Findings of one place that differ in one value only, such as several alternatives of a union, on one line.

use std::collections::HashMap;

use crate::document::Breaking;

/// Values that a joined line names.
const FEW_VALUES: usize = 10;

/// What two findings that can be joined have in common: everything but one of the names between backticks.
type Key<'a> = (&'a str, &'static str, Option<&'static str>, usize, String);

/// The findings, of which those that say the same of several values are one: `k` no longer takes `B`, `C`. Each is where
/// the first of them was.
pub(super) fn joined(found: &[Breaking]) -> Vec<Breaking> {
    let segments: Vec<Vec<&str>> = found
        .iter()
        .map(|found| found.message.split('`').collect())
        .collect();
    let mut alike: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (at, found) in found
        .iter()
        .enumerate()
        .filter(|(_, found)| found.is_about_one_of_many())
    {
        for position in (1..segments[at].len()).step_by(2) {
            alike
                .entry(key(found, &segments[at], position))
                .or_default()
                .push(at);
        }
    }
    let mut is_done = vec![false; found.len()];
    let mut lines = Vec::with_capacity(found.len());
    for (at, one) in found.iter().enumerate() {
        if is_done[at] {
            continue;
        }
        let mut line = one.clone();
        if one.is_about_one_of_many()
            && let Some((position, group)) = (1..segments[at].len())
                .step_by(2)
                .map(|position| (position, &alike[&key(one, &segments[at], position)]))
                .max_by_key(|(_, group)| group.len())
            && group.len() > 1
        {
            let left: Vec<usize> = group.iter().copied().filter(|at| !is_done[*at]).collect();
            let values: Vec<&str> = left.iter().map(|at| segments[*at][position]).collect();
            line.message = with_values(&segments[at], position, &values);
            left.iter().for_each(|at| is_done[*at] = true);
        }
        is_done[at] = true;
        lines.push(line);
    }
    lines
}

fn key<'a>(found: &'a Breaking, segments: &[&str], position: usize) -> Key<'a> {
    let mut others = segments.to_vec();
    others[position] = "";
    let rest = others.join("`");
    (&found.place, found.rule, found.direction, position, rest)
}

fn with_values(segments: &[&str], position: usize, values: &[&str]) -> String {
    let named = values[..values.len().min(FEW_VALUES)].join("`, `");
    let before = segments[..position].join("`");
    let after = segments[position + 1..].join("`");
    let more = match values.len().saturating_sub(FEW_VALUES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{before}`{named}`{more}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Impact;

    fn finding(rule: &'static str, place: &str, message: &str) -> Breaking {
        Breaking {
            place: place.to_owned(),
            message: message.to_owned(),
            impact: Impact::Break,
            rule,
            direction: Some("request"),
            operation: None,
            other_operations: Vec::new(),
            before: None,
            after: None,
            around: None,
            witness: None,
        }
    }

    fn lines(found: &[(&'static str, &str, &str)]) -> Vec<String> {
        let found: Vec<Breaking> = found
            .iter()
            .map(|(rule, place, message)| finding(rule, place, message))
            .collect();
        joined(&found)
            .iter()
            .map(|line| format!("{}: {}", line.place, line.message))
            .collect()
    }

    #[test]
    fn alternatives_of_one_place_share_a_line() {
        const VALUES: &str = "schema-values";
        assert_eq!(
            lines(&[
                (VALUES, "GET /a", "`k` no longer takes `B`"),
                ("schema-type", "GET /a", "`v` has the type `text` now"),
                (VALUES, "GET /a", "`k` no longer takes `C`"),
                (VALUES, "GET /b", "`k` no longer takes `D`"),
                (VALUES, "GET /a", "`k` may be `E` now"),
                (VALUES, "GET /a", "`k` may be `F` now"),
            ]),
            [
                "GET /a: `k` no longer takes `B`, `C`",
                "GET /a: `v` has the type `text` now",
                "GET /b: `k` no longer takes `D`",
                "GET /a: `k` may be `E`, `F` now",
            ]
        );
    }

    #[test]
    fn a_long_list_is_cut_and_other_rules_keep_their_lines() {
        let messages: Vec<String> = (0..12)
            .map(|n| format!("is no longer taken as `V{n}`"))
            .collect();
        let found: Vec<(&'static str, &str, &str)> = messages
            .iter()
            .map(|message| ("schema-alternative", "POST /a", message.as_str()))
            .collect();
        let lines_of_many = lines(&found);
        assert_eq!(lines_of_many.len(), 1);
        assert!(
            lines_of_many[0].ends_with("`V9` and 2 more"),
            "{lines_of_many:?}"
        );
        let other = [
            ("property-removed", "GET /a", "`x` removed"),
            ("property-removed", "GET /a", "`y` removed"),
        ];
        assert_eq!(lines(&other).len(), 2);
    }
}
