//! What schemas say beside which values they accept: defaults and discriminators.

use std::collections::BTreeSet;

use serde_json::Value;

use super::branch::{All, equal};
use super::context::InclusionContext;
use super::failure::{InclusionFailure, What};
use super::side::Direction;
use crate::document::breaking::tree::{entries, text};

/// The default of a value that the sender omits, and the service fills in; in XML, whoever reads it does.
pub(super) fn defaults<'a>(
    context: &InclusionContext<'a>,
    narrow: &All<'a>,
    wide: &All<'a>,
) -> Option<InclusionFailure<'a>> {
    let is_response = context.direction == Direction::Response;
    if is_response && !context.documents.is_xml {
        return None;
    }
    let of = |all: &All<'a>| all.iter().find_map(|schema| schema.get("default"));
    let (before, after) = if is_response {
        (wide, narrow)
    } else {
        (narrow, wide)
    };
    let was = of(before)?;
    let now = of(after);
    let is_same = now.is_some_and(|now| equal(was, now));
    let what = What::Default {
        was: was.to_string(),
        now: now.map(ToString::to_string),
    };
    (!is_same).then(|| InclusionFailure::new(what, Vec::new()))
}

/// The property that names the alternative, and its values.
pub(super) fn discriminators<'a>(
    context: &InclusionContext<'a>,
    narrow: &All<'a>,
    wide: &All<'a>,
) -> Vec<InclusionFailure<'a>> {
    let of = |all: &All<'a>, is_narrow: bool| {
        let side = if is_narrow {
            context.narrow()
        } else {
            context.wide()
        };
        all.iter().find_map(|schema| {
            let target = side.target(schema).and_then(|(_, target)| target);
            target.unwrap_or(schema).get("discriminator")
        })
    };
    let (Some(own), Some(other)) = (of(narrow, true), of(wide, false)) else {
        return Vec::new();
    };
    let name = |value: &'a Value| text(value, "propertyName").or_else(|| value.as_str());
    let (Some(mine), Some(theirs)) = (name(own), name(other)) else {
        return Vec::new();
    };
    let failure = |value: Option<&str>| {
        let what = What::Discriminator {
            name: theirs.to_owned(),
            value: value.map(str::to_owned),
        };
        InclusionFailure::new(what, Vec::new())
    };
    if mine != theirs {
        return vec![failure(None)];
    }
    let known: BTreeSet<&str> = entries(other, "mapping").map(|(value, _)| value).collect();
    // Without a mapping, the names of the schemas are the values.
    let is_named = |value: &str, target: &Value| {
        target.as_str().and_then(|target| target.rsplit('/').next()) == Some(value)
    };
    entries(own, "mapping")
        .filter(|(value, target)| !known.contains(value) && !is_named(value, target))
        .map(|(value, _)| failure(Some(value)))
        .collect()
}
