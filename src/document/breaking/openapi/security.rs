//! Whether credentials that were enough are enough.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::view::{Api, Operation};
use crate::document::breaking::findings::{Findings, code};
use crate::document::breaking::tree::{items, resolve, text};

/// One way in: schemes by what they are, each with the scopes that it needs and its name.
type Way<'a> = BTreeMap<String, (&'a str, BTreeSet<&'a str>)>;

/// What holds for the operations that say nothing about it.
pub(super) fn of_api(before: &Api<'_>, after: &Api<'_>, findings: &mut Findings) {
    let was = ways(before, before.root);
    let now = ways(after, after.root);
    compare(
        "every operation without security of its own",
        &was,
        &now,
        findings,
    );
}

/// What holds for one operation.
pub(super) fn of_operation(
    place: &str,
    before: &Operation<'_>,
    after: &Operation<'_>,
    findings: &mut Findings,
) {
    let was = ways(&before.api, stated(before));
    let now = ways(&after.api, stated(after));
    compare(place, &was, &now, findings);
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

/// What a scheme is, whatever it is called.
fn identity(api: &Api<'_>, name: &str) -> String {
    let schemes = if api.is_swagger {
        api.root.get("securityDefinitions")
    } else {
        api.root.pointer("/components/securitySchemes")
    };
    let scheme = schemes
        .and_then(|schemes| schemes.get(name))
        .and_then(|scheme| resolve(api.root, scheme));
    let Some(scheme) = scheme else {
        return format!("name {name}");
    };
    let word = |key| text(scheme, key).unwrap_or_default();
    match word("type") {
        "basic" => "http basic".to_owned(),
        "http" => format!("http {}", word("scheme").to_ascii_lowercase()),
        "apiKey" => format!("key {} {}", word("in"), word("name").to_ascii_lowercase()),
        other => other.to_owned(),
    }
}

fn compare(place: &str, was: &[Way<'_>], now: &[Way<'_>], findings: &mut Findings) {
    let is_enough = |held: &Way<'_>, needed: &Way<'_>| {
        needed.iter().all(|(scheme, (_, scopes))| {
            held.get(scheme)
                .is_some_and(|(_, held)| scopes.is_subset(held))
        })
    };
    let lost = was
        .iter()
        .filter(|held| !now.iter().any(|needed| is_enough(held, needed)));
    for held in lost {
        let needs: Vec<String> = now.iter().map(words).collect();
        let needs = needs.join(" or ");
        let message = if held.is_empty() {
            format!("needs {needs} now, and needed no credential")
        } else {
            format!("needs {needs} now: {} is no longer enough", words(held))
        };
        findings.breaks(place, message);
    }
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
