//! What an apply is about to change, as it is right before the first write.

use std::collections::BTreeMap;

use super::file::{Held, Record, UndoFile};
use super::moved::{Moved, moved_records};
use crate::model::{Address, AddressSet, Body, LiveResource, LiveState};
use crate::plan::{Change, Plan, Purpose, Step};
use crate::project::LoadedProject;
use crate::workflow::connection::Connection;
use crate::workflow::error::WorkflowError;
use crate::workflow::event::Observer;
use crate::workflow::read::read_touched;

/// Reads everything that a plan changes, with the texts of documents. An `earlier` file is of an apply that did not end:
/// what it has stays as it is, because it was there before.
///
/// # Errors
/// If a request fails.
pub async fn record_undo(
    plan: &Plan,
    project: &LoadedProject,
    connection: &Connection,
    earlier: Option<UndoFile>,
    observer: &impl Observer,
) -> Result<Result<UndoFile, Vec<Moved>>, WorkflowError> {
    let touched = touched(plan);
    let live = read_touched(project, connection, touched, observer).await?;
    let file = record(plan, &live);
    let Some(earlier) = earlier else {
        return Ok(Ok(file));
    };
    let moved = moved_records(&earlier, &live, &project.options, |address| {
        file.records.contains_key(address)
    });
    Ok(match moved.is_empty() {
        true => Ok(merged(earlier, file)),
        false => Err(moved),
    })
}

/// Whether a plan that was applied in full leaves nothing of what a file records to be done: it looked at each, or has it
/// as a step on the way.
#[must_use]
pub fn ends_recorded(file: &UndoFile, plan: &Plan, project: &LoadedProject) -> bool {
    let touched = touched(plan);
    let is_blocked = |address: &Address| {
        let mut changes = plan.changes.iter();
        changes.any(|change| change.blocked.is_some() && change.address == *address)
    };
    let mut recorded = file.records.keys();
    recorded.all(|address| {
        let is_seen = project.options.selects(address) || touched.covers(address);
        is_seen && !is_blocked(address)
    })
}

/// The resources that a plan writes or deletes.
fn touched(plan: &Plan) -> AddressSet {
    let mut touched = AddressSet::default();
    for change in written(plan) {
        touched.insert(change.address.clone());
        if let Some(former) = change.former() {
            touched.insert_family(former.clone());
        }
    }
    for preparation in &plan.preparations {
        let address = preparation.resource.address.clone();
        match preparation.purpose {
            Purpose::Remove => touched.insert_family(address),
            _ => touched.insert(address),
        }
    }
    touched
}

fn written(plan: &Plan) -> impl Iterator<Item = &Change> {
    plan.changes
        .iter()
        .filter(|change| change.blocked.is_none())
}

fn record(plan: &Plan, live: &LiveState) -> UndoFile {
    let mut file = UndoFile {
        plan_id: plan.id.clone(),
        target: plan.target.clone(),
        complete: false,
        renames: Vec::new(),
        records: BTreeMap::new(),
    };
    let held = |address: &Address| live.resources.get(address).map(held);
    for change in written(plan) {
        let before = before_of_change(change).or_else(|| held(&change.address));
        let record = Record {
            before,
            after: change.after().map(|after| after.body.clone()),
            between: Vec::new(),
        };
        file.records.insert(change.address.clone(), record);
        if let Some(former) = change.former() {
            file.renames.push((former.clone(), change.address.clone()));
        }
    }
    for preparation in &plan.preparations {
        let resource = &preparation.resource;
        if preparation.purpose == Purpose::Remove {
            for member in live.family_of(&resource.address) {
                let removed = Record {
                    before: Some(self::held(member)),
                    ..Record::default()
                };
                let address = member.resource.address.clone();
                file.records.entry(address).or_insert(removed);
            }
            continue;
        }
        let record = file
            .records
            .entry(resource.address.clone())
            .or_insert_with(|| Record {
                before: held(&resource.address),
                after: Some(resource.body.clone()),
                between: Vec::new(),
            });
        record.between.push(resource.body.clone());
    }
    file
}

