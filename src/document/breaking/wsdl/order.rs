//! The order and the namespaces of elements, which JSON Schema has no words for.

use std::collections::{BTreeMap, BTreeSet};

use super::projection::Projection;
use super::tree::{QName, XSD};
use crate::document::breaking::findings::{Impact, code};

/// Pairs of types that are looked at for one message, at most.
const MOST_PAIRS: usize = 2000;

/// Pairs of elements of one content whose order is compared, at most.
const MOST_ORDERS: usize = 200_000;

/// Groups and types that are looked at for one element, at most.
const MOST_LOOKS: usize = 5000;

/// Types and groups within one another, at most.
const DEEPEST: usize = 32;

/// An element within another one.
pub(super) struct Child {
    pub(super) name: QName,
    /// The declaration, or what it refers to.
    pub(super) number: usize,
    /// The choices, and the groups without an order, that it is in.
    way: Vec<Step>,
}

/// What an element is in that decides about its order; each visit of one has its own number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Elements within it may be in any order.
    Free(usize),
    /// One branch of a choice, which excludes the others.
    Branch(usize, usize),
}

/// How two elements of one content follow each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// The first, then the second.
    Forward,
    Backward,
    Any,
    /// They are never there both.
    Never,
}

/// What is collected of one element, and what may still be looked at.
struct Collection {
    left: usize,
    groups: usize,
    found: Vec<Child>,
}

/// What is another way in two messages.
pub(super) struct Change {
    pub(super) rule: &'static str,
    pub(super) impact: Impact,
    pub(super) message: String,
    pub(super) numbers: (usize, usize),
}

/// Two descriptions of XML, with the namespaces of the services.
pub(super) struct Orders<'p, 't> {
    pub(super) before: &'p Projection<'p, 't>,
    pub(super) after: &'p Projection<'p, 't>,
    /// Namespaces that were renamed as a whole, which was said already.
    pub(super) renamed: BTreeSet<(String, String)>,
    /// Derived types, before and after, that may stand for those of the message.
    pub(super) derived: BTreeSet<(QName, QName)>,
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
            changes.extend(self.identity((one, other)));
            changes.extend(self.types((one, other), &mut waiting));
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
        let (first, second) = (positions(was), positions(now));
        let mut shared: Vec<(&str, usize, usize)> = first
            .iter()
            .filter_map(|(name, at)| Some((*name, (*at)?, (*second.get(name)?)?)))
            .collect();
        shared.sort_unstable_by_key(|(_, at, _)| *at);
        let is_plain = |all: &[Child]| all.iter().all(|child| child.way.is_empty());
        let reach = if is_plain(was) && is_plain(now) {
            // Where nothing but sequences is, a neighbour shows that something moved.
            1
        } else {
            (MOST_ORDERS / shared.len().max(1)).max(1)
        };
        let pairs = shared.iter().enumerate().flat_map(|(at, one)| {
            let others = shared.iter().skip(at + 1).take(reach);
            others.map(move |other| (one, other))
        });
        for (one, other) in pairs {
            let relations = (relation(was, one.1, other.1), relation(now, one.2, other.2));
            let (narrow, wide) = if self.is_request {
                relations
            } else {
                (relations.1, relations.0)
            };
            let is_kept = narrow == wide
                || wide == Relation::Any
                || [narrow, wide].contains(&Relation::Never);
            if is_kept {
                continue;
            }
            let (one, other) = (code(one.0), code(other.0));
            let message = match relations {
                (Relation::Any, Relation::Backward) => {
                    format!("{other} and {one} must be in this order now, and could be in any")
                }
                (Relation::Any, _) => {
                    format!("{one} and {other} must be in this order now, and could be in any")
                }
                (_, Relation::Any) => {
                    format!("{one} and {other} may be in any order now, and were in this one")
                }
                _ => format!("{other} comes before {one} now, and came after it"),
            };
            return Some(Change {
                rule: "element-order",
                impact: Impact::Break,
                message,
                numbers,
            });
        }
        None
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
            impact: Impact::Break,
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

/// Where elements are, by their names; `None` if an element is in several branches.
fn positions(all: &[Child]) -> BTreeMap<&str, Option<usize>> {
    let mut positions: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (at, child) in all.iter().enumerate() {
        positions
            .entry(&child.name.local)
            .and_modify(|known| *known = known.filter(|first| all[*first].way == child.way))
            .or_insert(Some(at));
    }
    positions
}

fn relation(all: &[Child], one: usize, other: usize) -> Relation {
    for pair in all[one].way.iter().zip(&all[other].way) {
        match pair {
            (Step::Free(group), Step::Free(same)) if group == same => return Relation::Any,
            (one, other) if one == other => {}
            (Step::Branch(choice, _), Step::Branch(same, _)) if choice == same => {
                return Relation::Never;
            }
            _ => break,
        }
    }
    if one < other {
        Relation::Forward
    } else {
        Relation::Backward
    }
}

/// The elements within an element or a type, in their order.
pub(super) fn children(projection: &Projection<'_, '_>, number: usize) -> Vec<Child> {
    let node = projection.tree.node(number);
    let is_type = matches!(&*node.name.local, "complexType" | "simpleType");
    let named = node
        .qname("type")
        .and_then(|name| projection.global("types", name));
    let inner = projection.tree.children(number, XSD, "complexType").next();
    let mut collection = Collection {
        left: MOST_LOOKS,
        groups: 0,
        found: Vec::new(),
    };
    if let Some(start) = named.or(inner).or(is_type.then_some(number)) {
        collection.content(projection, start, &[], 0);
    }
    collection.found
}

impl Collection {
    /// Collects what is written below an element.
    fn content(
        &mut self,
        projection: &Projection<'_, '_>,
        number: usize,
        way: &[Step],
        depth: usize,
    ) {
        if depth > DEEPEST || self.left == 0 {
            return;
        }
        self.left -= 1;
        for child in projection.tree.all(number, XSD) {
            self.particle(projection, child, way, depth);
        }
    }

