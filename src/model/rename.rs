//! Resources that had another name before.

use std::collections::{BTreeMap, BTreeSet};

use super::address::Address;
use super::place::Span;
use super::resource::Body;
use super::service_id::ServiceId;

/// A name that a resource had before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerName {
    /// The address that it had, below the present address of its parent.
    pub address: Address,
    /// Where that is declared.
    pub place: Span,
}

/// Present addresses by former ones. A former address is below the present address of its parent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames(BTreeMap<Address, Address>);

impl Renames {
    /// Collects pairs of a former and a present address.
    pub fn new(pairs: impl IntoIterator<Item = (Address, Address)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// The same and more.
    #[must_use]
    pub fn and(mut self, pairs: impl IntoIterator<Item = (Address, Address)>) -> Self {
        self.0.extend(pairs);
        self
    }

    /// The former addresses.
    pub fn former(&self) -> impl Iterator<Item = &Address> {
        self.0.keys()
    }

    /// Whether nothing has another name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The present address of a resource; `None` if neither it nor what is above it has another name.
    #[must_use]
    pub fn present(&self, address: &Address) -> Option<Address> {
        let mut present: Option<Address> = None;
        let mut is_renamed = false;
        for segment in address.segments() {
            let here = match &present {
                None => Address::top(segment.kind, segment.name.clone()),
                Some(above) => above.child(segment.kind, segment.name.clone()),
            };
            present = Some(match self.0.get(&here) {
                Some(renamed) => {
                    is_renamed = true;
                    renamed.clone()
                }
                None => here,
            });
        }
        present.filter(|_| is_renamed)
    }
}

/// Writes the present names of renamed resources wherever others refer to them by former ones. Only the kinds know
/// where that is.
#[derive(Debug, Clone, Copy)]
pub struct Redirect {
    /// In a canonical body.
    pub body: fn(Redirection<'_>, &mut Body),
    /// In the fields that no kind models, beside a canonical body; returns the former addresses that were named there.
    pub unmodelled: fn(Redirection<'_>, &Body, &mut Body) -> BTreeSet<Address>,
    /// The present address of a resource whose name is a path, if something on the path has another name.
    pub path: fn(&Renames, &Address) -> Option<Address>,
    /// Whether resources of a type, by its path such as `apis/versions`, are below a resource.
    pub is_below: fn(&Address, &str) -> bool,
}

impl Default for Redirect {
    fn default() -> Self {
        Self {
            body: |_, _| (),
            unmodelled: |_, _, _| BTreeSet::new(),
            path: |_, _| None,
            is_below: |_, _| false,
        }
    }
}

/// Renames as they concern one resource that may refer to what has another name.
#[derive(Debug, Clone, Copy)]
pub struct Redirection<'a> {
    /// The address of the resource as its body was read.
    pub former: &'a Address,
    /// Its present address.
    pub present: &'a Address,
    /// All renames.
    pub renames: &'a Renames,
    /// The service that has them.
    pub service: &'a ServiceId,
}

#[cfg(test)]
mod tests {
    use super::super::address::SAMPLE;
    use super::*;

    #[test]
    fn what_is_below_a_renamed_resource_moves_along_and_may_have_another_name_too() {
        let top = |name: &str| Address::top(&SAMPLE, name);
        let below = |above: &Address, name: &str| above.child(&SAMPLE, name);
        let (old, new) = (top("weather"), top("forecast"));
        let renames = Renames::new([
            (old.clone(), new.clone()),
            (below(&new, "v1"), below(&new, "v2")),
        ]);
        assert_eq!(renames.present(&top("WEATHER")), Some(new.clone()));
        let deep = below(&below(&old, "v1"), "x");
        assert_eq!(renames.present(&deep), Some(below(&below(&new, "v2"), "x")));
        // Also where the parent has its present name already.
        assert_eq!(renames.present(&below(&new, "v1")), Some(below(&new, "v2")));
        assert_eq!(renames.present(&new), None);
        assert_eq!(renames.present(&top("other")), None);
    }
}
