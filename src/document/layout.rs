//! Two descriptions in one layout, so that lines differ only where values do.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{content, digest};
use crate::yaml;

/// Both texts as YAML with the same indentation, quotes and order of keys. In JSON, a comma would make a difference to
/// the line before. `None` unless both are trees.
pub(super) fn in_one_layout(before: &str, after: &str) -> Option<(String, String)> {
    let (before, after) = (content::normalised(before), content::normalised(after));
    let (was, now) = (digest::meaning(&before)?, digest::meaning(&after)?);
    let order = Order::of(&was, &now);
    let write = |value: &Value| yaml::emit(&order.arranged(value));
    Some((write(&was), write(&now)))
}

/// Which key comes before which, wherever both are: as in the second document, where keys that only the first one has
/// follow those that they follow there.
struct Order<'v>(HashMap<&'v str, (usize, usize)>);

impl<'v> Order<'v> {
    fn of(before: &'v Value, after: &'v Value) -> Self {
        let mut order = Self(HashMap::new());
        let mut count = 0;
        walk(after, &mut |map| {
            for key in map.keys() {
                order.0.entry(key).or_insert_with(|| {
                    count += 1;
                    (count, 0)
                });
            }
        });
        walk(before, &mut |map| {
            let mut last = 0;
            for key in map.keys() {
                match order.0.get(key.as_str()) {
                    Some((place, _)) => last = *place,
                    None => {
                        count += 1;
                        order.0.insert(key, (last, count));
                    }
                }
            }
        });
        order
    }

    fn arranged(&self, value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let mut entries: Vec<(&String, &Value)> = map.iter().collect();
                entries.sort_by_key(|(key, _)| self.0.get(key.as_str()));
                let entries = entries
                    .into_iter()
                    .map(|(key, value)| (key.clone(), self.arranged(value)));
                Value::Object(entries.collect::<Map<_, _>>())
            }
            Value::Array(items) => items.iter().map(|item| self.arranged(item)).collect(),
            Value::Number(number) => {
                let text = digest::canonical(value);
                let same = text.parse().ok();
                Value::Number(same.unwrap_or_else(|| number.clone()))
            }
            scalar => scalar.clone(),
        }
    }
}

/// Looks at every mapping, the outer ones first.
fn walk<'v>(value: &'v Value, see: &mut impl FnMut(&'v Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            see(map);
            map.values().for_each(|value| walk(value, see));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_order_quotes_and_notation_make_no_difference() {
        let before = r#"{"paths":{"/a":{"get":{"responses":{"200":{"description":"ok"}},"deprecated":true}}},"openapi":"3.0.3","x":[1.0,{"b":1,"a":2}]}"#;
        let after = "# A comment.\n'openapi': \"3.0.3\"\npaths:\n  \"/a\":\n    get:\n      deprecated: true\n      responses:\n        '200': {description: 'ok'}\nx:\n  - 1\n  - a: 2\n    b: 1\n";
        let (was, now) = in_one_layout(before, after).unwrap();
        assert_eq!(was, now);
        let (was, now) = in_one_layout(after, before).unwrap();
        assert_eq!(was, now);
        assert!(now.starts_with("paths:\n  /a:\n"), "{now}");
        assert_eq!(in_one_layout("a: 1", "a: 2"), None);
    }

    #[test]
    fn a_removed_key_stays_beside_its_neighbours() {
        let before = r#"{"openapi":"3.0.3","a":1,"gone":2,"b":3}"#;
        let after = r#"{"openapi":"3.0.3","b":3,"new":4,"a":1}"#;
        let (was, now) = in_one_layout(before, after).unwrap();
        assert_eq!(was, "openapi: \"3.0.3\"\nb: 3\na: 1\ngone: 2\n");
        assert_eq!(now, "openapi: \"3.0.3\"\nb: 3\nnew: 4\na: 1\n");
    }
}
