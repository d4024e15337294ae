//! The parts of messages, and what they contain.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::order::{Change, Orders};
use super::projection::Projection;
use super::tree::{QName, Tree};
use super::view::{HeaderParts, Message, Part};
use super::words::{Sources, XmlWording};
use crate::document::breaking::findings::{Entry, Findings, Impact, Places, code};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::location::SchemaLocation;
use crate::document::breaking::schema::Schemas;

static ANYTHING: Value = Value::Bool(true);

/// The schemas of both descriptions.
pub(super) struct Contents<'p, 't> {
    pub(super) before: &'p Projection<'p, 't>,
    pub(super) after: &'p Projection<'p, 't>,
    /// The projections as documents.
    pub(super) documents: (&'p Value, &'p Value),
    /// Where the schemas of the projections come from.
    pub(super) sources: (&'p Sources, &'p Sources),
    /// The parts that are sent as headers, by the names of messages and parts.
    pub(super) headers: (&'p HeaderParts<'t>, &'p HeaderParts<'t>),
    /// Derived types that were compared, by the direction.
    pub(super) derived: BTreeSet<(Direction, QName, QName)>,
    /// The namespaces of the services, and others that were renamed.
    pub(super) renamed: BTreeSet<(String, String)>,
    pub(super) schemas: Schemas<'p>,
}

/// Where messages are compared.
#[derive(Clone, Copy)]
pub(super) struct Sides<'p> {
    pub(super) place: &'p str,
    /// `input`
    pub(super) what: &'p str,
    pub(super) direction: Direction,
    pub(super) number: usize,
    /// What another order of its parts means.
    pub(super) part_order: Option<Impact>,
}

impl Contents<'_, '_> {
    pub(super) fn compare(
        &mut self,
        sides: Sides<'_>,
        (before, after): (&Message<'_>, &Message<'_>),
        findings: &mut Findings,
    ) {
        let (Some(was), Some(now)) = (&before.parts, &after.parts) else {
            return;
        };
        self.part_order(sides, (before, after), findings);
        let mut left: Vec<&Part<'_>> = now.iter().collect();
        let only = was.len() == 1 && now.len() == 1;
        for part in was {
            let same = left.iter().position(|other| other.name == part.name);
            let element = || {
                left.iter()
                    .position(|other| part.element.is_some() && other.element == part.element)
            };
            let Some(at) = same.or_else(element).or(only.then_some(0)) else {
                let around = self.after.tree.place(after.node);
                let places = Places::removed(&self.before.tree.place(part.node), Some(&around));
                self.add(sides, findings, places, "removed", part);
                continue;
            };
            let other = left.swap_remove(at);
            self.part(sides, part, other, findings);
        }
        for part in left {
            let words = match sides.direction {
                Direction::Request => "is new and required",
                Direction::Response => "is new",
            };
            let is_harmless = sides.direction == Direction::Response;
            let entry = if is_harmless {
                Entry::caution
            } else {
                Entry::new
            };
            let entry = entry(
                "message-part",
                format!("{}: part {} {words}", sides.what, code(part.name)),
            );
            let places = Places::added(&self.after.tree.place(part.node));
            findings.add(sides.place, entry.towards(sides.direction).within(places));
        }
    }

    /// Whether the parts that are written one after another come in another order.
    fn part_order(
        &self,
        sides: Sides<'_>,
        (before, after): (&Message<'_>, &Message<'_>),
        findings: &mut Findings,
    ) {
        let Some(impact) = sides.part_order else {
            return;
        };
        let names = |tree: &Tree<'_>, headers: &BTreeSet<(&str, &str)>, message: &Message<'_>| {
            let name = tree.node(message.node).qname("message");
            let message_name = name.map_or("", |name| name.local.as_str());
            let parts = message.parts.iter().flatten();
            let is_in_body = |part: &&Part<'_>| !headers.contains(&(message_name, part.name));
            parts
                .filter(is_in_body)
                .map(|part| part.name.to_owned())
                .collect::<Vec<String>>()
        };
        let was = names(self.before.tree, self.headers.0, before);
        let now = names(self.after.tree, self.headers.1, after);
        let old: BTreeMap<&String, usize> = was.iter().zip(0..).collect();
        let places: Vec<(usize, &String)> = now
            .iter()
            .filter_map(|name| Some((*old.get(name)?, name)))
            .collect();
        let moved = places.windows(2).find(|pair| pair[0].0 > pair[1].0);
        let Some([(_, first), (_, second)]) = moved else {
            return;
        };
        let words = format!(
            "{}: part {} comes before part {} now, and came after it",
            sides.what,
            code(first),
            code(second)
        );
        let entry = Entry::of(impact, "element-order", words);
        let places = Places::changed(
            &self.before.tree.place(before.node),
            &self.after.tree.place(after.node),
        );
        findings.add(sides.place, entry.towards(sides.direction).within(places));
    }

    fn add(
        &self,
        sides: Sides<'_>,
        findings: &mut Findings,
        places: Places,
        words: &str,
        part: &Part<'_>,
    ) {
        let label = if part.name.is_empty() {
            String::new()
        } else {
            format!(" {}", code(part.name))
        };
        let entry = Entry::new(
            "message-part",
            format!("{}: part{label} {words}", sides.what),
        );
        findings.add(sides.place, entry.towards(sides.direction).within(places));
    }

