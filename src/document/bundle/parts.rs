//! The files of a description: read when something refers to them, each once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::family::Family;
use super::problem::{BundleProblem, BundleProblemKind};
use super::reference::{Reference, push, steps};
use crate::model::{Diagnostics, Sources, Span, code, without_mark};
use crate::yaml::{self, Node};

/// References that lead to references, at most.
const MOST_HOPS: usize = 16;

/// Files of one description, at most (chosen here; the largest that are known have some hundreds).
const MOST_FILES: usize = 2000;

/// Endings of files that are a text for a field, such as a `description`, rather than an object.
const TEXTS: [&str; 6] = ["md", "markdown", "txt", "html", "proto", "graphql"];

/// Reads a file of the project by its path; `None` if it cannot.
pub(super) type Read<'a> = &'a mut dyn FnMut(&str) -> Option<Arc<str>>;

/// A file of a description.
#[derive(Debug, Clone)]
pub struct PartFile {
    /// Its path relative to the project.
    pub name: String,
    /// Its text without a byte order mark.
    pub text: Arc<str>,
    pub(super) root: Option<Arc<Node>>,
}

/// What a reference leads to.
pub(super) enum Resolved {
    Address,
    Place(Place),
    Problem(BundleProblemKind),
    /// A problem that was reported already.
    Reported,
}

/// A value in a file.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) pointer: String,
    pub(super) node: Arc<Node>,
}

/// All files that were asked for; the first one is the main file.
pub(super) struct Parts<'a> {
    read: Read<'a>,
    pub(super) files: Vec<PartFile>,
    /// The files by path; `None` for one that cannot be read.
    by_name: BTreeMap<String, Option<usize>>,
    pub(super) problems: Vec<BundleProblem>,
}

impl<'a> Parts<'a> {
    /// Starts with the main file; `None` if it is not one well-formed document.
    pub(super) fn new(name: &str, text: &str, read: Read<'a>) -> Option<Self> {
        let mut parts = Self {
            read,
            files: Vec::new(),
            by_name: BTreeMap::new(),
            problems: Vec::new(),
        };
        parts.add(name, Arc::from(text));
        let is_usable = parts
            .problems
            .iter()
            .all(|problem| matches!(problem.kind, BundleProblemKind::DuplicateKey { .. }));
        (is_usable && parts.files[0].root.is_some()).then_some(parts)
    }

    pub(super) fn root(&self, file: usize) -> Option<Place> {
        Some(Place {
            file,
            pointer: String::new(),
            node: Arc::clone(self.files[file].root.as_ref()?),
        })
    }

    fn add(&mut self, name: &str, text: Arc<str>) -> usize {
        let file = self.files.len();
        let (root, problems) = match is_text(name) {
            true => (Some(text_node(&text)), Vec::new()),
            false => parsed(&text),
        };
        let problems = problems.into_iter();
        self.problems
            .extend(problems.map(|(place, kind)| BundleProblem { file, place, kind }));
        let name = name.to_owned();
        self.by_name.insert(name.clone(), Some(file));
        self.files.push(PartFile { name, text, root });
        file
    }

    /// Whether the main file gives itself an address, to which its references are relative: by `$id` or `id` in a
    /// JSON Schema, by `$self` in OpenAPI. The `id` of AsyncAPI names the application and is not such an address.
    fn has_address(&self) -> bool {
        let Some(root) = self.files[0].root.as_deref() else {
            return false;
        };
        let keys: &[&str] = match Family::of(root) {
            Some(Family::OpenApi) => &["$self"],
            Some(family) if family.is_json_schema() => &["$id", "id"],
            _ => &[],
        };
        let address = keys.iter().find_map(|key| root.get(key)?.scalar_text());
        address.is_some_and(|text| text.starts_with("http://") || text.starts_with("https://"))
    }

