//! Warns about resources without a value that their metadata schema requires: the service refuses to
//! write them (documented).

use std::collections::BTreeMap;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::counted;
use crate::model::view::{CustomProperties, MetadataSchemaView};
use crate::model::{Address, Body, Diagnostic, LiveState, Resource, code};
use crate::plan::migrate::{has_value, is_schema, required};
use crate::plan::model::{Action, Change, Plan, first_of};

type Changes<'a> = BTreeMap<&'a Address, &'a Change>;

/// Warns about live resources without a value that becomes required and that this plan does not set.
pub(super) fn in_service(input: &PlanInput<'_>, findings: &mut Findings) {
    let changes = by_address(input.plan);
    for schema in changes.values() {
        let is_written = matches!(schema.action(), Action::Create | Action::Update);
        if is_schema(&schema.address)
            && is_written
            && let Some(warning) = becomes_required(schema, &changes, input.live)
        {
            findings.warn(warning);
        }
    }
}

fn becomes_required(
    schema: &Change,
    changes: &Changes<'_>,
    live: &LiveState,
) -> Option<Diagnostic> {
    let empty = Body::new();
    let before = schema.before().map_or(&empty, |before| &before.body);
    let after = &schema.after()?.body;
    let stays_without = |resource: &Resource| match changes.get(&resource.address) {
        Some(change) if change.blocked.is_none() => change
            .after()
            .is_some_and(|after| !has_value(after, &schema.address)),
        _ => !has_value(resource, &schema.address),
    };
    let missing: Vec<&Address> = live
        .resources
        .values()
        .map(|current| &current.resource)
        .filter(|resource| {
            let entity = resource.address.kind().entity;
            entity.is_some_and(|entity| required(after, entity) && !required(before, entity))
                && stays_without(resource)
        })
        .map(|resource| &resource.address)
        .collect();
    if missing.is_empty() {
        return None;
    }
    let place = schema
        .fields
        .iter()
        .find(|field| field.path.starts_with(MetadataSchemaView::ASSIGNED_TO))
        .and_then(|field| field.place)
        .or(schema.place);
    let message = format!(
        "{} becomes required, and {} in the service {} no value: {}",
        schema.address,
        counted(missing.len(), "resource"),
        have(missing.len()),
        first_of(missing.iter().map(ToString::to_string))
    );
    let mut warning = Diagnostic::warning(code::METADATA_VALUE_LACKING, message)
        .help(format!(
            "the service refuses every later write of {} until it has a value: keep `{}` optional until \
             then",
            if missing.len() == 1 { "it" } else { "each" },
            schema.address.name()
        ))
        .at_opt(place, "becomes required")
        .in_field(CustomProperties::path(schema.address.name()));
    warning.addresses = missing.into_iter().cloned().collect();
    Some(warning)
}

/// Warns about resources that this plan writes without a value that their schema then requires: the
/// schema is not declared here, or the property is left to others.
pub(super) fn in_plan(input: &PlanInput<'_>, findings: &mut Findings) {
    let changes = by_address(input.plan);
    for (schema, body) in schemas_after(&changes, input.live) {
        let missing: Vec<&Change> = changes
            .values()
            .copied()
            .filter(|change| change.writes() > 0)
            .filter(|change| {
                let entity = change.address.kind().entity;
                entity.is_some_and(|entity| required(body, entity))
                    && change
                        .after()
                        .is_some_and(|after| !has_value(after, schema))
            })
            .collect();
        let Some(first) = missing.first() else {
            continue;
        };
        let name = schema.name();
        let message = format!(
            "{schema} requires a value, and {} {} none",
            first_of(missing.iter().map(|change| change.address.to_string())),
            have(missing.len())
        );
        let mut warning = Diagnostic::warning(code::CUSTOM_PROPERTY_REQUIRED, message)
            .help(format!(
                "the service refuses to write {}: set `{name}` in the manifest, also where `ignore` \
                 leaves later changes to others, or make it optional",
                if missing.len() == 1 { "it" } else { "them" }
            ))
            .at_opt(first.place, format!("`{name}` is missing"))
            .in_field(CustomProperties::path(name));
        let addresses = missing.iter().map(|change| change.address.clone());
        warning.addresses = addresses.collect();
        findings.warn(warning);
    }
}

/// Every metadata schema as it is after the plan.
fn schemas_after<'a>(
    changes: &Changes<'a>,
    live: &'a LiveState,
) -> BTreeMap<&'a Address, &'a Body> {
    let mut schemas: BTreeMap<&Address, &Body> = live
        .resources
        .iter()
        .map(|(address, current)| (address, &current.resource.body))
        .filter(|(address, _)| is_schema(address))
        .collect();
    for (&address, change) in changes.iter().filter(|(address, _)| is_schema(address)) {
        match change.after() {
            Some(after) if change.blocked.is_none() => schemas.insert(address, &after.body),
            None if change.blocked.is_none() => schemas.remove(address),
            _ => None,
        };
    }
    schemas
}

fn by_address(plan: &Plan) -> Changes<'_> {
    plan.changes
        .iter()
        .map(|change| (&change.address, change))
        .collect()
}

fn have(count: usize) -> &'static str {
    if count == 1 { "has" } else { "have" }
}
