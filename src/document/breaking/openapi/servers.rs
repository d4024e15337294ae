//! The addresses of operations, at each level.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::view::Operation;
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::server_addresses::expanded;
use crate::document::breaking::tree::{items, nameless, text, texts};

/// What would state the address of a Swagger description that states none.
const DEFAULT_KEY: &str = "basePath";

/// Addresses that operations no longer have, with the operations.
#[derive(Default)]
pub(super) struct Gone<'a> {
    by_address: BTreeMap<(String, bool), Lost<'a>>,
}

/// Operations that lost an address, and where the first of them had it.
struct Lost<'a> {
    key: &'static str,
    stated_at: Option<&'a Value>,
    operations: Vec<String>,
}

impl<'a> Gone<'a> {
    /// Compares where two operations can be called.
    pub(super) fn compare(&mut self, place: &str, before: &Operation<'a>, after: &Operation<'a>) {
        // How the two versions state addresses differs too much.
        if before.api.is_swagger != after.api.is_swagger {
            return;
        }
        let (was, now) = (Addresses::of(before), Addresses::of(after));
        let is_own = was.is_own || now.is_own;
        let whole = |address: &str, path: &str| nameless(&format!("{address}{path}"));
        let known: BTreeSet<String> = now
            .all
            .iter()
            .map(|address| whole(address, after.path))
            .collect();
        for address in &was.all {
            if !known.contains(&whole(address, before.path)) {
                let lost = self.by_address.entry((address.clone(), is_own));
                let lost = lost.or_insert_with(|| {
                    let (key, stated_at) = was.changed(&now);
                    Lost {
                        key,
                        stated_at,
                        operations: Vec::new(),
                    }
                });
                lost.operations.push(place.to_owned());
            }
        }
    }

    /// Removing an address breaks its callers unless it still responds, which no description says.
    pub(super) fn report(self, findings: &mut Findings) {
        for ((address, is_own), lost) in self.by_address {
            let words = format!("the address {} is no longer listed", code(&address));
            let place = if is_own {
                lost.operations.first().map_or(lost.key, String::as_str)
            } else {
                lost.key
            };
            let entry = Entry::caution("server-removed", words).at(lost.stated_at, None);
            let position = findings.add(place, entry);
            if is_own {
                lost.operations
                    .iter()
                    .for_each(|place| findings.holds_for(position, place));
            }
        }
    }
}

/// Where an operation can be called.
#[derive(Default)]
struct Addresses<'a> {
    all: BTreeSet<String>,
    /// Whether the operation or its path says so itself.
    is_own: bool,
    /// The values that say so, with their names.
    stated: Vec<(&'static str, &'a Value)>,
}

impl<'a> Addresses<'a> {
    fn of(operation: &Operation<'a>) -> Self {
        if operation.api.is_swagger {
            return Self::of_swagger(operation);
        }
        let levels = [
            (operation.value, true),
            (operation.item, true),
            (operation.api.root, false),
        ];
        let stated = levels
            .into_iter()
            .find(|(value, _)| items(value, "servers").next().is_some());
        let Some((value, is_own)) = stated else {
            return Self::default();
        };
        Self {
            all: items(value, "servers")
                .flat_map(|server| expanded(text(server, "url").unwrap_or_default(), server))
                .collect(),
            is_own,
            stated: value
                .get("servers")
                .map(|all| ("servers", all))
                .into_iter()
                .collect(),
        }
    }

    fn of_swagger(operation: &Operation<'a>) -> Self {
        let api = &operation.api;
        let host = text(api.root, "host").map_or(String::new(), |host| format!("//{host}"));
        let own = operation.value.get("schemes");
        let from = own.map_or(api.root, |_| operation.value);
        let mut schemes: Vec<String> = texts(from, "schemes")
            .map(|scheme| format!("{scheme}:"))
            .collect();
        if schemes.is_empty() || host.is_empty() {
            schemes = vec![String::new()];
        }
        let all = schemes
            .iter()
            .map(|scheme| format!("{scheme}{host}{}", api.base()));
        let of_root = ["basePath", "host", "schemes"]
            .into_iter()
            .filter_map(|key| Some((key, api.root.get(key)?)))
            .filter(|(key, _)| *key != "schemes" || own.is_none());
        Self {
            all: all.collect(),
            is_own: own.is_some(),
            stated: of_root.chain(own.map(|own| ("schemes", own))).collect(),
        }
    }

    /// The name of the first of the values that is another one now, and the value.
    fn changed(&self, now: &Self) -> (&'static str, Option<&'a Value>) {
        let is_other = |stated: &&(&'static str, &'a Value)| {
            !self.stated.contains(stated) || !now.stated.contains(stated)
        };
        let all = || self.stated.iter().chain(&now.stated);
        let changed = all().find(is_other).or_else(|| all().next());
        let key = changed.map_or(DEFAULT_KEY, |(key, _)| key);
        let own = self.stated.iter().find(|(own, _)| *own == key);
        (key, own.map(|(_, value)| *value))
    }
}
