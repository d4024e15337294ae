//! Metadata schemas in use: the service refuses to delete, retype or unassign them (documented), and
//! refuses entities without a required value. A plan that would run into that is refused as a whole,
//! before anything is sent.

use std::collections::BTreeMap;

use serde_json::Value;

use super::change::{Action, Change, Plan, Refusal, Step};
use crate::model::{Address, Body, LiveState, Resource};

/// The kind that this is about.
const KIND: &str = "MetadataSchema";

/// How many users are named in a message.
const MOST_NAMED: usize = 5;

pub(super) fn check(plan: &mut Plan, live: &LiveState) {
    let changes: BTreeMap<&Address, &Change> = plan
        .changes
        .iter()
        .map(|change| (&change.address, change))
        .collect();
    let mut refusals = Vec::new();
    for change in plan
        .changes
        .iter()
        .filter(|change| change.address.kind().name == KIND)
    {
        let (Some(before), Action::Update | Action::Delete) = (change.before(), change.action())
        else {
            continue;
        };
        let users: Vec<&Resource> = live
            .resources
            .values()
            .map(|current| &current.resource)
            .filter(|resource| resource.references.contains(&change.address))
            .collect();
        refusals.extend(keeps(change, before, &users, &changes));
        refusals.extend(loses_required(change, before, &users, &changes));
    }
    plan.refusals.extend(refusals);
}

/// Entities that keep a value which the changed schema can no longer hold.
fn keeps(
    change: &Change,
    before: &Resource,
    users: &[&Resource],
    changes: &BTreeMap<&Address, &Change>,
) -> Option<Refusal> {
    let keeping: Vec<&Address> = users
        .iter()
        .map(|user| &user.address)
        .filter(|address| still_names(address, &change.address, changes))
        .filter(|address| loses_its_place(change, before, address))
        .collect();
    if keeping.is_empty() {
        return None;
    }
    let name = &change.address;
    let what = match change.step {
        Step::Delete { .. } => "be deleted",
        _ if retyped(change, before) => "change its type",
        _ => "be unassigned",
    };
    Some(Refusal {
        message: format!(
            "{name} cannot {what} while it is in use by {}",
            named(&keeping)
        ),
        help: format!(
            "the service wants the values cleared first: take `{}` out of these resources and \
             apply, then change the schema and apply, then set the values again",
            name.name()
        ),
        place: change.place,
    })
}

/// Entities that are to lose a value before the schema stops requiring it.
fn loses_required(
    change: &Change,
    before: &Resource,
    users: &[&Resource],
    changes: &BTreeMap<&Address, &Change>,
) -> Option<Refusal> {
    let losing: Vec<&Address> = users
        .iter()
        .map(|user| &user.address)
        .filter(|address| required(&before.body, address))
        .filter(|address| {
            changes
                .get(address)
                .and_then(|change| change.after())
                .is_some()
                && !still_names(address, &change.address, changes)
        })
        .filter(|address| loses_its_place(change, before, address))
        .collect();
    if losing.is_empty() {
        return None;
    }
    let name = &change.address;
    Some(Refusal {
        message: format!(
            "{name} is still required by the service for {}",
            named(&losing)
        ),
        help: format!(
            "apply in two steps: first set `required: false` in the schema of `{}`, then remove \
             the values and the schema or its assignment",
            name.name()
        ),
        place: change.place,
    })
}

/// Whether a resource names the schema once the plan is carried out.
fn still_names(user: &Address, schema: &Address, changes: &BTreeMap<&Address, &Change>) -> bool {
    match changes.get(user) {
        Some(change) if change.blocked.is_none() => change
            .after()
            .is_some_and(|after| after.references.contains(schema)),
        _ => true,
    }
}

/// Whether the schema, once changed, can no longer hold the entity's present value.
fn loses_its_place(change: &Change, before: &Resource, user: &Address) -> bool {
    match change.after() {
        None => true,
        Some(after) => {
            retyped(change, before)
                || (assignment(&before.body, user).is_some()
                    && assignment(&after.body, user).is_none())
        }
    }
}

fn retyped(change: &Change, before: &Resource) -> bool {
    let type_of = |body: &Body| {
        let schema = body.get("schema");
        let own = schema.and_then(|schema| schema.get("type")).cloned();
        let items = schema
            .and_then(|schema| schema.get("items")?.get("type"))
            .cloned();
        (own, items)
    };
    change
        .after()
        .is_some_and(|after| type_of(&before.body) != type_of(&after.body))
}

fn required(body: &Body, user: &Address) -> bool {
    assignment(body, user).is_some_and(|item| item.get("required") == Some(&Value::Bool(true)))
}

fn assignment<'a>(body: &'a Body, user: &Address) -> Option<&'a Value> {
    let entity = user.kind().entity?;
    body.get("assignedTo")?.as_array()?.iter().find(|item| {
        item.get("entity")
            .and_then(Value::as_str)
            .is_some_and(|e| e.eq_ignore_ascii_case(entity))
    })
}

fn named(addresses: &[&Address]) -> String {
    let shown: Vec<String> = addresses
        .iter()
        .take(MOST_NAMED)
        .map(|address| address.to_string())
        .collect();
    match addresses.len().saturating_sub(MOST_NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
