//! One view on WSDL 1.1 and 2.0.

use std::collections::{BTreeMap, BTreeSet};

use super::pattern::Pattern;
use super::tree::{QName, Tree};
use crate::document::breaking::findings::line;

/// Interfaces that extend others, at most.
const MOST_INTERFACES: usize = 100;

/// Parts that are sent as headers, by the names of messages and parts.
pub(super) type HeaderParts<'t> = BTreeSet<(&'t str, &'t str)>;

/// A whole description.
pub(super) struct Api<'t> {
    pub(super) tree: &'t Tree<'t>,
    /// The namespace of the service.
    pub(super) target: &'t str,
    /// Operations by port type.
    pub(super) port_types: BTreeMap<&'t str, PortType<'t>>,
    /// The elements `binding` by their names.
    pub(super) bindings: BTreeMap<&'t str, usize>,
    /// The elements `port` or `endpoint` by the names of services.
    pub(super) services: BTreeMap<&'t str, (usize, Vec<usize>)>,
    /// The parts of messages, by the names of both.
    pub(super) parts: BTreeMap<(&'t str, &'t str), usize>,
    /// The parts that are sent as headers, by the names of both.
    pub(super) headers: HeaderParts<'t>,
}

/// A port type; in version 2, an interface.
pub(super) struct PortType<'t> {
    pub(super) node: usize,
    pub(super) is_bound_to: Protocols,
    pub(super) operations: BTreeMap<String, Operation<'t>>,
}

/// Which sorts of protocols the bindings of a port type have.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Protocols {
    pub(super) soap: bool,
    pub(super) other: bool,
}

/// One operation.
pub(super) struct Operation<'t> {
    /// `operation Orders.Get`
    pub(super) place: String,
    pub(super) node: usize,
    pub(super) pattern: Pattern,
    pub(super) input: Option<Message<'t>>,
    pub(super) output: Option<Message<'t>>,
    pub(super) faults: BTreeMap<String, Message<'t>>,
}

/// What is sent.
pub(super) struct Message<'t> {
    /// Where the operation has it.
    pub(super) node: usize,
    /// `None` if the message is not in the description.
    pub(super) parts: Option<Vec<Part<'t>>>,
}

/// A part of a message.
pub(super) struct Part<'t> {
    pub(super) name: &'t str,
    pub(super) element: Option<&'t QName>,
    pub(super) kind: Option<&'t QName>,
    pub(super) node: usize,
}

impl<'t> Api<'t> {
    /// `None` if the text is not WSDL.
    pub(super) fn of(tree: &'t Tree<'t>) -> Option<Self> {
        let root = tree.node(0);
        if !matches!(&*root.name.local, "definitions" | "description") {
            return None;
        }
        let mut api = Self {
            tree,
            target: root.attribute("targetNamespace").unwrap_or_default(),
            port_types: BTreeMap::new(),
            bindings: BTreeMap::new(),
            services: BTreeMap::new(),
            parts: BTreeMap::new(),
            headers: BTreeSet::new(),
        };
        let mut interfaces = BTreeMap::new();
        for child in api.own(0) {
            let node = tree.node(child);
            let name = node.attribute("name").unwrap_or_default();
            match &*node.name.local {
                "portType" | "interface" => {
                    interfaces.entry(name).or_insert(child);
                }
                "binding" => {
                    api.bindings.entry(name).or_insert(child);
                }
                "service" => {
                    let is_port = |local: &str| matches!(local, "port" | "endpoint");
                    let ports = api.own(child).into_iter();
                    let ports = ports.filter(|port| is_port(&tree.node(*port).name.local));
                    let ports = ports.collect();
                    api.services.entry(name).or_insert((child, ports));
                }
                _ => {}
            }
        }
        let messages = Messages::of(&api);
        for (message, parts) in &messages.parts {
            for part in parts {
                let name = tree.node(*part).attribute("name").unwrap_or_default();
                api.parts.insert((message, name), *part);
            }
        }
        api.headers = api.header_parts();
        for (name, node) in &interfaces {
            let operations = api.operations(name, &interfaces, &messages);
            let port_type = PortType {
                node: *node,
                is_bound_to: api.protocols(name),
                operations,
            };
            api.port_types.insert(name, port_type);
        }
        Some(api)
    }

