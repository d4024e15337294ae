//! A declared resource against the live one.

use std::sync::Arc;

use serde_json::Value;

use super::diff::diff;
use super::restored::restored;
use crate::document::{Effects, bundle, effects};
use crate::model::{
    Address, Body, ClaimedFields, DesiredResource, KindInfo, LiveResource, LiveState, Resource,
    Span,
};
use crate::plan::matching::left_to_gateway;
use crate::plan::model::{
    BY_DECLARED_FIELDS, Change, DELETED_BY_APPLY, EMPTIED, FieldChange, NOT_THERE, PlanOptions,
    Step, TextChange, differing, differing_from_before, differing_from_manifest, is_under,
    renamed_from,
};

pub(in crate::plan) fn create(declared: &DesiredResource, options: &PlanOptions) -> Change {
    let mut resource = Arc::clone(&declared.resource);
    let content = resource.address.kind().content_fields.iter();
    let content: Vec<&str> = content
        .copied()
        .filter(|field| resource.body.contains_key(*field))
        .collect();
    let has_document = declared.document.is_some() || options.from.is_some();
    if !has_document && !content.is_empty() {
        // Without a document, nothing would send these to the service.
        let resource = Arc::make_mut(&mut resource);
        for field in content {
            resource.body.shift_remove(field);
        }
    }
    let mut fields = diff(&Body::new(), &resource.body, resource.address.kind());
    set_places(&mut fields, declared);
    let undone = options.undone.as_deref();
    let unmodelled = undone.and_then(|undone| undone.unmodelled.get(&resource.address));
    Change {
        address: resource.address.clone(),
        step: Step::Create { after: resource },
        blocked: None,
        reason: match undone {
            Some(_) => DELETED_BY_APPLY.to_owned(),
            None => NOT_THERE.to_owned(),
        },
        fields,
        unmodelled: unmodelled.cloned().unwrap_or_default(),
        text: declared.document.as_ref().map(|document| TextChange {
            before: None,
            after: Arc::clone(document),
            effects: Effects::default(),
        }),
        place: declared.place,
        restored: None,
        waits_for: Vec::new(),
        author: None,
    }
}

pub(in crate::plan) fn update(
    declared: &DesiredResource,
    current: &LiveResource,
    live: &LiveState,
    options: &PlanOptions,
) -> Option<Change> {
    let kind = declared.resource.address.kind();
    let mut after = effective(declared, current, options);
    let claimed = claimed(kind, &mut after.body, current);
    let current = claimed.as_ref().unwrap_or(current);
    leave_to_gateway(&mut after, current, live);
    let mut fields = diff(&current.resource.body, &after.body, kind);
    let restored = restored(&after, current, options).map(|(whole, mut more)| {
        fields.append(&mut more);
        whole
    });
    if fields.is_empty() {
        return None;
    }
    set_places(&mut fields, declared);
    let mut place = declared.place;
    if let Some((i, part)) = changed_part(&fields, declared, current) {
        fields[i].place = Some(part);
        if fields.len() == 1 {
            place = Some(part);
        }
    }
    let has_any = |paths| fields.iter().any(|field| is_under(&field.path, paths));
    let touches_content = has_any(kind.content_fields);
    let document = declared.document.as_ref();
    let text = document
        .filter(|_| touches_content)
        .map(|document| TextChange {
            before: current.text.clone(),
            after: Arc::clone(document),
            effects: effects_on_callers(&fields, declared, current),
        });
    let is_emptied = loses_content(&after, current, options);
    let replaced = is_emptied || has_any(kind.force_replace);
    Some(Change {
        address: declared.resource.address.clone(),
        step: if replaced {
            Step::Replace {
                before: Arc::new(current.resource.clone()),
                after: Arc::new(after),
            }
        } else {
            after.id.clone_from(&current.resource.id);
            Step::Update {
                before: Arc::new(current.resource.clone()),
                after: Arc::new(after),
            }
        },
        blocked: None,
        reason: match is_emptied {
            true => EMPTIED.to_owned(),
            false => reason(kind, replaced, fields.len(), options),
        },
        fields,
        unmodelled: current.unmodelled.clone(),
        text,
        place,
        restored,
        waits_for: Vec::new(),
        author: None,
    })
}

