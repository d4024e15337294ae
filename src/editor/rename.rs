//! Another name for a resource, a variable or a target, in every file that names it.

use std::collections::BTreeMap;

use lsp_types::{Position, PrepareRenameResponse, TextEdit, WorkspaceEdit};

use super::index::Symbol;
use super::view::View;
use crate::model::{Address, is_resource_name};

/// The name at a position that can be changed.
pub(super) fn prepare(view: &View<'_>, position: Position) -> Option<PrepareRenameResponse> {
    let (symbol, range) = view.facts.index.at(view.file(), position)?;
    is_declared(view, symbol).then(|| PrepareRenameResponse::RangeWithPlaceholder {
        range,
        placeholder: symbol.name().to_owned(),
    })
}

/// The edits that give what is named at a position another name; `None` if nothing is named there.
///
/// # Errors
/// A sentence, if the name is not possible or a file cannot be edited safely.
pub(super) fn rename(
    view: &View<'_>,
    position: Position,
    name: &str,
) -> Result<Option<WorkspaceEdit>, String> {
    let index = &view.facts.index;
    let Some((symbol, _)) = index.at(view.file(), position) else {
        return Ok(None);
    };
    if !is_declared(view, symbol) {
        let old = symbol.name();
        return Err(format!("no file of this project declares `{old}`"));
    }
    check(view, symbol, name)?;
    let mut edits: BTreeMap<String, Vec<TextEdit>> = BTreeMap::new();
    for place in index.places(symbol) {
        if index
            .file(place.file)
            .is_some_and(|entries| entries.is_stale)
        {
            let file = place.file;
            return Err(format!("{file} has a syntax error: fix it first"));
        }
        edits
            .entry(place.file.to_owned())
            .or_default()
            .push(TextEdit {
                range: place.range,
                new_text: name.to_owned(),
            });
    }
    Ok(Some(view.edit(edits)))
}

fn is_declared(view: &View<'_>, symbol: &Symbol) -> bool {
    // There is one service, and its name is that of the target.
    !symbol.name().is_empty() && view.facts.index.declares(symbol)
}

fn check(view: &View<'_>, symbol: &Symbol, name: &str) -> Result<(), String> {
    let other = match symbol {
        Symbol::Resource(address) => {
            if !is_resource_name(name) {
                return Err(format!(
                    "`{name}` is not a name: 1 to 90 letters, digits, dots and hyphens"
                ));
            }
            let kind = address.kind();
            Symbol::Resource(match address.parent() {
                Some(parent) => parent.child(kind, name),
                None => Address::top(kind, name),
            })
        }
        Symbol::Variable(_) | Symbol::Target(_) => {
            let is_plain = |c: char| c.is_alphanumeric() || "-_.".contains(c);
            if name.is_empty() || !name.chars().all(is_plain) {
                return Err(format!(
                    "`{name}` is not a name: letters, digits, dots, hyphens and underscores"
                ));
            }
            match symbol {
                Symbol::Variable(_) => Symbol::Variable(name.to_owned()),
                _ => Symbol::Target(name.to_owned()),
            }
        }
    };
    match other != *symbol && is_declared(view, &other) {
        true => Err(format!("`{name}` is declared already")),
        false => Ok(()),
    }
}
