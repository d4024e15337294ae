//! From live resources to the rows of a list.

use std::collections::BTreeSet;

use super::request::GetRequest;
use crate::azure::Listed;
use crate::kinds::{self, Kind};
use crate::model::view::ApiVersionView;
use crate::model::{Address, Declared, ListedColumns, ListedResource, LiveState, Role};
use crate::plan::{keeper, marked_owner, own_marker};
use crate::project::LoadedProject;

/// Makes the rows of one request.
pub(super) struct RowMaker<'a> {
    pub(super) project: &'a LoadedProject,
    pub(super) request: &'a GetRequest,
}

impl RowMaker<'_> {
    /// The columns for the resources of a kind and those below it; none if no resource of them is wanted.
    pub(super) fn columns(&self, top: &'static Kind) -> Option<ListedColumns> {
        let mut kinds = Vec::new();
        self.wanted_kinds(top, &mut kinds);
        let mut columns = ListedColumns::default();
        for kind in &kinds {
            columns.stage |= kind.info.stage.is_some();
            columns.owner |= kind.info.entity.is_some();
            let counted = kind.children.iter().map(|child| child.field);
            add(&mut columns.fields, kind.columns.iter().copied());
            add(&mut columns.counts, counted);
        }
        (!kinds.is_empty()).then_some(columns)
    }

    fn wanted_kinds(&self, kind: &'static Kind, found: &mut Vec<&'static Kind>) {
        if self.request.wanted.may_want(kind) {
            found.push(kind);
        }
        for child in kinds::below(kind) {
            self.wanted_kinds(child, found);
        }
    }

    /// The wanted members of a family of resources. `live` has the family and what integrations are known by.
    pub(super) fn rows(
        &self,
        family: &[Listed],
        live: &LiveState,
        declared: &Declared,
    ) -> Vec<ListedResource> {
        let wanted = family
            .iter()
            .filter(|one| self.request.wanted.wants(&one.current.resource.address));
        wanted
            .map(|one| self.row(one, family, live, declared))
            .filter(|row| self.is_selected(row))
            .collect()
    }

    /// A resource as its list has it, if a row will have it.
    pub(super) fn known(&self, one: &Listed) -> Option<ListedResource> {
        let is_wanted = self.request.wanted.wants(&one.current.resource.address);
        let is_sure = self.request.conditions.is_empty();
        (is_wanted && is_sure).then(|| ListedResource {
            current: one.current.clone(),
            stage: one.stage.clone(),
            counts: Vec::new(),
            owner: own_marker(&one.current, &self.project.options),
            keeper: None,
        })
    }

    fn row(
        &self,
        one: &Listed,
        family: &[Listed],
        live: &LiveState,
        declared: &Declared,
    ) -> ListedResource {
        let (options, details) = (&self.project.options, self.request.details);
        let address = &one.current.resource.address;
        let counted = kinds::of(address).children.iter();
        let counts = counted.map(|child| (child.field, count(address, child.kind, family)));
        ListedResource {
            current: one.current.clone(),
            stage: one.stage.clone(),
            counts: counts.filter(|_| details.counts).collect(),
            owner: marked_owner(address, live, options),
            keeper: details
                .keeper
                .then(|| keeper(address, declared.may_have(address), live, options)),
        }
    }

    fn is_selected(&self, row: &ListedResource) -> bool {
        let mut conditions = self.request.conditions.iter();
        conditions.all(|condition| condition.is_met_by(&row.values(&condition.field)))
    }
}

fn add(columns: &mut Vec<&'static str>, more: impl Iterator<Item = &'static str>) {
    for column in more {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
}

fn count(parent: &Address, kind: &Kind, family: &[Listed]) -> usize {
    let addresses = family.iter().map(|one| &one.current.resource.address);
    let children = addresses.filter(|one| *one.kind() == kind.info);
    children
        .filter(|one| one.parent().as_ref() == Some(parent))
        .count()
}

/// The families of a live state that was saved, as lists would have them.
pub(super) fn families<'a>(
    live: &'a LiveState,
    top: &'static Kind,
) -> impl Iterator<Item = Vec<Listed>> + 'a {
    let tops = live.resources.keys();
    let tops = tops.filter(|address| *address.kind() == top.info && address.parent().is_none());
    tops.map(|address| {
        let members = live.family_of(address);
        let members = members.filter(|one| one.resource.address.root() == *address);
        let stage_of_api = stage(address, live);
        members
            .map(|current| {
                let resource = &current.resource;
                let field = resource.address.kind().stage;
                let own = field.and_then(|field| resource.body.get(field)?.as_str());
                let is_api = resource.address.is(Role::Api);
                Listed {
                    current: current.clone(),
                    stage: own.or(stage_of_api.filter(|_| is_api)).map(str::to_owned),
                }
            })
            .collect()
    })
}

/// The stage of an API in a saved state, which does not have it: that of its versions, if they have the same. How the
/// service derives it from several is not known.
fn stage<'a>(api: &'a Address, live: &'a LiveState) -> Option<&'a str> {
    let versions = live
        .family_of(api)
        .filter(|one| one.resource.address.is(Role::ApiVersion));
    let stages = versions.map(|one| ApiVersionView::of(&one.resource.body).lifecycle_stage());
    let stages: BTreeSet<Option<&str>> = stages.collect();
    match stages.into_iter().collect::<Vec<_>>().as_slice() {
        [Some(stage)] => Some(*stage),
        _ => None,
    }
}
