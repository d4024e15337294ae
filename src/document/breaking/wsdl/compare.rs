//! Two whole descriptions.

use std::collections::{BTreeMap, BTreeSet};

use super::bindings;
use super::headers;
use super::parts::{Contents, Sides};
use super::projection::{Projection, SOURCE};
use super::services;
use super::tree::Tree;
use super::view::{Api, Message, Operation, PortType, Protocols};
use crate::document::breaking::findings::{Entry, Findings, Impact, Places, code, line};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::pointers::sources;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::sum::Sum;

pub(crate) fn compare(before: &str, after: &str, findings: &mut Findings) {
    let (Some(one), Some(other)) = (Tree::read(before), Tree::read(after)) else {
        return;
    };
    let (Some(was), Some(now)) = (Api::of(&one), Api::of(&other)) else {
        return;
    };
    let mut projections = (Projection::of(&one), Projection::of(&other));
    let documents = Projection::documents(&mut projections.0, &mut projections.1);
    let known = (sources(&documents.0, SOURCE), sources(&documents.1, SOURCE));
    let mut comparison = Comparison {
        apis: (&was, &now),
        contents: Contents {
            before: &projections.0,
            after: &projections.1,
            headers: (&was.headers, &now.headers),
            derived: BTreeSet::new(),
            documents: (&documents.0, &documents.1),
            sources: (&known.0, &known.1),
            renamed: BTreeSet::new(),
            schemas: Schemas::of_xml(&documents.0, &documents.1),
        },
        findings,
        number: 0,
        part_order: None,
        sums: [Sum::of("port type"), Sum::of("operation")],
    };
    comparison.namespace();
    let pairs = services::compare(&was, &now, comparison.findings);
    for (before, after) in pairs.iter().copied() {
        let name = one.node(before).attribute("name").unwrap_or_default();
        let place = format!("binding {}", line(name));
        bindings::compare(&place, (&was, before), (&now, after), comparison.findings);
        headers::compare(
            &place,
            (&was, before),
            (&now, after),
            &mut comparison.contents,
            &mut comparison.number,
            comparison.findings,
        );
    }
    comparison.port_types(&renamed_port_types((&was, &now), &pairs));
    findings.sums = comparison.sums.to_vec();
    findings.locate_by(
        |address| {
            one.place_at(address)
                .or_else(|| Some(one.place(*known.0.get(&address)?)))
        },
        |address| {
            other
                .place_at(address)
                .or_else(|| Some(other.place(*known.1.get(&address)?)))
        },
    );
}

struct Comparison<'f, 'p, 't> {
    apis: (&'f Api<'t>, &'f Api<'t>),
    contents: Contents<'p, 't>,
    findings: &'f mut Findings,
    /// Messages so far.
    number: usize,
    /// What another order of the parts of a message means.
    part_order: Option<Impact>,
    sums: [Sum; 2],
}

