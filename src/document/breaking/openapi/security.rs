//! Whether credentials that were enough are enough.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::schemes::{definition, flows, identity};
use super::view::{Api, Operation};
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::tree::items;

/// One way in: schemes by what they are, each with the scopes that it needs and its name.
type Way<'a> = BTreeMap<String, (&'a str, BTreeSet<&'a str>)>;

/// What holds for one operation.
pub(super) fn compare(
    place: &str,
    before: &Operation<'_>,
    after: &Operation<'_>,
    findings: &mut Findings,
) {
    let was = ways(&before.api, stated(before));
    let now = ways(&after.api, stated(after));
    let values = (
        stated(before).get("security"),
        stated(after).get("security"),
    );
    let mut add = |entry: Entry<'_>| {
        let entry = entry.at(values.0, values.1);
        findings.add_shared(place, entry);
    };
    for held in &was {
        let Some(needed) = now.iter().find(|needed| is_enough(held, needed)) else {
            let needs: Vec<String> = now.iter().map(words).collect();
            let needs = needs.join(" or ");
            let message = if held.is_empty() {
                format!("needs {needs} now, and needed no credential")
            } else {
                format!("needs {needs} now: {} is no longer enough", words(held))
            };
            add(Entry::new("security", message));
            continue;
        };
        for (scheme, (name, _)) in needed {
            let old = held
                .get(scheme)
                .and_then(|(name, _)| definition(&before.api, name));
            if let (Some(old), Some(new)) = (old, definition(&after.api, name)) {
                changed_flows(name, old, new).into_iter().for_each(&mut add);
            }
        }
    }
}

/// Ways to get a token that were removed, or moved.
fn changed_flows<'e>(name: &str, before: &Value, after: &Value) -> Vec<Entry<'e>> {
    let now = flows(after);
    let mut entries = Vec::new();
    for flow in flows(before) {
        match now.iter().find(|other| other.name == flow.name) {
            None if now.is_empty() => {}
            None => {
                let words = format!("{} no longer has the flow {}", code(name), code(flow.name));
                entries.push(Entry::new("security-flow", words));
            }
            Some(other) if other.addresses != flow.addresses => {
                let words = format!(
                    "{} has other addresses for the flow {}",
                    code(name),
                    code(flow.name)
                );
                entries.push(Entry::caution("security-address", words));
            }
            Some(_) => {}
        }
    }
    entries
}

fn stated<'a>(operation: &Operation<'a>) -> &'a Value {
    match operation.value.get("security") {
        Some(_) => operation.value,
        None => operation.api.root,
    }
}

/// The ways in; the one without a credential where nothing is stated.
fn ways<'a>(api: &Api<'a>, value: &'a Value) -> Vec<Way<'a>> {
    let mut ways: Vec<Way<'_>> = items(value, "security")
        .filter_map(Value::as_object)
        .map(|way| {
            way.iter()
                .map(|(name, scopes)| {
                    let scopes = scopes.as_array().into_iter().flatten();
                    let scopes = scopes.filter_map(Value::as_str).collect();
                    (identity(api, name), (name.as_str(), scopes))
                })
                .collect()
        })
        .collect();
    if ways.is_empty() {
        ways.push(Way::new());
    }
    ways
}

fn is_enough(held: &Way<'_>, needed: &Way<'_>) -> bool {
    needed.iter().all(|(scheme, (_, scopes))| {
        held.get(scheme)
            .is_some_and(|(_, held)| scopes.is_subset(held))
    })
}

/// `key` with `oauth` (scope `read`)
fn words(way: &Way<'_>) -> String {
    let words: Vec<String> = way
        .values()
        .map(|(name, scopes)| {
            let scopes: Vec<String> = scopes.iter().map(|scope| code(scope)).collect();
            match scopes.as_slice() {
                [] => code(name),
                [one] => format!("{} (scope {one})", code(name)),
                many => format!("{} (scopes {})", code(name), many.join(", ")),
            }
        })
        .collect();
    words.join(" with ")
}
