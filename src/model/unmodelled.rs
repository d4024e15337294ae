//! Fields of live resources that no kind models: what an update keeps of them.

use serde_json::{Map, Value};

use super::kind::KindInfo;
use super::resource::{Body, FieldPath, field_path, unmodelled_paths};

/// Fields that identify an item of a list where the kind names none, the most telling first.
const NATURAL_KEYS: [&str; 5] = ["name", "id", "url", "email", "title"];

/// What an update keeps of the fields that no kind models, and what it drops.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnmodelledFields {
    /// What is kept, by its place in the new body: items of lists are in the new order.
    pub kept: Body,
    /// What is kept, by its path in the live body.
    pub kept_paths: Vec<FieldPath>,
    /// What goes away together with the item or field that holds it, by its path in the live body.
    pub dropped_paths: Vec<FieldPath>,
}

impl UnmodelledFields {
    /// Compares the two bodies of a resource of the kind; `unmodelled` belongs to `before`.
    ///
    /// Items of lists are matched by their keys, by their name or another natural key, never by a
    /// position that another item may have taken. A live field that only has the name of a field of manifests is
    /// another one than that.
    #[must_use]
    pub fn new(before: &Body, after: &Body, unmodelled: &Body, kind: &KindInfo) -> Self {
        if unmodelled.is_empty() {
            return Self::default();
        }
        if kind.by_declared_fields {
            return Self {
                kept: unmodelled.clone(),
                kept_paths: unmodelled_paths(unmodelled),
                dropped_paths: Vec::new(),
            };
        }
        let mut merge = Merge {
            kind,
            dropped_paths: Vec::new(),
        };
        let kept = merge.maps("", before, after, unmodelled);
        let mut dropped_paths = merge.dropped_paths;
        dropped_paths.sort();
        let mut kept_paths = unmodelled_paths(unmodelled);
        kept_paths.retain(|path| dropped_paths.binary_search(path).is_err());
        Self {
            kept,
            kept_paths,
            dropped_paths,
        }
    }
}

struct Merge<'a> {
    kind: &'a KindInfo,
    dropped_paths: Vec<FieldPath>,
}

