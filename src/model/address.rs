//! Addresses: how a resource is named everywhere, in plans, flags and messages.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::kind::{KindInfo, Role};

/// One step of an address: a kind and a name.
#[derive(Debug, Clone)]
pub struct Segment {
    /// The kind of resource at this step.
    pub kind: &'static KindInfo,
    /// Its name as written; empty for the service, of which there is one.
    pub name: Arc<str>,
}

impl Ord for Segment {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.kind.rank, self.kind.slug)
            .cmp(&(other.kind.rank, other.kind.slug))
            .then_with(|| compare_without_case(self.name.as_bytes(), other.name.as_bytes()))
    }
}

/// Most names that are compared have a long beginning in common, and most are in lower case.
fn compare_without_case(left: &[u8], right: &[u8]) -> Ordering {
    let both = left.len().min(right.len());
    let mut i = 0;
    while i < both {
        if left[i] != right[i] {
            let (left, right) = (left[i].to_ascii_lowercase(), right[i].to_ascii_lowercase());
            if left != right {
                return left.cmp(&right);
            }
        }
        i += 1;
    }
    left.len().cmp(&right.len())
}

impl PartialOrd for Segment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Segment {
    fn eq(&self, other: &Self) -> bool {
        self.kind.slug == other.kind.slug && self.name.eq_ignore_ascii_case(&other.name)
    }
}

impl Eq for Segment {}

impl Hash for Segment {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.slug.hash(state);
        if self.name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.name.to_ascii_lowercase().hash(state);
        } else {
            self.name.hash(state);
        }
    }
}

/// The path of a resource, such as `api/orders/version/1-0-0`.
///
/// Azure treats names without case, so two addresses that differ only in case are equal. Addresses
/// sort in the order in which resources are created: by rank, then by name, children after parents. A copy shares the
/// memory of the original.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    segments: Arc<[Segment]>,
}

impl Address {
    /// The address of a resource directly below the service or its workspace.
    #[must_use]
    pub fn top(kind: &'static KindInfo, name: impl AsRef<str>) -> Self {
        let name = Arc::from(name.as_ref());
        Self {
            segments: Arc::new([Segment { kind, name }]),
        }
    }

    /// The address of a child of this resource.
    #[must_use]
    pub fn child(&self, kind: &'static KindInfo, name: impl AsRef<str>) -> Self {
        let name = Arc::from(name.as_ref());
        let last = std::iter::once(Segment { kind, name });
        Self {
            segments: self.segments.iter().cloned().chain(last).collect(),
        }
    }

    /// The address of another resource of the same kind beside this one.
    #[must_use]
    pub fn sibling(&self, name: impl AsRef<str>) -> Self {
        match self.parent() {
            Some(parent) => parent.child(self.kind(), name),
            None => Self::top(self.kind(), name),
        }
    }

    /// The same address with another own name.
    #[must_use]
    pub fn with_own_name(&self, name: &str) -> Self {
        match self.name().rsplit_once('/') {
            Some((above, _)) => self.sibling(format!("{above}/{name}")),
            None => self.sibling(name),
        }
    }

    /// The address one step up; `None` for a top resource.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        (self.segments.len() > 1).then(|| Self {
            segments: Arc::from(&self.segments[..self.segments.len() - 1]),
        })
    }

    /// Every address above this one, nearest first.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(self.parent(), Self::parent)
    }

    /// Whether this resource is a descendant of `other`.
    #[must_use]
    pub fn is_below(&self, other: &Self) -> bool {
        self.segments.len() > other.segments.len()
            && self
                .segments
                .iter()
                .zip(&*other.segments)
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

    /// Whether the resource is of the kind with this role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.kind().role == role
    }

    /// The name of the resource itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.last().name
    }

    /// The name of the resource without what is above it: the name of a resource of any type is its path.
    #[must_use]
    pub fn own_name(&self) -> &str {
        let name = self.name();
        name.rsplit('/').next().unwrap_or(name)
    }

    /// The topmost resource below the service, such as the API of a deployment; a service whose name is
    /// part of addresses stays in front of it.
    #[must_use]
    pub fn root(&self) -> Self {
        let length = match self.segments.first() {
            Some(first) if first.kind.is_named_root && self.segments.len() > 1 => 2,
            _ => 1,
        };
        Self {
            segments: Arc::from(&self.segments[..length]),
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

/// A kind for tests of this layer, which does not know the real ones.
#[cfg(test)]
pub(super) static SAMPLE: KindInfo = KindInfo {
    name: "Api",
    slug: "api",
    noun: "API",
    rank: 5,
    role: Role::Api,
    ..KindInfo::PLAIN
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
    fn the_topmost_resource_is_the_one_below_the_service() {
        static GATEWAY: KindInfo = KindInfo {
            name: "Gateway",
            slug: "gateway",
            is_named_root: true,
            ..KindInfo::PLAIN
        };
        let orders = Address::top(&SAMPLE, "orders");
        assert_eq!(orders.child(&ENVIRONMENT, "x").root(), orders);
        let gateway = Address::top(&GATEWAY, "contoso");
        let orders = gateway.child(&SAMPLE, "orders");
        assert_eq!(orders.child(&ENVIRONMENT, "x").root(), orders);
        assert_eq!(orders.root(), orders);
        assert_eq!(gateway.root(), gateway);
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
