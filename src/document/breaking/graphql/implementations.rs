//! Which types implement which interfaces.

use std::collections::BTreeMap;

use super::model::{Type, TypeKind};
use super::pair::Pair;
use crate::document::breaking::findings::{Entry, Findings, Places, code, codes, plain};

pub(super) fn compare<'a>(
    pair: &Pair<'a>,
    place: &str,
    (was, now): (&'a Type, &'a Type),
    findings: &mut Findings,
) {
    for (interface, at) in &was.interfaces {
        // An interface that was removed is a finding of its own.
        let is_known = pair.after.types.contains_key(interface);
        if is_known && !now.interfaces.contains_key(interface) {
            let words = format!("no longer implements {}", code(interface));
            let entry = Entry::new("graphql-interface-removed", words);
            findings.add(place, entry.within(Places::removed(at, Some(&now.at))));
        }
    }
    for (interface, at) in &now.interfaces {
        // Nobody asked for what was not there, and what implements an interface says so itself.
        let is_known = now.kind == TypeKind::Object && pair.before.types.contains_key(interface);
        if is_known && !was.interfaces.contains_key(interface) {
            let words = format!(
                "implements {} now: responses may contain it there",
                code(interface)
            );
            let entry = Entry::caution("graphql-interface-added", words);
            findings.add(place, entry.within(Places::added(at)));
        }
    }
}

/// New types that responses may contain where an interface was: one finding for each interface.
pub(super) fn added_types(pair: &Pair<'_>, findings: &mut Findings) {
    let mut added: BTreeMap<&str, Vec<(&str, &Type)>> = BTreeMap::new();
    for (name, of) in pair.added_types() {
        if of.kind == TypeKind::Object {
            for interface in of.interfaces.keys() {
                added.entry(interface).or_default().push((name, of));
            }
        }
    }
    for (interface, types) in added {
        let old = pair.before.types.get(interface);
        let is_asked_for =
            old.is_some_and(|old| old.kind == TypeKind::Interface) && pair.is_received(interface);
        if let (true, Some((_, first))) = (is_asked_for, types.first()) {
            let names = codes(types.iter().map(|(name, _)| *name));
            let words = format!("responses may contain {names} now");
            let entry = Entry::caution("graphql-interface-added", words);
            let place = format!("interface {}", plain(interface));
            findings.add(&place, entry.within(Places::added(&first.at)));
        }
    }
}