/// Keeps the live value of what only the gateway of a synchronised API sets.
fn leave_to_gateway(after: &mut Resource, current: &LiveResource, live: &LiveState) {
    if let Some(field) = left_to_gateway(&after.address, live) {
        let steps: Vec<&str> = field.split('.').collect();
        copy_path(&mut after.body, &current.resource.body, &steps);
    }
}

/// The change of a resource that gets another name, from what changes besides.
pub(in crate::plan) fn renamed(
    former: &Address,
    change: Option<Change>,
    declared: &DesiredResource,
    current: &LiveResource,
) -> Change {
    let unchanged = || {
        let same = Arc::new(current.resource.clone());
        Change {
            address: declared.resource.address.clone(),
            step: Step::Update {
                before: Arc::clone(&same),
                after: same,
            },
            blocked: None,
            reason: String::new(),
            fields: Vec::new(),
            unmodelled: current.unmodelled.clone(),
            text: None,
            place: declared.place,
            restored: None,
            waits_for: Vec::new(),
            author: None,
        }
    };
    let mut change = change.unwrap_or_else(unchanged);
    change.reason = match change.fields.len() {
        0 => renamed_from(former),
        _ => format!("{}; {}", renamed_from(former), change.reason),
    };
    if let Step::Update { before, after } = change.step {
        change.step = Step::Rename {
            former: former.clone(),
            before,
            after,
        };
    }
    change
}

/// Why a resource is changed.
fn reason(kind: &KindInfo, replaced: bool, fields: usize, options: &PlanOptions) -> String {
    match fields {
        _ if replaced => format!(
            "cannot be updated in place, so a new {} is created and this one deleted",
            kind.noun
        ),
        _ if kind.by_declared_fields => BY_DECLARED_FIELDS.to_owned(),
        count if options.from.is_some() => differing(count),
        count if options.undone.is_some() => differing_from_before(count),
        count => differing_from_manifest(count),
    }
}

/// The live resource as far as it is compared with a declaration of a kind with an open field: what is declared in
/// it is compared, all other properties are kept. `None` for any other kind.
fn claimed(kind: &KindInfo, after: &mut Body, current: &LiveResource) -> Option<LiveResource> {
    let field = kind.open_field?;
    let mut compared = current.clone();
    let none = Body::new();
    let declared = after.get(field).and_then(Value::as_object);
    let claimed = ClaimedFields::take(declared.unwrap_or(&none), &mut compared.unmodelled);
    set_open(after, field, claimed.after);
    set_open(&mut compared.resource.body, field, claimed.before);
    for field in kind.local_fields {
        match after.get(*field) {
            Some(value) => drop(
                compared
                    .resource
                    .body
                    .insert((*field).to_owned(), value.clone()),
            ),
            None => drop(compared.resource.body.shift_remove(*field)),
        }
    }
    Some(compared)
}

fn set_open(body: &mut Body, field: &str, open: Body) {
    body.shift_remove(field);
    if !open.is_empty() {
        body.insert(field.to_owned(), Value::Object(open));
    }
}

