//! The nested deployments of a template by their names, as these are written.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;

use super::written;

/// The type of nested deployments.
pub(super) const DEPLOYMENTS: &str = "microsoft.resources/deployments";

/// The nested deployments of one template. Those of loops have no name by themselves, and are not among them.
#[derive(Default)]
pub(super) struct Modules<'a> {
    /// By the expression of the name, without space; `None` if several have it.
    by_name: HashMap<String, Option<&'a Value>>,
}

impl<'a> Modules<'a> {
    pub(super) fn of(resources: impl Iterator<Item = &'a Value>) -> Self {
        let mut by_name = HashMap::new();
        for resource in resources.filter(|resource| is_module(resource)) {
            let name = resource["name"].as_str().unwrap_or_default();
            let inner = name.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
            let quoted = || format!("'{}'", name.replace('\'', "''"));
            match by_name.entry(inner.map_or_else(quoted, without_space)) {
                Entry::Vacant(free) => drop(free.insert(Some(resource))),
                Entry::Occupied(mut taken) => *taken.get_mut() = None,
            }
        }
        Self { by_name }
    }

    /// The only one of that name.
    pub(super) fn one(&self, name: &str) -> Option<&'a Value> {
        self.by_name.get(name).copied().flatten()
    }

    /// The size of all names.
    pub(super) fn name_bytes(&self) -> usize {
        self.by_name.keys().map(String::len).sum()
    }
}

pub(super) fn is_module(resource: &Value) -> bool {
    let kind = resource["type"].as_str().unwrap_or_default();
    kind.eq_ignore_ascii_case(DEPLOYMENTS) && resource.get("copy").is_none()
}

/// The expression of the name in the argument of `reference`: the last argument of a function that makes the id of a
/// nested deployment (`resourceId`, `extensionResourceId`), or the argument itself.
pub(super) fn name_in(argument: &str) -> String {
    let of_id = || {
        let (_, arguments) = argument.strip_suffix(')')?.split_once('(')?;
        let (arguments, rest) = written::arguments(arguments);
        let (name, before) = arguments.split_last()?;
        let is_type = |it: &&str| it.trim_matches('\'').eq_ignore_ascii_case(DEPLOYMENTS);
        (rest.is_empty() && before.iter().any(is_type)).then_some(*name)
    };
    without_space(of_id().unwrap_or(argument))
}

/// An expression without the space outside its texts, where it has no meaning.
fn without_space(expression: &str) -> String {
    let mut is_quoted = false;
    let is_kept = |c: &char| {
        is_quoted ^= *c == '\'';
        is_quoted || !c.is_whitespace()
    };
    expression.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_is_found_in_whatever_makes_an_id_of_it() {
        for (argument, name) in [
            ("'m'", "'m'"),
            ("format('{0}, x', 'a')", "format('{0}, x','a')"),
            ("resourceId('Microsoft.Resources/deployments', 'm')", "'m'"),
            (
                "extensionResourceId(format('/subscriptions/{0}', 's'), 'microsoft.resources/DEPLOYMENTS', concat('a', 'b') )",
                "concat('a','b')",
            ),
            (
                "resourceId('Microsoft.Web/sites', 'm')",
                "resourceId('Microsoft.Web/sites','m')",
            ),
            ("'it''s ( here'", "'it''s ( here'"),
        ] {
            assert_eq!(name_in(argument), name, "{argument}");
        }
    }

    #[test]
    fn a_name_of_two_deployments_means_neither() {
        let module = |name: &str| json!({"type": "Microsoft.Resources/deployments", "name": name});
        let [one, two, other] = [
            module("a"),
            module("['a']"),
            module("[ concat('b',  'c') ]"),
        ];
        let modules = Modules::of([&one, &two, &other].into_iter());
        assert_eq!(modules.one("'a'"), None);
        assert_eq!(modules.one(&name_in("concat('b','c')")), Some(&other));
    }
}
