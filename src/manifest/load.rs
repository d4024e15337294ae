//! From the files of a project to its desired state.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::declaration::Declaration;
use super::draft::Draft;
use super::folder::Named;
use super::gathered::{Gathered, Nameless};
use super::loaded::Loaded;
use super::prepared::PreparedDocuments;
use super::request::Request;
use super::resource_builder::Expansion;
use super::schema_check;
use super::schema_check_context::SchemaCheckContext;
use super::split::Parts;
use super::{former_names, name, ownership};
use crate::kinds::DocumentSource;
use crate::model::view::MetadataSchemaView;
use crate::model::{Diagnostic, Diagnostics, Role, SharedPaths, Sources, Span, code};
use crate::yaml::Node;

/// Reads every manifest of a project.
#[must_use]
pub fn load(request: Request<'_>, sources: &mut Sources) -> Loaded {
    let mut loaded = Loaded::default();
    let Gathered {
        mut files,
        manifests,
        nameless,
        folders,
    } = Gathered::of(request, sources, &mut loaded);
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
    if kind.location.is_root() {
        check_service_name(request, declaration, &mut loaded.diagnostics);
    }
    let address = declaration.address();
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

/// The files that definitions name, relative to the project.
pub(super) fn document_files(sources: &Sources, manifests: &[Declaration]) -> BTreeSet<String> {
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
