//! Where a new key belongs.

use serde_json::Value;

use super::step::Step;
use crate::kinds;
use crate::yaml;

/// The keys that precede the last one of a way, in the order of the schema.
pub(super) fn keys_before<'a>(schema: &'a Value, steps: &[Step]) -> Vec<&'a str> {
    let Some((Step::Key(last), way)) = steps.split_last() else {
        return Vec::new();
    };
    let mut inner = Some(schema);
    for step in way {
        inner = inner.and_then(|schema| match step {
            Step::Key(key) => schema.get("properties")?.get(key),
            Step::Item(_) => schema.get("items"),
        });
    }
    let order = inner.and_then(|schema| schema.get("properties")?.as_object());
    let keys = order.map(|order| {
        // A resource's own name comes first.
        let before = yaml::keys_before(order, last);
        std::iter::once(kinds::NAME).chain(before).collect()
    });
    keys.unwrap_or_default()
}
