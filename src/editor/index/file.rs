//! What one file names.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::names::{part_of, variables};
use super::symbol::{Declaration, FileIndex, Symbol, Use, text_hash};
use super::walk::{Owner, Walk};
use crate::editor::places::range_of;
use crate::kinds::{self, Kind, Location, PREVIOUSLY};
use crate::model::{Address, Diagnostics, Role, Source, Sources, Span};
use crate::schema;
use crate::yaml::{self, Node};

/// What a manifest or an overlay names.
pub(in crate::editor) fn index_of(
    source: &Source,
    is_overlay: bool,
    services: &[String],
) -> FileIndex {
    let mut sources = Sources::default();
    let id = sources.add(source.name.as_str(), source.text.clone());
    let mut problems = Diagnostics::default();
    let documents = yaml::parse(id, &source.text, &mut problems);
    let mut entries = FileIndex {
        is_stale: problems.has_errors(),
        text: text_hash(source, services),
        is_overlay,
        ..FileIndex::default()
    };
    let mut for_others = DefaultHasher::new();
    for root in documents.into_iter().filter_map(|document| document.root) {
        Document {
            source,
            root: &root,
            is_overlay,
            services,
        }
        .add(&mut entries, &mut for_others);
    }
    if entries.is_empty() {
        return entries;
    }
    let used = variables(&source.text);
    entries
        .uses
        .extend(used.into_iter().map(|(name, range)| Use {
            symbol: Symbol::Variable(name.to_owned()),
            range: range_of(source, range.start, range.end),
        }));
    // Aliases lead to the same places again.
    entries.uses.sort_by(|a, b| {
        (a.range.start, a.range.end, &a.symbol).cmp(&(b.range.start, b.range.end, &b.symbol))
    });
    entries
        .uses
        .dedup_by(|a, b| a.range == b.range && a.symbol == b.symbol);
    for declaration in &entries.declarations {
        declaration.symbol.hash(&mut for_others);
    }
    for one in &entries.uses {
        one.symbol.hash(&mut for_others);
    }
    for link in &entries.links {
        link.path.hash(&mut for_others);
    }
    entries.footprint = for_others.finish();
    entries
}

/// Adds the former names in a document.
fn hash_former_names(node: &Node, hash: &mut DefaultHasher) {
    for entry in node.entries().into_iter().flatten() {
        match entry.key.text == PREVIOUSLY {
            true => entry.value.to_json().to_string().hash(hash),
            false => hash_former_names(&entry.value, hash),
        }
    }
    for item in node.items().into_iter().flatten() {
        hash_former_names(item, hash);
    }
}

/// One document of a file.
struct Document<'a> {
    source: &'a Source,
    root: &'a Node,
    is_overlay: bool,
    services: &'a [String],
}

impl Document<'_> {
    fn add(&self, entries: &mut FileIndex, for_others: &mut DefaultHasher) {
        let kind = self.root.get("kind");
        let Some(kind_name) = kind.and_then(|kind| kind.scalar_text()) else {
            return;
        };
        let mut schemas = schema::document_schemas();
        let Some((_, schema)) = schemas.find(|(name, _)| *name == kind_name) else {
            return;
        };
        let roles = [Role::MetadataSchema, Role::Integration];
        let kind = kinds::by_name(kind_name);
        let is_for_all =
            kind.is_none_or(|kind| roles.contains(&kind.info.role) || kind.location.is_root());
        entries.is_for_all |= is_for_all;
        match is_for_all || self.is_overlay {
            true => self.root.to_json().to_string().hash(for_others),
            false => hash_former_names(self.root, for_others),
        }
        let spec = self.root.get("spec");
        let owner = kinds::declarable()
            .find(|kind| kind.info.name == kind_name)
            .and_then(|kind| self.declare(kind, spec.map(|spec| &**spec), entries));
        if let Some(spec) = spec {
            let mut walk = Walk {
                source: self.source,
                entries,
                is_overlay: self.is_overlay,
                services: self.services,
            };
            walk.value(spec, schema, owner.as_ref());
        }
    }

    /// Adds the resource that the document declares.
    fn declare(
        &self,
        kind: &'static Kind,
        spec: Option<&Node>,
        entries: &mut FileIndex,
    ) -> Option<Owner> {
        let node = self.root.get("metadata")?.get("name")?;
        let name = node.scalar_text().filter(|name| !name.is_empty())?;
        let title = spec.and_then(|spec| spec.get("title")?.scalar_text());
        let address = match (kind.location, kind.qualify) {
            (Location::Root(_), _) => Address::top(&kind.info, ""),
            (_, Some(qualify)) => {
                let spec = spec.map(Node::to_json).unwrap_or_default();
                let name = qualify(name, spec.as_object().unwrap_or(&serde_json::Map::new()));
                Address::top(&kind.info, name)
            }
            (_, None) => Address::top(&kind.info, name),
        };
        let name_span = part_of(node, &self.source.text, 0..name.len());
        entries.declarations.push(Declaration {
            symbol: Symbol::Resource(address.clone()),
            name: self.range(name_span),
            whole: self.range(self.root.span),
            title: title.map(str::to_owned),
            parent: None,
            is_overlay: self.is_overlay,
        });
        Some(Owner {
            kind,
            address,
            place: entries.declarations.len() - 1,
        })
    }

    fn range(&self, span: Span) -> lsp_types::Range {
        range_of(self.source, span.start, span.end)
    }
}
