//! Field by field differences, once for all kinds.

use serde_json::{Map, Value};

use crate::model::{Body, FieldPath, KindInfo, field_path, same_number};
use crate::plan::model::FieldChange;

/// The fields that differ, in the order of the declared body, removed ones last.
///
/// The kind says which strings compare without case and what identifies the items of lists.
pub(in crate::plan) fn diff(before: &Body, after: &Body, kind: &KindInfo) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    Differ {
        kind,
        changes: &mut changes,
    }
    .maps("", before, after);
    // A plan has very many of these lists.
    changes.shrink_to_fit();
    changes
}

struct Differ<'a> {
    kind: &'a KindInfo,
    changes: &'a mut Vec<FieldChange>,
}

impl Differ<'_> {
    fn maps(&mut self, path: &str, before: &Body, after: &Body) {
        for (key, new) in after {
            let path = field_path(path, key);
            match before.get(key) {
                Some(old) => self.values(path, old, new),
                None => self.added(path, new),
            }
        }
        for (key, old) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
            self.removed(field_path(path, key), old);
        }
    }

    fn values(&mut self, path: FieldPath, before: &Value, after: &Value) {
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => self.maps(&path, before, after),
            (Value::Array(before), Value::Array(after)) => self.lists(path, before, after),
            _ if self.equal(&path, before, after) => {}
            _ => self.push(path, Some(before), Some(after)),
        }
    }

    fn lists(&mut self, path: FieldPath, before: &[Value], after: &[Value]) {
        let start = self.changes.len();
        match (self.keyed(before), self.keyed(after)) {
            (Some(old), Some(new)) => self.keyed_items(&path, &old, &new),
            _ if are_objects(before) && are_objects(after) => self.items(&path, before, after),
            _ => {}
        }
        let unexplained = self.changes.len() == start && before != after;
        let differs = unexplained && !self.lists_equal(&path, before, after);
        if differs {
            self.changes.push(FieldChange {
                path,
                before: Some(Value::Array(before.to_vec())),
                after: Some(Value::Array(after.to_vec())),
                place: None,
                author: None,
            });
        }
    }

    /// Lists of objects whose only differences are in case at case-insensitive paths are equal.
    fn lists_equal(&self, path: &str, before: &[Value], after: &[Value]) -> bool {
        before.len() == after.len()
            && before
                .iter()
                .zip(after)
                .all(|(a, b)| self.equal(path, a, b))
    }

    fn items(&mut self, path: &str, before: &[Value], after: &[Value]) {
        for i in 0..before.len().max(after.len()) {
            let path = format!("{path}[{i}]");
            match (before.get(i), after.get(i)) {
                (Some(old), Some(new)) => self.values(path, old, new),
                (old, new) => self.push(path, old, new),
            }
        }
    }

    fn keyed_items(&mut self, path: &str, before: &Keyed<'_>, after: &Keyed<'_>) {
        for (key, new) in after {
            let path = format!("{path}[{key}]");
            match before.iter().find(|(other, _)| other == key) {
                Some((_, old)) => self.values(path, old, new),
                None => self.push(path, None, Some(new)),
            }
        }
        for (key, old) in before {
            if !after.iter().any(|(other, _)| other == key) {
                self.push(format!("{path}[{key}]"), Some(old), None);
            }
        }
    }

    fn added(&mut self, path: FieldPath, value: &Value) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                for (key, value) in map {
                    self.added(field_path(&path, key), value);
                }
            }
            _ => self.push(path, None, Some(value)),
        }
    }

    fn removed(&mut self, path: FieldPath, value: &Value) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                for (key, value) in map {
                    self.removed(field_path(&path, key), value);
                }
            }
            _ => self.push(path, Some(value), None),
        }
    }

    fn equal(&self, path: &str, before: &Value, after: &Value) -> bool {
        match (before, after) {
            (Value::String(a), Value::String(b)) if self.ignores_case(path) => {
                a.eq_ignore_ascii_case(b)
            }
            (Value::Array(a), Value::Array(b)) if self.ignores_case(path) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.equal(path, a, b))
            }
            _ => same(before, after),
        }
    }

    /// Whether texts at a path compare without case; items of lists have the path of their list.
    fn ignores_case(&self, path: &str) -> bool {
        let paths = self.kind.case_insensitive;
        if paths.is_empty() || !path.contains('[') {
            return paths.contains(&path);
        }
        let parts = path.split('[');
        let plain: String = parts
            .enumerate()
            .map(|(i, part)| match part.split_once(']') {
                Some((_, rest)) if i > 0 => rest,
                _ => part,
            })
            .collect();
        paths.contains(&plain.as_str())
    }

    /// The items by their key, if every item has the same key field and no two keys are equal.
    fn keyed<'v>(&self, items: &'v [Value]) -> Option<Keyed<'v>> {
        let first: &Map<String, Value> = items.first()?.as_object()?;
        let field = self
            .kind
            .item_keys
            .iter()
            .find(|field| first.contains_key(**field))?;
        let mut keyed = Keyed::with_capacity(items.len());
        for item in items {
            let key = match item.get(*field)? {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            if keyed.iter().any(|(other, _)| *other == key) {
                return None;
            }
            keyed.push((key, item));
        }
        Some(keyed)
    }

    fn push(&mut self, path: FieldPath, before: Option<&Value>, after: Option<&Value>) {
        let (before, after) = (before.cloned(), after.cloned());
        self.changes.push(FieldChange {
            path,
            before,
            after,
            place: None,
            author: None,
        });
    }
}