    fn file(&mut self, path: &str) -> Result<usize, BundleProblemKind> {
        let unreadable = || BundleProblemKind::File {
            path: path.to_owned(),
        };
        if let Some(known) = self.by_name.get(path) {
            return known.ok_or_else(unreadable);
        }
        if self.files.len() >= MOST_FILES {
            return Err(BundleProblemKind::TooMany);
        }
        match (self.read)(path) {
            Some(text) => {
                let text = match without_mark(&text) {
                    rest if rest.len() < text.len() => Arc::from(rest),
                    _ => text,
                };
                Ok(self.add(path, text))
            }
            None => {
                self.by_name.insert(path.to_owned(), None);
                Err(unreadable())
            }
        }
    }

    /// What the text of a `$ref` in a file leads to.
    pub(super) fn resolve(&mut self, file: usize, reference: &str) -> Resolved {
        self.follow(file, reference, MOST_HOPS)
    }

    fn follow(&mut self, file: usize, reference: &str, hops: usize) -> Resolved {
        let (path, fragment) = match Reference::of(reference, &self.files[file].name) {
            Reference::Address => return Resolved::Address,
            Reference::Outside => {
                let reference = reference.to_owned();
                return Resolved::Problem(BundleProblemKind::Outside { reference });
            }
            Reference::File { path, fragment } => (path, fragment),
        };
        let target = match path {
            None => Ok(file),
            Some(path) => self.file(&path),
        };
        let target = match target {
            Ok(target) => target,
            Err(_) if file == 0 && self.has_address() => return Resolved::Address,
            Err(kind) => return Resolved::Problem(kind),
        };
        let Some(root) = self.root(target) else {
            return Resolved::Reported;
        };
        match self.find(root, &fragment, hops) {
            Ok(resolved) => resolved,
            Err(Missing(known)) => Resolved::Problem(BundleProblemKind::Nothing {
                known,
                path: self.files[target].name.clone(),
                is_in_main: target != 0 && path_is_in(self.files[0].root.as_deref(), &fragment),
                fragment,
            }),
        }
    }

    /// What a fragment names, through references on the way.
    fn find(&mut self, root: Place, fragment: &str, hops: usize) -> Result<Resolved, Missing> {
        if !fragment.is_empty() && !fragment.starts_with('/') {
            let pointer = anchor(&root.node, fragment).ok_or(Missing(Vec::new()))?;
            return self.find(root, &pointer, hops);
        }
        let mut place = root;
        let mut waiting: Vec<String> = steps(fragment).collect();
        waiting.reverse();
        while let Some(step) = waiting.pop() {
            if let Some(node) = child(&place.node, &step) {
                place.node = Arc::clone(node);
                push(&mut place.pointer, &step);
                continue;
            }
            let reference = reference_in(&place.node).map(|(reference, _)| reference.to_owned());
            let reference = reference.ok_or_else(|| Missing::at(&place.node, &waiting))?;
            if hops == 0 {
                return Ok(Resolved::Problem(BundleProblemKind::Endless));
            }
            place = match self.follow(place.file, &reference, hops - 1) {
                Resolved::Place(target) => target,
                // What is behind an address is not looked at, so nothing in it has a place.
                Resolved::Address => return Err(Missing::at(&place.node, &waiting)),
                other => return Ok(other),
            };
            waiting.push(step);
        }
        Ok(Resolved::Place(place))
    }
}

/// Nothing has that name; the names that there are in its place.
struct Missing(Vec<String>);

impl Missing {
    /// Of the last step only: what would be below another one is not known.
    fn at(node: &Node, waiting: &[String]) -> Self {
        /// Names that are compared with one that does not exist, at most.
        const MOST: usize = 500;
        let entries = node.entries().filter(|_| waiting.is_empty());
        let names = entries.into_iter().flatten();
        Self(
            names
                .map(|entry| entry.key.text.clone())
                .take(MOST)
                .collect(),
        )
    }
}

/// The text of `$ref` and its place, if a value is a reference.
pub(super) fn reference_in(node: &Node) -> Option<(&str, Span)> {
    let value = node.get("$ref")?;
    Some((value.scalar_text()?, value.span))
}

