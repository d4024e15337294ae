//! The plan's id: a hash of what would change, from what, to what, and where.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::model::{
    Change, ChangedSince, Plan, PlanOptions, PlanScope, Preparation, Purpose, WriteId,
};
use crate::model::Address;

/// Version of the plan as data. Part of the id: a reader of another version must plan again.
pub const PLAN_FORMAT: &str = "1.0";

/// How every id starts; the digit is the version of what follows.
const PREFIX: &str = "p2-";

/// How the ids of older versions started. They had 48 bits, for which a second plan can be found.
const OLDER_PREFIX: &str = "p1-";

/// How many bytes of the hash are in an id: 128 bits.
const HASH_BYTES: usize = 16;

/// Why a text is not a whole plan id, as a clause about it; none if it is one. Ids are compared whole:
/// whoever can choose what a plan contains can also find two plans whose ids start alike.
#[must_use]
pub fn id_problem(text: &str) -> Option<&'static str> {
    if text.starts_with(OLDER_PREFIX) {
        return Some("which is the shorter id of an older version");
    }
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    match text.strip_prefix(PREFIX) {
        Some(digits) if digits.bytes().all(is_digit) => match digits.len() {
            n if n == 2 * HASH_BYTES => None,
            n if n < 2 * HASH_BYTES => Some("which is abbreviated"),
            _ => Some("which is too long for a plan id"),
        },
        _ => Some("which is not a plan id"),
    }
}

/// Gives a plan its id. That of a plan of what a branch changes is bound to what was compared: a plan of everything
/// never has it.
pub(super) fn identify(plan: &mut Plan, options: &PlanOptions) {
    let whole_id = id_of(plan, None);
    let Some(changed) = &options.changed else {
        plan.id = whole_id;
        return;
    };
    plan.id = id_of(plan, Some(changed));
    plan.scope = Some(PlanScope {
        changed: Arc::clone(changed),
        has_patterns: !options.only.is_empty() || !options.exclude.is_empty(),
        prunes: options.prune.enabled,
        whole_id,
    });
}

/// The id of a plan as if it was limited to what a branch changes, or to nothing.
///
/// It is made from canonical JSON of which only one change at a time is in memory, so the keys are in order here.
fn id_of(plan: &Plan, changed: Option<&Arc<ChangedSince>>) -> String {
    let mut text = HashedText::default();
    text.list("{\"changes\":", plan.changes.iter().map(subject_of));
    text.field(",\"format\":", &PLAN_FORMAT.into());
    if !plan.preparations.is_empty() {
        let preparations = plan.preparations.iter();
        text.list(
            ",\"preparations\":",
            preparations.map(|one| subject_of_preparation(one, plan)),
        );
    }
    if let Some(changed) = changed {
        text.field(",\"scope\":", &scope_of(changed));
    }
    let target = &plan.target;
    let service = &target.service;
    let target = json!([
        target.name,
        service.subscription,
        service.resource_group,
        service.name
    ]);
    text.field(",\"target\":", &target);
    text.0.update("}");
    text.id()
}

/// What was compared. Where the branch begins is not part of it: another base with the same differences leads to the
/// same plan.
fn scope_of(changed: &ChangedSince) -> Value {
    let addresses = &changed.addresses;
    json!({
        "single": addresses.single().map(lower_case).collect::<Vec<_>>(),
        "families": addresses.families().map(lower_case).collect::<Vec<_>>(),
    })
}

fn lower_case(address: &Address) -> String {
    address.to_string().to_ascii_lowercase()
}

/// What the id has of a change.
fn subject_of(change: &Change) -> Value {
    let mut subject = json!({
        "address": lower_case(&change.address),
        "action": change.action().word(),
        "before": change.before().map(|resource| &resource.body),
        "after": change.after().map(|resource| &resource.body),
        "unmodelled": change.unmodelled,
    });
    if let Some(restored) = &change.restored {
        subject["restored"] = Value::Object(restored.clone());
    }
    if let Some(former) = change.former() {
        subject["was"] = lower_case(former).into();
    }
    subject
}

