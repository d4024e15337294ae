//! Tables of changes by the parts of an object model. A line has a part, what happened to it, both documents and the
//! rules that find it, with `?` for a caution; `~` is between them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Breaking, BreakingRule, Impact, breaking};

/// Fails unless each line of a table is judged as it says and each rule finds something. Returns what happens to each
/// part.
pub(super) fn judged<'a>(
    table: &'a str,
    document: fn(&str) -> String,
    rules: &[BreakingRule],
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for line in table.lines() {
        let cells: Vec<&str> = line.split('~').map(str::trim).collect();
        let [what, before, after, expected] = cells[..] else {
            panic!("{line}");
        };
        let (part, what) = what.split_once(' ').unwrap();
        known.entry(part).or_default().insert(what);
        let (before, after) = (document(before), document(after));
        let found = breaking(&before, &after);
        let expected: BTreeSet<String> = expected.split_whitespace().map(str::to_owned).collect();
        assert_eq!(found_by(&found), expected, "{line}\n{found:#?}");
        assert_eq!(breaking(&before, &before), []);
        // What cannot be read has no place.
        for one in found.iter().filter(|one| one.rule != "proto-undecided") {
            assert!(one.before.is_some() || one.after.is_some(), "{one:?}");
        }
        seen.extend(found.iter().map(|found| found.rule));
    }
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
    assert_eq!(seen, ids, "each rule has a line");
    known
}

/// The rules that found something, as a table has them.
fn found_by(found: &[Breaking]) -> BTreeSet<String> {
    let rules = found.iter().map(|found| match found.impact {
        Impact::Break => found.rule.to_owned(),
        Impact::Caution => format!("{}?", found.rule),
    });
    rules.collect()
}
