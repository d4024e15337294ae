//! Another name for a resource, a variable or a target, in every file that names it.

use std::collections::BTreeMap;

use lsp_types::{Position, PrepareRenameResponse, Range, TextEdit, WorkspaceEdit};

use super::index::{Index, Symbol};
use super::view::View;
use crate::model::is_resource_name;

/// The name at a position that can be changed.
pub(super) fn prepare(view: &View<'_>, position: Position) -> Option<PrepareRenameResponse> {
    let (symbol, range) = view.facts.index.at(view.file(), position)?;
    is_declared(&view.facts.index, symbol).then(|| PrepareRenameResponse::RangeWithPlaceholder {
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
    let edits = name_edits(index, symbol, name)?.into_iter();
    let edits = edits.map(|(file, ranges)| {
        let ranges = ranges.into_iter();
        let edits = ranges.map(|range| TextEdit {
            range,
            new_text: name.to_owned(),
        });
        (file, edits.collect())
    });
    Ok(Some(view.edit(edits.collect())))
}

/// Where a name has to be written in place of that of a symbol, by file.
///
/// # Errors
/// A sentence, if the name is not possible or a file cannot be edited safely.
pub(super) fn name_edits(
    index: &Index,
    symbol: &Symbol,
    name: &str,
) -> Result<BTreeMap<String, Vec<Range>>, String> {
    if !is_declared(index, symbol) {
        let old = symbol.name();
        return Err(format!("no file of this project declares `{old}`"));
    }
    check(index, symbol, name)?;
    let mut edits: BTreeMap<String, Vec<Range>> = BTreeMap::new();
    for place in index.places(symbol) {
        if index
            .file(place.file)
            .is_some_and(|entries| entries.is_stale)
        {
            let file = place.file;
            return Err(format!("{file} has a syntax error: fix it first"));
        }
        let ranges = edits.entry(place.file.to_owned()).or_default();
        ranges.push(place.range);
    }
    Ok(edits)
}

fn is_declared(index: &Index, symbol: &Symbol) -> bool {
    // There is one service, and its name is that of the target.
    !symbol.name().is_empty() && index.declares(symbol)
}

fn check(index: &Index, symbol: &Symbol, name: &str) -> Result<(), String> {
    let other = match symbol {
        Symbol::Resource(address) => {
            if !is_resource_name(name) {
                return Err(format!(
                    "`{name}` is not a name: 1 to 90 letters, digits, dots and hyphens"
                ));
            }
            Symbol::Resource(address.with_own_name(name))
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
    match other != *symbol && is_declared(index, &other) {
        true => Err(format!("`{name}` is declared already")),
        false => Ok(()),
    }
}