/// What the id has of a preparation.
fn subject_of_preparation(preparation: &Preparation, plan: &Plan) -> Value {
    // Preparations are numbered after the changes.
    let number = |id: &WriteId| match *id {
        WriteId::Change(i) => i,
        WriteId::Preparation(i) => plan.changes.len() + i,
    };
    let mut subject = json!({
        "address": lower_case(&preparation.resource.address),
        "body": preparation.resource.body,
        "waitsFor": preparation.waits_for.iter().map(number).collect::<Vec<_>>(),
    });
    if preparation.purpose == Purpose::Remove {
        subject["removed"] = true.into();
    }
    if let Some(carried) = &preparation.carried {
        subject["unmodelled"] = Value::Object(carried.unmodelled.clone());
    }
    subject
}

/// Canonical JSON of which only the hash is kept.
#[derive(Default)]
struct HashedText(Sha256);

impl HashedText {
    fn field(&mut self, key: &str, value: &Value) {
        self.0.update(key);
        self.0.update(canonical_json(value));
    }

    fn list(&mut self, key: &str, items: impl Iterator<Item = Value>) {
        self.0.update(key);
        self.0.update("[");
        for (i, item) in items.enumerate() {
            self.field(if i == 0 { "" } else { "," }, &item);
        }
        self.0.update("]");
    }

    /// The prefix and the first bytes of the hash, in hex.
    fn id(self) -> String {
        let mut id = String::from(PREFIX);
        for byte in self.0.finalize().iter().take(HASH_BYTES) {
            write!(id, "{byte:02x}").expect("writing to a string cannot fail");
        }
        id
    }
}

/// JSON with sorted keys and no spaces: equal values give equal text.
#[must_use]
pub fn canonical_json(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(&mut text, value);
    text
}

fn write_canonical(text: &mut String, value: &Value) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| key.as_str());
            text.push('{');
            for (i, (key, value)) in entries.into_iter().enumerate() {
                let comma = if i == 0 { "" } else { "," };
                let key = Value::from(key.as_str());
                write!(text, "{comma}{key}:").expect("writing to a string cannot fail");
                write_canonical(text, value);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (i, value) in items.iter().enumerate() {
                if i > 0 {
                    text.push(',');
                }
                write_canonical(text, value);
            }
            text.push(']');
        }
        other => write!(text, "{other}").expect("writing to a string cannot fail"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DesiredState;
    use crate::plan::plan;
    use crate::plan::tests::{desired, live};

    fn id_of_subject(subject: &Value) -> String {
        let mut text = HashedText::default();
        text.field("", subject);
        text.id()
    }

    #[test]
    fn the_id_is_that_of_the_whole_text() {
        let titled = |title: &str| json!({"title": title});
        let desired = desired(&[("api/a", titled("A")), ("api/b", titled("B"))]);
        let live = live(&[("api/b", titled("C"))]);
        let options = PlanOptions::default();
        for state in [&desired, &DesiredState::default()] {
            let plan = plan(state, &live, &options);
            let changes: Vec<Value> = plan.changes.iter().map(subject_of).collect();
            let whole =
                json!({"target": ["", "", "", ""], "format": PLAN_FORMAT, "changes": changes});
            assert_eq!(plan.id, id_of_subject(&whole));
            assert_eq!(changes.len(), state.resources.len());
        }
    }

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
    fn only_a_whole_id_is_an_id() {
        let id = id_of_subject(&json!({"title": "a"}));
        assert_eq!((id.len(), id_problem(&id)), (35, None));
        for (text, words) in [
            (&id[..15], "abbreviated"),
            (&id[..34], "abbreviated"),
            ("p2-", "abbreviated"),
            (&format!("{id}0"), "too long"),
            ("p1-3f9a0c11d2e4", "older version"),
            (&format!("p1-{}", &id[3..]), "older version"),
            (&id[3..], "not a plan id"),
            (&id.to_ascii_uppercase(), "not a plan id"),
            (&format!(" {id}"), "not a plan id"),
            ("p2-3f9a…", "not a plan id"),
            ("", "not a plan id"),
        ] {
            let problem = id_problem(text).unwrap();
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }

    #[test]
    fn values_whose_hashes_start_alike_have_different_ids() {
        // Found among 30 million titles: the first 48 bits are equal.
        let [one, other] = [1_452_300, 22_151_866]
            .map(|number| id_of_subject(&json!({"title": number.to_string()})));
        assert_eq!(one[..15], other[..15]);
        assert!(one.starts_with("p2-71b1e4c8812a"), "{one}");
        assert_ne!(one, other);
    }

    #[test]
    fn the_order_of_a_list_counts() {
        assert_ne!(
            canonical_json(&json!([1, 2])),
            canonical_json(&json!([2, 1]))
        );
    }
}
