//! Live resources by the addresses that they are to have, and as they are to refer to others.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::owned::Owned;
use crate::model::{Address, Body, LiveResource, LiveState, Redirection, Renames};
use crate::plan::compare::diff;
use crate::plan::model::first_of;

/// A live resource as it is to be called, and as it is to refer to others.
#[derive(Debug)]
pub(super) struct Member {
    /// Its address in the service.
    pub(super) former: Address,
    /// What it is below there.
    pub(super) former_parent: Option<Address>,
    /// What it refers to now.
    pub(super) former_references: BTreeSet<Address>,
    /// Its present form.
    pub(super) current: LiveResource,
    /// Whether it is called otherwise in the service.
    pub(super) is_moved: bool,
    /// Whether it refers to something by a former name.
    pub(super) is_redirected: bool,
    /// What of that is in properties that no kind models, as a merge patch.
    pub(super) unmodelled: Body,
}

/// Live resources by present address. Where there are several, those that are called otherwise come first.
pub(super) type Members = BTreeMap<Address, Vec<Member>>;

pub(super) fn members(live: &LiveState, renames: &Renames, owned: &Owned<'_>) -> Members {
    let mut members = Members::new();
    for (address, current) in &live.resources {
        let present = renames.present(address);
        let is_moved = present.is_some();
        let present = present.unwrap_or_else(|| address.clone());
        let redirection = Redirection {
            former: address,
            present: &present,
            renames,
            service: &owned.options.target.service,
        };
        let member = member(redirection, is_moved, current, owned);
        let all = members.entry(present).or_default();
        match is_moved {
            true => {
                let place = all.iter().take_while(|other| other.is_moved).count();
                all.insert(place, member);
            }
            false => all.push(member),
        }
    }
    members
}

fn member(
    to: Redirection<'_>,
    is_moved: bool,
    current: &LiveResource,
    owned: &Owned<'_>,
) -> Member {
    let redirect = owned.desired.redirect;
    let mut renamed = current.clone();
    let mut former_references = current.resource.references.clone();
    let named = (redirect.unmodelled)(to, &current.resource.body, &mut renamed.unmodelled);
    let mut left = BTreeSet::new();
    if is_moved || named.is_empty() || owned.contains(current, to) {
        former_references.extend(named);
    } else {
        renamed.unmodelled.clone_from(&current.unmodelled);
        left = named;
    }
    let here = |address: &Address| {
        let present = to.renames.present(address);
        present.unwrap_or_else(|| address.clone())
    };
    let resource = &mut renamed.resource;
    resource.address = to.present.clone();
    let references = former_references.iter();
    resource.references = references
        .map(|address| match left.contains(address) {
            true => address.clone(),
            false => here(address),
        })
        .collect();
    resource.within = resource.within.as_ref().map(here);
    (redirect.body)(to, &mut resource.body);
    let unmodelled = changed(&current.unmodelled, &renamed.unmodelled);
    let is_redirected = resource.body != current.resource.body || !unmodelled.is_empty();
    Member {
        former: to.former.clone(),
        former_parent: current.resource.parent(),
        former_references,
        is_moved,
        is_redirected,
        unmodelled,
        current: renamed,
    }
}

/// What has another value, as a merge patch.
fn changed(before: &Body, after: &Body) -> Body {
    let mut patch = Body::new();
    for (name, value) in after {
        let changed = match (before.get(name), value) {
            (Some(before), value) if before == value => continue,
            (Some(Value::Object(before)), Value::Object(after)) => changed(before, after).into(),
            _ => value.clone(),
        };
        patch.insert(name.clone(), changed);
    }
    patch
}

/// An address, and those of what is above it, nearest first.
pub(super) fn upward<'a>(
    members: &'a Members,
    address: &Address,
) -> impl Iterator<Item = Address> + 'a {
    std::iter::successors(Some(address.clone()), |one| {
        let member = members.get(one).and_then(|all| all.first());
        match member {
            Some(member) => member.current.resource.parent(),
            None => one.parent(),
        }
    })
}

/// How two resources of one address differ, as the end of a sentence; `None` if one may be the copy of the other.
pub(super) fn difference(one: &LiveResource, other: &LiveResource) -> Option<String> {
    let kind = one.resource.address.kind();
    let (mut before, mut after) = (one.resource.body.clone(), other.resource.body.clone());
    // A copy gets its content after it was made.
    let has_content = |current: &LiveResource| {
        let field = kind.digest_field();
        field.is_some_and(|field| current.resource.body.contains_key(field))
    };
    if !has_content(one) || !has_content(other) {
        for field in kind.content_fields {
            before.shift_remove(*field);
            after.shift_remove(*field);
        }
    }
    let fields = diff(&before, &after, kind);
    if !fields.is_empty() {
        let paths = fields.iter().map(|field| format!("`{}`", field.path));
        return Some(format!("in {}", first_of(paths)));
    }
    (one.unmodelled != other.unmodelled).then(|| "in fields that no kind models".to_owned())
}
