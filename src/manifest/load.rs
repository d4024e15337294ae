//! From the files of a project to its desired state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::declaration::Declaration;
use super::draft::Draft;
use super::exemption::{self, EXEMPTION_KIND, ExemptionDocuments};
use super::files::{Files, Manifest};
use super::folder::{Folders, Named};
use super::left_out::LeftOutFile;
use super::prepared::PreparedDocuments;
use super::read::{self, Header};
use super::request::Request;
use super::resource_builder::Expansion;
use super::schema_check;
use super::schema_check_context::SchemaCheckContext;
use super::split::Parts;
use super::variables::Room;
use super::wording::{is_surely, list, meant};
use super::{former_names, name, overlays, ownership, spelling, variables};
use crate::kinds::{self, DocumentSource, Kind, Location};
use crate::model::view::MetadataSchemaView;
use crate::model::{
    Address, Certainty, DesiredState, Diagnostic, Diagnostics, Fix, Role, SharedPaths, SourceId,
    Sources, Span, code,
};
use crate::yaml::Node;

/// What the files say, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The desired state; incomplete where there are errors.
    pub desired: DesiredState,
    /// Every problem, in no particular order.
    pub diagnostics: Diagnostics,
    /// Files that could be manifests by their names, and are not.
    pub left_out: Vec<LeftOutFile>,
    /// Findings that are accepted.
    pub exemptions: ExemptionDocuments,
    /// What need not be fixed and is good to know, one line each.
    pub notes: Vec<String>,
}

/// Reads every manifest of a project.
#[must_use]
pub fn load(request: Request<'_>, sources: &mut Sources) -> Loaded {
    let mut loaded = Loaded::default();
    let mut files = Files::read(request, sources, &mut loaded.diagnostics);
    let mut room = Room::default();
    for kind in kinds::declarable() {
        let names = files.unread_names.iter();
        let addresses = names.map(|name| Address::top(&kind.info, name));
        loaded.desired.unread.extend(addresses);
    }
    let overlays = std::mem::take(&mut files.overlays);
    let overlays = declarations(request, sources, overlays, &mut room, &mut loaded);
    let manifests = std::mem::take(&mut files.manifests);
    let Declared {
        named: mut manifests,
        nameless,
    } = declarations(request, sources, manifests, &mut room, &mut loaded);
    overlays::apply(&mut manifests, overlays.named, &mut loaded.diagnostics);
    let folders = Folders::of(sources, content_folders(&manifests));
    manifests.retain(|declaration| !folders.hold(&sources.get(declaration.place.source).name));
    folders.silence(sources, &mut loaded.diagnostics);
    let metadata = metadata_schemas(request, &manifests);
    for Nameless { kind, spec } in &nameless {
        let mut cx = SchemaCheckContext {
            sources,
            diagnostics: &mut loaded.diagnostics,
            metadata: &metadata,
            about: None,
        };
        schema_check::check((kind.schema)(), spec, &mut cx);
    }
    let mut parts = Parts::default();
    let named = document_files(sources, &manifests);
    let (known, text) = (request.known_facts, |path: &str| files.text(path));
    let documents = PreparedDocuments::of(request.files, known, &named, text);
    let mut paths = SharedPaths::default();
    // Each tree goes when its resources are there.
    for declaration in manifests {
        let from = (&declaration, &metadata, &documents);
        let found = (&mut parts, &mut paths);
        declare(request, sources, from, found, &mut loaded);
    }
    drop(documents);
    former_names::check(&mut loaded.desired, &mut loaded.diagnostics);
    ownership::mark(
        request.project,
        &mut loaded.desired,
        &mut paths,
        &mut loaded.diagnostics,
    );
    conceal_secrets(&loaded.diagnostics, sources);
    let mut named = Named {
        documents: named,
        folders: &folders,
    };
    named.documents.append(&mut parts.files);
    files.read_left_out(request, &named, sources, &mut loaded.diagnostics);
    files.report_strangers(request, &named, sources, &mut loaded.diagnostics);
    loaded.notes = parts.notes;
    loaded.desired.left_out = files.left_out_manifests;
    loaded.left_out = files.left_out;
    loaded
}

/// What was taken for a secret is not shown again, in whatever form problems are printed.
fn conceal_secrets(diagnostics: &Diagnostics, sources: &mut Sources) {
    let secrets = diagnostics
        .iter()
        .filter(|d| d.code == code::SECRET_LITERAL)
        .filter_map(|diagnostic| Some(diagnostic.primary.as_ref()?.span));
    sources.conceal(secrets);
}