/// Equal, numbers however they are written.
fn same(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => before == after,
    }
}

type Keyed<'a> = Vec<(String, &'a Value)>;

fn are_objects(items: &[Value]) -> bool {
    items.iter().all(Value::is_object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static KIND: KindInfo = KindInfo {
        case_insensitive: &["kind"],
        item_keys: &["entity", "const"],
        ..KindInfo::PLAIN
    };

    fn paths(before: Value, after: Value) -> Vec<String> {
        diff(
            before.as_object().unwrap(),
            after.as_object().unwrap(),
            &KIND,
        )
        .into_iter()
        .map(|c| {
            let side = |v: Option<Value>| v.map_or("-".to_owned(), |v| v.to_string());
            format!("{}: {} => {}", c.path, side(c.before), side(c.after))
        })
        .collect()
    }

    #[test]
    fn nested_fields_are_named_by_path() {
        let before = json!({"a": {"b": 1, "c": 2}, "k.x": 1, "gone": {"deep": true}});
        let after = json!({"a": {"b": 1, "c": 3}, "k.x": 2, "new": {"deep": [1]}});
        assert_eq!(
            paths(before, after),
            [
                "a.c: 2 => 3",
                "[\"k.x\"]: 1 => 2",
                "new.deep: - => [1]",
                "gone.deep: true => -"
            ]
        );
    }

    #[test]
    fn case_matters_except_at_case_insensitive_paths() {
        let before = json!({"kind": "REST", "title": "A"});
        let after = json!({"kind": "rest", "title": "a"});
        assert_eq!(paths(before, after), ["title: \"A\" => \"a\""]);
    }

    #[test]
    fn lists_compare_by_position_or_by_key_and_a_new_order_is_a_change() {
        let before =
            json!({"contacts": [{"name": "a"}], "oneOf": [{"const": "x"}, {"const": "y"}]});
        let after = json!({"contacts": [{"name": "b"}, {"name": "c"}], "oneOf": [{"const": "y"}]});
        assert_eq!(
            paths(before, after),
            [
                "contacts[0].name: \"a\" => \"b\"",
                "contacts[1]: - => {\"name\":\"c\"}",
                "oneOf[x]: {\"const\":\"x\"} => -"
            ]
        );
        let reordered = paths(
            json!({"o": [{"const": 1}, {"const": 2}]}),
            json!({"o": [{"const": 2}, {"const": 1}]}),
        );
        assert_eq!(reordered.len(), 1);
    }

    #[test]
    fn equal_numbers_are_equal_however_written() {
        assert!(paths(json!({"n": 1}), json!({"n": 1.0})).is_empty());
    }

    #[test]
    fn items_are_keyed_only_where_every_item_has_a_key_of_its_own() {
        let twice = paths(
            json!({"o": [{"const": 1}, {"const": "1"}]}),
            json!({"o": [{"const": 1}, {"const": "2"}]}),
        );
        assert_eq!(twice, ["o[1].const: \"1\" => \"2\""]);
        let partly = paths(
            json!({"a": [{"entity": "api"}, {"x": 1}]}),
            json!({"a": [{"entity": "api"}, {"x": 2}]}),
        );
        assert_eq!(partly, ["a[1].x: 1 => 2"]);
        let assigned = paths(
            json!({"a": [{"entity": "api"}]}),
            json!({"a": [{"entity": "api", "required": true}, {"entity": "deployment"}]}),
        );
        assert_eq!(
            assigned,
            [
                "a[api].required: - => true",
                "a[deployment]: - => {\"entity\":\"deployment\"}"
            ]
        );
    }

    #[test]
    fn a_list_of_plain_values_changes_as_a_whole() {
        let before = json!({"a": ["x", "y"], "b": [], "c": [1]});
        let after = json!({"a": ["y"], "b": [{"n": 1}], "c": {"n": 1}});
        assert_eq!(
            paths(before, after),
            [
                "a: [\"x\",\"y\"] => [\"y\"]",
                "b[0]: - => {\"n\":1}",
                "c: [1] => {\"n\":1}"
            ]
        );
    }
}
