//! Fields that no kind models, of a resource that is to be as it was before an apply.

use serde_json::Value;

use crate::model::{Body, FieldPath, LiveResource, Resource, UnmodelledFields, field_path};
use crate::plan::model::{FieldChange, PlanOptions};

/// All such fields that a resource is to have, and those among them that it lacks; `None` if it lacks none, or no
/// apply is undone. Those that it has stay as they are: no apply changes them.
pub(super) fn restored(
    after: &Resource,
    current: &LiveResource,
    options: &PlanOptions,
) -> Option<(Body, Vec<FieldChange>)> {
    let undone = options.undone.as_deref()?;
    let had = undone.unmodelled.get(&after.address)?;
    let kind = after.address.kind();
    let before = &current.resource.body;
    let mut whole = UnmodelledFields::new(before, &after.body, &current.unmodelled, kind).kept;
    let mut lacking = Vec::new();
    complete_map(&mut whole, had, "", &mut lacking);
    (!lacking.is_empty()).then_some((whole, lacking))
}

fn complete_map(into: &mut Body, had: &Body, above: &str, lacking: &mut Vec<FieldChange>) {
    for (name, value) in had {
        let path = field_path(above, name);
        match into.get_mut(name) {
            Some(present) => complete(present, value, path, lacking),
            None => {
                note(value, path, lacking);
                into.insert(name.clone(), value.clone());
            }
        }
    }
}

fn complete(into: &mut Value, had: &Value, path: FieldPath, lacking: &mut Vec<FieldChange>) {
    match (into, had) {
        (Value::Object(into), Value::Object(had)) => complete_map(into, had, &path, lacking),
        // Both have an item for each item of the list in the body; a null where it has no such field.
        (Value::Array(into), Value::Array(had)) if into.len() == had.len() => {
            for (i, (into, had)) in into.iter_mut().zip(had).enumerate() {
                complete(into, had, format!("{path}[{i}]"), lacking);
            }
        }
        (into @ Value::Null, had) if !had.is_null() => {
            note(had, path, lacking);
            *into = had.clone();
        }
        _ => {}
    }
}

fn note(value: &Value, path: FieldPath, lacking: &mut Vec<FieldChange>) {
    match value {
        Value::Array(items) if items.iter().all(|item| item.is_null() || item.is_object()) => {
            for (i, item) in items.iter().enumerate().filter(|(_, item)| !item.is_null()) {
                note(item, format!("{path}[{i}]"), lacking);
            }
        }
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                note(value, field_path(&path, name), lacking);
            }
        }
        _ => lacking.push(FieldChange {
            path,
            before: None,
            after: Some(value.clone()),
            place: None,
            author: None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::plan::model::Undone;
    use crate::plan::tests::{address, live};

    fn body(value: Value) -> Body {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_an_apply_dropped_comes_back_and_what_it_kept_stays_as_it_is() {
        let api = address("api/a");
        let mut after = live(&[(
            "api/a",
            json!({"title": "A", "contacts": [{"name": "x"}, {"name": "y"}]}),
        )]);
        let after = after.resources.remove(&api).unwrap().resource;
        let mut now = live(&[("api/a", json!({"title": "B", "contacts": [{"name": "x"}]}))]);
        let mut current = now.resources.remove(&api).unwrap();
        current.unmodelled = body(json!({"kept": {"a": 2}, "contacts": [{"phone": "new"}]}));
        let had = body(json!({"kept": {"a": 1, "b": 3},
            "contacts": [{"phone": "old"}, {"phone": "2", "deep": {"z": 1}}]}));
        let mut options = PlanOptions::default();
        assert!(restored(&after, &current, &options).is_none());
        options.undone = Some(Arc::new(Undone {
            unmodelled: [(api.clone(), had)].into(),
            ..Undone::default()
        }));
        let (whole, lacking) = restored(&after, &current, &options).unwrap();
        assert_eq!(
            Value::Object(whole.clone()),
            json!({"kept": {"a": 2, "b": 3}, "contacts": [{"phone": "new"}, {"phone": "2", "deep": {"z": 1}}]})
        );
        let paths: Vec<&str> = lacking.iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, ["kept.b", "contacts[1].phone", "contacts[1].deep.z"]);
        current.resource = after.clone();
        current.unmodelled = whole;
        assert!(restored(&after, &current, &options).is_none());
    }
}
