//! XML Schema as JSON Schema, so that what it accepts can be compared.
//!
//! An element is an object: its text is below `$`, its attributes below `@name`, and the elements within it are lists.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::{Map, Value, json};

use super::built_in::{built_in, unread_reference};
use super::choices::Choices;
use super::tree::{QName, Tree, XSD};
use super::values::value_of_text;
use crate::document::breaking::findings::code;

/// The number of the element in the XML, which says nothing about values.
pub(super) const SOURCE: &str = "x-source";

/// How often each element of a description is looked at, on average and at most.
const MOST_LOOKS_EACH: usize = 20;

/// Declarations within one another, at most.
const DEEPEST: usize = 48;

/// The sections that global types and elements are in.
const SECTIONS: [(&str, &str); 6] = [
    ("complexType", "types"),
    ("simpleType", "types"),
    ("element", "elements"),
    ("group", "groups"),
    ("attributeGroup", "attributeGroups"),
    ("attribute", "attributes"),
];

type Globals = BTreeMap<(&'static str, QName), usize>;

/// The schemas of a description.
pub(super) struct Projection<'p, 't> {
    pub(super) tree: &'p Tree<'t>,
    /// What has a name, by what it is and its name.
    pub(super) globals: Globals,
    /// The names that global types and elements have in the projection.
    keys: BTreeMap<usize, String>,
    pub(super) choices: Choices,
    /// The types that are derived from others.
    pub(super) derived: BTreeMap<QName, Vec<QName>>,
    /// The elements that may be in the place of others.
    pub(super) members: BTreeMap<QName, Vec<QName>>,
    /// The types that parts of messages have.
    parts: BTreeMap<QName, (usize, String)>,
    /// What may still be looked at: groups that refer to groups have no end.
    left: Cell<usize>,
    /// Declarations within one another.
    depth: Cell<usize>,
    /// Why something is not compared, by what it is.
    pub(super) unread: RefCell<BTreeMap<usize, String>>,
    /// Numbers for what is too large to compare, and how much may still be read for them.
    prints: RefCell<BTreeMap<usize, u64>>,
    prints_left: Cell<usize>,
}

impl<'p, 't> Projection<'p, 't> {
    pub(super) fn of(tree: &'p Tree<'t>) -> Self {
        let mut projection = Self {
            tree,
            globals: Globals::new(),
            keys: BTreeMap::new(),
            choices: Choices::default(),
            derived: BTreeMap::new(),
            members: BTreeMap::new(),
            parts: BTreeMap::new(),
            left: Cell::new(most_looks(tree)),
            depth: Cell::new(0),
            unread: RefCell::default(),
            prints: RefCell::default(),
            prints_left: Cell::new(MOST_LOOKS_EACH * tree.len()),
        };
        let types = tree.node(0).children.iter().copied();
        let types = types.filter(|child| tree.node(*child).name.local == "types");
        for schema in types.flat_map(|types| tree.children(types, XSD, "schema")) {
            let target = tree
                .node(schema)
                .attribute("targetNamespace")
                .unwrap_or_default();
            projection.read(schema, target);
        }
        projection.name();
        projection.relate();
        let messages = tree.node(0).children.iter();
        for part in messages.flat_map(|message| tree.node(*message).children.iter()) {
            let kind = tree.node(*part).qname("type");
            if let Some(kind) = kind.filter(|_| tree.node(*part).name.local == "part") {
                let next = projection.parts.len().to_string();
                projection
                    .parts
                    .entry(kind.clone())
                    .or_insert((*part, next));
            }
        }
        projection
    }

    fn read(&mut self, schema: usize, target: &str) {
        for child in self.tree.all(schema, XSD) {
            let node = self.tree.node(child);
            let section = SECTIONS.iter().find(|(local, _)| *local == node.name.local);
            let (Some((_, section)), Some(local)) = (section, node.attribute("name")) else {
                continue;
            };
            let name = QName {
                namespace: target.into(),
                local: local.to_owned(),
            };
            self.globals.entry((section, name)).or_insert(child);
        }
    }

    /// Gives what has a name one that is unique in the document.
    fn name(&mut self) {
        let mut used = BTreeMap::new();
        for ((section, name), number) in &self.globals {
            let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
            let mut key: String = name
                .local
                .chars()
                .map(|c| if is_plain(c) { c } else { '_' })
                .collect();
            let count = used.entry((*section, key.clone())).or_insert(0);
            *count += 1;
            if *count > 1 {
                key.push_str(&format!("-{count}"));
            }
            self.keys.insert(*number, key);
        }
    }

    /// What a name stands for in a section.
    pub(super) fn global(&self, section: &'static str, name: &QName) -> Option<usize> {
        self.globals.get(&(section, name.clone())).copied()
    }

    /// Both descriptions. What has too many alternatives is read again without the choices that both have.
    pub(super) fn documents(before: &mut Self, after: &mut Self) -> (Value, Value) {
        let documents = (before.document(), after.document());
        let others: BTreeMap<(&str, &str), usize> = after
            .globals
            .iter()
            .map(|((section, name), number)| ((*section, name.local.as_str()), *number))
            .collect();
        let pair = |((section, name), number): (&(&'static str, QName), &usize)| {
            Some((*number, *others.get(&(*section, name.local.as_str()))?))
        };
        let pairs: Vec<(usize, usize)> = before.globals.iter().filter_map(pair).collect();
        if !Choices::keep(&mut before.choices, &mut after.choices, &pairs) {
            return documents;
        }
        for projection in [&*before, &*after] {
            projection.left.set(most_looks(projection.tree));
            projection.unread.borrow_mut().clear();
        }
        (before.document(), after.document())
    }

    /// All of it: what has a name, in its section.
    fn document(&self) -> Value {
        let mut document = Map::new();
        for ((section, _), number) in &self.globals {
            let Some(key) = self.keys.get(number) else {
                continue;
            };
            self.choices.begin(*number);
            let schema = match *section {
                "types" => self.type_at(*number),
                "elements" => self.value_of(*number),
                _ => continue,
            };
            let section = document.entry(*section).or_insert_with(|| json!({}));
            section[key.as_str()] = at(schema, *number);
        }
        let parts = self.parts.iter();
        let parts: Map<String, Value> = parts
            .map(|(name, (number, key))| (key.clone(), self.of_type(name, *number)))
            .collect();
        document.insert("parts".to_owned(), Value::Object(parts));
        Value::Object(document)
    }

    /// The schema that has a declaration.
    pub(super) fn schema_of(&self, number: usize) -> Option<usize> {
        let mut current = Some(number);
        while let Some(number) = current {
            if self.tree.node(number).is_xsd("schema") {
                return Some(number);
            }
            current = self.tree.parent(number);
        }
        None
    }

    /// Where the schema of a global element, a global type or the type of a part is in the document.
    pub(super) fn pointer(&self, section: &'static str, name: &QName) -> Option<String> {
        if section == "parts" {
            return self.parts.get(name).map(|(_, key)| format!("/parts/{key}"));
        }
        let key = self.keys.get(&self.global(section, name)?)?;
        Some(format!("/{section}/{key}"))
    }

    pub(super) fn reference_to_type(&self, name: &QName) -> Value {
        match self.pointer("types", name) {
            Some(pointer) => json!({"$ref": format!("#{pointer}")}),
            None => json!({"$ref": unread_reference(&format!("type {}", name.local))}),
        }
    }

    pub(super) fn reference_to_element(&self, name: &QName) -> Value {
        match self.pointer("elements", name) {
            Some(pointer) => json!({"$ref": format!("#{pointer}")}),
            None => json!({"$ref": unread_reference(&format!("element {}", name.local))}),
        }
    }

    fn type_at(&self, number: usize) -> Value {
        match &*self.tree.node(number).name.local {
            "simpleType" => self.simple_type(number),
            _ => self.complex_type(number),
        }
    }

    /// Whether something more may be looked at.
    pub(super) fn goes_on(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    /// What a declaration says, unless it is nested too deep.
    pub(super) fn within(&self, number: usize, schema: impl FnOnce() -> Value) -> Value {
        let depth = self.depth.get();
        if depth > DEEPEST || !self.goes_on() {
            return json!({"$ref": unread_reference(&format!("cut {}", self.whole_print(number)))});
        }
        self.depth.set(depth + 1);
        let schema = schema();
        self.depth.set(depth);
        schema
    }

    /// A number for all that a declaration says and refers to, which stands for what is too large to compare.
    pub(super) fn whole_print(&self, number: usize) -> u64 {
        // Where much is too large, all of it counts for each.
        let is_whole = self.prints_left.get() == 0;
        let key = if is_whole { usize::MAX } else { number };
        if let Some(known) = self.prints.borrow().get(&key) {
            return *known;
        }
        let mut hasher = DefaultHasher::new();
        let mut waiting: Vec<usize> = match is_whole {
            true => self.globals.values().copied().collect(),
            false => vec![number],
        };
        let mut seen: BTreeSet<usize> = waiting.iter().copied().collect();
        while let Some(next) = waiting.pop() {
            self.tree.print(next).hash(&mut hasher);
            let left = self.prints_left.get();
            self.prints_left.set(left.saturating_sub(1));
            let referred = self.referred(next);
            waiting.extend(referred.into_iter().filter(|other| seen.insert(*other)));
        }
        let print = hasher.finish();
        self.prints.borrow_mut().insert(key, print);
        print
    }

    /// What the names in a declaration stand for.
    fn referred(&self, number: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut waiting = vec![number];
        while let Some(next) = waiting.pop() {
            let node = self.tree.node(next);
            for key in ["type", "base", "ref", "itemType", "memberTypes"] {
                for name in node.qnames(key) {
                    let sections = SECTIONS.iter().map(|(_, section)| *section);
                    found.extend(sections.filter_map(|section| self.global(section, name)));
                }
            }
            waiting.extend(node.children.iter().copied());
        }
        found
    }

    /// The schema of an element, however often it appears.
    pub(super) fn value_of(&self, number: usize) -> Value {
        self.within(number, || self.declared(number))
    }

    fn declared(&self, number: usize) -> Value {
        let node = self.tree.node(number);
        let inner = |local| self.tree.children(number, XSD, local).next();
        let mut schema = if let Some(name) = node.qname("type") {
            self.of_type(name, number)
        } else if let Some(inner) = inner("complexType") {
            self.complex_type(inner)
        } else if let Some(inner) = inner("simpleType") {
            text_element(at(self.simple_type(inner), inner))
        } else {
            Value::Bool(true)
        };
        let value = |text: &str| value_of_text(&self.base_of(number).unwrap_or_default(), text);
        if let Some(fixed) = node.attribute("fixed") {
            let fixed = json!({"const": value(fixed)});
            schema = json!({"allOf": [schema, {"properties": {"$": fixed}}]});
        } else if let Some(default) = node.attribute("default") {
            // It is read where the element is there and empty.
            schema = json!({"allOf": [schema], "default": value(default), SOURCE: number});
        }
        if node.is_true("nillable") {
            schema = json!({"anyOf": [schema, {"type": "null"}], SOURCE: number});
        }
        schema
    }

    /// The schema of an element that has a type.
    fn of_type(&self, name: &QName, number: usize) -> Value {
        let is_own = &*name.namespace == XSD;
        if is_own && name.local == "anyType" {
            return Value::Bool(true);
        }
        let is_simple = self
            .global("types", name)
            .is_some_and(|number| self.tree.node(number).name.local == "simpleType");
        if is_own || is_simple {
            let text = if is_own { built_in(&name.local) } else { None };
            let text = text.unwrap_or_else(|| self.text_of(name));
            return text_element(at(text, number));
        }
        if self.global("types", name).is_none() {
            let reason = format!("the type {} is not in the description", code(&name.local));
            self.cannot_read(number, reason);
        }
        at(self.reference_to_type(name), number)
    }
}

fn most_looks(tree: &Tree<'_>) -> usize {
    MOST_LOOKS_EACH * tree.len() + 10_000
}

/// A schema that knows where it comes from.
pub(super) fn at(mut schema: Value, number: usize) -> Value {
    // What is referred to has its own place.
    if let Some(map) = schema.as_object_mut().filter(|map| {
        let reference = map.get("$ref").and_then(Value::as_str);
        reference.is_none_or(|reference| !reference.starts_with('#'))
    }) {
        map.entry(SOURCE).or_insert_with(|| number.into());
    }
    schema
}

/// An element that has nothing but text.
fn text_element(text: Value) -> Value {
    json!({
        "type": "object", "properties": {"$": text}, "required": ["$"], "additionalProperties": false,
    })
}
