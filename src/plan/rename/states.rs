//! The live state as if everything had its present name, and what has to be done for that.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::members::{Member, Members, difference, members, upward};
use super::owned::Owned;
use super::pairs::{Pair, selected};
use crate::model::{
    Address, Body, DesiredState, Document, LiveResource, LiveState, Renames, Resource, Span,
};
use crate::plan::model::PlanOptions;

/// The state that a plan with renames is made from.
#[derive(Debug)]
pub(in crate::plan) struct Renaming<'a> {
    /// The live state with present names.
    pub(in crate::plan) live: Cow<'a, LiveState>,
    /// The options, under which a resource has the fate of its former name.
    pub(in crate::plan) options: Cow<'a, PlanOptions>,
    /// The former addresses of declared resources that still have them, by the present ones.
    pub(in crate::plan) former: BTreeMap<Address, Address>,
    /// What is copied and then deleted.
    pub(in crate::plan) families: Vec<Family>,
    /// What refers to something by a former name.
    pub(in crate::plan) referring: Vec<Referring>,
    /// What exists under both names and differs.
    pub(in crate::plan) conflicts: Vec<RenameConflict>,
}

/// A resource with another name, and everything below it.
#[derive(Debug)]
pub(in crate::plan) struct Family {
    /// The present address of the topmost resource.
    pub(super) present: Address,
    /// The present addresses in it that do not show it, because they are paths.
    pub(super) paths: BTreeSet<Address>,
    /// The resources to delete when all is copied.
    pub(super) former: Vec<Resource>,
    /// What has no copy yet.
    pub(super) copies: Vec<Copied>,
    /// What the former resources refer to.
    pub(super) references: BTreeSet<Address>,
}

/// A resource to write under its present address.
#[derive(Debug)]
pub(super) struct Copied {
    pub(super) resource: Resource,
    pub(super) unmodelled: Body,
    pub(super) document: Option<Arc<Document>>,
}

/// A resource that keeps its name and has to be written because of what it refers to.
#[derive(Debug)]
pub(in crate::plan) struct Referring {
    pub(super) current: LiveResource,
    /// What is to change in properties that no kind models, as a merge patch.
    pub(super) unmodelled: Body,
    /// What it refers to now.
    pub(super) references: BTreeSet<Address>,
}

/// A resource that exists under its present and its former name.
#[derive(Debug)]
pub(in crate::plan) struct RenameConflict {
    /// Its present address.
    pub(in crate::plan) present: Address,
    /// Its former address.
    pub(in crate::plan) former: Address,
    /// How the two differ, as the end of a sentence.
    pub(in crate::plan) difference: String,
    /// Where the former name is declared.
    pub(in crate::plan) place: Span,
}

/// Gives everything its present name.
pub(in crate::plan) fn rename<'a>(
    desired: &DesiredState,
    live: &'a LiveState,
    selection: &'a PlanOptions,
) -> Renaming<'a> {
    let (mut pairs, mut options) = selected(desired, selection);
    let owned = Owned {
        desired,
        live,
        options: selection,
    };
    let mut renames = renames_of(&pairs, &owned);
    let mut conflicts = Vec::new();
    if is_pending(live, &renames) {
        conflicts = conflicts_of(&members(live, &renames, &owned), &pairs);
        if !conflicts.is_empty() {
            let is_refused = |pair: &Pair| {
                let mut refused = conflicts.iter().map(|conflict| &conflict.present);
                refused.any(|one| pair.present == *one || pair.present.is_below(one))
            };
            let exclude = &mut options.to_mut().exclude;
            let refused = pairs.iter().filter(|pair| is_refused(pair));
            refused.for_each(|pair| exclude.add(&pair.former));
            pairs.retain(|pair| !is_refused(pair));
            renames = renames_of(&pairs, &owned);
        }
    }
    let mut renaming = Renaming {
        live: Cow::Borrowed(live),
        options,
        former: BTreeMap::new(),
        families: Vec::new(),
        referring: Vec::new(),
        conflicts,
    };
    if is_pending(live, &renames) {
        renaming.take(members(live, &renames, &owned), &renames, desired, live);
    }
    renaming
}

