//! Names that a project declares, where they can be written.

use std::collections::BTreeMap;

use lsp_types::CompletionItemKind;

use super::offer::Offer;
use crate::editor::index::Symbol;
use crate::editor::outline::{Cursor, Step};
use crate::editor::view::View;
use crate::kinds::{self, DocumentSource};
use crate::manifest::{one_line, relative_path};
use crate::model::view::CustomProperties;
use crate::model::{Address, code};

/// The names that a field can refer to. `target` is what its schema says.
pub(super) fn referred(view: &View<'_>, cursor: &Cursor, target: &str) -> Vec<Offer> {
    let of_kind = kinds::KINDS.iter().find(|kind| kind.info.slug == target);
    match (of_kind, target) {
        (Some(kind), _) if kind.info == kinds::API_DEFINITION.info => definitions(view, cursor),
        (Some(kind), _) => resources(view, |address| {
            (*address.kind() == kind.info).then(|| address.name().to_owned())
        }),
        (None, "address" | "parent") => resources(view, |address| Some(address.to_string())),
        (None, "target") => symbols(view, |symbol| match symbol {
            Symbol::Target(name) => Some(name.clone()),
            _ => None,
        }),
        (None, "code") => code::ALL
            .iter()
            .filter(|code| code.is_exemptable())
            .map(|code| Offer {
                label: code.id.to_string(),
                documentation: code.meaning.to_string(),
                kind: Some(CompletionItemKind::CONSTANT),
                ..Offer::default()
            })
            .collect(),
        (None, "kind") => kinds::KINDS
            .iter()
            .map(|kind| Offer {
                label: kind.info.name.to_owned(),
                kind: Some(CompletionItemKind::CLASS),
                ..Offer::default()
            })
            .collect(),
        _ => resources(view, |address| {
            let is_schema = *address.kind() == kinds::METADATA_SCHEMA.info;
            is_schema.then(|| CustomProperties::path(address.name()))
        }),
    }
}

/// `VERSION/DEFINITION` of the API that the position is in.
fn definitions(view: &View<'_>, cursor: &Cursor) -> Vec<Offer> {
    let api = cursor.field(&["metadata", "name"]);
    let api = api.map(|name| Address::top(&kinds::API.info, name));
    let in_flow = || cursor_api_in_flow(cursor);
    let Some(api) = api.or_else(in_flow) else {
        return Vec::new();
    };
    resources(view, |address| {
        let is_one = *address.kind() == kinds::API_DEFINITION.info && address.root() == api;
        let version = address.parent().filter(|_| is_one)?;
        Some(format!("{}/{}", version.name(), address.name()))
    })
}

/// The API of a document whose metadata is in flow style.
fn cursor_api_in_flow(cursor: &Cursor) -> Option<Address> {
    let written = cursor.field(&["metadata"])?;
    let name = written.trim_matches(['{', '}']).split_once("name:")?.1;
    let name = name.split(',').next()?.trim().trim_matches(['"', '\'']);
    Some(Address::top(&kinds::API.info, name))
}

/// The variables of all targets.
pub(super) fn variables(view: &View<'_>) -> Vec<Offer> {
    symbols(view, |symbol| match symbol {
        Symbol::Variable(name) => Some(name.clone()),
        _ => None,
    })
}

/// The files that can be named at a position, by their paths from the document.
pub(super) fn files(view: &View<'_>, cursor: &Cursor) -> Vec<Offer> {
    if cursor.path.last() != Some(&Step::Key(DocumentSource::FILE.to_owned())) {
        return Vec::new();
    }
    let files = view.facts.files.iter();
    files
        .map(|file| {
            let label = relative_path(view.file(), file);
            Offer {
                text: Some(one_line(&label)),
                label,
                kind: Some(CompletionItemKind::FILE),
                ..Offer::default()
            }
        })
        .collect()
}

fn resources(view: &View<'_>, name: impl Fn(&Address) -> Option<String>) -> Vec<Offer> {
    symbols(view, |symbol| match symbol {
        Symbol::Resource(address) => name(address),
        _ => None,
    })
}

/// The names of declarations, each once, with their titles.
fn symbols(view: &View<'_>, name: impl Fn(&Symbol) -> Option<String>) -> Vec<Offer> {
    let mut named: BTreeMap<String, Option<&str>> = BTreeMap::new();
    for (_, declaration) in view.facts.index.declarations() {
        if let Some(name) = name(&declaration.symbol) {
            let title = named.entry(name).or_default();
            *title = title.or(declaration.title.as_deref());
        }
    }
    named
        .into_iter()
        .map(|(name, title)| Offer {
            text: Some(one_line(&name)),
            label: name,
            documentation: title.unwrap_or_default().to_owned(),
            kind: Some(CompletionItemKind::REFERENCE),
            ..Offer::default()
        })
        .collect()
}
