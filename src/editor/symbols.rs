//! The resources of a document, and those of a project.

use lsp_types::{DocumentSymbol, Location, OneOf, SymbolKind, WorkspaceSymbol};

use super::index::{Declaration, FileIndex, Symbol};
use super::view::View;
use crate::kinds;

/// The most symbols of a project that are listed at once (chosen here: an editor asks again with more letters).
const MOST_LISTED: usize = 1000;

/// What a document declares, as a tree.
pub(super) fn of_document(entries: &FileIndex) -> Vec<DocumentSymbol> {
    below(entries, None)
}

fn below(entries: &FileIndex, parent: Option<usize>) -> Vec<DocumentSymbol> {
    let all = entries.declarations.iter().enumerate();
    all.filter(|(_, declaration)| declaration.parent == parent)
        .map(|(place, declaration)| {
            let children = below(entries, Some(place));
            #[expect(deprecated, reason = "the field has no other way to be left out")]
            DocumentSymbol {
                name: label(declaration),
                detail: declaration.title.clone(),
                kind: kind_of(&declaration.symbol),
                tags: None,
                deprecated: None,
                range: declaration.whole,
                selection_range: declaration.name,
                children: Some(children).filter(|children| !children.is_empty()),
            }
        })
        .collect()
}

/// The resources whose address or title has the letters of a query in their order.
pub(super) fn of_project(view: &View<'_>, query: &str) -> Vec<WorkspaceSymbol> {
    let declarations = view.facts.index.declarations();
    declarations
        .filter(|(_, declaration)| {
            let title = declaration.title.as_deref().unwrap_or_default();
            has_letters(&address(declaration), query) || has_letters(title, query)
        })
        .take(MOST_LISTED)
        .filter_map(|(file, declaration)| {
            let uri = view.uri(file)?;
            Some(WorkspaceSymbol {
                name: address(declaration),
                kind: kind_of(&declaration.symbol),
                tags: None,
                container_name: declaration.title.clone(),
                location: OneOf::Left(Location {
                    uri,
                    range: declaration.name,
                }),
                data: None,
            })
        })
        .collect()
}

fn has_letters(text: &str, query: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    let mut wanted = query.chars().flat_map(char::to_lowercase);
    wanted.all(|wanted| letters.any(|letter| letter == wanted))
}

/// The kind and the name: what is above shows in the tree.
fn label(declaration: &Declaration) -> String {
    match &declaration.symbol {
        Symbol::Resource(address) => match address.name() {
            "" => address.to_string(),
            name => format!("{}/{name}", address.kind().slug),
        },
        other => other.name().to_owned(),
    }
}

fn address(declaration: &Declaration) -> String {
    match &declaration.symbol {
        Symbol::Resource(address) => address.to_string(),
        other => other.name().to_owned(),
    }
}

fn kind_of(symbol: &Symbol) -> SymbolKind {
    let Symbol::Resource(address) = symbol else {
        return SymbolKind::VARIABLE;
    };
    let kind = address.kind();
    let known = [
        (&kinds::API.info, SymbolKind::INTERFACE),
        (&kinds::API_VERSION.info, SymbolKind::CLASS),
        (&kinds::API_DEFINITION.info, SymbolKind::FILE),
        (&kinds::DEPLOYMENT.info, SymbolKind::EVENT),
        (&kinds::ENVIRONMENT.info, SymbolKind::NAMESPACE),
        (&kinds::METADATA_SCHEMA.info, SymbolKind::ENUM),
    ];
    let mut known = known.into_iter();
    known
        .find(|(info, _)| *info == kind)
        .map_or(SymbolKind::OBJECT, |(_, symbol)| symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_a_query_are_in_their_order() {
        assert!(has_letters("api/orders", "Aord"));
        assert!(has_letters("api/orders", ""));
        assert!(!has_letters("api/orders", "oa"));
    }
}
