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
    let (sent, senders, open, receivers) = if is_request {
        (&old, was, &new, now)
    } else {
        (&new, now, &old, was)
    };
    let others: Vec<usize> = (0..receivers.len())
        .filter(|at| is_nameless(receivers, at))
        .collect();
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
    let mut used = Vec::new();
    for mine in sent {
        let trials: Vec<Vec<Breaking>> = others
            .iter()
            .map(|other| tried(sides, pair(*mine, *other), schemas))
            .collect();
        let best = best(&trials, |at| is_even && open.contains(&others[at]));
        if let Some(best) = best {
            used.push(others[best]);
            one(sides, pair(*mine, others[best]), schemas, findings);
        } else {
            let message = &senders[*mine];
            let values = (
                is_request.then_some(message.value),
                (!is_request).then_some(message.value),
            );
            let entry = undecided(is_request, &trials, &label(message));
            let entry = entry.at(values.0, values.1);
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

/// The trial with the fewest changes; one with breaking changes only where that is allowed.
fn best(trials: &[Vec<Breaking>], may_break: impl Fn(usize) -> bool) -> Option<usize> {
    let break_count = |at: usize| {
        let all = trials[at].iter();
        all.filter(|found| found.impact == Impact::Break).count()
    };
    (0..trials.len())
        .filter(|at| break_count(*at) == 0 || may_break(*at))
        .min_by_key(|at| (break_count(*at), trials[*at].len()))
}

/// What is found if one message is taken for another.
fn tried<'a>(
    sides: &Sides<'_, 'a>,
    pair: (&Message<'a>, &Message<'a>),
    schemas: &mut Schemas<'a>,
) -> Vec<Breaking> {
    let mut trial = Findings::default();
    schemas.apart(|schemas| one(sides, pair, schemas, &mut trial));
    trial.into_list()
}

/// That a message is none of the others, which one value shows if each of them refuses it.
fn undecided<'e>(is_request: bool, trials: &[Vec<Breaking>], label: &str) -> Entry<'e> {
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
    let impact = if is_request && witness.is_some() {
        Impact::Break
    } else {
        Impact::Caution
    };
    let doubt = if witness.is_none() {
        " by itself, and whether they are together cannot be said"
    } else {
        ""
    };
    Entry {
        witness: witness.cloned(),
        ..Entry::of(impact, rule, format!("{label} {words}{doubt}"))
    }
}