/// The renames, and what they make of live resources whose names are paths.
fn renames_of(pairs: &[Pair], owned: &Owned<'_>) -> Renames {
    let pairs = pairs.iter();
    let renames = Renames::new(pairs.map(|pair| (pair.former.clone(), pair.present.clone())));
    if renames.is_empty() {
        return renames;
    }
    let live = owned.live.resources.keys();
    let present = |address| (owned.desired.redirect.path)(&renames, address);
    let paths = live.filter_map(|address| Some((address.clone(), present(address)?)));
    let paths: Vec<(Address, Address)> = paths.collect();
    renames.and(paths)
}

/// Whether something in the service has a former name.
fn is_pending(live: &LiveState, renames: &Renames) -> bool {
    let mut addresses = live.resources.keys();
    !renames.is_empty() && addresses.any(|address| renames.present(address).is_some())
}

/// The renames whose resources exist under both names and are not equal.
fn conflicts_of(members: &Members, pairs: &[Pair]) -> Vec<RenameConflict> {
    let tops: BTreeSet<&Address> = tops(members).map(|(present, _)| present).collect();
    let mut conflicts: Vec<RenameConflict> = Vec::new();
    for (present, all) in members {
        let top = upward(members, present).find_map(|one| tops.get(&one).copied());
        let Some(top) = top else { continue };
        if conflicts.iter().any(|conflict| conflict.present == *top) {
            continue;
        }
        let Some(found) = difference_among(present, all) else {
            continue;
        };
        let pair = pairs.iter().find(|pair| {
            let mut former = members[top].iter().map(|member| &member.former);
            pair.present == *top && former.any(|former| *former != *top)
        });
        conflicts.extend(pair.map(|pair| RenameConflict {
            present: top.clone(),
            former: pair.former.clone(),
            difference: match present == top {
                true => found,
                false => format!("in {present}{}", found.trim_start_matches("in")),
            },
            place: pair.place,
        }));
    }
    conflicts
}

/// How the resources of one address below a renamed one differ.
fn difference_among(present: &Address, all: &[Member]) -> Option<String> {
    let (first, others) = all.split_first()?;
    if !first.is_moved {
        return Some(format!(
            "in which only one has the {} {}",
            present.kind().noun,
            present.name()
        ));
    }
    let mut others = others.iter();
    others.find_map(|other| difference(&first.current, &other.current))
}

/// The topmost resources that have another name, with their present addresses.
fn tops(members: &Members) -> impl Iterator<Item = (&Address, &Member)> {
    let moved: BTreeSet<&Address> = moved(members).map(|(_, member)| &member.former).collect();
    self::moved(members).filter(move |(_, member)| {
        let parent = member.former_parent.as_ref();
        !parent.is_some_and(|parent| moved.contains(parent))
    })
}

fn moved(members: &Members) -> impl Iterator<Item = (&Address, &Member)> {
    members.iter().flat_map(|(present, all)| {
        let moved = all.iter().filter(|member| member.is_moved);
        moved.map(move |member| (present, member))
    })
}

