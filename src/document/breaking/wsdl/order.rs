//! The order and the namespaces of elements, which JSON Schema has no words for.

use std::collections::{BTreeMap, BTreeSet};

use super::projection::Projection;
use super::tree::{QName, XSD};
use crate::document::breaking::findings::code;

/// Pairs of types that are looked at for one message, at most.
const MOST_PAIRS: usize = 2000;

/// Groups and types that are looked at for one element, at most.
const MOST_LOOKS: usize = 5000;

/// Types and groups within one another, at most.
const DEEPEST: usize = 32;

/// An element within another one.
struct Child {
    name: QName,
    /// The declaration, or what it refers to.
    number: usize,
    /// Whether the elements beside it may be in any order.
    is_free: bool,
}

/// What is another way in two messages.
pub(super) struct Change {
    pub(super) rule: &'static str,
    pub(super) message: String,
    pub(super) numbers: (usize, usize),
}

/// Two descriptions of XML, with the namespaces of the services.
pub(super) struct Orders<'p, 't> {
    pub(super) before: &'p Projection<'p, 't>,
    pub(super) after: &'p Projection<'p, 't>,
    /// Namespaces that were renamed as a whole, which was said already.
    pub(super) renamed: BTreeSet<(String, String)>,
    /// Whether elements in any order are on the side that has to accept the others.
    pub(super) is_request: bool,
}

impl Orders<'_, '_> {
    /// Looks through two elements, or two types, and all within them.
    pub(super) fn changes(&mut self, before: usize, after: usize) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![(before, after)];
        while let Some((one, other)) = waiting.pop() {
            if seen.len() > MOST_PAIRS || !seen.insert((one, other)) {
                continue;
            }
            let (was, now) = (children(self.before, one), children(self.after, other));
            changes.extend(self.order(&was, &now, (one, other)));
            let known: BTreeMap<&str, &Child> = now
                .iter()
                .rev()
                .map(|child| (&*child.name.local, child))
                .collect();
            for child in &was {
                let Some(same) = known.get(&*child.name.local) else {
                    continue;
                };
                changes.extend(self.namespaces(child, same));
                waiting.push((child.number, same.number));
            }
        }
        changes
    }

    fn order(&self, was: &[Child], now: &[Child], numbers: (usize, usize)) -> Option<Change> {
        let free = |all: &[Child]| all.iter().any(|child| child.is_free);
        let is_waived = match (free(was), free(now)) {
            (true, true) => true,
            (false, true) => self.is_request,
            (true, false) => !self.is_request,
            (false, false) => false,
        };
        let position = |all: &[Child]| {
            let mut positions = BTreeMap::new();
            for (at, child) in all.iter().enumerate() {
                positions.entry(child.name.local.clone()).or_insert(at);
            }
            positions
        };
        let (first, second) = (position(was), position(now));
        let mut shared: Vec<(&String, usize)> =
            first.iter().map(|(name, at)| (name, *at)).collect();
        shared.retain(|(name, _)| second.contains_key(*name));
        shared.sort_unstable_by_key(|(_, at)| *at);
        let is_free = free(was) || free(now);
        let moved = shared
            .windows(2)
            .find(|pair| second[pair[0].0] > second[pair[1].0]);
        let pair = moved
            .or(shared.get(..2).filter(|_| is_free))
            .filter(|_| !is_waived)?;
        let (one, other) = (code(pair[0].0), code(pair[1].0));
        let message = match (free(was), free(now)) {
            (true, _) => {
                format!("{one} and {other} must be in this order now, and could be in any")
            }
            (_, true) => format!("{one} and {other} may be in any order now, and were in this one"),
            _ => format!("{other} comes before {one} now, and came after it"),
        };
        Some(Change {
            rule: "element-order",
            message,
            numbers,
        })
    }

    fn namespaces(&mut self, before: &Child, after: &Child) -> Option<Change> {
        let (was, now) = (&before.name.namespace, &after.name.namespace);
        let renamed = (was.to_string(), now.to_string());
        if was == now || !self.renamed.insert(renamed) {
            return None;
        }
        let words = |namespace: &str| match namespace {
            "" => "no namespace".to_owned(),
            namespace => format!("the namespace {}", code(namespace)),
        };
        Some(Change {
            rule: "namespace-changed",
            message: format!(
                "{} is in {} now, and was in {}",
                code(&before.name.local),
                words(now),
                words(was)
            ),
            numbers: (before.number, after.number),
        })
    }
}

/// The elements within an element or a type, in their order.
fn children(projection: &Projection<'_, '_>, number: usize) -> Vec<Child> {
    let mut found = Vec::new();
    let node = projection.tree.node(number);
    let is_type = matches!(&*node.name.local, "complexType" | "simpleType");
    let named = node
        .qname("type")
        .and_then(|name| projection.global("types", name));
    let inner = projection.tree.children(number, XSD, "complexType").next();
    if let Some(start) = named.or(inner).or(is_type.then_some(number)) {
        let mut left = MOST_LOOKS;
        collect(projection, start, false, 0, (&mut left, &mut found));
    }
    found
}

fn collect(
    projection: &Projection<'_, '_>,
    number: usize,
    is_free: bool,
    depth: usize,
    (left, found): (&mut usize, &mut Vec<Child>),
) {
    if depth > DEEPEST || *left == 0 {
        return;
    }
    *left -= 1;
    let tree = projection.tree;
    for child in tree.all(number, XSD) {
        let node = tree.node(child);
        match &*node.name.local {
            "element" => found.extend(element(projection, child, is_free)),
            "sequence" | "complexContent" => {
                collect(projection, child, is_free, depth + 1, (left, found));
            }
            // A choice that repeats has no order of its own.
            "choice" => {
                let repeats = node
                    .attribute("maxOccurs")
                    .is_some_and(|most| most.trim() != "1");
                if !repeats {
                    collect(projection, child, is_free, depth + 1, (left, found));
                }
            }
            "all" => collect(projection, child, true, depth + 1, (left, found)),
            "restriction" => collect(projection, child, is_free, depth + 1, (left, found)),
            "extension" => {
                let base = node
                    .qname("base")
                    .and_then(|base| projection.global("types", base));
                if let Some(base) = base {
                    collect(projection, base, is_free, depth + 1, (left, found));
                }
                collect(projection, child, is_free, depth + 1, (left, found));
            }
            "group" => {
                let target = node
                    .qname("ref")
                    .and_then(|name| projection.global("groups", name));
                if let Some(target) = target {
                    collect(projection, target, is_free, depth + 1, (left, found));
                }
            }
            _ => {}
        }
    }
}

fn element(projection: &Projection<'_, '_>, number: usize, is_free: bool) -> Option<Child> {
    let node = projection.tree.node(number);
    if let Some(name) = node.qname("ref") {
        let number = projection.global("elements", name).unwrap_or(number);
        return Some(Child {
            name: name.clone(),
            number,
            is_free,
        });
    }
    let schema = projection.schema_of(number);
    let stated = |key| schema.and_then(|schema| projection.tree.node(schema).attribute(key));
    let form = node.attribute("form").or(stated("elementFormDefault"));
    let namespace = if form == Some("qualified") {
        stated("targetNamespace")
    } else {
        None
    };
    let name = QName {
        namespace: namespace.unwrap_or_default().into(),
        local: node.attribute("name")?.to_owned(),
    };
    Some(Child {
        name,
        number,
        is_free,
    })
}
