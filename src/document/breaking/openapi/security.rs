//! Whether credentials that were enough are enough.

use serde_json::Value;

use super::view::{Api, Operation};
use crate::document::breaking::credentials::{self, Way, named_way};
use crate::document::breaking::findings::Findings;
use crate::document::breaking::tree::{items, resolve};

/// What holds for one operation.
pub(super) fn compare<'a>(
    place: &str,
    before: &Operation<'a>,
    after: &Operation<'a>,
    findings: &mut Findings,
) {
    let (one, other) = (stated(before), stated(after));
    let ways = (ways(&before.api, one), ways(&after.api, other));
    let values = (one.get("security"), other.get("security"));
    credentials::compare(place, (&ways.0, &ways.1), values, findings);
}

fn stated<'a>(operation: &Operation<'a>) -> &'a Value {
    match operation.value.get("security") {
        Some(_) => operation.value,
        None => operation.api.root,
    }
}

/// The ways in; the one without a credential where nothing is stated.
fn ways<'a>(api: &Api<'a>, value: &'a Value) -> Vec<Way<'a>> {
    let mut ways: Vec<Way<'_>> = items(value, "security")
        .filter(|way| way.is_object())
        .map(|way| named_way(way, |name| definition(api, name)))
        .collect();
    if ways.is_empty() {
        ways.push(Way::new());
    }
    ways
}

/// The definition of a scheme.
fn definition<'a>(api: &Api<'a>, name: &str) -> Option<&'a Value> {
    let schemes = if api.is_swagger {
        api.root.get("securityDefinitions")
    } else {
        api.root.pointer("/components/securitySchemes")
    };
    resolve(api.root, schemes?.get(name)?)
}
