//! The copy of a description in which references to files are references within it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::{Map, Value};

use super::family::Family;
use super::fields::{Kind, Position};
use super::homes::{Homes, is_left_out};
use super::names::Lift;
use super::parts::{Parts, Place, Resolved, range, reference_in};
use super::problem::{BundleProblem, BundleProblemKind};
use super::reference::{local, push};
use crate::yaml::{Entry, Node, NodeValue};

/// Levels of a bundle, at most: as many as are read of a YAML text.
const MOST_LEVELS: usize = 95;

/// What has a place in the bundle and comes from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundledValue {
    /// Its pointer in the bundle.
    pub at: String,
    /// The file, by its index.
    pub file: usize,
    /// Its pointer in the file.
    pub pointer: String,
}

/// A reference to an address, which stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressReference {
    /// The file that has it, by its index.
    pub file: usize,
    /// Where it is, in bytes.
    pub place: Range<usize>,
    /// The address.
    pub address: String,
}

/// Copies values; what is lifted is only noted.
pub(super) struct Copier<'c, 'p> {
    pub(super) family: Family,
    pub(super) parts: &'c mut Parts<'p>,
    pub(super) homes: &'c Homes,
    /// The pointers of what is lifted; those that are not known yet are empty.
    pub(super) places: &'c BTreeMap<Lift, String>,
    /// What was found to be lifted.
    pub(super) lifts: BTreeMap<Lift, (Place, Position)>,
    /// What of it was not copied yet.
    pub(super) waiting: BTreeSet<Lift>,
    pub(super) pieces: Vec<BundledValue>,
    pub(super) addresses: Vec<AddressReference>,
    pub(super) problems: Vec<BundleProblem>,
    /// Whether anything differs from the main file.
    pub(super) has_changed: bool,
    /// Bytes that may still be copied.
    pub(super) left: usize,
    /// What is being copied in place of references, with its pointer in the bundle.
    open: Vec<(usize, String, String)>,
    /// The pointer of the current value in the bundle.
    at: String,
    /// Its pointer in its file.
    pointer: String,
    levels: usize,
}

impl<'c, 'p> Copier<'c, 'p> {
    pub(super) fn new(
        family: Family,
        parts: &'c mut Parts<'p>,
        homes: &'c Homes,
        places: &'c BTreeMap<Lift, String>,
        most: usize,
    ) -> Self {
        Self {
            family,
            parts,
            homes,
            places,
            lifts: BTreeMap::new(),
            waiting: BTreeSet::new(),
            pieces: Vec::new(),
            addresses: Vec::new(),
            problems: Vec::new(),
            has_changed: false,
            left: most,
            open: Vec::new(),
            at: String::new(),
            pointer: String::new(),
            levels: 0,
        }
    }

    /// Copies a value of a file to a place in the bundle.
    pub(super) fn place(&mut self, place: &Place, position: Position, at: &str) -> Value {
        self.at = at.to_owned();
        self.inline(place, position)
    }

    /// Copies a value from elsewhere to the current place.
    fn inline(&mut self, place: &Place, position: Position) -> Value {
        self.pieces.push(BundledValue {
            at: self.at.clone(),
            file: place.file,
            pointer: place.pointer.clone(),
        });
        let open = (place.file, place.pointer.clone(), self.at.clone());
        self.open.push(open);
        let outer = std::mem::replace(&mut self.pointer, place.pointer.clone());
        let value = self.value(place.file, &place.node, position);
        self.pointer = outer;
        self.open.pop();
        value
    }

    fn value(&mut self, file: usize, node: &Node, position: Position) -> Value {
        if self.levels > MOST_LEVELS {
            self.problem(file, range(node.first_span()), BundleProblemKind::TooDeep);
            return Value::Null;
        }
        match &node.value {
            NodeValue::Scalar(scalar) => {
                self.spend(scalar.text.len() + 1);
                as_written(node, &scalar.text)
            }
            NodeValue::Sequence(items) => {
                let mut list = Vec::with_capacity(items.len().min(self.left));
                for (i, item) in items.iter().enumerate() {
                    let step = i.to_string();
                    list.push(self.step(file, &step, item, position.item()));
                }
                Value::Array(list)
            }
            NodeValue::Mapping(_) if position.is_data() => self.fields(file, node, position),
            NodeValue::Mapping(_) => match reference_in(node) {
                Some((reference, span)) => {
                    let reference = reference.to_owned();
                    self.reference(file, node, &reference, range(span), position)
                }
                None => self.fields(file, node, position),
            },
        }
    }