impl Merge<'_> {
    fn maps(&mut self, path: &str, before: &Body, after: &Body, extra: &Body) -> Body {
        let mut kept = Body::new();
        let open_field = self.kind.open_field.filter(|_| path.is_empty());
        for (key, value) in extra {
            let path = field_path(path, key);
            let value = match (before.get(key), after.get(key)) {
                _ if open_field == Some(key) => Some(value.clone()),
                (None, _) => Some(value.clone()),
                (Some(_), None) => self.drop(path, value),
                (Some(before), Some(after)) => self.values(path, before, after, value),
            };
            if let Some(value) = value {
                kept.insert(key.clone(), value);
            }
        }
        kept
    }

    fn values(
        &mut self,
        path: FieldPath,
        before: &Value,
        after: &Value,
        extra: &Value,
    ) -> Option<Value> {
        match (before, after, extra) {
            (Value::Object(before), Value::Object(after), Value::Object(extra)) => {
                let kept = self.maps(&path, before, after, extra);
                (!kept.is_empty()).then_some(Value::Object(kept))
            }
            (Value::Array(before), Value::Array(after), Value::Array(extra))
                if before.len() == extra.len() =>
            {
                self.items(&path, before, after, extra)
            }
            _ => self.drop(path, extra),
        }
    }

    fn items(
        &mut self,
        path: &str,
        before: &[Value],
        after: &[Value],
        extra: &[Value],
    ) -> Option<Value> {
        let partners = self.partners(before, after);
        let mut kept = vec![Value::Null; after.len()];
        for (old, extra) in extra.iter().enumerate().filter(|(_, e)| !e.is_null()) {
            let path = format!("{path}[{old}]");
            match partners[old] {
                Some(new) => {
                    let value = self.values(path, &before[old], &after[new], extra);
                    kept[new] = value.unwrap_or_default();
                }
                None => {
                    self.drop(path, extra);
                }
            }
        }
        let any = kept.iter().any(|value| !value.is_null());
        any.then_some(Value::Array(kept))
    }

    /// The position of each old item among the new ones.
    fn partners(&self, before: &[Value], after: &[Value]) -> Vec<Option<usize>> {
        let is_same_list = before.len() == after.len();
        let mut partners = vec![None; before.len()];
        let mut taken = vec![false; after.len()];
        // The surest first: equal items in their place, equal items, then items of the same key.
        for round in 0..4 {
            for (old, item) in before.iter().enumerate() {
                let matches = |new: usize| match round {
                    0 => old == new && *item == after[new],
                    1 => *item == after[new],
                    2 => self.are_one_item(item, &after[new]) == Some(true),
                    _ => {
                        let is_unknown = self.are_one_item(item, &after[new]).is_none();
                        is_same_list && old == new && is_unknown
                    }
                };
                if partners[old].is_none()
                    && let Some(new) = (0..after.len()).find(|new| !taken[*new] && matches(*new))
                {
                    partners[old] = Some(new);
                    taken[new] = true;
                }
            }
        }
        partners
    }

    /// Whether two items are the same one, by the first key that either has; `None` without a key.
    fn are_one_item(&self, one: &Value, other: &Value) -> Option<bool> {
        let (one, other) = (one.as_object()?, other.as_object()?);
        let has = |item: &Map<String, Value>, key: &str| item.contains_key(key);
        let key = self
            .kind
            .item_keys
            .iter()
            .chain(&NATURAL_KEYS)
            .find(|key| has(one, key) || has(other, key))?;
        Some(one.get(*key) == other.get(*key))
    }

    fn drop(&mut self, path: FieldPath, extra: &Value) -> Option<Value> {
        let whole = Body::from_iter([(String::new(), extra.clone())]);
        // The empty key is written as `[""]`.
        let below = unmodelled_paths(&whole).into_iter();
        self.dropped_paths
            .extend(below.map(|below| format!("{path}{}", &below[4..])));
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static KIND: KindInfo = KindInfo {
        item_keys: &["entity"],
        open_field: Some("extra"),
        ..KindInfo::PLAIN
    };

    fn fields(before: &Value, after: &Value, unmodelled: &Value) -> UnmodelledFields {
        let body = |value: &Value| value.as_object().unwrap().clone();
        UnmodelledFields::new(&body(before), &body(after), &body(unmodelled), &KIND)
    }

    #[test]
    fn a_field_with_the_name_of_one_of_manifests_is_another_one() {
        let live = json!({"extra": {"a": 1}, "deep": {"extra": {"b": 2}}});
        let before = json!({"extra": {"a": 0}, "deep": {"extra": {"c": 1}}});
        let kept = fields(&before, &json!({}), &live);
        assert_eq!(Value::Object(kept.kept), json!({"extra": {"a": 1}}));
        assert_eq!(kept.kept_paths, ["extra.a"]);
        assert_eq!(kept.dropped_paths, ["deep.extra.b"]);

        let kind = KindInfo {
            by_declared_fields: true,
            ..KindInfo::PLAIN
        };
        let body = |value: Value| value.as_object().unwrap().clone();
        let (before, live) = (
            body(json!({"type": "links"})),
            body(json!({"type": "external"})),
        );
        let kept = UnmodelledFields::new(&before, &before, &live, &kind);
        assert_eq!(kept.kept, live);
        assert_eq!(kept.kept_paths, ["type"]);
    }

    #[test]
    fn items_keep_their_fields_wherever_they_move() {
        let before = json!({"contacts": [{"name": "Ann"}, {"name": "Ben"}, {"name": "Cy"}]});
        let extra = json!({"contacts": [{"phone": "1"}, {"phone": "2", "at": {"x": 1}}, null]});
        let swapped = json!({"contacts": [{"name": "Ben"}, {"name": "Ann", "email": "a"}]});
        let result = fields(&before, &swapped, &extra);
        assert_eq!(
            Value::Object(result.kept),
            json!({"contacts": [{"phone": "2", "at": {"x": 1}}, {"phone": "1"}]})
        );
        assert!(result.dropped_paths.is_empty());
        let without = json!({"contacts": [{"name": "Ann"}, {"name": "Cy"}, {"name": "Di"}]});
        let result = fields(&before, &without, &extra);
        assert_eq!(
            Value::Object(result.kept),
            json!({"contacts": [{"phone": "1"}, null, null]})
        );
        assert_eq!(result.kept_paths, ["contacts[0].phone"]);
        assert_eq!(
            result.dropped_paths,
            ["contacts[1].at.x", "contacts[1].phone"]
        );
    }

    #[test]
    fn what_holds_a_field_may_go_away_or_come_back() {
        let extra = json!({"novel": 1, "server": {"region": "eu"}, "assigned": [{"since": 1}]});
        let before = json!({"server": {"type": "x"}, "assigned": [{"entity": "api"}]});
        let after = json!({"assigned": [{"entity": "api", "required": true}]});
        let result = fields(&before, &after, &extra);
        assert_eq!(
            Value::Object(result.kept),
            json!({"novel": 1, "assigned": [{"since": 1}]})
        );
        assert_eq!(result.dropped_paths, ["server.region"]);
        // Nothing known was in the live field, so nobody removed it.
        let result = fields(&json!({}), &json!({}), &json!({"server": {"region": "eu"}}));
        assert_eq!(
            Value::Object(result.kept),
            json!({"server": {"region": "eu"}})
        );
        let list_gone = fields(&before, &json!({"server": {}}), &extra);
        assert_eq!(list_gone.dropped_paths, ["assigned[0].since"]);
        assert_eq!(list_gone.kept_paths, ["novel", "server.region"]);
    }

    #[test]
    fn items_without_a_key_are_one_only_where_nothing_moved() {
        let before = json!({"l": [{"a": 1}, {"a": 2}]});
        let extra = json!({"l": [{"x": 1}, {"x": 2}]});
        let edited = fields(&before, &json!({"l": [{"a": 1}, {"a": 3}]}), &extra);
        assert!(edited.dropped_paths.is_empty());
        let longer = fields(
            &before,
            &json!({"l": [{"a": 0}, {"a": 1}, {"a": 3}]}),
            &extra,
        );
        assert_eq!(
            Value::Object(longer.kept),
            json!({"l": [null, {"x": 1}, null]})
        );
        assert_eq!(longer.dropped_paths, ["l[1].x"]);
    }
}
