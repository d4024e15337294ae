//! The state before an apply, as what a plan is to reach.

use std::sync::Arc;

use super::file::{Held, UndoFile};
use super::linked::is_linked;
use super::remains;
use crate::kinds;
use crate::model::{
    Address, AddressSet, DesiredResource, DesiredState, Diagnostic, FieldPlaces, FormerName,
    LiveState, Resource, Role, Span,
};
use crate::plan::Undone;
use crate::project::LoadedProject;

/// What a plan is to reach, and what it cannot.
pub(super) struct Goal {
    pub(super) desired: DesiredState,
    pub(super) undone: Undone,
    /// What stays otherwise than it was.
    pub(super) remains: Vec<Diagnostic>,
}

/// The state before an apply. Without a live state, as far as the file has it.
pub(super) fn goal(
    file: &UndoFile,
    project: &LoadedProject,
    place: Span,
    live: Option<&LiveState>,
) -> Goal {
    let mut goal = Goal {
        desired: DesiredState::default(),
        undone: Undone::default(),
        remains: remains::found(file, live),
    };
    goal.desired.redirect = kinds::REDIRECT;
    let service = kinds::API_CENTER.id(&project.options.target.service);
    for (address, record) in &file.records {
        if file.is_left_to_integration(address, live) && !is_linked(file, address) {
            continue;
        }
        goal.undone.addresses.insert(address.clone());
        if let (true, Some(after)) = (address.is(Role::RoleAssignment), &record.after) {
            let assigned = kinds::of(address).declared(address.clone(), after.clone());
            goal.undone.assigned.insert(address.clone(), assigned);
        }
        if let Some(before) = &record.before {
            goal.restore(address, before, &service);
        }
    }
    goal.rename(file, place, live);
    if let Some(live) = live {
        goal.add_ancestors(live);
    }
    goal
}

impl Goal {
    fn restore(&mut self, address: &Address, before: &Held, service: &str) {
        let kind = kinds::of(address);
        let resource = kind.restored(
            address.clone(),
            &before.body,
            &before.unmodelled,
            Some(service),
        );
        let digest = kind.info.digest_field();
        let digest = digest.and_then(|field| resource.body.get(field)?.as_str());
        let document = digest.and_then(|digest| before.content(digest));
        if !before.unmodelled.is_empty() {
            let unmodelled = before.unmodelled.clone();
            self.undone.unmodelled.insert(address.clone(), unmodelled);
        }
        self.add(resource, document.map(Arc::new));
    }

    fn add(&mut self, resource: Resource, document: Option<Arc<crate::model::Document>>) {
        let address = resource.address.clone();
        let restored = DesiredResource {
            resource: Arc::new(resource),
            place: None,
            places: FieldPlaces::default(),
            document,
        };
        self.desired.resources.insert(address, restored);
    }

    /// Lets what got another name get the former one, where it has only the other one. Where both exist, because the
    /// apply was interrupted or this was, one is completed and the other one deleted.
    fn rename(&mut self, file: &UndoFile, place: Span, live: Option<&LiveState>) {
        for (former, present) in &file.renames {
            let is_there =
                |address: &Address| live.is_none_or(|live| live.resources.contains_key(address));
            let was_there = live.is_some_and(|live| live.resources.contains_key(former));
            if was_there || !is_there(present) || !self.desired.resources.contains_key(former) {
                continue;
            }
            let present = match former.parent() {
                Some(parent) => parent.child(former.kind(), present.own_name()),
                None => present.clone(),
            };
            let name = FormerName {
                address: present,
                place,
            };
            let names = self.desired.former_names.entry(former.clone());
            names.or_default().push(name);
        }
        // What the apply created below it gets the name along, before it is deleted.
        let renames = self.desired.renames();
        let moved = file.records.keys();
        for address in moved.filter_map(|address| renames.present(address)) {
            self.undone.addresses.insert(address);
        }
    }

    /// What is above a resource is not undeclared, although the apply did not write it.
    fn add_ancestors(&mut self, live: &LiveState) {
        let recorded: AddressSet = self.undone.addresses.clone();
        let above: Vec<Address> = recorded
            .single()
            .flat_map(|address| {
                let within = live.resources.get(address);
                let within = within.and_then(|current| current.resource.within.clone());
                address.ancestors().chain(within).collect::<Vec<_>>()
            })
            .filter(|above| !recorded.covers(above))
            .collect();
        for address in above {
            if let Some(current) = live.resources.get(&address) {
                self.add(current.resource.clone(), None);
            }
        }
    }
}
