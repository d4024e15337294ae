//! From the references of descriptions to what they name, and back.

use std::collections::BTreeSet;
use std::sync::Arc;

use lsp_types::{Location, Position, Range};

use super::places::{offset_of, range_of};
use super::view::View;
use crate::document::bundle::LinkedText;
use crate::model::{Source, without_mark};

/// The keys with which a description begins: who refers to one refers to all of it.
const MARKERS: [&str; 3] = ["/openapi", "/swagger", "/asyncapi"];

/// A value in a file.
#[derive(PartialEq, Eq)]
struct Target {
    file: String,
    pointer: String,
}

/// Where the value is that the `$ref` at a position names.
pub(super) fn definition(view: &View<'_>, position: Position) -> Vec<Location> {
    let text = LinkedText::read(&view.document.text);
    let found = reference(view, &text, position).and_then(|target| place(view, &target));
    found.into_iter().collect()
}

/// Every place that refers to what is named at a position: the key there, or what the `$ref` there names.
pub(super) fn references(
    view: &View<'_>,
    position: Position,
    with_declaration: bool,
) -> Vec<Location> {
    let text = LinkedText::read(&view.document.text);
    let offset = offset_of(view.document, position);
    let of_key = || {
        Some(Target {
            file: view.file().to_owned(),
            pointer: text.key_at(offset)?,
        })
    };
    let Some(mut target) = reference(view, &text, position).or_else(of_key) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if MARKERS.contains(&target.pointer.as_str()) {
        target.pointer = String::new();
        found.extend(manifests(view, &target.file));
    } else if with_declaration {
        found.extend(place(view, &target));
    }
    for file in descriptions(view) {
        found.extend(uses(view, &file, &target));
    }
    found
}

fn reference(view: &View<'_>, text: &LinkedText, position: Position) -> Option<Target> {
    let offset = offset_of(view.document, position);
    let mut links = text.links(view.file()).into_iter();
    let link = links.find(|link| (link.place.start..=link.place.end).contains(&offset))?;
    Some(Target {
        file: link.file,
        pointer: link.pointer,
    })
}

fn place(view: &View<'_>, target: &Target) -> Option<Location> {
    let source = source(view, &target.file)?;
    let place = LinkedText::read(&source.text).place_of(&target.pointer)?;
    view.location(&target.file, range_of(&source, place.start, place.end))
}

/// The manifests that name a file.
fn manifests(view: &View<'_>, file: &str) -> Vec<Location> {
    let files = view.facts.index.files();
    files
        .flat_map(|(manifest, entries)| entries.links.iter().map(move |link| (manifest, link)))
        .filter(|(_, link)| link.path == file)
        .filter_map(|(manifest, link)| view.location(manifest, link.range))
        .collect()
}

/// The files that may be descriptions or parts of some.
fn descriptions(view: &View<'_>) -> BTreeSet<String> {
    let open = view.open.keys().map(|file| (*file).to_owned());
    let all = view.facts.files.iter().cloned().chain(open);
    let is_structured = |file: &String| {
        let name = file.to_ascii_lowercase();
        let mut endings = [".yaml", ".yml", ".json"].iter();
        endings.any(|ending| name.ends_with(ending)) && view.facts.index.file(file).is_none()
    };
    all.filter(is_structured).collect()
}

/// The places in a file that refer to a value.
fn uses(view: &View<'_>, file: &str, target: &Target) -> Vec<Location> {
    let name = target.file.rsplit('/').next().unwrap_or_default();
    let Some(source) = source(view, file) else {
        return Vec::new();
    };
    let may_refer = source.text.contains("$ref")
        && (file == target.file || source.text.contains(name) || source.text.contains('%'));
    if !may_refer {
        return Vec::new();
    }
    let links = LinkedText::read(&source.text).links(file).into_iter();
    links
        .filter(|link| link.file == target.file && link.pointer == target.pointer)
        .filter_map(|link| {
            let range = range_of(&source, link.place.start, link.place.end);
            view.location(file, range)
        })
        .collect()
}

fn source(view: &View<'_>, file: &str) -> Option<Source> {
    let text: Arc<str> = (view.read)(file)?;
    // The positions of editors begin behind a byte order mark.
    Some(Source::new(file.to_owned(), without_mark(&text).into()))
}

/// The start of a file.
pub(super) fn start(view: &View<'_>, file: &str) -> Option<Location> {
    view.location(file, Range::default())
}
