//! How declarations of XML Schema refer to each other, and which of them cannot be read.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::projection::Projection;
use super::tree::{QName, XSD};

impl Projection<'_, '_> {
    /// Notes which types are derived from which, and which elements may be in the place of which.
    pub(super) fn relate(&mut self) {
        for ((section, name), number) in &self.globals {
            let node = self.tree.node(*number);
            match *section {
                "types" if node.name.local == "complexType" => {
                    let bases = self.tree.all(*number, XSD).flat_map(|content| {
                        self.tree
                            .all(content, XSD)
                            .filter_map(|derivation| self.tree.node(derivation).qname("base"))
                    });
                    for base in bases.filter(|base| &*base.namespace != XSD) {
                        let all = self.derived.entry(base.clone()).or_default();
                        all.push(name.clone());
                    }
                }
                "elements" => {
                    for head in node.qnames("substitutionGroup") {
                        let all = self.members.entry(head.clone()).or_default();
                        all.push(name.clone());
                    }
                }
                _ => {}
            }
        }
    }

    /// The types that are derived from one, at any distance.
    pub(super) fn derived_from(&self, base: &QName) -> BTreeSet<QName> {
        reached(&self.derived, base)
    }

    /// The elements that may be in the place of one, at any distance.
    pub(super) fn members_of(&self, head: &QName) -> BTreeSet<QName> {
        reached(&self.members, head)
    }

    /// Whether something global is only there for others to be derived from it.
    pub(super) fn is_abstract_at(&self, number: usize) -> bool {
        self.tree.node(number).is_true("abstract")
    }

    pub(super) fn is_abstract(&self, name: &QName) -> bool {
        let number = self.global("types", name);
        number.is_some_and(|number| self.is_abstract_at(number))
    }

    /// The global type of an element, or the name of the type itself.
    pub(super) fn type_of(&self, number: usize) -> Option<QName> {
        let node = self.tree.node(number);
        if node.name.local != "complexType" {
            return node.qname("type").cloned();
        }
        let target = self
            .tree
            .node(self.schema_of(number)?)
            .attribute("targetNamespace");
        Some(QName {
            namespace: target.unwrap_or_default().into(),
            local: node.attribute("name")?.to_owned(),
        })
    }

    /// Notes why something is not compared.
    pub(super) fn cannot_read(&self, number: usize, reason: String) {
        self.unread.borrow_mut().entry(number).or_insert(reason);
    }

    /// Why something in a declaration, or in its type, is not compared.
    pub(super) fn unread_at(&self, number: usize) -> Option<String> {
        const MOST: usize = 200;
        let unread = self.unread.borrow();
        let mut waiting = VecDeque::from([number]);
        let mut seen = BTreeSet::new();
        while let Some(next) = waiting.pop_front() {
            if let Some(reason) = unread.get(&next) {
                return Some(reason.clone());
            }
            if seen.len() > MOST || !seen.insert(next) {
                continue;
            }
            let node = self.tree.node(next);
            let names = ["type", "base"].iter().filter_map(|key| node.qname(key));
            waiting.extend(names.filter_map(|name| self.global("types", name)));
            waiting.extend(&node.children);
        }
        None
    }
}

/// What a relation leads to, in any number of steps.
fn reached(relation: &BTreeMap<QName, Vec<QName>>, start: &QName) -> BTreeSet<QName> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(next) = waiting.pop() {
        for name in relation.get(next).into_iter().flatten() {
            if name != start && found.insert(name.clone()) {
                waiting.push(name);
            }
        }
    }
    found
}