/// The declared resource with the live values of fields that are left to others or cannot be cleared.
fn effective(
    declared: &DesiredResource,
    current: &LiveResource,
    options: &PlanOptions,
) -> Resource {
    let mut after = Resource::clone(&declared.resource);
    let kind = after.address.kind();
    let loses_content = loses_content(&after, current, options);
    // Another service has the content, even where only its digest was read.
    if declared.document.is_none() && options.from.is_none() && !loses_content {
        for field in kind.content_fields {
            copy_path(&mut after.body, &current.resource.body, &[*field]);
        }
    }
    for field in kind
        .retained_when_absent
        .iter()
        .filter(|_| options.from.is_none())
        .filter(|field| !(loses_content && is_under(field, kind.content_fields)))
    {
        let steps: Vec<&str> = field.split('.').collect();
        keep_path(&mut after.body, &current.resource.body, &steps);
    }
    for field in kind.create_only {
        after.body.shift_remove(*field);
    }
    for rule in options.ignore.iter().filter(|rule| rule.kind == kind.name) {
        let steps: Vec<&str> = rule.field.split('.').collect();
        copy_path(&mut after.body, &current.resource.body, &steps);
        // A value that is left to others may reference what others need.
        after
            .references
            .extend(current.resource.references.iter().cloned());
    }
    after
}

/// Whether a resource that had no content before an apply has some now: nothing but a delete removes it.
fn loses_content(before: &Resource, current: &LiveResource, options: &PlanOptions) -> bool {
    let field = before.address.kind().digest_field();
    options.undone.is_some()
        && field.is_some_and(|field| {
            current.resource.body.contains_key(field) && !before.body.contains_key(field)
        })
}

/// Copies the field at a path from another body if it is absent and its parent is not.
fn keep_path(into: &mut Body, from: &Body, steps: &[&str]) {
    let [first, rest @ ..] = steps else { return };
    match (into.get_mut(*first), from.get(*first)) {
        (Some(Value::Object(into)), Some(Value::Object(from))) if !rest.is_empty() => {
            keep_path(into, from, rest);
        }
        (None, Some(value)) if rest.is_empty() => {
            into.insert((*first).to_owned(), value.clone());
        }
        _ => {}
    }
}

/// Sets the field at a path to its value in another body, or removes it if it is absent there.
fn copy_path(into: &mut Body, from: &Body, steps: &[&str]) {
    let [first, rest @ ..] = steps else { return };
    if rest.is_empty() {
        match from.get(*first) {
            Some(value) => into.insert((*first).to_owned(), value.clone()),
            None => into.shift_remove(*first),
        };
        return;
    }
    let empty = Body::new();
    let source = from
        .get(*first)
        .and_then(|value| value.as_object())
        .unwrap_or(&empty);
    let nested = into
        .entry((*first).to_owned())
        .or_insert_with(|| Body::new().into());
    if let Some(nested_map) = nested.as_object_mut() {
        copy_path(nested_map, source, rest);
        if nested_map.is_empty() {
            into.shift_remove(*first);
        }
    }
}

/// What a changed document means for callers.
fn effects_on_callers(
    fields: &[FieldChange],
    declared: &DesiredResource,
    current: &LiveResource,
) -> Effects {
    let digest_field = declared.resource.address.kind().digest_field();
    let is_replaced = fields
        .iter()
        .any(|field| Some(field.path.as_str()) == digest_field);
    let (Some(before), Some(after), true) = (&current.text, &declared.document, is_replaced) else {
        return Effects::default();
    };
    effects(before, &after.text)
}

/// The field that is the document, and the first place that differs in the files of a document that is split
/// into several. Readers look for a change there and not in the manifest.
fn changed_part(
    fields: &[FieldChange],
    declared: &DesiredResource,
    current: &LiveResource,
) -> Option<(usize, Span)> {
    let digest_field = declared.resource.address.kind().digest_field()?;
    let position = fields.iter().position(|field| field.path == digest_field)?;
    let document = declared
        .document
        .as_ref()
        .filter(|document| !document.parts.is_empty())?;
    let pointer = bundle::first_difference(current.text.as_ref()?, &document.text)?;
    Some((position, bundle::place(&document.parts, &pointer)?))
}

fn set_places(fields: &mut [FieldChange], declared: &DesiredResource) {
    for field in fields {
        field.place = declared.place_of(&field.path);
    }
}
