//! The plan's id: a hash of what would change, from what, to what, and where.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::model::{Plan, Preparation, WriteId};

/// Version of the plan as data. Part of the id: a reader of another version must plan again.
pub const PLAN_FORMAT: &str = "1.0";

/// `p1-` and the first twelve hex digits of the hash.
pub(super) fn id_of(plan: &Plan) -> String {
    let changes: Vec<Value> = plan
        .changes
        .iter()
        .map(|change| {
            json!({
                "address": change.address.to_string().to_ascii_lowercase(),
                "action": change.action().word(),
                "before": change.before().map(|resource| &resource.body),
                "after": change.after().map(|resource| &resource.body),
                "unmodelled": change.unmodelled,
            })
        })
        .collect();
    let mut subject = json!({
        "format": PLAN_FORMAT,
        "target": [plan.target.name, plan.target.service.subscription, plan.target.service.resource_group,
            plan.target.service.name],
        "changes": changes,
    });
    if !plan.preparations.is_empty() {
        // Preparations are numbered after the changes.
        let number = |id: &WriteId| match *id {
            WriteId::Change(i) => i,
            WriteId::Preparation(i) => plan.changes.len() + i,
        };
        let body = |preparation: &Preparation| {
            let address = preparation
                .resource
                .address
                .to_string()
                .to_ascii_lowercase();
            json!({"address": address, "body": preparation.resource.body,
                "waitsFor": preparation.waits_for.iter().map(number).collect::<Vec<_>>()})
        };
        subject["preparations"] = plan.preparations.iter().map(body).collect();
    }
    let digest = Sha256::digest(canonical_json(&subject));
    let mut id = String::from("p1-");
    for byte in digest.iter().take(6) {
        write!(id, "{byte:02x}").expect("writing to a string cannot fail");
    }
    id
}

/// JSON with sorted keys and no spaces: equal values give equal text.
#[must_use]
pub fn canonical_json(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            let inner: Vec<String> = entries
                .into_iter()
                .map(|(key, value)| {
                    format!("{}:{}", Value::from(key.as_str()), canonical_json(value))
                })
                .collect();
            format!("{{{}}}", inner.join(","))
        }
        Value::Array(items) => {
            let inner: Vec<String> = items.iter().map(canonical_json).collect();
            format!("[{}]", inner.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_give_equal_text_whatever_the_order_of_their_keys() {
        let one: Value =
            serde_json::from_str(r#"{"b": {"d": 1, "c": [2, {"z": 0, "y": "\""}]}, "a": null}"#)
                .unwrap();
        let other: Value =
            serde_json::from_str(r#"{"a": null, "b": {"c": [2, {"y": "\"", "z": 0}], "d": 1}}"#)
                .unwrap();
        assert_eq!(canonical_json(&one), canonical_json(&other));
        assert_eq!(
            canonical_json(&one),
            r#"{"a":null,"b":{"c":[2,{"y":"\"","z":0}],"d":1}}"#
        );
        assert_eq!(
            serde_json::from_str::<Value>(&canonical_json(&one)).unwrap(),
            one
        );
    }

    #[test]
    fn the_order_of_a_list_counts() {
        assert_ne!(
            canonical_json(&json!([1, 2])),
            canonical_json(&json!([2, 1]))
        );
    }
}
