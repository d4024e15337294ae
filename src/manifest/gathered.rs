//! The documents of a project by kind and name, before what is under `spec` is checked.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::declaration::Declaration;
use super::exemption::{self, EXEMPTION_KIND};
use super::files::{Files, Manifest};
use super::folder::Folders;
use super::loaded::Loaded;
use super::read::{self, Header};
use super::request::Request;
use super::variables::Room;
use super::wording::{is_surely, list, meant};
use super::{overlays, spelling, variables};
use crate::kinds::{self, Kind};
use crate::model::{
    Address, Certainty, Diagnostic, Diagnostics, Fix, SourceId, Sources, Span, code,
};
use crate::yaml::Node;

/// The documents of a project, with overlays applied and variables replaced.
pub(super) struct Gathered {
    /// The files that they are in, and all others.
    pub(super) files: Files,
    /// Documents of a known kind, each with a name.
    pub(super) manifests: Vec<Declaration>,
    /// Documents without a name.
    pub(super) nameless: Vec<Nameless>,
    /// Folders whose files are content, not manifests.
    pub(super) folders: Folders,
}

impl Gathered {
    /// Reads all documents. What may be declared and is not understood is in `loaded`, with every problem.
    pub(super) fn of(request: Request<'_>, sources: &mut Sources, loaded: &mut Loaded) -> Self {
        let mut files = Files::read(request, sources, &mut loaded.diagnostics);
        let mut room = Room::default();
        for kind in kinds::declarable() {
            let names = files.unread_names.iter();
            let addresses = names.map(|name| Address::top(&kind.info, name));
            loaded.desired.unread.extend(addresses);
        }
        let overlays = std::mem::take(&mut files.overlays);
        let overlays = declarations(request, sources, overlays, &mut room, loaded);
        let manifests = std::mem::take(&mut files.manifests);
        let Declared {
            named: mut manifests,
            nameless,
        } = declarations(request, sources, manifests, &mut room, loaded);
        overlays::apply(&mut manifests, overlays.named, &mut loaded.diagnostics);
        let folders = Folders::of(sources, content_folders(&manifests));
        manifests.retain(|declaration| !folders.hold(&sources.get(declaration.place.source).name));
        folders.silence(sources, &mut loaded.diagnostics);
        Self {
            files,
            manifests,
            nameless,
            folders,
        }
    }
}

/// What documents declare.
#[derive(Default)]
struct Declared {
    named: Vec<Declaration>,
    nameless: Vec<Nameless>,
}

/// A document whose name is missing. What is under its `spec` is checked all the same, so that all its problems are
/// reported at once.
pub(super) struct Nameless {
    pub(super) kind: &'static Kind,
    pub(super) spec: Arc<Node>,
}

fn declarations(
    request: Request<'_>,
    sources: &Sources,
    manifests: Vec<Manifest>,
    room: &mut Room,
    loaded: &mut Loaded,
) -> Declared {
    let mut declared = Declared::default();
    let none = BTreeMap::new();
    let values = request.target.variables.as_ref().unwrap_or(&none);
    for manifest in manifests {
        if is_project(&manifest.root) {
            report_misplaced(request.project.source, &manifest, &mut loaded.diagnostics);
            continue;
        }
        let root = variables::substitute(
            &manifest.root,
            values,
            request.target_name,
            room,
            &mut loaded.diagnostics,
        );
        let header = read::header(&root, sources, schema_of, &mut loaded.diagnostics);
        if header.is(EXEMPTION_KIND) {
            let taken = &mut loaded.exemptions;
            exemption::take(header, taken, sources, &mut loaded.diagnostics);
            continue;
        }
        declared.take(&root, header, loaded);
    }
    declared
}

impl Declared {
    fn take(&mut self, root: &Node, header: Header, loaded: &mut Loaded) {
        let found = header.kind.as_ref();
        let kind =
            found.and_then(|(name, _)| kinds::declarable().find(|kind| kind.info.name == name));
        if let (None, Some((name, place))) = (kind, found) {
            report_unknown_kind(name, *place, &mut loaded.diagnostics);
        }
        let spec = kind.zip(header.spec).map(|(kind, spec)| {
            let spec = spelling::corrected((kind.schema)(), &spec, &mut loaded.diagnostics);
            (kind, spec)
        });
        match (header.name, spec) {
            (Some((name, name_place)), Some((kind, spec))) => self.named.push(Declaration {
                kind,
                name,
                name_place,
                previously: header.previously,
                place: root.first_span(),
                spec,
            }),
            (None, Some((kind, spec))) => self.nameless.push(Nameless { kind, spec }),
            (Some((name, _)), None) => {
                // Of any kind, if its own is not known.
                let meant = kinds::declarable()
                    .filter(|other| kind.is_none_or(|kind| kind.info == other.info));
                let addresses = meant.map(|kind| Address::top(&kind.info, &name));
                loaded.desired.unread.extend(addresses);
            }
            (None, None) => {}
        }
    }
}

/// The schema of what is under `spec` in documents of a kind.
fn schema_of(kind: &str) -> Option<&'static Value> {
    match kind {
        EXEMPTION_KIND => Some(exemption::schema()),
        kind => Some((kinds::by_name(kind)?.schema)()),
    }
}

fn is_project(root: &Node) -> bool {
    root.get("kind").and_then(|kind| kind.scalar_text()) == Some("Project")
}

fn report_misplaced(project: SourceId, manifest: &Manifest, diagnostics: &mut Diagnostics) {
    let misplaced = manifest.root.span.source != project || manifest.repeats_project;
    if misplaced {
        diagnostics.push(
            Diagnostic::error(
                code::MISPLACED_PROJECT,
                "a project has one Project document, in apicenter.yaml at its root",
            )
            .at(manifest.root.first_span(), "another one")
            .help("remove it; in a folder of its own, a file named apicenter.yaml makes another project"),
        );
    }
}

fn report_unknown_kind(kind: &str, place: Span, diagnostics: &mut Diagnostics) {
    let mut known: Vec<&str> = kinds::declarable().map(|kind| kind.info.name).collect();
    known.extend([EXEMPTION_KIND, "Project"]);
    let nested = kinds::by_name(kind).and_then(|kind| Some(kind.location.parent()?.info.name));
    let near = meant(kind, &known).filter(|_| nested.is_none());
    let diagnostic = Diagnostic::error(code::UNKNOWN_KIND, format!("unknown kind `{kind}`"))
        .at(place, "no such kind");
    diagnostics.push(match (nested, near) {
        (Some(parent), _) => diagnostic.help(format!(
            "`{kind}` is not a document of its own: it is declared inside its `{parent}`"
        )),
        (None, Some(near)) => {
            let certainty = match is_surely(kind, near, &known) {
                true => Certainty::Certain,
                false => Certainty::Suggested,
            };
            diagnostic
                .help(format!("did you mean `{near}`?"))
                .fix(Fix::write(certainty, place, near))
        }
        (None, None) => diagnostic.help(format!("the kinds are {}", list(&known, "and"))),
    });
}

/// The folders that manifests name as content, as they are written.
fn content_folders(manifests: &[Declaration]) -> impl Iterator<Item = &Node> {
    manifests.iter().filter_map(|declaration| {
        let content = declaration.kind.content.as_ref()?;
        content.is_folder().then_some(())?;
        Some(declaration.spec.get(content.field)?.as_ref())
    })
}
