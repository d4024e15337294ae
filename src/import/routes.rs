//! What the paths of a description begin with.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::states_version;

/// Paths that any API may have.
const COMMON: [&str; 9] = [
    "health", "healthz", "info", "live", "metrics", "ping", "ready", "status", "version",
];

/// What the paths of an OpenAPI document, or the channels of an AsyncAPI document, begin with: their first word
/// that is neither a version nor a parameter.
pub(super) fn of(root: &Value) -> BTreeSet<String> {
    ["paths", "channels"]
        .into_iter()
        .filter_map(|key| root[key].as_object())
        .flatten()
        .filter_map(|(path, _)| first_word(path))
        .collect()
}

fn first_word(path: &str) -> Option<String> {
    let word = path.split(['/', '.', '?', '#']).find(|word| {
        !matches!(word.to_lowercase().as_str(), "" | "api" | "rest")
            && !word.contains('{')
            && !states_version(word)
    })?;
    Some(word.to_lowercase()).filter(|word| !COMMON.contains(&word.as_str()))
}
