//! Finds what the fields of a document name, by the schema of its kind.

use std::path::Path;

use serde_json::Value;

use super::names::{part_of, steps};
use super::symbol::{Declaration, FileIndex, FileLink, Symbol, Use};
use crate::editor::places::range_of;
use crate::kinds::{self, DocumentSource, Kind};
use crate::manifest::resolve;
use crate::model::view::CustomProperties;
use crate::model::{Address, Source, Span};
use crate::schema::item_schema;
use crate::yaml::Node;

/// The resource whose fields are walked.
pub(super) struct Owner {
    pub(super) kind: &'static Kind,
    pub(super) address: Address,
    /// Its position among the declarations.
    pub(super) place: usize,
}

pub(super) struct Walk<'a> {
    pub(super) source: &'a Source,
    pub(super) entries: &'a mut FileIndex,
    pub(super) is_overlay: bool,
    /// The full ids of the project's services.
    pub(super) services: &'a [String],
}

impl Walk<'_> {
    /// Walks a value and everything in it.
    pub(super) fn value(&mut self, node: &Node, schema: &Value, owner: Option<&Owner>) {
        if let Some(target) = schema.get("x-reference").and_then(Value::as_str) {
            self.reference(node, target, owner);
        }
        if schema.get("x-custom-properties").is_some() {
            for entry in node.entries().into_iter().flatten() {
                let schema = Address::top(&kinds::METADATA_SCHEMA.info, entry.key.text.as_str());
                self.key(entry.key.span, &entry.key.text, Symbol::Resource(schema));
            }
            return;
        }
        for item in node.items().into_iter().flatten() {
            self.value(item, item_schema(schema), owner);
        }
        for entry in node.entries().into_iter().flatten() {
            let name = entry.key.text.as_str();
            let field = field_of(schema, name);
            match schema.get("x-declares").and_then(Value::as_str) {
                Some(TARGET) => self.declare_key(entry, Symbol::Target(name.to_owned())),
                Some(_) => self.declare_key(entry, Symbol::Variable(name.to_owned())),
                None => {}
            }
            let child = owner.and_then(|owner| {
                let mut children = owner.kind.children.iter();
                children.find(|child| child.field == name)
            });
            if let (Some(child), Some(owner)) = (child, owner) {
                self.children(&entry.value, field, (child.kind, owner));
                continue;
            }
            let is_open = |owner: &Owner| owner.kind.info.open_field == Some(name);
            if owner.is_some_and(is_open) {
                self.ids(&entry.value);
                continue;
            }
            self.file(&entry.value, name, owner);
            self.value(&entry.value, field, owner);
        }
    }

    /// Resources that are declared inside another.
    fn children(&mut self, list: &Node, schema: &Value, (kind, above): (&'static Kind, &Owner)) {
        for item in list.items().into_iter().flatten() {
            let name = item.get(kinds::NAME);
            let named = name.and_then(|node| Some((node, node.scalar_text()?)));
            let owner = named
                .filter(|(_, name)| !name.is_empty())
                .map(|(node, name)| {
                    let address = above.address.child(&kind.info, name);
                    let span = part_of(node, &self.source.text, 0..name.len());
                    let title = item.get("title").and_then(|title| title.scalar_text());
                    self.entries.declarations.push(Declaration {
                        symbol: Symbol::Resource(address.clone()),
                        name: self.range(span),
                        whole: self.range(item.span),
                        title: title.map(str::to_owned),
                        parent: Some(above.place),
                        is_overlay: self.is_overlay,
                    });
                    Owner {
                        kind,
                        address,
                        place: self.entries.declarations.len() - 1,
                    }
                });
            self.value(item, item_schema(schema), owner.as_ref());
        }
    }

    /// A field that names something.
    fn reference(&mut self, node: &Node, target: &str, owner: Option<&Owner>) {
        let Some(text) = node.scalar_text().filter(|text| !text.contains("${")) else {
            return;
        };
        let whole = 0..text.len();
        let of_kind = kinds::KINDS.iter().find(|kind| kind.info.slug == target);
        match of_kind {
            Some(kind) if kind.info == kinds::API_DEFINITION.info => {
                self.definition(node, text, owner);
            }
            Some(kind) if !text.starts_with('/') => {
                let symbol = Symbol::Resource(Address::top(&kind.info, text));
                self.part(node, whole, symbol);
            }
            Some(_) => {}
            None if target == TARGET => {
                self.part(node, whole, Symbol::Target(text.to_owned()));
            }
            None if target == ADDRESS && text.starts_with('/') => self.ids(node),
            None if target == ADDRESS => self.address(node, text),
            None if target == PARENT => self.parent(node, text, owner),
            // A field, such as one of custom metadata.
            None => {
                let head = format!("{}.", CustomProperties::FIELD);
                if let Some(name) = text.strip_prefix(&head) {
                    let schema = Address::top(&kinds::METADATA_SCHEMA.info, name);
                    self.part(node, head.len()..text.len(), Symbol::Resource(schema));
                }
            }
        }
    }

    /// `VERSION/DEFINITION` or `API/VERSION/DEFINITION`: every part of it names something.
    fn definition(&mut self, node: &Node, text: &str, owner: Option<&Owner>) {
        let parts = steps(text, '/');
        let (api, rest) = match (parts.as_slice(), owner) {
            ([first, rest @ ..], _) if rest.len() == 2 => {
                let api = Address::top(&kinds::API.info, first.0);
                self.part(node, first.1.clone(), Symbol::Resource(api.clone()));
                (api, rest)
            }
            (rest, Some(owner)) if rest.len() == 2 => (owner.address.root(), rest),
            _ => return,
        };
        let version = api.child(&kinds::API_VERSION.info, rest[0].0);
        let definition = version.child(&kinds::API_DEFINITION.info, rest[1].0);
        self.part(node, rest[0].1.clone(), Symbol::Resource(version));
        self.part(node, rest[1].1.clone(), Symbol::Resource(definition));
    }

    /// An address: every name in it names something.
    fn address(&mut self, node: &Node, text: &str) {
        let parts = steps(text, '/');
        let is_path = parts[0].0 == kinds::RESOURCE.info.slug;
        if let Some((first, path)) = text.split_once('/').filter(|_| is_path) {
            for (address, place) in kinds::names_in_path(path) {
                let at = first.len() + 1;
                let place = at + place.start..at + place.end;
                self.part(node, place, Symbol::Resource(address));
            }
            return;
        }
        for count in (2..=parts.len()).step_by(2) {
            let end = parts[count - 1].1.end;
            let Some(address) = kinds::parse_address(&text[..end]) else {
                return;
            };
            self.part(node, parts[count - 1].1.clone(), Symbol::Resource(address));
        }
    }

    /// What a resource of any type is a child of: an address, or the names on its path.
    fn parent(&mut self, node: &Node, text: &str, owner: Option<&Owner>) {
        if kinds::parse_address(text).is_some() {
            return self.address(node, text);
        }
        let path = owner.map_or("", |owner| owner.address.name());
        let (on_path, parts) = (kinds::names_in_path(path), steps(text, '/'));
        // Where the names do not fit the type, nothing is known of them.
        if on_path.len() == parts.len() + 1 {
            for ((address, _), (_, place)) in on_path.into_iter().zip(parts) {
                self.part(node, place, Symbol::Resource(address));
            }
        }
    }

    /// Every name in an id of a resource names something. Of a list or a mapping, in all of its values.
    fn ids(&mut self, node: &Node) {
        for item in node.items().into_iter().flatten() {
            self.ids(item);
        }
        for entry in node.entries().into_iter().flatten() {
            self.ids(&entry.value);
        }
        let text = node.scalar_text().filter(|text| !text.contains("${"));
        let Some(text) = text.filter(|text| text.starts_with('/')) else {
            return;
        };
        let services = self.services.iter().map(|service| Some(service.as_str()));
        let readings = std::iter::once(None).chain(services);
        let mut readings = readings.map(|service| kinds::names_in_id(text, service));
        let names = readings.find(|names| !names.is_empty());
        for (address, place) in names.unwrap_or_default() {
            self.part(node, place, Symbol::Resource(address));
        }
    }

    /// A field with the path of a file or folder.
    fn file(&mut self, node: &Node, field: &str, owner: Option<&Owner>) {
        let content = owner.and_then(|owner| owner.kind.content.as_ref());
        let is_folder =
            content.is_some_and(|content| content.is_folder() && content.field == field);
        if field != DocumentSource::FILE && !is_folder {
            return;
        }
        let path = node
            .scalar_text()
            .filter(|text| !text.contains("${") && !Path::new(text).is_absolute())
            .and_then(|text| resolve(&self.source.name, text));
        if let Some(path) = path {
            self.entries.links.push(FileLink {
                path: path.to_string_lossy().replace('\\', "/"),
                range: self.range(node.span),
            });
        }
    }

    fn declare_key(&mut self, entry: &crate::yaml::Entry, symbol: Symbol) {
        let whole = Span {
            end: entry.value.span.end.max(entry.key.span.end),
            ..entry.key.span
        };
        let name = self.key_span(entry.key.span, &entry.key.text);
        self.entries.declarations.push(Declaration {
            symbol,
            name: self.range(name),
            whole: self.range(whole),
            title: None,
            parent: None,
            is_overlay: self.is_overlay,
        });
    }

    fn key(&mut self, span: Span, text: &str, symbol: Symbol) {
        let range = self.range(self.key_span(span, text));
        self.entries.uses.push(Use { symbol, range });
    }

    /// The name of a key without quotes.
    fn key_span(&self, span: Span, text: &str) -> Span {
        let written = self.source.text.get(span.start..span.end);
        match written.and_then(|written| written.find(text)) {
            Some(at) if !text.is_empty() => Span {
                start: span.start + at,
                end: span.start + at + text.len(),
                ..span
            },
            _ => span,
        }
    }

    fn part(&mut self, node: &Node, part: std::ops::Range<usize>, symbol: Symbol) {
        let range = self.range(part_of(node, &self.source.text, part));
        self.entries.uses.push(Use { symbol, range });
    }

    fn range(&self, span: Span) -> lsp_types::Range {
        range_of(self.source, span.start, span.end)
    }
}

/// What `x-reference` says of fields that name a resource of any kind.
const ADDRESS: &str = "address";
/// What it says of the field that names what a resource of any type is a child of.
const PARENT: &str = "parent";

/// What `x-reference` and `x-declares` say of targets.
const TARGET: &str = "target";

/// The schema of a field; that of all values, if the mapping has names of its own.
fn field_of<'a>(schema: &'a Value, name: &str) -> &'a Value {
    let known = schema.get("properties").and_then(|all| all.get(name));
    let more = || {
        schema
            .get("additionalProperties")
            .filter(|more| more.is_object())
    };
    known.or_else(more).unwrap_or(&Value::Null)
}