impl Comparison<'_, '_, '_> {
    fn namespace(&mut self) {
        let (was, now) = (self.apis.0.target, self.apis.1.target);
        if was != now {
            self.contents
                .renamed
                .insert((was.to_owned(), now.to_owned()));
            let words = format!("the namespace is {} now, and was {}", code(now), code(was));
            let addresses = (
                Some(self.apis.0.tree.address(0)),
                Some(self.apis.1.tree.address(0)),
            );
            self.findings
                .push("service", Entry::new("namespace-changed", words), addresses);
        }
    }

    fn port_types(&mut self, renamed: &BTreeMap<&str, &str>) {
        let (was, now) = (&self.apis.0.port_types, &self.apis.1.port_types);
        for (name, port_type) in was {
            let other = now
                .get(name)
                .or_else(|| now.get(renamed.get(name).copied()?));
            let Some(other) = other else {
                self.sums[0].removed += 1;
                self.sums[1].removed += port_type.operations.len();
                let place = format!("port type {}", line(name));
                let entry = Entry::new("port-type-removed", "port type removed");
                let places = self.removed(port_type.node, 0);
                let position = self.findings.add(&place, entry.within(places));
                let places = port_type
                    .operations
                    .values()
                    .map(|operation| operation.place.clone());
                self.findings.lists(position, places);
                continue;
            };
            self.operations(port_type, other);
        }
        let taken: BTreeSet<&str> = renamed.values().copied().collect();
        for (name, port_type) in now {
            if !was.contains_key(name) && !taken.contains(name) {
                self.sums[0].added += 1;
                self.sums[1].added += port_type.operations.len();
            }
        }
    }

    fn operations(&mut self, before: &PortType<'_>, after: &PortType<'_>) {
        self.part_order = order_of_parts(before.is_bound_to);
        for (name, operation) in &before.operations {
            match after.operations.get(name) {
                Some(other) => self.operation(operation, other),
                None => {
                    self.sums[1].removed += 1;
                    let entry = Entry::new("operation-removed", "operation removed");
                    let places = self.removed(operation.node, after.node);
                    self.findings.add(&operation.place, entry.within(places));
                }
            }
        }
        let is_new = |name: &&String| !before.operations.contains_key(*name);
        self.sums[1].added += after.operations.keys().filter(is_new).count();
    }

    fn operation(&mut self, before: &Operation<'_>, after: &Operation<'_>) {
        let place = &before.place;
        let addresses = (
            Some(self.apis.0.tree.address(before.node)),
            Some(self.apis.1.tree.address(after.node)),
        );
        if let Some(impact) = before.pattern.impact_of(after.pattern) {
            let (was, now) = (before.pattern.words(), after.pattern.words());
            let words = format!("is {now} now, and was {was}");
            let entry = Entry::of(impact, "operation-pattern", words);
            self.findings.push(place, entry, addresses);
        }
        if let (Some(was), Some(now)) = (&before.input, &after.input) {
            self.message(place, "input", Direction::Request, was, now);
        }
        if let (Some(was), Some(now)) = (&before.output, &after.output) {
            self.message(place, "output", Direction::Response, was, now);
        }
        for (name, fault) in &before.faults {
            let what = format!("fault {}", code(name));
            match after.faults.get(name) {
                Some(other) => self.message(place, &what, Direction::Response, fault, other),
                None => {
                    let entry = Entry::caution("fault-changed", format!("{what} removed"));
                    let places = self.removed(fault.node, after.node);
                    let entry = entry.towards(Direction::Response).within(places);
                    self.findings.add(place, entry);
                }
            }
        }
        for (name, fault) in &after.faults {
            if !before.faults.contains_key(name) {
                let words = format!("fault {} may be returned now", code(name));
                let entry = Entry::caution("fault-changed", words);
                let places = Places::added(&self.apis.1.tree.place(fault.node));
                let entry = entry.towards(Direction::Response).within(places);
                self.findings.add(place, entry);
            }
        }
    }

    /// The place of what was removed, and of what was around it.
    fn removed(&self, before: usize, around: usize) -> Places {
        let around = self.apis.1.tree.place(around);
        Places::removed(&self.apis.0.tree.place(before), Some(&around))
    }

    fn message(
        &mut self,
        place: &str,
        what: &str,
        direction: Direction,
        was: &Message<'_>,
        now: &Message<'_>,
    ) {
        self.number += 1;
        let sides = Sides {
            place,
            what,
            direction,
            number: self.number,
            part_order: self.part_order,
        };
        self.contents.compare(sides, (was, now), self.findings);
    }
}

/// The new names of port types that a binding has under another name. No message contains such a name.
fn renamed_port_types<'t>(
    (before, after): (&Api<'t>, &Api<'t>),
    bindings: &BTreeSet<(usize, usize)>,
) -> BTreeMap<&'t str, &'t str> {
    let mut renamed = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (one, other) in bindings {
        let pair = bound(before, *one).zip(bound(after, *other));
        let Some(((name, was), (new, now))) = pair else {
            continue;
        };
        let is_free = !after.port_types.contains_key(name) && !before.port_types.contains_key(new);
        let mut operations = was.operations.keys();
        let is_alike = was.operations.is_empty()
            || operations.any(|operation| now.operations.contains_key(operation));
        if is_free && is_alike && !renamed.contains_key(name) && taken.insert(new) {
            renamed.insert(name, new);
        }
    }
    renamed
}

/// The port type of a binding, with its name.
fn bound<'a, 't>(api: &'a Api<'t>, binding: usize) -> Option<(&'t str, &'a PortType<'t>)> {
    let node = api.tree.node(binding);
    let name = node.qname("type").or(node.qname("interface"))?;
    let (name, port_type) = api.port_types.get_key_value(name.local.as_str())?;
    Some((*name, port_type))
}

/// The parts of a message of SOAP are written in the order of the description (Basic Profile 1.1, R2301); in the query
/// of a URL, they have names only.
fn order_of_parts(protocols: Protocols) -> Option<Impact> {
    match protocols {
        Protocols { soap: true, .. } => Some(Impact::Break),
        Protocols { other: true, .. } => None,
        _ => Some(Impact::Caution),
    }
}
