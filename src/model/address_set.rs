//! Addresses that are selected one by one, as opposed to by a pattern.

use std::collections::{BTreeMap, BTreeSet};

use super::address::Address;

/// A set of resources, some of them with everything below them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressSet {
    members: BTreeMap<Address, Reach>,
    /// What is above a member.
    above: BTreeSet<Address>,
}

/// What of a member is in the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// The resource itself.
    Itself,
    /// The resource and everything below it.
    Family,
}

impl AddressSet {
    /// Adds a resource, without what is below it.
    pub fn insert(&mut self, address: Address) {
        self.add(address, Reach::Itself);
    }

    /// Adds a resource and everything below it.
    pub fn insert_family(&mut self, address: Address) {
        self.add(address, Reach::Family);
    }

    fn add(&mut self, address: Address, reach: Reach) {
        self.above.extend(address.ancestors());
        let known = self.members.entry(address).or_insert(reach);
        *known = reach.max(*known);
    }

    /// Keeps the members for which `keep` is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&Address) -> bool) {
        self.members.retain(|address, _| keep(address));
        self.above = self.members.keys().flat_map(Address::ancestors).collect();
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The members that are in the set by themselves, in the order of their addresses.
    pub fn single(&self) -> impl Iterator<Item = &Address> {
        self.with_reach(Reach::Itself)
    }

    /// The members that are in the set with everything below them, in the order of their addresses.
    pub fn families(&self) -> impl Iterator<Item = &Address> {
        self.with_reach(Reach::Family)
    }

    fn with_reach(&self, reach: Reach) -> impl Iterator<Item = &Address> {
        let members = self.members.iter();
        members.filter_map(move |(address, one)| (*one == reach).then_some(address))
    }

    /// Whether a resource is in the set.
    #[must_use]
    pub fn covers(&self, address: &Address) -> bool {
        self.members.contains_key(address)
            || address
                .ancestors()
                .any(|above| self.members.get(&above) == Some(&Reach::Family))
    }

    /// Whether a resource, or one below it, is in the set.
    #[must_use]
    pub fn reaches(&self, address: &Address) -> bool {
        self.above.contains(address) || self.covers(address)
    }
}

#[cfg(test)]
mod tests {
    use super::super::address::SAMPLE;
    use super::*;

    #[test]
    fn a_family_has_what_is_below_it_and_a_single_resource_has_not() {
        let of = |name: &str| Address::top(&SAMPLE, name);
        let (orders, old, other) = (of("orders"), of("old"), of("other"));
        let below = |parent: &Address| parent.child(&SAMPLE, "v1").child(&SAMPLE, "openapi");
        let mut set = AddressSet::default();
        assert!(set.is_empty() && !set.covers(&orders));
        set.insert(below(&orders));
        set.insert(old.clone());
        set.insert_family(old.clone());
        // What is in the set with its family stays so.
        set.insert(old.clone());
        assert!(set.covers(&below(&old)) && set.covers(&of("OLD")));
        assert!(!set.covers(&orders) && set.reaches(&orders) && !set.reaches(&other));
        assert!(!set.covers(&below(&orders).child(&SAMPLE, "x")));
        assert_eq!(set.single().collect::<Vec<_>>(), [&below(&orders)]);
        assert_eq!(set.families().collect::<Vec<_>>(), [&old]);
        set.retain(|address| *address == old);
        assert!(!set.reaches(&orders) && set.covers(&old));
    }
}