/// What was there, as far as only the plan knows: which role assignment it is, and what is compared of properties that no
/// kind models.
fn before_of_change(change: &Change) -> Option<Held> {
    let before = match &change.step {
        Step::Update { before, .. } | Step::Replace { before, .. } => before,
        Step::Delete { before, .. } if before.id.is_some() => before,
        _ => return None,
    };
    let open_field = change.address.kind().open_field;
    if open_field.is_none() && before.id.is_none() {
        return None;
    }
    let mut body = before.body.clone();
    if let (Some(field), Some(after)) = (open_field, change.after()) {
        let open = |body: &Body| body.get(field).and_then(|open| open.as_object()).cloned();
        let (is, was) = (open(&after.body), open(&body));
        let patch = patch(&is.unwrap_or_default(), &was.unwrap_or_default());
        body.shift_remove(field);
        if !patch.is_empty() {
            body.insert(field.to_owned(), patch.into());
        }
    }
    Some(Held {
        body,
        ..Held::default()
    })
}

/// The merge patch (RFC 7396) from one mapping to another.
fn patch(before: &Body, after: &Body) -> Body {
    let mut patch = Body::new();
    for (name, value) in after {
        match (before.get(name), value) {
            (Some(old), new) if old == new => {}
            (Some(serde_json::Value::Object(old)), serde_json::Value::Object(new)) => {
                patch.insert(name.clone(), self::patch(old, new).into());
            }
            _ => {
                patch.insert(name.clone(), value.clone());
            }
        }
    }
    let removed = before.keys().filter(|name| !after.contains_key(*name));
    patch.extend(removed.map(|name| (name.clone(), serde_json::Value::Null)));
    patch
}

fn held(current: &LiveResource) -> Held {
    let mut held = Held {
        body: current.resource.body.clone(),
        unmodelled: current.unmodelled.clone(),
        synchronised: current.synchronised,
        ..Held::default()
    };
    if let Some(field) = current.resource.address.kind().open_field
        && !held.unmodelled.is_empty()
    {
        let open = std::mem::take(&mut held.unmodelled);
        held.body.insert(field.to_owned(), open.into());
    }
    match (&current.files, &current.text) {
        (Some(files), _) => held.keep_files(files),
        (None, Some(text)) => held.document = Some(text.to_string()),
        (None, None) => {}
    }
    held
}

/// An earlier record of an apply that did not end, with what the apply of now adds to it.
fn merged(earlier: UndoFile, now: UndoFile) -> UndoFile {
    let mut file = UndoFile {
        plan_id: now.plan_id,
        complete: false,
        ..earlier
    };
    for rename in now.renames {
        if !file.renames.contains(&rename) {
            file.renames.push(rename);
        }
    }
    for (address, record) in now.records {
        let Some(known) = file.records.get_mut(&address) else {
            file.records.insert(address, record);
            continue;
        };
        let forms = known.after.take().into_iter().chain(record.between);
        for form in forms {
            if !known.between.contains(&form) {
                known.between.push(form);
            }
        }
        known.after = record.after;
    }
    file
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_patch_leads_back_and_removes_what_was_not_there() {
        let body = |value: Value| value.as_object().unwrap().clone();
        let before = body(json!({"a": 1, "deep": {"x": 1, "y": 2}, "list": [1]}));
        let after = body(json!({"a": 2, "deep": {"y": 2, "z": 3}, "list": [1], "new": {}}));
        let back = patch(&after, &before);
        assert_eq!(
            Value::Object(back.clone()),
            json!({"a": 1, "deep": {"x": 1, "z": null}, "new": null})
        );
        let mut merged = after;
        crate::model::merge_patch(&mut merged, &back);
        assert_eq!(merged, before);
    }
}
