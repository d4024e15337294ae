//! Resources that lack a required value: the service refuses to write them (documented).

use std::collections::BTreeMap;

use crate::model::{Address, Body, Diagnostic, LiveState, Resource, code};
use crate::plan::migrate::{holds, is_schema, required};
use crate::plan::model::{Action, Change, Plan, first_of};

pub(super) fn check(plan: &mut Plan, live: &LiveState) {
    let changes: BTreeMap<&Address, &Change> =
        plan.changes.iter().map(|c| (&c.address, c)).collect();
    let mut warnings = newly_required(&changes, live);
    warnings.extend(refused_writes(&changes, live));
    plan.diagnostics.extend(warnings);
}

/// Tells of live resources that lack a value which becomes required, and that this plan does not
/// give one.
fn newly_required(changes: &BTreeMap<&Address, &Change>, live: &LiveState) -> Vec<Diagnostic> {
    let schemas = changes.values().filter(|change| {
        is_schema(&change.address) && matches!(change.action(), Action::Create | Action::Update)
    });
    schemas
        .filter_map(|schema| lacking(schema, changes, live))
        .collect()
}

/// Tells of resources that are to be written without a value that their schema requires then: the
/// schema is not declared here, or the property is left to others.
fn refused_writes(changes: &BTreeMap<&Address, &Change>, live: &LiveState) -> Vec<Diagnostic> {
    let changed = changes.values().filter(|change| change.blocked.is_none());
    let mut schemas: BTreeMap<&Address, &Body> = live
        .resources
        .iter()
        .map(|(address, current)| (address, &current.resource.body))
        .chain(changed.filter_map(|change| Some((&change.address, &change.after()?.body))))
        .filter(|(address, _)| is_schema(address))
        .collect();
    schemas.retain(|address, _| match changes.get(*address) {
        Some(change) => change.action() != Action::Delete,
        None => true,
    });
    let written = || changes.values().filter(|change| change.writes() > 0);
    let warn = |(schema, body): (&Address, &Body)| {
        let refused: Vec<&Resource> = written()
            .filter_map(|change| change.after())
            .filter(|after| {
                let kind = after.address.kind().entity;
                kind.is_some_and(|kind| required(body, kind)) && !holds(after, schema)
            })
            .collect();
        let first = changes.get(&refused.first()?.address)?;
        let name = schema.name();
        let (has, whom) = match refused.len() {
            1 => ("has", "it"),
            _ => ("have", "them"),
        };
        let all = first_of(refused.iter().map(|resource| resource.address.to_string()));
        let message = format!("{schema} requires a value, and {all} {has} none");
        let diagnostic =
            Diagnostic::warning(code::CUSTOM_PROPERTY_REQUIRED, message).help(format!(
                "the service refuses to write {whom}: set `{name}` in the manifest, also where \
                 `ignore` leaves later changes to others, or make it optional"
            ));
        Some(match first.place {
            Some(place) => diagnostic.at(place, format!("lacks `{name}`")),
            None => diagnostic,
        })
    };
    schemas.into_iter().filter_map(warn).collect()
}

fn lacking(
    schema: &Change,
    changes: &BTreeMap<&Address, &Change>,
    live: &LiveState,
) -> Option<Diagnostic> {
    let empty = Body::new();
    let before = schema.before().map_or(&empty, |before| &before.body);
    let after = &schema.after()?.body;
    let lacks = |resource: &Resource| {
        let Some(kind) = resource.address.kind().entity else {
            return false;
        };
        let becomes_required = required(after, kind) && !required(before, kind);
        let stays_without = match changes.get(&resource.address) {
            Some(change) if change.blocked.is_none() => change
                .after()
                .is_some_and(|after| !holds(after, &schema.address)),
            _ => !holds(resource, &schema.address),
        };
        becomes_required && stays_without
    };
    let lacking: Vec<&Address> = live
        .resources
        .values()
        .map(|current| &current.resource)
        .filter(|resource| lacks(resource))
        .map(|resource| &resource.address)
        .collect();
    if lacking.is_empty() {
        return None;
    }
    let name = schema.address.name();
    let mut diagnostic = Diagnostic::warning(
        code::METADATA_VALUE_LACKING,
        format!(
            "{} becomes required, and {} of the service {} no value: {}",
            schema.address,
            match lacking.len() {
                1 => "1 resource".to_owned(),
                many => format!("{many} resources"),
            },
            if lacking.len() == 1 { "has" } else { "have" },
            first_of(lacking.iter().map(ToString::to_string))
        ),
    )
    .help(format!(
        "the service refuses the next write of each, by anybody: keep `{name}` optional until each \
         of them has a value"
    ));
    let place = schema
        .fields
        .iter()
        .find(|field| field.path.starts_with("assignedTo"))
        .and_then(|field| field.place)
        .or(schema.place);
    if let Some(place) = place {
        diagnostic = diagnostic.at(place, "becomes required");
    }
    Some(diagnostic)
}