    fn fields(&mut self, file: usize, node: &Node, position: Position) -> Value {
        let mut map = Map::new();
        for entry in node.entries().into_iter().flatten() {
            let key = entry.key.text.as_str();
            if is_left_out(self.family, file, position, key) {
                continue;
            }
            let value = self.field(file, node, entry, position);
            map.insert(key.to_owned(), value);
        }
        Value::Object(map)
    }

    fn field(&mut self, file: usize, node: &Node, entry: &Entry, position: Position) -> Value {
        let key = entry.key.text.as_str();
        self.spend(key.len() + 2);
        let mut child = position.child(key);
        let is_payload = matches!(key, "payload" | "schema") && is_of_another_language(node);
        if is_payload && child.is_schema() {
            child = Position::One(Kind::Plain);
        }
        if position == Position::One(Kind::Discriminator) && key == "mapping" {
            return self.mapping(file, &entry.value);
        }
        self.step(file, key, &entry.value, child)
    }

    fn step(&mut self, file: usize, key: &str, node: &Node, position: Position) -> Value {
        let (at, pointer) = (self.at.len(), self.pointer.len());
        push(&mut self.at, key);
        push(&mut self.pointer, key);
        self.levels += 1;
        let value = if self.left == 0 {
            Value::Null
        } else {
            self.value(file, node, position)
        };
        self.levels -= 1;
        self.at.truncate(at);
        self.pointer.truncate(pointer);
        value
    }

    fn reference(
        &mut self,
        file: usize,
        node: &Node,
        reference: &str,
        span: Range<usize>,
        position: Position,
    ) -> Value {
        let Some(target) = self.resolved(file, reference, span.clone()) else {
            return self.fields(file, node, position);
        };
        let is_own = file == 0 && target.file == 0 && reference.starts_with('#');
        if is_own && self.homes.place(&target, position).is_some() {
            return self.fields(file, node, position);
        }
        let place = self.location(&target, position);
        if place.as_deref() == Some(&self.at) && target.file != 0 {
            self.has_changed = true;
            return self.inline(&target, position);
        }
        match place {
            Some(place) => {
                self.has_changed |= !is_own;
                self.with_reference(file, node, &local(&place), position)
            }
            None if is_own => self.fields(file, node, position),
            None => self.inlined(file, node, &target, span, position),
        }
    }

    /// What a reference leads to; `None` for one that stays as it is.
    fn resolved(&mut self, file: usize, reference: &str, span: Range<usize>) -> Option<Place> {
        match self.parts.resolve(file, reference) {
            Resolved::Place(target) => Some(target),
            Resolved::Reported => None,
            Resolved::Address => {
                self.addresses.push(AddressReference {
                    file,
                    place: span,
                    address: reference.to_owned(),
                });
                None
            }
            // A reference within a single file is not a matter of bundling.
            Resolved::Problem(_) if file == 0 && reference.starts_with('#') => None,
            Resolved::Problem(kind) => {
                self.problem(file, span, kind);
                None
            }
        }
    }

    /// The pointer in the bundle to a value of a file; `None` if a value of this kind has no place of its own.
    fn location(&mut self, target: &Place, position: Position) -> Option<String> {
        if let Some(place) = self.homes.place(target, position) {
            return Some(place);
        }
        let section = self.family.section(position)?;
        let lift = Lift {
            section,
            file: target.file,
            pointer: target.pointer.clone(),
        };
        let place = self.places.get(&lift).cloned().unwrap_or_default();
        if !self.lifts.contains_key(&lift) {
            self.waiting.insert(lift.clone());
            self.lifts.insert(lift, (target.clone(), position));
        }
        Some(place)
    }

