//! Which resources manifests declare.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::address::Address;
use super::place::Span;
use super::state::DesiredState;

/// Which resources manifests declare, whatever they say about each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// The resources, nested ones included, and where each is declared.
    pub resources: BTreeMap<Address, Option<Span>>,
    /// What is declared with errors that keep it, or something below it, from being known.
    pub unread: BTreeSet<Address>,
    /// Files that may declare more: nobody can read them, or not as YAML, or a document in them has no name.
    pub unclear: BTreeSet<String>,
}

impl Declared {
    /// Adds a declaration. Of two of the same resource the first one counts; what the other one has below it is not known.
    /// Whether it is the first.
    pub fn add(&mut self, address: &Address, place: Span) -> bool {
        match self.resources.entry(address.clone()) {
            Entry::Occupied(_) => {
                self.unread.insert(address.clone());
                false
            }
            Entry::Vacant(entry) => {
                entry.insert(Some(place));
                true
            }
        }
    }

    /// Whether a manifest declares a resource, or may do so with errors.
    #[must_use]
    pub fn may_have(&self, address: &Address) -> bool {
        std::iter::once(address.clone())
            .chain(address.ancestors())
            .any(|address| self.unread.contains(&address))
            || self.resources.contains_key(address)
    }
}

impl From<&DesiredState> for Declared {
    fn from(desired: &DesiredState) -> Self {
        let resources = desired.resources.iter();
        Self {
            resources: resources
                .map(|(address, declared)| (address.clone(), declared.place))
                .collect(),
            unread: desired.unread.clone(),
            unclear: BTreeSet::new(),
        }
    }
}
