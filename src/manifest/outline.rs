//! What a file declares, by its names alone: without checks, variables, overlays and documents, so that it is fast.

use super::read::is_manifest;
use crate::kinds::{self, Kind, Location, NAME};
use crate::model::{Address, Diagnostics, Sources};
use crate::yaml::{self, Node};

/// How the line begins that makes a document a manifest.
const CLAIM: &str = "apiVersion: apicenter/";

/// Whether a text has a document that claims to be a manifest; with syntax errors, whether it has a line that does.
#[must_use]
pub fn claims_manifest(text: &str) -> bool {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let source = sources.add("", text);
    let documents = yaml::parse_top(source, text, &mut diagnostics);
    let mut roots = documents
        .iter()
        .filter_map(|document| document.root.as_ref());
    let has_line = || {
        let mut lines = text.lines().map(str::trim_start);
        lines.any(|line| line.starts_with(CLAIM))
    };
    roots.any(|root| is_manifest(root)) || diagnostics.has_errors() && has_line()
}

/// The resources that a text declares, as far as their names are written there.
#[must_use]
pub fn declared_in(text: &str) -> Vec<Address> {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let source = sources.add("", text);
    let documents = yaml::parse_outline(source, text, &mut diagnostics);
    let roots = documents
        .iter()
        .filter_map(|document| document.root.as_ref());
    let mut found = Vec::new();
    for root in roots.filter(|root| is_manifest(root)) {
        let kind = root.get("kind").and_then(|node| node.scalar_text());
        let Some(kind) = kind.and_then(kinds::by_name) else {
            continue;
        };
        let metadata = root.get("metadata");
        let name = metadata.and_then(|metadata| metadata.get(NAME)?.scalar_text());
        let address = match (kind.location, name) {
            (Location::Root(_), _) => Address::top(&kind.info, ""),
            (_, Some(name)) if kind.qualify.is_none() && is_written(name) => {
                Address::top(&kind.info, name)
            }
            _ => continue,
        };
        if let Some(spec) = root.get("spec") {
            add_children(kind, &address, spec, &mut found);
        }
        found.push(address);
    }
    found
}

fn add_children(kind: &Kind, parent: &Address, spec: &Node, found: &mut Vec<Address>) {
    for child in kind.children {
        let items = spec.get(child.field).and_then(|list| list.items());
        for item in items.into_iter().flatten() {
            let name = item.get(NAME).and_then(|node| node.scalar_text());
            if let Some(name) = name.filter(|name| is_written(name)) {
                let address = parent.child(&child.kind.info, name);
                add_children(child.kind, &address, item, found);
                found.push(address);
            }
        }
    }
}

/// Whether a name has no variable in it.
fn is_written(name: &str) -> bool {
    !name.is_empty() && !name.contains("${")
}