    /// The children of an element in the namespace of WSDL, which a file may leave out.
    pub(super) fn own(&self, number: usize) -> Vec<usize> {
        self.tree
            .all(number, &self.tree.node(0).name.namespace)
            .collect()
    }

    /// The part that a header is.
    pub(super) fn part(&self, header: usize) -> Option<Part<'t>> {
        let node = self.tree.node(header);
        let message = node.qname("message")?.local.as_str();
        let number = *self.parts.get(&(message, node.attribute("part")?))?;
        Some(part(self.tree, number))
    }

    /// What a header is called in a message: the name of its element, or of its part.
    pub(super) fn header_name(&self, header: usize) -> String {
        let part = self.part(header);
        let element = part.as_ref().and_then(|part| part.element);
        let stated = || self.tree.node(header).attribute("part").unwrap_or_default();
        element.map_or_else(|| stated().to_owned(), |element| element.local.clone())
    }

    fn protocols(&self, port_type: &str) -> Protocols {
        let mut protocols = Protocols::default();
        for binding in self.bindings.values() {
            let node = self.tree.node(*binding);
            let name = node.qname("type").or(node.qname("interface"));
            if name.is_some_and(|name| name.local == port_type) {
                let inner = node.children.iter().map(|child| self.tree.node(*child));
                let is_soap = inner.clone().any(|inner| {
                    inner.name.local == "binding" && inner.name.namespace.contains("/soap")
                }) || node
                    .foreign
                    .iter()
                    .any(|(name, _)| name.namespace.contains("/soap"));
                protocols.soap |= is_soap;
                protocols.other |= !is_soap;
            }
        }
        protocols
    }

    fn header_parts(&self) -> HeaderParts<'t> {
        let mut found = BTreeSet::new();
        let mut waiting: Vec<usize> = self.bindings.values().copied().collect();
        while let Some(next) = waiting.pop() {
            let node = self.tree.node(next);
            let pair = node.qname("message").zip(node.attribute("part"));
            if let Some((message, part)) = pair.filter(|_| node.name.local == "header") {
                found.insert((message.local.as_str(), part));
            }
            waiting.extend(&node.children);
        }
        found
    }

    /// The operations of an interface and of those that it extends.
    fn operations(
        &self,
        name: &str,
        interfaces: &BTreeMap<&'t str, usize>,
        messages: &Messages<'t>,
    ) -> BTreeMap<String, Operation<'t>> {
        let mut operations = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&str> = vec![name];
        while let Some(current) = waiting.pop() {
            let Some(node) = interfaces.get(current).copied() else {
                continue;
            };
            if seen.len() > MOST_INTERFACES || !seen.insert(node) {
                continue;
            }
            waiting.extend(
                self.tree
                    .node(node)
                    .qnames("extends")
                    .map(|other| other.local.as_str()),
            );
            for child in self.own(node) {
                if self.tree.node(child).name.local == "operation" {
                    let own = self.tree.node(child).attribute("name").unwrap_or_default();
                    // Several operations may share a name.
                    let mut key = own.to_owned();
                    while operations.contains_key(&key) {
                        key.push('+');
                    }
                    let place = format!("operation {}.{}", line(name), line(own));
                    operations.insert(key, self.operation(place, child, messages));
                }
            }
        }
        operations
    }

    fn operation(&self, place: String, node: usize, messages: &Messages<'t>) -> Operation<'t> {
        let mut operation = Operation {
            place,
            node,
            pattern: Pattern::Empty,
            input: None,
            output: None,
            faults: BTreeMap::new(),
        };
        let mut is_output_first = false;
        for child in self.own(node) {
            let local = &*self.tree.node(child).name.local;
            let message = messages.used_at(self.tree, child);
            match local {
                "input" if operation.input.is_none() => {
                    operation.input = Some(message);
                }
                "output" if operation.output.is_none() => {
                    is_output_first = operation.input.is_none();
                    operation.output = Some(message);
                }
                "fault" | "outfault" => {
                    let node = self.tree.node(child);
                    let name = node
                        .attribute("name")
                        .or(node.attribute("ref"))
                        .unwrap_or_default();
                    let local = name.rsplit(':').next().unwrap_or_default();
                    operation.faults.insert(local.to_owned(), message);
                }
                _ => {}
            }
        }
        operation.pattern = self.pattern(&operation, is_output_first);
        operation
    }

    /// In version 2, the operation names the pattern, and the order of its messages says nothing.
    fn pattern(&self, operation: &Operation<'_>, is_output_first: bool) -> Pattern {
        let is_newer = self.is_newer();
        let stated = self.tree.node(operation.node).attribute("pattern");
        let named = stated.filter(|_| is_newer).and_then(Pattern::named);
        let has = (operation.input.is_some(), operation.output.is_some());
        named.unwrap_or_else(|| Pattern::of(has.0, has.1, is_output_first && !is_newer))
    }

    /// Whether it is of version 2.
    fn is_newer(&self) -> bool {
        self.tree.node(0).name.local == "description"
    }
}

