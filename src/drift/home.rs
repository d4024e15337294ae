//! Where a declared resource is written: in a manifest, and in overlays that change it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::step::Step;
use super::texts::Texts;
use crate::kinds;
use crate::model::{Address, DesiredResource, SourceId, Span};
use crate::project::LoadedProject;
use crate::yaml::{Edit, Node};

/// The mapping of a resource in one document.
#[derive(Debug, Clone)]
pub(super) struct Home {
    /// The file, relative to the project.
    pub(super) path: String,
    /// The document in it, counted from 0.
    pub(super) document: usize,
    /// The way to the mapping.
    pub(super) steps: Vec<Step>,
    /// The mapping.
    pub(super) node: Arc<Node>,
}

impl Home {
    /// Makes one edit in the mapping; `false` if it cannot be made in the text as it is now.
    pub(super) fn edit(&self, texts: &mut Texts<'_>, steps: &[Step], edit: Edit<'_>) -> bool {
        let whole: Vec<Step> = self.steps.iter().chain(steps).cloned().collect();
        texts.edit((&self.path, self.document), &whole, edit)
    }
}

/// Where a resource is written, as the texts are now: its manifest first, then overlays in their order. Empty if its
/// manifest cannot be found in them.
pub(super) fn homes(project: &LoadedProject, texts: &Texts<'_>, address: &Address) -> Vec<Home> {
    let Some(declared) = project.desired.resources.get(address) else {
        return Vec::new();
    };
    let Some(place) = declared.place else {
        return Vec::new();
    };
    let above = address.parent().map(|_| address.root());
    let top = above.and_then(|top| project.desired.resources.get(&top));
    let base = top.and_then(|top| top.place).unwrap_or(place);
    let file = |source: SourceId| project.sources.get(source).name.clone();
    let mut homes = Vec::new();
    homes.extend(found_in(texts, &file(base.source), address));
    let mut seen = BTreeSet::from([file(base.source)]);
    for source in sources(declared, top, place) {
        let path = file(source);
        if seen.insert(path.clone()) {
            homes.extend(found_in(texts, &path, address));
        }
    }
    homes
}

/// The sources that a resource or the one above it is written in, in the order in which they were read.
fn sources(
    declared: &DesiredResource,
    top: Option<&DesiredResource>,
    place: Span,
) -> BTreeSet<SourceId> {
    let places = declared.places.iter();
    let above = top.into_iter().flat_map(|top| top.places.iter());
    places
        .chain(above)
        .map(|(_, span)| span.source)
        .chain([place.source])
        .collect()
}

/// Where a file has the mapping of a resource.
fn found_in<'a>(texts: &'a Texts<'_>, path: &str, address: &'a Address) -> Vec<Home> {
    let documents = texts.documents(path);
    let found = documents.into_iter().enumerate();
    let found = found.filter_map(|(document, read)| {
        let (node, steps) = mapping_of(read.root.as_ref()?, address, texts)?;
        Some(Home {
            path: path.to_owned(),
            document,
            steps,
            node,
        })
    });
    found.collect()
}

/// The mapping of a resource in a document, and the way to it.
pub(super) fn mapping_of(
    root: &Arc<Node>,
    address: &Address,
    texts: &Texts<'_>,
) -> Option<(Arc<Node>, Vec<Step>)> {
    let (top, below) = address.segments().split_first()?;
    let is_kind = root.get("kind")?.scalar_text() == Some(top.kind.name);
    let is_root = kinds::by_name(top.kind.name)?.location.is_root();
    // The name of a resource of any type is a path that ends with the name in the manifest.
    let own_name = top.name.rsplit('/').next()?;
    let is_named = is_root || texts.is_named(root.get("metadata")?, own_name);
    if !is_kind || !is_named {
        return None;
    }
    let (mut node, mut steps) = (root.get("spec")?, vec![Step::key("spec")]);
    let mut kind = kinds::by_name(top.kind.name)?;
    for segment in below {
        let mut children = kind.children.iter();
        let child = children.find(|child| child.kind.info == *segment.kind)?;
        let mut items = node.get(child.field)?.items()?.iter().enumerate();
        let (at, item) = items.find(|(_, item)| texts.is_named(item, &segment.name))?;
        steps.extend([Step::key(child.field), Step::Item(at)]);
        (node, kind) = (item, child.kind);
    }
    node.entries()?;
    Some((Arc::clone(node), steps))
}
