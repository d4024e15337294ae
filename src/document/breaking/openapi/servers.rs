//! The addresses of operations, at each level.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::view::{Api, Operation};
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::tree::{entries, items, nameless, text, texts};

/// Addresses that one server stands for, at most.
const MOST: usize = 32;

/// Addresses that operations no longer have, with the operations.
#[derive(Default)]
pub(super) struct Gone {
    by_address: BTreeMap<(String, bool), Vec<String>>,
}

impl Gone {
    /// Compares where two operations can be called.
    pub(super) fn compare(&mut self, place: &str, before: &Operation<'_>, after: &Operation<'_>) {
        // How the two versions state addresses differs too much.
        if before.api.is_swagger != after.api.is_swagger {
            return;
        }
        let ((was, is_own), (now, is_also_own)) = (addresses(before), addresses(after));
        let whole = |address: &str, path: &str| nameless(&format!("{address}{path}"));
        let known: BTreeSet<String> = now
            .iter()
            .map(|address| whole(address, after.path))
            .collect();
        for address in was {
            if !known.contains(&whole(&address, before.path)) {
                let operations = self
                    .by_address
                    .entry((address, is_own || is_also_own))
                    .or_default();
                operations.push(place.to_owned());
            }
        }
    }

    /// Removing an address breaks its callers unless it still responds, which no description says.
    pub(super) fn report(self, before: &Api<'_>, findings: &mut Findings) {
        let key = if before.is_swagger {
            "basePath"
        } else {
            "servers"
        };
        for ((address, is_own), operations) in self.by_address {
            let words = format!("the address {} is no longer listed", code(&address));
            let place = if is_own {
                operations.first().map_or(key, String::as_str)
            } else {
                key
            };
            let entry = Entry::caution("server-removed", words).at(before.root.get(key), None);
            let position = findings.add(place, entry);
            if is_own {
                operations
                    .iter()
                    .for_each(|place| findings.holds_for(position, place));
            }
        }
    }
}

/// Where an operation can be called, and whether it or its path says so itself.
fn addresses(operation: &Operation<'_>) -> (BTreeSet<String>, bool) {
    let api = &operation.api;
    if api.is_swagger {
        let host = text(api.root, "host").map_or(String::new(), |host| format!("//{host}"));
        let own = operation.value.get("schemes").is_some();
        let from = if own { operation.value } else { api.root };
        let mut schemes: Vec<String> = texts(from, "schemes")
            .map(|scheme| format!("{scheme}:"))
            .collect();
        if schemes.is_empty() || host.is_empty() {
            schemes = vec![String::new()];
        }
        let all = schemes
            .iter()
            .map(|scheme| format!("{scheme}{host}{}", api.base()));
        return (all.collect(), own);
    }
    let levels = [
        (operation.value, true),
        (operation.item, true),
        (api.root, false),
    ];
    let stated = levels
        .into_iter()
        .find(|(value, _)| items(value, "servers").next().is_some());
    let Some((value, is_own)) = stated else {
        return (BTreeSet::new(), false);
    };
    (items(value, "servers").flat_map(expanded).collect(), is_own)
}

/// A server with each value that its variables may have.
fn expanded(server: &Value) -> Vec<String> {
    let url = text(server, "url")
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned();
    let mut all = vec![url];
    for (name, variable) in entries(server, "variables") {
        let values: Vec<&str> = texts(variable, "enum").collect();
        let values = if values.is_empty() {
            vec!["{}"]
        } else {
            values
        };
        if all.len() * values.len() > MOST {
            continue;
        }
        let slot = format!("{{{name}}}");
        all = all
            .iter()
            .flat_map(|url| {
                values
                    .iter()
                    .map(|value| url.replace(&slot, value))
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    all
}