fn part<'t>(tree: &'t Tree<'t>, number: usize) -> Part<'t> {
    let node = tree.node(number);
    Part {
        name: node.attribute("name").unwrap_or_default(),
        element: node.qname("element"),
        kind: node.qname("type"),
        node: number,
    }
}

/// The messages of version 1, and the faults of version 2, by their names.
struct Messages<'t> {
    faults: BTreeMap<&'t str, usize>,
    parts: BTreeMap<&'t str, Vec<usize>>,
}

impl<'t> Messages<'t> {
    fn of(api: &Api<'t>) -> Self {
        let tree = api.tree;
        let mut all = Self {
            faults: BTreeMap::new(),
            parts: BTreeMap::new(),
        };
        for child in api.own(0) {
            let node = tree.node(child);
            let name = node.attribute("name").unwrap_or_default();
            match &*node.name.local {
                "message" => {
                    let is_part = |part: &usize| tree.node(*part).name.local == "part";
                    let parts = api.own(child).into_iter().filter(is_part).collect();
                    all.parts.entry(name).or_insert(parts);
                }
                "interface" => {
                    for fault in api.own(child) {
                        let node = tree.node(fault);
                        if node.name.local == "fault" {
                            all.faults
                                .insert(node.attribute("name").unwrap_or_default(), fault);
                        }
                    }
                }
                _ => {}
            }
        }
        all
    }

    /// The message that an input, an output or a fault refers to, or is.
    fn used_at(&self, tree: &'t Tree<'t>, number: usize) -> Message<'t> {
        let node = tree.node(number);
        let whole = |number: usize| {
            let element = tree.node(number).qname("element");
            let part = Part {
                name: "",
                element,
                kind: None,
                node: number,
            };
            // `#none` and the like are not names.
            let stated = tree.node(number).attribute("element");
            match stated {
                Some(stated) if stated.starts_with('#') && stated != "#none" => None,
                Some(stated) if !stated.starts_with('#') => Some(vec![part]),
                _ => Some(Vec::new()),
            }
        };
        let parts = match (node.qname("message"), node.qname("ref")) {
            (Some(message), _) => {
                let parts = self.parts.get(message.local.as_str());
                parts.map(|parts| parts.iter().map(|number| part(tree, *number)).collect())
            }
            (None, Some(fault)) => self
                .faults
                .get(fault.local.as_str())
                .and_then(|fault| whole(*fault)),
            (None, None) => whole(number),
        };
        Message {
            node: number,
            parts,
        }
    }
}
