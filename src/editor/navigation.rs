//! From a name to where it is declared, and to every place that uses it.

use lsp_types::{DocumentHighlight, DocumentHighlightKind, Location, Position};

use super::index::{Place, Symbol};
use super::pointers;
use super::view::View;
use crate::kinds;

/// Where the name at a position is declared, or the file that is named there. A definition leads to its description too.
pub(super) fn definition(view: &View<'_>, position: Position) -> Vec<Location> {
    let index = &view.facts.index;
    if let Some((symbol, _)) = index.at(view.file(), position) {
        let places = index.places(symbol);
        let declared: Vec<&Place<'_>> = places.iter().filter(|it| it.is_declaration).collect();
        let mut found = locations(view, declared.iter().copied());
        found.extend(description(view, symbol, &declared));
        return found;
    }
    if index.file(view.file()).is_none() {
        return pointers::definition(view, position);
    }
    let links = index.file(view.file()).map(|entries| &entries.links);
    let mut links = links.into_iter().flatten();
    links
        .find(|link| link.range.start <= position && position <= link.range.end)
        .and_then(|link| pointers::start(view, &link.path))
        .into_iter()
        .collect()
}

/// The file that a definition has its description from.
fn description(view: &View<'_>, symbol: &Symbol, declared: &[&Place<'_>]) -> Option<Location> {
    let Symbol::Resource(address) = symbol else {
        return None;
    };
    if *address.kind() != kinds::API_DEFINITION.info {
        return None;
    }
    declared.iter().find_map(|place| {
        let entries = view.facts.index.file(place.file)?;
        let mut declarations = entries.declarations.iter();
        let whole = declarations.find(|it| it.name == place.range)?.whole;
        let mut links = entries.links.iter();
        let link =
            links.find(|link| whole.start <= link.range.start && link.range.end <= whole.end)?;
        pointers::start(view, &link.path)
    })
}

/// Every place that names what is named at a position.
pub(super) fn references(
    view: &View<'_>,
    position: Position,
    with_declarations: bool,
) -> Vec<Location> {
    let index = &view.facts.index;
    let Some((symbol, _)) = index.at(view.file(), position) else {
        return match index.file(view.file()) {
            Some(_) => Vec::new(),
            None => pointers::references(view, position, with_declarations),
        };
    };
    let places = index.places(symbol);
    let wanted = places.iter();
    locations(
        view,
        wanted.filter(|place| with_declarations || !place.is_declaration),
    )
}

/// The places in the same document that name what is named at a position.
pub(super) fn highlights(view: &View<'_>, position: Position) -> Vec<DocumentHighlight> {
    let index = &view.facts.index;
    let Some((symbol, _)) = index.at(view.file(), position) else {
        return Vec::new();
    };
    let places = index.places(symbol);
    let here = places.iter().filter(|place| place.file == view.file());
    here.map(|place| DocumentHighlight {
        range: place.range,
        kind: Some(match place.is_declaration {
            true => DocumentHighlightKind::WRITE,
            false => DocumentHighlightKind::READ,
        }),
    })
    .collect()
}

fn locations<'p>(
    view: &View<'_>,
    places: impl IntoIterator<Item = &'p Place<'p>>,
) -> Vec<Location> {
    places
        .into_iter()
        .filter_map(|place| view.location(place.file, place.range))
        .collect()
}
