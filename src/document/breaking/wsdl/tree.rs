//! XML with the meaning of its prefixes.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;

use crate::document::breaking::findings::DocumentPlace;
use crate::document::breaking::text_range::Lines;
use crate::document::xml::{self, Element};

/// The namespace of XML Schema.
pub(in crate::document::breaking) const XSD: &str = "http://www.w3.org/2001/XMLSchema";

/// Elements of a description, at most.
const MOST_ELEMENTS: usize = 400_000;

/// Attributes whose values are names with prefixes.
pub(in crate::document::breaking) const QUALIFIED: [&str; 12] = [
    "type",
    "element",
    "base",
    "ref",
    "message",
    "binding",
    "itemType",
    "memberTypes",
    "interface",
    "extends",
    "substitutionGroup",
    "arrayType",
];

/// A name with its namespace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct QName {
    pub(super) namespace: Rc<str>,
    pub(super) local: String,
}

/// One element.
pub(super) struct Node {
    pub(super) name: QName,
    /// Attributes without a namespace.
    attributes: Vec<(String, String)>,
    /// Attributes with one.
    pub(super) foreign: Vec<(QName, String)>,
    names: Vec<(String, QName)>,
    pub(super) children: Vec<usize>,
}

/// A whole document; elements are known by their numbers.
pub(super) struct Tree<'t> {
    elements: Vec<Element<'t>>,
    nodes: Vec<Node>,
    lines: Lines,
}

/// The namespaces that prefixes stand for, the innermost last.
#[derive(Default)]
struct Scope {
    prefixes: HashMap<String, Vec<Rc<str>>>,
    /// Prefixes that open elements declare, by element.
    declared: Vec<Vec<String>>,
    known: HashMap<String, Rc<str>>,
}

impl Scope {
    fn open(&mut self, attributes: &[(String, String)]) {
        let mut own = Vec::new();
        for (key, value) in attributes {
            let prefix = match key.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => continue,
            };
            let value = self.text(value);
            self.prefixes
                .entry(prefix.to_owned())
                .or_default()
                .push(value);
            own.push(prefix.to_owned());
        }
        self.declared.push(own);
    }

    fn close(&mut self) {
        for prefix in self.declared.pop().into_iter().flatten() {
            self.prefixes.get_mut(&prefix).map(Vec::pop);
        }
    }

    fn text(&mut self, text: &str) -> Rc<str> {
        let known = self.known.entry(text.to_owned());
        Rc::clone(known.or_insert_with(|| Rc::from(text)))
    }

    fn namespace(&mut self, prefix: &str) -> Rc<str> {
        let found = self
            .prefixes
            .get(prefix)
            .and_then(|all| all.last())
            .cloned();
        found.unwrap_or_else(|| self.text(""))
    }

    fn name(&mut self, text: &str) -> QName {
        let (prefix, local) = text.split_once(':').unwrap_or(("", text));
        QName {
            namespace: self.namespace(prefix),
            local: local.to_owned(),
        }
    }
}

impl<'t> Tree<'t> {
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let elements = xml::elements(text).filter(|all| all.len() <= MOST_ELEMENTS)?;
        let mut scope = Scope::default();
        let mut nodes: Vec<Node> = Vec::with_capacity(elements.len());
        for (number, element) in elements.iter().enumerate() {
            while scope.declared.len() > element.depth {
                scope.close();
            }
            scope.open(&element.attributes);
            nodes.push(node(element, element.prefix(text), &mut scope));
            if let Some(parent) = element.parent {
                nodes[parent].children.push(number);
            }
        }
        Some(Self {
            elements,
            nodes,
            lines: Lines::of(text),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn node(&self, number: usize) -> &Node {
        &self.nodes[number]
    }

    /// The element around another one.
    pub(super) fn parent(&self, number: usize) -> Option<usize> {
        self.elements.get(number)?.parent
    }

    /// What stands for an element in findings.
    pub(super) fn address(&self, number: usize) -> usize {
        std::ptr::from_ref(self.node(number)).addr()
    }

    /// Where an element is that findings are about, by what stands for it.
    pub(super) fn place_at(&self, address: usize) -> Option<DocumentPlace> {
        let start = self.nodes.as_ptr().addr();
        let number = address.checked_sub(start)? / size_of::<Node>();
        let is_own = number < self.nodes.len() && self.address(number) == address;
        is_own.then(|| self.place(number))
    }

    /// Where the name of an element is.
    pub(super) fn place(&self, number: usize) -> DocumentPlace {
        let place = self
            .elements
            .get(number)
            .map_or(0..0, |element| element.place.clone());
        DocumentPlace::Text(self.lines.range(place.start, place.len()))
    }

    /// The children of an element that have a name in a namespace.
    pub(super) fn children<'n>(
        &'n self,
        number: usize,
        namespace: &'n str,
        local: &'n str,
    ) -> impl Iterator<Item = usize> + 'n {
        self.all(number, namespace)
            .filter(move |child| self.node(*child).name.local == local)
    }

