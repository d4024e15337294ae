//! What somebody changed since an apply: going back would overwrite it.

use std::collections::BTreeSet;

use super::file::{Record, UndoFile};
use crate::kinds;
use crate::model::{Address, Body, LiveResource, LiveState, Resource, Role};
use crate::plan::{FieldChange, PlanOptions, differing};

/// A resource that is neither as the apply left it nor as it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The resource.
    pub address: Address,
    /// What is different, as a sentence about it.
    pub what: String,
}

/// Everything that prevents going back.
pub(super) fn moved(file: &UndoFile, live: &LiveState, options: &PlanOptions) -> Vec<Moved> {
    let mut moved = moved_records(file, live, options, |_| true);
    moved.extend(in_use(file, live));
    moved.extend(lacking(file, live));
    moved
}

/// The recorded resources, as far as `concerns` is true, that are otherwise than the apply makes or finds them.
pub(super) fn moved_records(
    file: &UndoFile,
    live: &LiveState,
    options: &PlanOptions,
    concerns: impl Fn(&Address) -> bool,
) -> Vec<Moved> {
    let options = PlanOptions {
        undone: None,
        ..options.clone()
    };
    let comparison = Comparison {
        live,
        options: &options,
    };
    // Which role assignments there are is found out by what they assign.
    let records = file.records.iter();
    let records = records.filter(|(address, _)| {
        let is_left = file.is_left_to_integration(address, Some(live));
        concerns(address) && !address.is(Role::RoleAssignment) && !is_left
    });
    let moved = records.filter_map(|(address, record)| {
        let what = comparison.difference(address, record)?;
        let address = address.clone();
        Some(Moved { address, what })
    });
    moved.collect()
}

struct Comparison<'a> {
    live: &'a LiveState,
    options: &'a PlanOptions,
}

impl Comparison<'_> {
    /// How a resource differs from all forms that it has because of the apply.
    fn difference(&self, address: &Address, record: &Record) -> Option<String> {
        let was_absent = record.before.is_none() || record.after.is_none();
        let Some(current) = self.live.resources.get(address) else {
            // Going back deletes what the apply gave content, and creates it again.
            let has_content = |body: &Body| content_of(body, address).is_some();
            let is_emptied = record.after.as_ref().is_some_and(has_content)
                && !record
                    .before
                    .as_ref()
                    .is_some_and(|held| has_content(&held.body));
            return (!was_absent && !is_emptied).then(|| "somebody deleted it".to_owned());
        };
        let before = record.before.as_ref().map(|held| &held.body);
        let ends = || before.into_iter().chain(&record.after);
        let forms = || ends().chain(&record.between);
        if forms().next().is_none() {
            return Some("somebody created it".to_owned());
        }
        let has_form = forms().any(|form| self.fields(address, form, current).is_empty());
        let content = content_of(&current.resource.body, address);
        let has_content = content.is_none() && was_absent
            || forms().any(|form| content_of(form, address) == content)
            || content_fields(address).is_empty();
        if has_form && has_content {
            return None;
        }
        if !has_form {
            // An apply that was interrupted may have left the form from before.
            let forms = record.after.iter().chain(before);
            let changed = forms.map(|form| self.fields(address, form, current));
            let named = changed.min_by_key(Vec::len)?;
            let named = named.iter().map(words);
            return Some(named.collect::<Vec<_>>().join("; "));
        }
        Some("its content is another one".to_owned())
    }

    /// The fields, besides content, that differ from a form.
    fn fields(&self, address: &Address, form: &Body, current: &LiveResource) -> Vec<FieldChange> {
        let (mut wanted, mut found) = (form.clone(), current.clone());
        for field in content_fields(address) {
            wanted.shift_remove(*field);
            found.resource.body.shift_remove(*field);
        }
        let wanted = Resource {
            body: wanted,
            ..current.resource.clone()
        };
        differing(&wanted, &found, self.live, self.options)
    }
}

fn content_fields(address: &Address) -> &'static [&'static str] {
    match &kinds::of(address).content {
        Some(_) => address.kind().content_fields,
        None => &[],
    }
}

fn content_of<'a>(body: &'a Body, address: &Address) -> Option<&'a str> {
    body.get(address.kind().digest_field()?)?.as_str()
}

fn words(field: &FieldChange) -> String {
    let value = |value: &Option<serde_json::Value>| match value {
        Some(value) => value.to_string(),
        None => "nothing".to_owned(),
    };
    // The live value is the one that would be replaced.
    let (now, left) = (value(&field.before), value(&field.after));
    format!("`{}` is {now}, and the apply left {left}", field.path)
}

/// What would vanish or break with a resource that the apply created.
fn in_use(file: &UndoFile, live: &LiveState) -> Vec<Moved> {
    let created: BTreeSet<&Address> = file
        .records
        .iter()
        .filter(|(address, record)| {
            record.before.is_none() && live.resources.contains_key(*address)
        })
        .map(|(address, _)| address)
        .collect();
    let mut found = Vec::new();
    for (address, current) in &live.resources {
        // What an integration brought in goes with it.
        if current.synchronised || file.records.contains_key(address) {
            continue;
        }
        let mut above = address.ancestors();
        let (top, what) = if let Some(top) = above.find(|above| created.contains(above)) {
            (top, format!("somebody added {address} below it"))
        } else {
            let mut references = current.resource.references.iter();
            let Some(used) = references.find(|used| created.contains(used)) else {
                continue;
            };
            (used.clone(), format!("{address} refers to it"))
        };
        found.push(Moved { address: top, what });
    }
    found
}

/// What a resource needs that is to be written again, and that somebody deleted.
fn lacking(file: &UndoFile, live: &LiveState) -> Vec<Moved> {
    let is_there = |address: &Address| {
        let record = file.records.get(address);
        let is_restored = record.is_some_and(|record| record.before.is_some());
        is_restored || live.resources.contains_key(address)
    };
    let mut found = Vec::new();
    for (address, record) in &file.records {
        let Some(before) = &record.before else {
            continue;
        };
        let is_deleted = !live.resources.contains_key(address);
        let is_left = file.is_left_to_integration(address, Some(live));
        if !is_deleted || is_left || address.is(Role::RoleAssignment) {
            continue;
        }
        let (parent, references) = (address.parent(), before.references(address));
        let needed = parent.iter().chain(&references);
        let missing = needed.filter(|needed| !needed.is(Role::Service) && !is_there(needed));
        found.extend(missing.map(|missing| Moved {
            address: address.clone(),
            what: format!("it needs {missing}, which somebody deleted"),
        }));
    }
    found
}
