//! Live resources by the addresses that they are to have, and whether those of one address are equal.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Address, LiveResource, LiveState, Redirect, Redirection, Renames};
use crate::plan::compare::diff;
use crate::plan::model::first_of;

/// A live resource as it is to be called, and as it is to refer to others.
#[derive(Debug)]
pub(super) struct Member {
    /// Its address in the service.
    pub(super) former: Address,
    /// What it refers to now.
    pub(super) former_references: BTreeSet<Address>,
    /// Its present form.
    pub(super) current: LiveResource,
    /// Whether it is called otherwise in the service.
    pub(super) is_moved: bool,
    /// Whether it refers to something by a former name.
    pub(super) is_redirected: bool,
}

/// Live resources by present address. Where there are several, those that are called otherwise come first.
pub(super) type Members = BTreeMap<Address, Vec<Member>>;

pub(super) fn members(live: &LiveState, renames: &Renames, redirect: Redirect) -> Members {
    let mut members = Members::new();
    for (address, current) in &live.resources {
        let present = renames.present(address);
        let is_moved = present.is_some();
        let present = present.unwrap_or_else(|| address.clone());
        let member = member((address, &present), is_moved, current, (renames, redirect));
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
    (former, present): (&Address, &Address),
    is_moved: bool,
    current: &LiveResource,
    (renames, redirect): (&Renames, Redirect),
) -> Member {
    let here = |address: &Address| renames.present(address).unwrap_or_else(|| address.clone());
    let mut renamed = current.clone();
    let resource = &mut renamed.resource;
    resource.address = present.clone();
    resource.references = resource.references.iter().map(here).collect();
    resource.within = resource.within.as_ref().map(here);
    let redirection = Redirection {
        former,
        present,
        renames,
    };
    (redirect.0)(redirection, &mut resource.body);
    let is_redirected = resource.body != current.resource.body;
    Member {
        former: former.clone(),
        former_references: current.resource.references.clone(),
        is_moved,
        is_redirected,
        current: renamed,
    }
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