    /// The children of an element in a namespace.
    pub(super) fn all<'n>(
        &'n self,
        number: usize,
        namespace: &'n str,
    ) -> impl Iterator<Item = usize> + 'n {
        let children = self.node(number).children.iter().copied();
        children.filter(move |child| &*self.node(*child).name.namespace == namespace)
    }

    /// A number for all that an element and those within it say, whatever the prefixes.
    pub(super) fn print(&self, number: usize) -> u64 {
        let mut hasher = DefaultHasher::new();
        let mut waiting = vec![Some(number)];
        while let Some(next) = waiting.pop() {
            let Some(number) = next else {
                ")".hash(&mut hasher);
                continue;
            };
            let node = self.node(number);
            if matches!(&*node.name.local, "annotation" | "documentation") {
                continue;
            }
            node.name.local.hash(&mut hasher);
            let is_plain =
                |(key, _): &&(String, String)| !QUALIFIED.contains(&key.as_str()) && key != "id";
            let mut plain: Vec<_> = node.attributes.iter().filter(is_plain).collect();
            plain.sort_unstable();
            plain.hash(&mut hasher);
            let mut names: Vec<_> = node
                .names
                .iter()
                .map(|(key, name)| (key, &name.local))
                .collect();
            names.sort_unstable();
            names.hash(&mut hasher);
            let mut foreign: Vec<_> = node
                .foreign
                .iter()
                .map(|(key, value)| (&key.local, value))
                .collect();
            foreign.sort_unstable();
            foreign.hash(&mut hasher);
            waiting.push(None);
            waiting.extend(node.children.iter().rev().map(|child| Some(*child)));
        }
        hasher.finish()
    }
}

fn node(element: &Element<'_>, prefix: &str, scope: &mut Scope) -> Node {
    let name = QName {
        namespace: scope.namespace(prefix),
        local: element.local.to_owned(),
    };
    let mut node = Node {
        name,
        attributes: Vec::new(),
        foreign: Vec::new(),
        names: Vec::new(),
        children: Vec::new(),
    };
    for (key, value) in &element.attributes {
        if key == "xmlns" || key.starts_with("xmlns:") || key.starts_with("xml:") {
            continue;
        }
        if QUALIFIED.contains(&key.as_str()) {
            for word in value.split_whitespace() {
                node.names.push((key.clone(), scope.name(word)));
            }
        }
        if key.contains(':') {
            node.foreign.push((scope.name(key), value.clone()));
        } else {
            node.attributes.push((key.clone(), value.clone()));
        }
    }
    node
}

/// Whether a boolean of XML Schema is true, which is written in two ways.
pub(super) fn is_true(text: &str) -> bool {
    matches!(text.trim(), "true" | "1")
}

impl Node {
    pub(super) fn attribute(&self, key: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own == key);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether an attribute is there and true.
    pub(super) fn is_true(&self, key: &str) -> bool {
        self.attribute(key).is_some_and(is_true)
    }

    /// The attributes without a namespace.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The name that an attribute refers to.
    pub(super) fn qname(&self, key: &str) -> Option<&QName> {
        let found = self.names.iter().find(|(own, _)| own == key);
        found.map(|(_, name)| name)
    }

    pub(super) fn qnames<'n>(&'n self, key: &'n str) -> impl Iterator<Item = &'n QName> {
        self.names
            .iter()
            .filter(move |(own, _)| own == key)
            .map(|(_, name)| name)
    }

    pub(super) fn is_xsd(&self, local: &str) -> bool {
        &*self.name.namespace == XSD && self.name.local == local
    }
}
