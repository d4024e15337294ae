//! Fields that exclude each other.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Field, Message};
use crate::document::breaking::findings::{Entry, Findings, Places, code};

pub(super) fn compare(place: &str, (was, now): (&Message, &Message), findings: &mut Findings) {
    let kept: Vec<(&Field, &Field)> = was
        .fields
        .iter()
        .filter_map(|(number, field)| Some((field, now.fields.get(number)?)))
        .collect();
    let before = groups(kept.iter().map(|(field, _)| *field));
    let after = groups(kept.iter().map(|(_, field)| *field));
    let renamed: BTreeMap<&str, &str> = before
        .iter()
        .filter_map(|(name, members)| {
            // No field is in two oneofs, so that one member shows which it is.
            let (_, field) = kept.get(*members.first()?)?;
            let other = field.oneof.as_deref()?;
            let is_same = after.get(other) == Some(members);
            (is_same && other != *name).then_some((*name, other))
        })
        .collect();
    for (name, other) in &renamed {
        let words = format!("the oneof {} is called {} now", code(name), code(other));
        let entry = Entry::caution("proto-oneof-renamed", words);
        findings.add(place, entry.within(Places::changed(&was.at, &now.at)));
    }
    for (field, other) in kept {
        let expected = field.oneof.as_deref();
        let expected = expected.map(|name| renamed.get(name).copied().unwrap_or(name));
        if expected == other.oneof.as_deref() {
            continue;
        }
        let name = code(&field.name);
        let words = match (&field.oneof, &other.oneof) {
            (Some(was), Some(now)) => format!(
                "the field {name} is in the oneof {} now, and was in {}",
                code(now),
                code(was)
            ),
            (None, Some(now)) => format!("the field {name} is in the oneof {} now", code(now)),
            (was, None) => {
                let was = was.as_deref().unwrap_or_default();
                format!("the field {name} is no longer in the oneof {}", code(was))
            }
        };
        // Alone in a oneof, a field excludes nothing that was there before.
        let is_alone = |groups: &BTreeMap<&str, BTreeSet<usize>>, oneof: &Option<String>| {
            let members = oneof.as_deref().and_then(|name| groups.get(name));
            members.is_none_or(|members| members.len() == 1)
        };
        let entry = match is_alone(&before, &field.oneof) && is_alone(&after, &other.oneof) {
            true if field.oneof.is_none() || other.oneof.is_none() => {
                Entry::caution("proto-field-oneof", format!("{words}, as the only one"))
            }
            _ => Entry::new("proto-field-oneof", words),
        };
        let places = Places::changed(&field.at, &other.at);
        findings.add(place, entry.within(places));
    }
}

/// The positions of the fields of each oneof.
fn groups<'f>(fields: impl Iterator<Item = &'f Field>) -> BTreeMap<&'f str, BTreeSet<usize>> {
    let mut groups: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (at, field) in fields.enumerate() {
        if let Some(name) = &field.oneof {
            groups.entry(name).or_default().insert(at);
        }
    }
    groups
}
