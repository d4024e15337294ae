//! Addresses: how a resource is named everywhere, in plans, flags and messages.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// What everyone may know of a kind of resource without knowing how it looks on the wire.
#[derive(Debug)]
pub struct KindInfo {
    /// The kind's name in plans and manifests, such as `ApiVersion`.
    pub name: &'static str,
    /// The kind's part of an address, such as `version`.
    pub slug: &'static str,
    /// The kind in a sentence, such as `API version`.
    pub noun: &'static str,
    /// Place among its siblings: lower ranks are created first, deleted last and printed first.
    pub rank: u8,
    /// Field paths whose strings compare without case, because the service's own entries differ in case.
    pub folded: &'static [&'static str],
    /// Field paths that cannot change once the resource exists.
    pub immutable: &'static [&'static str],
    /// Field paths whose change takes a new resource in place of the old one.
    pub replaced: &'static [&'static str],
    /// Fields that stay as they are when a manifest leaves them out, because the service offers no
    /// way to clear them.
    pub kept: &'static [&'static str],
    /// Fields that say how a resource is made, and nothing about one that is there.
    pub only_new: &'static [&'static str],
    /// Fields that travel by an action of their own (a definition's document), not with the resource.
    /// The last one holds the digest.
    pub content: &'static [&'static str],
    /// When a live resource that nobody declares may be deleted.
    pub prune: Prune,
    /// The name under which metadata schemas are assigned to this kind (`api`, `environment`,
    /// `deployment`); `None` where the service keeps no custom metadata.
    pub entity: Option<&'static str>,
}

impl KindInfo {
    /// The field that holds the digest of what travels by an action of its own.
    #[must_use]
    pub fn document(&self) -> Option<&'static str> {
        self.content.last().copied()
    }
}

/// When a live resource that nobody declares may be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prune {
    /// Never, whatever the scope.
    Never,
    /// Only by a repository that owns everything (`prune.scope: all`).
    OnlyAll,
    /// By its owner: it carries the ownership marker, or is a child of a resource that is ours.
    Owned,
}

impl PartialEq for KindInfo {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for KindInfo {}

/// One step of an address: a kind and a name.
#[derive(Debug, Clone)]
pub struct Segment {
    /// The kind of resource at this step.
    pub kind: &'static KindInfo,
    /// Its name as written; empty for the service, of which there is one.
    pub name: String,
}

impl Segment {
    fn folded_name(&self) -> impl Iterator<Item = u8> + '_ {
        self.name.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl Ord for Segment {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.kind.rank, self.kind.slug)
            .cmp(&(other.kind.rank, other.kind.slug))
            .then_with(|| self.folded_name().cmp(other.folded_name()))
    }
}

impl PartialOrd for Segment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Segment {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Segment {}

impl Hash for Segment {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.slug.hash(state);
        self.folded_name().for_each(|byte| state.write_u8(byte));
        state.write_u8(0);
    }
}

/// The path of a resource, such as `api/orders/version/1-0-0`.
///
/// Azure treats names without case, so two addresses that differ only in case are equal. Addresses
/// sort in the order in which resources are created: by rank, then by name, children after parents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    segments: Vec<Segment>,
}

impl Address {
    /// The address of a resource that hangs directly below the service or its workspace.
    #[must_use]
    pub fn top(kind: &'static KindInfo, name: impl Into<String>) -> Self {
        Self {
            segments: vec![Segment {
                kind,
                name: name.into(),
            }],
        }
    }

    /// The address of a child of this resource.
    #[must_use]
    pub fn child(&self, kind: &'static KindInfo, name: impl Into<String>) -> Self {
        let mut segments = self.segments.clone();
        segments.push(Segment {
            kind,
            name: name.into(),
        });
        Self { segments }
    }

    /// The address one step up; `None` for a top resource.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        (self.segments.len() > 1).then(|| Self {
            segments: self.segments[..self.segments.len() - 1].to_vec(),
        })
    }

    /// Every address above this one, nearest first.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(self.parent(), Self::parent)
    }

    /// Whether this resource lies somewhere below `other`.
    #[must_use]
    pub fn is_below(&self, other: &Self) -> bool {
        self.segments.len() > other.segments.len()
            && self
                .segments
                .iter()
                .zip(&other.segments)
                .all(|(a, b)| a == b)
    }

    /// The steps of the path, topmost first.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The kind of the resource itself.
    #[must_use]
    pub fn kind(&self) -> &'static KindInfo {
        self.last().kind
    }

    /// The name of the resource itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.last().name
    }

    /// The topmost resource of the path, such as the API of a deployment.
    #[must_use]
    pub fn root(&self) -> Self {
        Self {
            segments: self.segments[..1].to_vec(),
        }
    }

    fn last(&self) -> &Segment {
        self.segments
            .last()
            .expect("an address has at least one segment")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, segment) in self.segments.iter().enumerate() {
            if i > 0 {
                f.write_str("/")?;
            }
            f.write_str(segment.kind.slug)?;
            if !segment.name.is_empty() {
                write!(f, "/{}", segment.name)?;
            }
        }
        Ok(())
    }
}

/// A kind for tests of this layer, which knows no real one.
#[cfg(test)]
pub(super) static SAMPLE: KindInfo = KindInfo {
    name: "Api",
    slug: "api",
    noun: "API",
    rank: 5,
    folded: &[],
    immutable: &[],
    replaced: &[],
    kept: &[],
    only_new: &[],
    content: &[],
    prune: Prune::Owned,
    entity: Some("api"),
};

#[cfg(test)]
mod tests {
    use super::*;

    static ENVIRONMENT: KindInfo = KindInfo {
        name: "Environment",
        slug: "environment",
        rank: 2,
        ..SAMPLE
    };

    #[test]
    fn names_compare_without_case_and_print_as_written() {
        let a = Address::top(&SAMPLE, "Orders");
        assert_eq!(a, Address::top(&SAMPLE, "orders"));
        assert_eq!(a.to_string(), "api/Orders");
    }

    #[test]
    fn addresses_sort_by_rank_then_name_with_children_after_parents() {
        let orders = Address::top(&SAMPLE, "orders");
        let child = orders.child(&ENVIRONMENT, "x");
        let mut all = [Address::top(&SAMPLE, "zoo"), child.clone(), orders.clone()];
        all.sort();
        assert_eq!(
            all.map(|a| a.to_string()),
            ["api/orders", "api/orders/environment/x", "api/zoo"]
        );
        assert!(Address::top(&ENVIRONMENT, "zzz") < orders);
        assert!(child.is_below(&orders) && !orders.is_below(&child));
    }
}
