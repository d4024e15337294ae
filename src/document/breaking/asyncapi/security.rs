//! Whether credentials that were enough for a server or an operation are enough.

use serde_json::Value;

use super::view::{Api, Operation};
use crate::document::breaking::credentials::{self, Credential, Way, named_way};
use crate::document::breaking::findings::Findings;
use crate::document::breaking::schemes::identity;
use crate::document::breaking::tree::{reference, resolve, text, texts};

/// Compares what two servers or operations need.
pub(super) fn compare<'a>(
    place: &str,
    (before, after): (Option<&'a Value>, Option<&'a Value>),
    apis: (&Api<'a>, &Api<'a>),
    (one, other): (&'a Value, &'a Value),
    findings: &mut Findings,
) {
    let ways = (ways(apis.0, before), ways(apis.1, after));
    let values = (before.or(Some(one)), after.or(Some(other)));
    credentials::compare(place, (&ways.0, &ways.1), values, findings);
}

pub(super) fn of_operations<'a>(
    place: &str,
    (before, after): (&Operation<'a>, &Operation<'a>),
    apis: (&Api<'a>, &Api<'a>),
    findings: &mut Findings,
) {
    let stated = |operation: &Operation<'a>| operation.fields.get("security").copied();
    let stated = (stated(before), stated(after));
    compare(place, stated, apis, (before.value, after.value), findings);
}

/// The ways in; the one without a credential where nothing is stated.
fn ways<'a>(api: &Api<'a>, stated: Option<&'a Value>) -> Vec<Way<'a>> {
    let all = stated.and_then(Value::as_array).into_iter().flatten();
    let mut ways: Vec<Way<'a>> = all
        .map(|way| {
            if api.is_old {
                by_name(api, way)
            } else {
                itself(api, way)
            }
        })
        .collect();
    if ways.is_empty() {
        ways.push(Way::new());
    }
    ways
}

/// Version 2: names of schemes with their scopes.
fn by_name<'a>(api: &Api<'a>, way: &'a Value) -> Way<'a> {
    named_way(way, |name| {
        let schemes = api.root.pointer("/components/securitySchemes")?;
        resolve(api.root, schemes.get(name)?)
    })
}

/// Version 3: the scheme itself, which lists its scopes.
fn itself<'a>(api: &Api<'a>, way: &'a Value) -> Way<'a> {
    let definition = api.resolve(way);
    let named = reference(way).and_then(|reference| reference.rsplit('/').next());
    let kind = definition.and_then(|definition| text(definition, "type"));
    let name = named.or(kind).unwrap_or("a scheme");
    let scopes = definition
        .into_iter()
        .flat_map(|definition| texts(definition, "scopes"));
    let credential = Credential {
        name,
        scopes: scopes.collect(),
        definition,
    };
    Way::from([(identity(name, definition), credential)])
}
