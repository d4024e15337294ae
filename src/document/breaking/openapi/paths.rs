//! Which path and method of one document is which of another.

use std::collections::BTreeMap;

use serde_json::Value;

use super::view::{Api, Operation};
use crate::document::breaking::tree::{entries, nameless, resolve, text};

/// Paths by what distinguishes them, which the names of their parameters do not.
pub(super) struct Paths<'a> {
    exact: BTreeMap<&'a str, &'a Value>,
    nameless: BTreeMap<String, (&'a str, &'a Value)>,
    /// With the path of the address in front.
    whole: BTreeMap<String, (&'a str, &'a Value)>,
}

impl<'a> Paths<'a> {
    pub(super) fn of(api: &Api<'a>) -> Self {
        let by = |key: &dyn Fn(&str) -> String| {
            let paths = api.paths().into_iter();
            paths
                .map(|(path, item)| (key(path), (path, item)))
                .collect()
        };
        Self {
            exact: api.paths().into_iter().collect(),
            nameless: by(&|path| nameless(path)),
            whole: by(&|path| nameless(&format!("{}{path}", api.base()))),
        }
    }

    /// The path that takes the requests of a path of another description. What the address loses, the
    /// path may gain.
    pub(super) fn find(&self, api: &Api<'_>, path: &str) -> Option<(&'a str, &'a Value)> {
        if let Some((path, item)) = self.exact.get_key_value(path) {
            return Some((path, item));
        }
        let whole = || self.whole.get(&nameless(&format!("{}{path}", api.base())));
        self.nameless.get(&nameless(path)).or_else(whole).copied()
    }
}

/// The keys of the operations of a path item.
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

impl<'a> Api<'a> {
    /// The operations of a path, by their methods.
    pub(super) fn operations(
        &self,
        path: &'a str,
        item: &'a Value,
    ) -> BTreeMap<String, Operation<'a>> {
        let Some(item) = resolve(self.root, item) else {
            return BTreeMap::new();
        };
        let usual = METHODS
            .iter()
            .filter_map(|method| Some((method.to_uppercase(), item.get(method)?)));
        let others = entries(item, "additionalOperations")
            .map(|(method, operation)| (method.to_owned(), operation));
        usual
            .chain(others)
            .filter(|(_, operation)| operation.is_object() && text(operation, "$ref").is_none())
            .map(|(method, value)| (method, Operation::new(*self, path, item, value)))
            .collect()
    }
}