impl Renaming<'_> {
    fn take(
        &mut self,
        members: Members,
        renames: &Renames,
        desired: &DesiredState,
        live: &LiveState,
    ) {
        self.families = families(&members, desired, live);
        for present in desired.former_names.keys() {
            let first = members.get(present).and_then(|all| all.first());
            if let Some(first) = first.filter(|member| member.is_moved) {
                self.former.insert(present.clone(), first.former.clone());
            }
        }
        let here = |address: &Address| renames.present(address).unwrap_or_else(|| address.clone());
        let renamed = self.live.to_mut();
        renamed.resources.clear();
        let origins = std::mem::take(&mut renamed.origins);
        renamed.origins = origins
            .into_iter()
            .map(|(address, mut origin)| {
                origin.integration = here(&origin.integration);
                origin.others = origin.others.iter().map(here).collect();
                (here(&address), origin)
            })
            .collect();
        for (present, all) in members {
            let mut all = all.into_iter();
            let Some(first) = all.next() else { continue };
            if !first.is_moved && first.is_redirected {
                let mut current = first.current.clone();
                current.resource = with_local_fields(&current.resource, &present, desired);
                self.referring.push(Referring {
                    current,
                    unmodelled: first.unmodelled,
                    references: first.former_references,
                });
            }
            renamed.resources.insert(present, first.current);
        }
    }

    /// What a declared resource is called in the service, if that is another name.
    pub(in crate::plan) fn former_of(&self, address: &Address) -> Option<&Address> {
        self.former.get(address)
    }
}

fn families(members: &Members, desired: &DesiredState, live: &LiveState) -> Vec<Family> {
    let mut families: BTreeMap<Address, Family> = BTreeMap::new();
    for (present, member) in tops(members) {
        let family = families.entry(present.clone()).or_insert_with(|| Family {
            present: present.clone(),
            paths: BTreeSet::new(),
            former: Vec::new(),
            copies: Vec::new(),
            references: BTreeSet::new(),
        });
        let former = live.resources.get(&member.former);
        family
            .former
            .extend(former.map(|former| with_local_fields(&former.resource, present, desired)));
    }
    for (present, all) in members {
        let top = upward(members, present).find(|one| families.contains_key(one));
        let Some(family) = top.and_then(|top| families.get_mut(&top)) else {
            continue;
        };
        if !present.is_below(&family.present) {
            family.paths.insert(present.clone());
        }
        let formers = all.iter().filter(|member| member.is_moved);
        let references = formers.flat_map(|member| member.former_references.iter().cloned());
        family.references.extend(references);
        family.copies.extend(copy_of(all, desired));
    }
    families.into_values().collect()
}

/// What has to be written so that a resource is there under its present address.
fn copy_of(all: &[Member], desired: &DesiredState) -> Option<Copied> {
    let first = all.first().filter(|member| member.is_moved)?;
    let resource = &first.current.resource;
    let field = resource.address.kind().digest_field();
    let has_content = |member: &Member| {
        field.is_some_and(|field| member.current.resource.body.contains_key(field))
    };
    let mut present = all.iter().filter(|member| !member.is_moved);
    if present.any(|member| has_content(member) || !has_content(first)) {
        return None;
    }
    Some(Copied {
        resource: with_local_fields(resource, &resource.address, desired),
        unmodelled: first.current.unmodelled.clone(),
        document: document_of(&first.current, field, desired),
    })
}

/// A live resource with the fields that only its manifest has, such as the version of the API to write it with.
fn with_local_fields(resource: &Resource, present: &Address, desired: &DesiredState) -> Resource {
    let mut resource = resource.clone();
    let declared = desired.resources.get(present);
    let local = resource.address.kind().local_fields.iter();
    for (field, declared) in local.filter_map(|field| Some((field, declared?))) {
        if let Some(value) = declared.resource.body.get(*field) {
            let body = &mut resource.body;
            body.insert((*field).to_owned(), value.clone());
        }
    }
    resource
}

/// The content of a resource: the declared one if it is the same, or else what was read.
fn document_of(
    current: &LiveResource,
    field: Option<&'static str>,
    desired: &DesiredState,
) -> Option<Arc<Document>> {
    let digest = current.resource.body.get(field?)?.as_str()?;
    let declared = desired.resources.get(&current.resource.address);
    let declared = declared.and_then(|declared| declared.document.as_ref());
    if let Some(document) = declared.filter(|document| document.digest == digest) {
        return Some(Arc::clone(document));
    }
    Some(Arc::new(Document {
        digest: digest.to_owned(),
        text: current.text.clone()?,
        link: None,
        files: current.files.clone(),
        file: None,
        parts: Vec::new(),
    }))
}
