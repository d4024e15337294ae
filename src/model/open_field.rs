//! Properties that a manifest declares although no kind models them.

use serde_json::{Map, Value};

use super::resource::Body;

/// What a manifest declares of the properties that no kind models, against what the service has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClaimedFields {
    /// What is declared; without what asks for nothing where the service has nothing.
    pub after: Body,
    /// What the service has of it.
    pub before: Body,
}

impl ClaimedFields {
    /// Takes what `declared` names out of the live `unmodelled` properties.
    ///
    /// Mappings are compared field by field, everything else as a whole. A null declares that there is no such
    /// property (RFC 7396).
    #[must_use]
    pub fn take(declared: &Body, unmodelled: &mut Body) -> Self {
        let mut claimed = Self::default();
        for (name, wanted) in declared {
            match (wanted, unmodelled.get_mut(name)) {
                (Value::Object(wanted), Some(Value::Object(live))) => {
                    let Self { after, before } = Self::take(wanted, live);
                    if live.is_empty() {
                        unmodelled.shift_remove(name);
                    }
                    claimed.after.insert(name.clone(), Value::Object(after));
                    claimed.before.insert(name.clone(), Value::Object(before));
                }
                (wanted, None) if asks_for_nothing(wanted) => {}
                (wanted, live) => {
                    let live = live.map(Value::take);
                    unmodelled.shift_remove(name);
                    claimed.before.extend(live.map(|live| (name.clone(), live)));
                    claimed.after.insert(name.clone(), wanted.clone());
                }
            }
        }
        claimed
    }
}

fn asks_for_nothing(wanted: &Value) -> bool {
    match wanted {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.values().all(asks_for_nothing),
        _ => false,
    }
}

/// Merges a patch into a mapping (RFC 7396): mappings field by field, a null removes its field.
pub fn merge_patch(into: &mut Body, patch: &Body) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                into.shift_remove(name);
            }
            Value::Object(patch) => {
                let nested = into
                    .entry(name.clone())
                    .or_insert_with(|| Value::Object(Map::new()));
                if !nested.is_object() {
                    *nested = Value::Object(Map::new());
                }
                if let Value::Object(nested) = nested {
                    merge_patch(nested, patch);
                }
            }
            other => {
                into.insert(name.clone(), other.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(value: Value) -> Body {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn only_what_is_declared_is_compared() {
        let mut live = body(json!({"a": 1, "b": {"c": 2, "d": 3}, "list": [{"x": 1}], "gone": 5}));
        let declared = body(json!({
            "a": 1, "b": {"c": 4, "none": null}, "list": [], "gone": null, "absent": null, "empty": {"deep": []},
        }));
        let claimed = ClaimedFields::take(&declared, &mut live);
        assert_eq!(Value::Object(live), json!({"b": {"d": 3}}));
        assert_eq!(
            Value::Object(claimed.before),
            json!({"a": 1, "b": {"c": 2}, "list": [{"x": 1}], "gone": 5})
        );
        assert_eq!(
            Value::Object(claimed.after),
            json!({"a": 1, "b": {"c": 4}, "list": [], "gone": null})
        );
    }

    #[test]
    fn a_patch_adds_replaces_and_removes() {
        let mut into = body(json!({"a": {"b": 1, "c": 2}, "d": [1], "e": 1}));
        merge_patch(
            &mut into,
            &body(json!({"a": {"b": null, "x": 3}, "d": [2], "e": {"f": null, "g": 1}})),
        );
        assert_eq!(
            Value::Object(into),
            json!({"a": {"c": 2, "x": 3}, "d": [2], "e": {"g": 1}})
        );
    }
}