    fn particle(
        &mut self,
        projection: &Projection<'_, '_>,
        child: usize,
        way: &[Step],
        depth: usize,
    ) {
        let node = projection.tree.node(child);
        let global = |key, section| {
            node.qname(key)
                .and_then(|name| projection.global(section, name))
        };
        match &*node.name.local {
            "element" => self.found.extend(element(projection, child, way)),
            "sequence" | "complexContent" | "restriction" => {
                self.content(projection, child, way, depth + 1);
            }
            "choice" => self.choice(projection, child, way, depth),
            "all" => {
                let way = self.below(way, Step::Free);
                self.content(projection, child, &way, depth + 1);
            }
            "extension" => {
                if let Some(base) = global("base", "types") {
                    self.content(projection, base, way, depth + 1);
                }
                self.content(projection, child, way, depth + 1);
            }
            "group" => {
                if let Some(target) = global("ref", "groups") {
                    self.content(projection, target, way, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn choice(
        &mut self,
        projection: &Projection<'_, '_>,
        number: usize,
        way: &[Step],
        depth: usize,
    ) {
        let most = projection.tree.node(number).attribute("maxOccurs");
        // A choice that repeats has no order of its own.
        if most.is_some_and(|most| !matches!(most.trim(), "0" | "1")) {
            let way = self.below(way, Step::Free);
            return self.content(projection, number, &way, depth + 1);
        }
        let choice = self.groups;
        for (branch, child) in projection.tree.all(number, XSD).enumerate() {
            let way = self.below(way, |_| Step::Branch(choice, branch));
            self.particle(projection, child, &way, depth + 1);
        }
    }

    /// A way with one more step, which has a number that no other has.
    fn below(&mut self, way: &[Step], step: impl FnOnce(usize) -> Step) -> Vec<Step> {
        let mut way = way.to_vec();
        way.push(step(self.groups));
        self.groups += 1;
        way
    }
}

fn element(projection: &Projection<'_, '_>, number: usize, way: &[Step]) -> Option<Child> {
    let node = projection.tree.node(number);
    if let Some(name) = node.qname("ref") {
        let number = projection.global("elements", name).unwrap_or(number);
        return Some(Child {
            name: name.clone(),
            number,
            way: way.to_vec(),
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
        way: way.to_vec(),
    })
}
