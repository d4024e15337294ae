//! What an integration brought in, and what of it vanishes when it is deleted or gets another gateway.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::diff::diff;
use crate::model::view::ApiView;
use crate::model::{Address, Body, DesiredState, LiveResource, LiveState, Role, SyncOrigin};
use crate::plan::model::{Change, Step};

/// Finds what vanishes with integrations.
pub(in crate::plan) struct Cascades<'a> {
    live: &'a LiveState,
    /// The integrations that are deleted.
    deleted: BTreeSet<Address>,
}

/// What vanishes with one resource.
#[derive(Default)]
pub(in crate::plan) struct Taken<'a> {
    /// What is not declared: it is deleted.
    pub(in crate::plan) undeclared: Vec<&'a LiveResource>,
    /// What is declared: it has its own change, or none, and has to be created again.
    pub(in crate::plan) declared: Vec<Address>,
}

impl<'a> Taken<'a> {
    fn of(members: impl Iterator<Item = &'a LiveResource>, desired: &DesiredState) -> Self {
        let mut taken = Self::default();
        for member in members {
            let address = &member.resource.address;
            if desired.resources.contains_key(address) {
                taken.declared.push(address.clone());
            } else {
                taken.undeclared.push(member);
            }
        }
        taken
    }
}

impl<'a> Cascades<'a> {
    pub(in crate::plan) fn new(live: &'a LiveState, deleted: BTreeSet<Address>) -> Self {
        Self { live, deleted }
    }

    /// What is deleted with an integration (documented: its APIs, deployments and environment).
    pub(super) fn of_deleted(&self, integration: &Address, desired: &DesiredState) -> Taken<'a> {
        let roots = self.brought_by(integration).filter(|(root, _)| {
            !root.is(Role::Environment) || !self.is_left_behind(root) && !self.has_other(root)
        });
        Taken::of(
            roots.flat_map(|(root, _)| self.live.family_of(root)),
            desired,
        )
    }

    /// What is lost when an integration gets another gateway: its APIs. Its environment is there again
    /// when the integration synchronises, so it counts only where it is declared.
    pub(in crate::plan) fn of_redirected(
        &self,
        integration: &Address,
        desired: &DesiredState,
    ) -> Taken<'a> {
        let roots = self.brought_by(integration).filter(|(root, origin)| {
            let is_reset = desired.resources.contains_key(root)
                && origin.others.is_empty()
                && !self.has_users(root, integration);
            !root.is(Role::Environment) || is_reset
        });
        Taken::of(
            roots.flat_map(|(root, _)| self.live.family_of(root)),
            desired,
        )
    }

    /// Whether an environment has deployments of APIs that this integration did not bring in.
    fn has_users(&self, environment: &Address, integration: &Address) -> bool {
        self.live.deployments_to(environment).any(|deployment| {
            let origin = self.live.origins.get(&deployment.resource.address.root());
            !origin.is_some_and(|origin| origin.is_confirmed && origin.may_be_of(integration))
        })
    }

    /// Whether no integration keeps an environment after this plan, and the service still leaves it,
    /// because APIs that no deleted integration brought in are deployed to it.
    pub(super) fn is_left_behind(&self, environment: &Address) -> bool {
        let is_linked = self.live.origins.contains_key(environment);
        let goes = |api: &Address| {
            self.live.origins.get(api).is_some_and(|origin| {
                origin.is_confirmed && origin.integrations().any(|i| self.deleted.contains(i))
            })
        };
        is_linked
            && !self.has_other(environment)
            && self
                .live
                .deployments_to(environment)
                .any(|deployment| !goes(&deployment.resource.address.root()))
    }

    /// Whether an integration that stays keeps an environment, too.
    fn has_other(&self, environment: &Address) -> bool {
        self.live
            .origins
            .get(environment)
            .is_some_and(|origin| origin.integrations().any(|i| !self.deleted.contains(i)))
    }

    fn brought_by(
        &self,
        integration: &Address,
    ) -> impl Iterator<Item = (&'a Address, &'a SyncOrigin)> {
        self.live.origins.iter().filter(move |(root, origin)| {
            origin.may_be_of(integration) && (origin.is_confirmed || root.is(Role::Environment))
        })
    }
}

/// The delete of what vanishes with another resource.
pub(in crate::plan) fn delete_with(
    member: &LiveResource,
    with: &Address,
    live: &LiveState,
) -> Change {
    delete(member, Some(with), reason(member, with, live))
}

/// Why a resource vanishes with another. One whose name is generated is named by its title.
fn reason(member: &LiveResource, with: &Address, live: &LiveState) -> String {
    let origin = live.origins.get(&member.resource.address.root());
    let unless = origin
        .into_iter()
        .flat_map(SyncOrigin::integrations)
        .find(|other| with.is(Role::Integration) && *other != with)
        .filter(|_| !member.resource.address.is(Role::Environment))
        .map_or(String::new(), |other| {
            format!(", unless {other} brought it in")
        });
    // What integrations synchronise has the title of an API.
    let title = ApiView::of(&member.resource.body).title();
    match title.filter(|_| origin.is_some()) {
        Some(title) => format!("`{title}`, vanishes with {with}{unless}"),
        None => format!("vanishes with {with}{unless}"),
    }
}

pub(super) fn delete(current: &LiveResource, with: Option<&Address>, reason: String) -> Change {
    let resource = &current.resource;
    Change {
        address: resource.address.clone(),
        step: Step::Delete {
            before: Arc::new(resource.clone()),
            with: with.cloned(),
        },
        blocked: None,
        reason,
        fields: diff(&resource.body, &Body::new(), resource.address.kind()),
        unmodelled: current.unmodelled.clone(),
        text: None,
        place: None,
        restored: None,
        waits_for: Vec::new(),
        author: None,
    }
}
