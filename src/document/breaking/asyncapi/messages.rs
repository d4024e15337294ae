//! The messages of operations, of channels and of replies.

use std::collections::BTreeSet;

use super::message::{Sides, label, one};
use super::nameless::{self, Left};
use super::pairs;
use super::view::Message;
use crate::document::breaking::findings::{Entry, Findings};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::schema::Schemas;

pub(super) fn compare<'a>(
    sides: &Sides<'_, 'a>,
    (was, now): (&[Message<'a>], &[Message<'a>]),
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
) {
    let pairs = pairs::messages(was, now);
    let is_sent = sides.direction == Direction::Request;
    for (message, pair) in was.iter().zip(&pairs) {
        if let Some(pair) = pair {
            one(sides, (message, &now[*pair]), schemas, findings);
        }
    }
    let taken: BTreeSet<usize> = pairs.iter().flatten().copied().collect();
    let left = Left {
        was: (0..was.len()).filter(|at| pairs[*at].is_none()).collect(),
        now: (0..now.len()).filter(|at| !taken.contains(at)).collect(),
    };
    let left = nameless::compare(sides, (was, now), left, schemas, findings);
    for message in left.was.iter().map(|at| &was[*at]) {
        let words = format!("{} removed", label(message));
        // Whoever waits for one of several messages may do without.
        let entry = if is_sent || now.is_empty() {
            Entry::new("message-removed", words)
        } else {
            Entry::caution("message-removed", words)
        };
        let entry = entry.at(Some(message.value), None);
        findings.add(sides.place, entry.towards(sides.direction));
    }
    if is_sent || was.is_empty() {
        return;
    }
    for message in left.now.iter().map(|at| &now[*at]) {
        let words = format!("{} may be sent now", label(message));
        let entry = Entry::caution("message-added", words).at(None, Some(message.value));
        findings.add(sides.place, entry.towards(sides.direction));
    }
}
