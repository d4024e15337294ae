//! What a new resource brings with it.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::{Address, counted};

/// The resources below a new one, counted by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::output) struct Brings(BTreeMap<(u8, usize, &'static str), usize>);

impl Brings {
    /// Counts these resources.
    pub(in crate::output) fn of<'a>(addresses: impl IntoIterator<Item = &'a Address>) -> Self {
        let mut counts = BTreeMap::new();
        for address in addresses {
            let kind = address.kind();
            let depth = address.segments().len();
            // What is at the top has no short name.
            let name = if depth == 1 { kind.noun } else { kind.slug };
            *counts.entry((kind.rank, depth, name)).or_default() += 1;
        }
        Self(counts)
    }

    /// Both together.
    pub(in crate::output) fn and(mut self, other: &Self) -> Self {
        for (key, count) in &other.0 {
            *self.0.entry(*key).or_default() += count;
        }
        self
    }

    /// Whether it brings nothing.
    pub(in crate::output) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Brings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|((_, _, slug), count)| counted(*count, &slug.replace('-', " ")))
            .collect();
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;

    #[test]
    fn what_comes_along_is_counted_by_kind_in_the_order_of_its_creation() {
        let api = Address::top(&kinds::API.info, "billing");
        let version = |name: &str| api.child(&kinds::API_VERSION.info, name);
        let all = [
            api.child(&kinds::DEPLOYMENT.info, "eu"),
            version("v1"),
            version("v2"),
            version("v1").child(&kinds::API_DEFINITION.info, "openapi"),
        ];
        let brings = Brings::of(&all);
        assert_eq!(brings.to_string(), "2 versions, 1 definition, 1 deployment");
        assert_eq!(
            brings.clone().and(&brings).to_string(),
            "4 versions, 2 definitions, 2 deployments"
        );
        assert!(Brings::of(&[]).is_empty());
    }
}
