//! Messages without a name, which are known by what they say only: each must be one of the others.

use serde_json::Value;

use super::message::{Sides, label, one};
use super::view::Message;
use crate::document::breaking::findings::{Breaking, Entry, Findings, Impact};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::schema::Schemas;

/// Pairs of messages of one operation that are tried, at most.
const MOST_TRIALS: usize = 400;

/// What is left of the messages of an operation, by their numbers.
pub(super) struct Left {
    pub(super) was: Vec<usize>,
    pub(super) now: Vec<usize>,
}

/// Compares messages without a name that have no counterpart, and returns what is still left.
pub(super) fn compare<'a>(
    sides: &Sides<'_, 'a>,
    (was, now): (&[Message<'a>], &[Message<'a>]),
    left: Left,
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
) -> Left {
    let is_nameless = |all: &[Message<'a>], at: &usize| all[*at].names.is_empty();
    let (old, named_old): (Vec<usize>, Vec<usize>) =
        left.was.iter().partition(|at| is_nameless(was, at));
    let (new, named_new): (Vec<usize>, Vec<usize>) =
        left.now.iter().partition(|at| is_nameless(now, at));
    let is_request = sides.direction == Direction::Request;
    // What is sent has to be among all that may be.
    let (sent, all) = if is_request { (&old, now) } else { (&new, was) };
    let others: Vec<usize> = (0..all.len()).filter(|at| is_nameless(all, at)).collect();
    if sent.is_empty() || others.is_empty() || sent.len() * others.len() > MOST_TRIALS {
        return left;
    }
    let pair = |mine: usize, other: usize| {
        let (before, after) = if is_request {
            (mine, other)
        } else {
            (other, mine)
        };
        (&was[before], &now[after])
    };
    let is_even = old.len() == new.len();
    let (mut used, mut open) = (Vec::new(), Vec::new());
    for mine in sent {
        let trials: Vec<Vec<Breaking>> = others
            .iter()
            .map(|other| {
                let mut trial = Findings::default();
                let pair = pair(*mine, *other);
                schemas.apart(|schemas| one(sides, pair, schemas, &mut trial));
                trial.into_list()
            })
            .collect();
        let breaks = |trial: &Vec<Breaking>| {
            let all = trial.iter().filter(|found| found.impact == Impact::Break);
            all.count()
        };
        let theirs = if is_request { &new } else { &old };
        let best = (0..others.len())
            .filter(|at| breaks(&trials[*at]) == 0 || (is_even && theirs.contains(&others[*at])))
            .min_by_key(|at| (breaks(&trials[*at]), trials[*at].len()));
        if let Some(best) = best {
            used.push(others[best]);
            one(sides, pair(*mine, others[best]), schemas, findings);
        } else {
            open.push(*mine);
            let entry = undecided(
                is_request,
                &trials,
                label(&all_of(is_request, was, now)[*mine]),
            );
            let value = all_of(is_request, was, now)[*mine].value;
            let entry = match is_request {
                true => entry.at(Some(value), None),
                false => entry.at(None, Some(value)),
            };
            findings.add(sides.place, entry.towards(sides.direction));
        }
    }
    // Whoever waits for one of several messages may do without.
    let rest = |all: Vec<usize>| all.into_iter().filter(|at| !used.contains(at));
    let mut left = Left {
        was: named_old,
        now: named_new,
    };
    if !is_request {
        left.was.extend(rest(old));
    }
    left.was.sort_unstable();
    left
}

fn all_of<'m, 'a>(
    is_request: bool,
    was: &'m [Message<'a>],
    now: &'m [Message<'a>],
) -> &'m [Message<'a>] {
    if is_request { was } else { now }
}

/// That a message is none of the others, which one value shows if each of them refuses it.
fn undecided<'e>(is_request: bool, trials: &[Vec<Breaking>], label: String) -> Entry<'e> {
    let shown = |trial: &[Breaking], value: &Value| {
        trial
            .iter()
            .any(|found| found.witness.as_ref() == Some(value))
    };
    let first = trials.first().map(Vec::as_slice).unwrap_or_default();
    let witness = first
        .iter()
        .filter_map(|found| found.witness.as_ref())
        .find(|value| trials.iter().all(|trial| shown(trial, value)));
    let (rule, words) = if is_request {
        (
            "message-removed",
            "is no longer taken as one of the messages",
        )
    } else {
        (
            "message-added",
            "may be sent now and is none of the messages that were",
        )
    };
    match witness {
        Some(value) if is_request => Entry {
            witness: Some(value.clone()),
            ..Entry::new(rule, format!("{label} {words}"))
        },
        Some(value) => Entry {
            witness: Some(value.clone()),
            ..Entry::caution(rule, format!("{label} {words}"))
        },
        None => Entry::caution(
            rule,
            format!("{label} {words} by itself, and whether they are together cannot be said"),
        ),
    }
}