fn child<'n>(node: &'n Node, step: &str) -> Option<&'n Arc<Node>> {
    match node.items() {
        Some(items) => items.get(step.parse::<usize>().ok()?),
        None => node.get(step),
    }
}

fn path_is_in(root: Option<&Node>, pointer: &str) -> bool {
    let Some(root) = root.filter(|_| pointer.starts_with('/')) else {
        return false;
    };
    let mut node = Some(root);
    for step in steps(pointer) {
        node = node.and_then(|node| child(node, &step)).map(AsRef::as_ref);
    }
    node.is_some()
}

/// The pointer to the schema that has a plain name.
fn anchor(root: &Node, name: &str) -> Option<String> {
    fn search(node: &Node, name: &str, pointer: &mut String) -> bool {
        let says = |key: &str, text: &str| {
            node.get(key).and_then(|value| value.scalar_text()) == Some(text)
        };
        let old = format!("#{name}");
        if says("$anchor", name)
            || says("$dynamicAnchor", name)
            || says("$id", &old)
            || says("id", &old)
        {
            return true;
        }
        let mut below = |step: &str, node: &Node| {
            let length = pointer.len();
            push(pointer, step);
            let is_found = search(node, name, pointer);
            if !is_found {
                pointer.truncate(length);
            }
            is_found
        };
        let mut entries = node.entries().into_iter().flatten();
        let mut items = node.items().into_iter().flatten().enumerate();
        entries.any(|entry| below(&entry.key.text, &entry.value))
            || items.any(|(i, item)| below(&i.to_string(), item))
    }
    let mut pointer = String::new();
    search(root, name, &mut pointer).then_some(pointer)
}

fn is_text(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    TEXTS.iter().any(|text| ending.eq_ignore_ascii_case(text))
}

type Problems = Vec<(Range<usize>, BundleProblemKind)>;

/// The only document of a file, and what is wrong with it.
fn parsed(text: &str) -> (Option<Arc<Node>>, Problems) {
    let mut diagnostics = Diagnostics::default();
    // Places are only used as offsets into the text at hand.
    let source = Sources::default().add("", "");
    let documents = yaml::parse(source, text, &mut diagnostics);
    let mut problems = Problems::new();
    for diagnostic in diagnostics {
        let place = diagnostic.primary.map_or(0..0, |label| range(label.span));
        let kind = if diagnostic.code == code::YAML_DUPLICATE_KEY {
            BundleProblemKind::DuplicateKey {
                message: diagnostic.message,
                first: diagnostic.related.first().map(|label| range(label.span)),
            }
        } else {
            let message = format!("not well-formed: {}", diagnostic.message);
            BundleProblemKind::Malformed { message }
        };
        problems.push((place, kind));
    }
    let mut roots = documents.into_iter().filter_map(|document| document.root);
    let root = roots.next();
    if let Some(second) = roots.next() {
        let message = "more than one YAML document in a part of a description".to_owned();
        problems.push((
            range(second.first_span()),
            BundleProblemKind::Malformed { message },
        ));
    } else if root.is_none() && problems.is_empty() {
        let message = "the file is empty".to_owned();
        problems.push((0..0, BundleProblemKind::Malformed { message }));
    }
    let is_broken =
        |(_, kind): &(_, BundleProblemKind)| matches!(kind, BundleProblemKind::Malformed { .. });
    let root = root.filter(|_| !problems.iter().any(is_broken));
    (root, problems)
}

pub(super) fn range(span: Span) -> Range<usize> {
    span.start..span.end
}

/// A whole text as one value.
fn text_node(text: &str) -> Arc<Node> {
    let span = Span {
        source: Sources::default().add("", ""),
        start: 0,
        end: text.len(),
    };
    let scalar = yaml::Scalar {
        text: text.replace("\r\n", "\n"),
        plain: false,
        tag: None,
    };
    Arc::new(Node {
        span,
        value: yaml::NodeValue::Scalar(scalar),
    })
}
