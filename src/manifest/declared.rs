//! Which resources the manifests of a project declare, without checking what they say about each.

use super::declaration::Declaration;
use super::gathered::Gathered;
use super::load::document_files;
use super::loaded::Loaded;
use super::ownership;
use super::request::Request;
use crate::kinds::Kind;
use crate::model::{Address, Declared, Sources};
use crate::yaml::Node;

/// The field of a nested resource that names it.
const NAME: &str = "name";

/// The addresses that [`load`](super::load) would find, and those that it would not be sure of: overlays, variables and
/// the marker count. No description is read, and nothing under `spec` is checked but the lists of nested resources.
#[must_use]
pub fn declared(request: Request<'_>, sources: &mut Sources) -> Declared {
    let mut loaded = Loaded::default();
    let gathered = Gathered::of(request, sources, &mut loaded);
    let mut declared = Declared {
        unread: loaded.desired.unread,
        ..Declared::default()
    };
    for declaration in &gathered.manifests {
        add_document(declaration, &mut declared);
    }
    if let Some((schema, place)) = ownership::declared_schema(request.project) {
        declared.resources.entry(schema).or_insert(place);
    }
    let named = document_files(sources, &gathered.manifests);
    let nameless = gathered.nameless.iter();
    let nameless = nameless.map(|one| &sources.get(one.spec.span.source).name);
    let unclear = gathered.files.unclear(&named).chain(nameless);
    declared.unclear = unclear.cloned().collect();
    declared
}

fn add_document(declaration: &Declaration, declared: &mut Declared) {
    let address = declaration.address();
    if declaration.spec.entries().is_none() {
        declared.unread.insert(address);
        return;
    }
    if declared.add(&address, declaration.place) {
        add_children(declaration.kind, &address, &declaration.spec, declared);
    }
}

fn add_children(kind: &Kind, parent: &Address, node: &Node, declared: &mut Declared) {
    for child in kind.children {
        let list = node.get(child.field).filter(|list| !list.is_null());
        let Some(list) = list else { continue };
        let Some(items) = list.items() else {
            declared.unread.insert(parent.clone());
            continue;
        };
        for item in items {
            let name = item.get(NAME).filter(|name| !name.is_null());
            let Some(name) = name.and_then(|name| name.scalar_text()) else {
                declared.unread.insert(parent.clone());
                continue;
            };
            let address = parent.child(&child.kind.info, name);
            if declared.add(&address, item.first_span()) {
                add_children(child.kind, &address, item, declared);
            }
        }
    }
}