/// What documents declare.
#[derive(Default)]
struct Declared {
    named: Vec<Declaration>,
    nameless: Vec<Nameless>,
}

/// A document whose name is missing. What is under its `spec` is checked all the same, so that all its problems are
/// reported at once.
struct Nameless {
    kind: &'static Kind,
    spec: Arc<Node>,
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

/// The metadata schemas by lower-case name: they decide how custom properties are read. A declared one
/// counts for more than that of another repository.
fn metadata_schemas(request: Request<'_>, manifests: &[Declaration]) -> BTreeMap<String, Value> {
    let foreign = request.foreign_schemas.iter().filter_map(|(name, body)| {
        let schema = MetadataSchemaView::of(body).schema()?;
        Some((name.to_ascii_lowercase(), schema.clone()))
    });
    let declared = manifests
        .iter()
        .filter(|declaration| declaration.kind.info.role == Role::MetadataSchema)
        .filter_map(|declaration| {
            Some((
                declaration.name.to_ascii_lowercase(),
                declaration.spec.get(MetadataSchemaView::SCHEMA)?.to_json(),
            ))
        });
    foreign.chain(declared).collect()
}

fn declare(
    request: Request<'_>,
    sources: &mut Sources,
    (declaration, metadata, documents): (
        &Declaration,
        &BTreeMap<String, Value>,
        &PreparedDocuments<'_>,
    ),
    (parts, paths): (&mut Parts, &mut SharedPaths),
    loaded: &mut Loaded,
) {
    let kind = declaration.kind;
    name::check(
        &declaration.name,
        declaration.name_place,
        &mut loaded.diagnostics,
    );
    let address = match kind.location {
        Location::Root(_) => {
            check_service_name(request, declaration, &mut loaded.diagnostics);
            Address::top(&kind.info, "")
        }
        _ => Address::top(&kind.info, declaration.qualified_name()),
    };
    let mut cx = SchemaCheckContext {
        sources,
        diagnostics: &mut loaded.diagnostics,
        metadata,
        about: Some(&address),
    };
    let Some(Value::Object(value)) =
        schema_check::check((kind.schema)(), &declaration.spec, &mut cx)
    else {
        loaded.desired.unread.insert(address);
        return;
    };
    Expansion {
        files: request.files,
        prepared: documents,
        sources,
        desired: &mut loaded.desired,
        paths,
        parts,
        diagnostics: &mut loaded.diagnostics,
    }
    .declare(Draft {
        kind,
        address,
        value,
        node: &declaration.spec,
        place: declaration.place,
        name_place: declaration.name_place,
        previously: declaration.qualified_former_names(),
    });
}

fn check_service_name(
    request: Request<'_>,
    declaration: &Declaration,
    diagnostics: &mut Diagnostics,
) {
    if request.service.is_empty() || declaration.name.eq_ignore_ascii_case(request.service) {
        return;
    }
    diagnostics.push(
        Diagnostic::error(
            code::SERVICE_NAME,
            format!(
                "the target `{}` is the service `{}`, not `{}`",
                request.target_name, request.service, declaration.name
            ),
        )
        .at(declaration.name_place, "another service")
        .help("write the name as a variable, such as `name: ${service}`, with a value per target"),
    );
}

/// The folders that manifests name as content, as they are written.
fn content_folders(manifests: &[Declaration]) -> impl Iterator<Item = &Node> {
    manifests.iter().filter_map(|declaration| {
        let content = declaration.kind.content.as_ref()?;
        content.is_folder().then_some(())?;
        Some(declaration.spec.get(content.field)?.as_ref())
    })
}

/// The files that definitions name, relative to the project.
fn document_files(sources: &Sources, manifests: &[Declaration]) -> BTreeSet<String> {
    fn walk(node: &Node, found: &mut Vec<(Span, String)>) {
        for entry in node.entries().into_iter().flatten() {
            if entry.key.text == DocumentSource::FILE
                && let Some(text) = entry.value.scalar_text()
            {
                found.push((entry.value.span, text.to_owned()));
            }
            walk(&entry.value, found);
        }
        node.items()
            .into_iter()
            .flatten()
            .for_each(|item| walk(item, found));
    }
    let mut found = Vec::new();
    manifests
        .iter()
        .for_each(|manifest| walk(&manifest.spec, &mut found));
    found
        .into_iter()
        .filter_map(|(span, file)| super::document::resolve(&sources.get(span.source).name, &file))
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .collect()
}
