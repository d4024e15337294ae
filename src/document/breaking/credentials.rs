//! Whether credentials that were enough are enough.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::findings::{Entry, Findings, code};
use super::schemes::{flows, identity};

/// What one scheme of a way in needs.
pub(super) struct Credential<'a> {
    pub(super) name: &'a str,
    pub(super) scopes: BTreeSet<&'a str>,
    /// What defines the scheme, if that was found.
    pub(super) definition: Option<&'a Value>,
}

/// One way in: credentials by what they are.
pub(super) type Way<'a> = BTreeMap<String, Credential<'a>>;

/// A way in as names of schemes with their scopes.
pub(super) fn named_way<'a>(
    way: &'a Value,
    definition: impl Fn(&str) -> Option<&'a Value>,
) -> Way<'a> {
    let named = way.as_object().into_iter().flatten();
    named
        .map(|(name, scopes)| {
            let scopes = scopes.as_array().into_iter().flatten();
            let definition = definition(name);
            let credential = Credential {
                name,
                scopes: scopes.filter_map(Value::as_str).collect(),
                definition,
            };
            (identity(name, definition), credential)
        })
        .collect()
}

/// Compares the ways in of two places, which the values state.
pub(super) fn compare<'a>(
    place: &str,
    (was, now): (&[Way<'a>], &[Way<'a>]),
    (before, after): (Option<&'a Value>, Option<&'a Value>),
    findings: &mut Findings,
) {
    let mut add = |entry: Entry<'a>| {
        findings.add_shared(place, entry.at(before, after));
    };
    for held in was {
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
        for (scheme, credential) in needed {
            let old = held.get(scheme).and_then(|old| old.definition);
            if let (Some(old), Some(new)) = (old, credential.definition) {
                changed_flows(credential.name, old, new)
                    .into_iter()
                    .for_each(&mut add);
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

fn is_enough(held: &Way<'_>, needed: &Way<'_>) -> bool {
    needed.iter().all(|(scheme, needed)| {
        held.get(scheme)
            .is_some_and(|held| needed.scopes.is_subset(&held.scopes))
    })
}

/// `key` with `oauth` (scope `read`)
fn words(way: &Way<'_>) -> String {
    let words: Vec<String> = way
        .values()
        .map(|credential| {
            let scopes: Vec<String> = credential.scopes.iter().map(|scope| code(scope)).collect();
            let name = code(credential.name);
            match scopes.as_slice() {
                [] => name,
                [one] => format!("{name} (scope {one})"),
                many => format!("{name} (scopes {})", many.join(", ")),
            }
        })
        .collect();
    words.join(" with ")
}
