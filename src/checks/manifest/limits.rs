//! Not more resources than the pricing plan allows.

use std::collections::BTreeMap;

use serde_json::Value;

use super::input::ManifestInput;
use crate::kinds;
use crate::model::view::{MetadataSchemaView, ServiceView};
use crate::model::{
    Address, DesiredResource, Diagnostic, Diagnostics, Limit, Role, code,
    limit::{self, LIMITS_AS_OF},
};

pub(super) fn check(context: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
    let sku = declared_sku(context);
    let mut groups: BTreeMap<(Option<Address>, &str), Vec<&DesiredResource>> = BTreeMap::new();
    for (address, declared) in &context.desired.resources {
        groups
            .entry((address.parent(), address.kind().name))
            .or_default()
            .push(declared);
    }
    for ((parent, _), members) in groups {
        let kind = members.first().map(|first| first.resource.address.kind());
        if let Some(limit) = kind.and_then(|kind| kind.limit) {
            let of = parent.map_or(String::new(), |parent| format!(" in {parent}"));
            report(context, &limit, &sku, &members, &of, diagnostics);
        }
    }
    metadata(context, &sku, diagnostics);
}

/// The declared pricing plan. A plan that nobody declares is taken for the larger one: what exceeds
/// the smaller one is reported when the live service is known.
fn declared_sku(context: &ManifestInput<'_>) -> String {
    context
        .desired
        .resources
        .get(&Address::top(&kinds::SERVICE.info, ""))
        .and_then(|service| ServiceView::of(&service.resource.body).sku())
        .unwrap_or("Standard")
        .to_owned()
}

fn metadata(context: &ManifestInput<'_>, sku: &str, diagnostics: &mut Diagnostics) {
    let schemas = context
        .desired
        .resources
        .values()
        .filter(|declared| declared.resource.address.is(Role::MetadataSchema));
    let mut by_entity: BTreeMap<String, Vec<&DesiredResource>> = BTreeMap::new();
    for declared in schemas {
        for assignment in MetadataSchemaView::of(&declared.resource.body).assignments() {
            by_entity
                .entry(assignment.entity.to_ascii_lowercase())
                .or_default()
                .push(declared);
        }
        child_properties(context, sku, declared, diagnostics);
    }
    for (entity, members) in by_entity {
        let of = format!(" ({entity})");
        report(context, &limit::METADATA, sku, &members, &of, diagnostics);
    }
}

fn child_properties(
    context: &ManifestInput<'_>,
    sku: &str,
    declared: &DesiredResource,
    diagnostics: &mut Diagnostics,
) {
    let schema = MetadataSchemaView::of(&declared.resource.body).schema();
    let Some(children) = schema
        .and_then(|s| s.get("properties"))
        .and_then(Value::as_object)
    else {
        return;
    };
    let allowed = allowed(context, &limit::CHILD_PROPERTIES, sku);
    if children.len() > allowed {
        let place = declared.place_of("schema.properties");
        let of = &limit::CHILD_PROPERTIES;
        let diagnostic = excess(of, children.len(), allowed, sku, "", place);
        diagnostics.push(diagnostic.about(&declared.resource.address));
    }
}

fn allowed(context: &ManifestInput<'_>, limit: &Limit, sku: &str) -> usize {
    context
        .limits
        .get(limit.name)
        .copied()
        .unwrap_or_else(|| limit.of(sku))
}

fn report(
    context: &ManifestInput<'_>,
    limit: &Limit,
    sku: &str,
    members: &[&DesiredResource],
    of: &str,
    diagnostics: &mut Diagnostics,
) {
    let allowed = allowed(context, limit, sku);
    if members.len() <= allowed {
        return;
    }
    // In the order of the files, the first one too many.
    let mut places: Vec<_> = members.iter().filter_map(|m| m.place_of("name")).collect();
    places.sort();
    let place = places.get(allowed).or(places.last()).copied();
    let mut diagnostic = excess(limit, members.len(), allowed, sku, of, place);
    for member in members {
        diagnostic = diagnostic.about(&member.resource.address);
    }
    diagnostics.push(diagnostic);
}

fn excess(
    limit: &Limit,
    count: usize,
    allowed: usize,
    sku: &str,
    of: &str,
    place: Option<crate::model::Span>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        code::SERVICE_LIMIT,
        format!(
            "{count}/{allowed} {}{of}: more than the pricing plan {sku} allows",
            limit.what
        ),
    )
    .help(format!(
        "the limits are those published on {LIMITS_AS_OF}; if the service's limit was raised, set \
         spec.limits.{} in apicenter.yaml",
        limit.name
    ));
    match place {
        Some(span) => diagnostic.at(span, "one too many"),
        None => diagnostic,
    }
}
