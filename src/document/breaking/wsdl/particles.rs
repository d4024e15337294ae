//! Elements within a type, and those that may be in their place.

use std::collections::BTreeMap;

use super::alternatives::{Alternative, Particle, bounded, branch, repeated};
use super::projection::Projection;
use super::tree::QName;

impl Projection<'_, '_> {
    /// An element, or one of those that may be in its place.
    pub(super) fn elements(
        &self,
        number: usize,
        least: u64,
        most: Option<u64>,
    ) -> Vec<Alternative> {
        let head = self.tree.node(number).qname("ref");
        let members = head.map(|head| self.members_of(head)).unwrap_or_default();
        if members.is_empty() {
            return vec![self.particle(number, least, most)];
        }
        let is_abstract = head
            .and_then(|head| self.global("elements", head))
            .is_some_and(|head| self.is_abstract_at(head));
        let mut all = Vec::new();
        if !is_abstract {
            all.push(branch(self.particle(number, 1, Some(1))));
        }
        for member in members {
            let target = self.global("elements", &member);
            if target.is_some_and(|target| self.is_abstract_at(target)) {
                continue;
            }
            let particle = Particle {
                schema: self.reference_to_element(&member),
                least: 1,
                most: Some(1),
                source: target.unwrap_or(number),
            };
            all.push(branch(Alternative {
                elements: BTreeMap::from([(member.local, particle)]),
                ..Alternative::default()
            }));
        }
        if all.is_empty() {
            return vec![self.particle(number, least, most)];
        }
        repeated(bounded(all, most == Some(1)), least, most)
    }

    /// One element, by its name or by a reference to a global one.
    fn particle(&self, number: usize, least: u64, most: Option<u64>) -> Alternative {
        let node = self.tree.node(number);
        let referred: Option<&QName> = node.qname("ref");
        let (name, schema) = match (referred, node.attribute("name")) {
            (Some(referred), _) => (referred.local.clone(), self.reference_to_element(referred)),
            (None, Some(name)) => (name.to_owned(), self.value_of(number)),
            (None, None) => return Alternative::default(),
        };
        let particle = Particle {
            schema,
            least,
            most,
            source: number,
        };
        Alternative {
            elements: BTreeMap::from([(name, particle)]),
            ..Alternative::default()
        }
    }
}