    pub(super) fn part(
        &mut self,
        sides: Sides<'_>,
        before: &Part<'_>,
        after: &Part<'_>,
        findings: &mut Findings,
    ) {
        let both = Places::changed(
            &self.before.tree.place(before.node),
            &self.after.tree.place(after.node),
        );
        match (before.element, after.element) {
            (Some(was), Some(now)) => {
                if was.local != now.local {
                    let words = format!(
                        "is the element {} now, and was {}",
                        code(&now.local),
                        code(&was.local)
                    );
                    return self.add(sides, findings, both, &words, before);
                }
                self.element(sides, was, now, findings);
                let numbers = (
                    self.before.global("elements", was),
                    self.after.global("elements", now),
                );
                self.values(sides, ("elements", was, now), &was.local, findings);
                self.orders(sides, numbers, findings);
            }
            (None, None) => {
                if before.name != after.name {
                    let words = format!("is called {} now", code(after.name));
                    self.add(sides, findings, both, &words, before);
                }
                if let (Some(was), Some(now)) = (before.kind, after.kind) {
                    let what = format!("{}: part {}", sides.what, code(before.name));
                    let sides = Sides {
                        what: &what,
                        ..sides
                    };
                    self.values(sides, ("parts", was, now), before.name, findings);
                    let numbers = (
                        self.before.global("types", was),
                        self.after.global("types", now),
                    );
                    self.orders(sides, numbers, findings);
                }
            }
            (was, _) => {
                let words = match was {
                    Some(_) => "has a type now, and was an element",
                    None => "is an element now, and had a type",
                };
                self.add(sides, findings, both, words, before);
            }
        }
    }

    /// Whether the element of a part is in the same namespace.
    fn element(&mut self, sides: Sides<'_>, was: &QName, now: &QName, findings: &mut Findings) {
        let renamed = (was.namespace.to_string(), now.namespace.to_string());
        if was.namespace == now.namespace || !self.renamed.insert(renamed) {
            return;
        }
        let words = format!(
            "{}: {} is in the namespace {} now, and was in {}",
            sides.what,
            code(&was.local),
            code(&now.namespace),
            code(&was.namespace)
        );
        let entry = Entry::new("namespace-changed", words).towards(sides.direction);
        let address = |projection: &Projection<'_, '_>, name| {
            let number = projection.global("elements", name)?;
            Some(projection.tree.address(number))
        };
        let addresses = (address(self.before, was), address(self.after, now));
        findings.push(sides.place, entry, addresses);
    }

    /// The values of two elements or types.
    fn values(
        &mut self,
        sides: Sides<'_>,
        (section, was, now): (&'static str, &QName, &QName),
        name: &str,
        findings: &mut Findings,
    ) {
        let pointers = (
            self.before.pointer(section, was),
            self.after.pointer(section, now),
        );
        let (one, other) = match pointers {
            (Some(one), Some(other)) => (
                self.documents.0.pointer(&one).unwrap_or(&ANYTHING),
                self.documents.1.pointer(&other).unwrap_or(&ANYTHING),
            ),
            _ => return,
        };
        let location = SchemaLocation {
            place: sides.place,
            part: sides.what,
            direction: sides.direction,
            operation: sides.number,
            is_spelled: true,
        };
        let is_element = section == "elements";
        let kind = if is_element { section } else { "types" };
        let wording = XmlWording {
            before: (self.before, self.sources.0),
            after: (self.after, self.sources.1),
            numbers: (self.before.global(kind, was), self.after.global(kind, now)),
            name,
            is_named: is_element,
        };
        self.schemas
            .compare_in(&wording, findings, location, (one, other));
    }

    fn orders(
        &mut self,
        sides: Sides<'_>,
        numbers: (Option<usize>, Option<usize>),
        findings: &mut Findings,
    ) {
        let (Some(before), Some(after)) = numbers else {
            return;
        };
        let mut orders = Orders {
            before: self.before,
            after: self.after,
            derived: BTreeSet::new(),
            renamed: std::mem::take(&mut self.renamed),
            is_request: sides.direction == Direction::Request,
        };
        let changes = orders.changes(before, after);
        self.renamed = orders.renamed;
        let derived = orders.derived;
        for Change {
            rule,
            impact,
            message,
            numbers,
        } in changes
        {
            let message = format!("{}: {message}", sides.what);
            let entry = Entry::of(impact, rule, message).towards(sides.direction);
            let addresses = (
                Some(self.before.tree.address(numbers.0)),
                Some(self.after.tree.address(numbers.1)),
            );
            findings.push_shared(sides.place, entry, addresses);
        }
        self.derived(sides, derived, findings);
    }

    /// What may stand for the types of a message: types that are derived from them.
    fn derived(
        &mut self,
        sides: Sides<'_>,
        types: BTreeSet<(QName, QName)>,
        findings: &mut Findings,
    ) {
        for (was, now) in types {
            let key = (sides.direction, was.clone(), now.clone());
            if !self.derived.insert(key) {
                continue;
            }
            let what = format!("{}: type {}", sides.what, code(&was.local));
            let sides = Sides {
                what: &what,
                ..sides
            };
            self.values(sides, ("types", &was, &now), &was.local, findings);
        }
    }
}