    /// A value in place of a reference, with the fields that are next to the reference.
    fn inlined(
        &mut self,
        file: usize,
        node: &Node,
        target: &Place,
        span: Range<usize>,
        position: Position,
    ) -> Value {
        let mut open = self.open.iter();
        let around =
            open.find(|(file, pointer, _)| *file == target.file && *pointer == target.pointer);
        if let Some((_, _, at)) = around {
            if *at == self.at {
                self.problem(file, span, BundleProblemKind::Endless);
                return Value::Null;
            }
            let reference = local(at);
            return self.with_reference(file, node, &reference, position);
        }
        self.has_changed = true;
        let value = self.inline(target, position);
        match value {
            Value::Object(mut map) => {
                let entries = node.entries().into_iter().flatten();
                for entry in entries.filter(|entry| entry.key.text != "$ref") {
                    let value = self.field(file, node, entry, position);
                    map.insert(entry.key.text.clone(), value);
                }
                Value::Object(map)
            }
            value => value,
        }
    }

    fn with_reference(
        &mut self,
        file: usize,
        node: &Node,
        reference: &str,
        position: Position,
    ) -> Value {
        let mut map = Map::new();
        for entry in node.entries().into_iter().flatten() {
            let value = match entry.key.text.as_str() {
                "$ref" => {
                    self.spend(reference.len() + 8);
                    Value::from(reference)
                }
                _ => self.field(file, node, entry, position),
            };
            map.insert(entry.key.text.clone(), value);
        }
        Value::Object(map)
    }

    /// The values of a discriminator with their schemas: names, or references that are not called so.
    fn mapping(&mut self, file: usize, node: &Node) -> Value {
        let Some(entries) = node.entries() else {
            return node.to_json();
        };
        let mut map = Map::new();
        for entry in entries {
            let value = match entry.value.scalar_text() {
                Some(text) => {
                    let text = text.to_owned();
                    let span = range(entry.value.span);
                    self.mapped(file, &text, span)
                }
                None => None,
            };
            let value = value.map_or_else(|| entry.value.to_json(), Value::from);
            map.insert(entry.key.text.clone(), value);
        }
        Value::Object(map)
    }

    fn mapped(&mut self, file: usize, text: &str, span: Range<usize>) -> Option<String> {
        let endings = [".yaml", ".yml", ".json"];
        let is_reference =
            text.contains(['/', '#']) || endings.iter().any(|ending| text.ends_with(ending));
        let target = match is_reference {
            true => self.resolved(file, text, span)?,
            // A name is one of the main file, or else of the file that has it.
            false if file == 0 => return None,
            false => {
                let collection = self.family.section(Position::One(Kind::Schema))?;
                if self.homes.taken.get(collection)?.contains(text) {
                    return None;
                }
                let mut pointer = collection.to_owned();
                push(&mut pointer, text);
                match self.parts.resolve(file, &local(&pointer)) {
                    Resolved::Place(target) => target,
                    _ => return None,
                }
            }
        };
        if file == 0 && target.file == 0 && text.starts_with('#') {
            return None;
        }
        let place = self.location(&target, Position::One(Kind::Schema))?;
        self.has_changed = true;
        Some(local(&place))
    }

    fn spend(&mut self, bytes: usize) {
        if self.left > 0 && self.left <= bytes {
            self.problem(0, 0..0, BundleProblemKind::TooLarge);
        }
        self.left = self.left.saturating_sub(bytes);
    }

    fn problem(&mut self, file: usize, place: Range<usize>, kind: BundleProblemKind) {
        let problem = BundleProblem { file, place, kind };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

/// A scalar, with the digits of a number as they are written.
fn as_written(node: &Node, text: &str) -> Value {
    match node.to_json() {
        Value::Number(number) => Value::Number(text.parse().unwrap_or(number)),
        value => value,
    }
}

/// Whether an object of AsyncAPI says that its schema is not a JSON Schema.
fn is_of_another_language(node: &Node) -> bool {
    let format = node.get("schemaFormat").and_then(|node| node.scalar_text());
    format.is_some_and(|format| {
        let known = ["asyncapi", "schema+json", "schema+yaml", "openapi"];
        !known.iter().any(|known| format.contains(known))
    })
}
