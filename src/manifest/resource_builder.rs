//! From one checked document to the resources that it declares.

use std::sync::Arc;

use serde_json::Value;

use super::described::{CheckedDocument, Described};
use super::document::{self, Documents};
use super::draft::Draft;
use super::former_names;
use super::prepared::PreparedDocuments;
use super::source::ProjectFiles;
use super::split::Parts;
use crate::kinds::{ContentForm, DocumentSource, PREVIOUSLY};
use crate::model::view::ApiVersionView;
use crate::model::{
    Certainty, DesiredResource, DesiredState, Diagnostic, Diagnostics, Document, FieldPath,
    FieldPlaces, Fix, LinkedDocument, Origin, SharedPaths, Sources, Span, code, compact,
    field_path, is_version_within, states_version,
};
use crate::yaml::Node;

/// What definitions are called whose documents state their format in a key of their own.
const STATED_FORMATS: [&str; 3] = ["openapi", "swagger", "asyncapi"];

/// Turns drafts into resources and collects them.
pub(super) struct Expansion<'a> {
    pub(super) files: &'a dyn ProjectFiles,
    pub(super) prepared: &'a PreparedDocuments<'a>,
    pub(super) sources: &'a mut Sources,
    pub(super) desired: &'a mut DesiredState,
    pub(super) paths: &'a mut SharedPaths,
    /// What documents bring along that are split into several files.
    pub(super) parts: &'a mut Parts,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl Expansion<'_> {
    pub(super) fn declare(&mut self, mut draft: Draft<'_>) {
        if let Some(first) = self.desired.resources.get(&draft.address) {
            let message = format!("{} is declared twice", draft.address);
            let mut diagnostic = Diagnostic::error(code::DUPLICATE_RESOURCE, message)
                .at(draft.name_place, "declared again here")
                .help("names are compared without case; rename one of the two or remove it");
            if let Some(span) = first.place_of("name") {
                diagnostic = diagnostic.related(span, "first declared here");
            }
            self.diagnostics.push(diagnostic);
            self.desired.unread.insert(draft.address);
            return;
        }
        let mut places = Places(vec![("name".to_owned(), draft.name_place, None)]);
        let skipped: Vec<&str> = draft
            .kind
            .children
            .iter()
            .map(|child| child.field)
            .collect();
        places.collect("", draft.node, &skipped);
        let children = self.take_children(&mut draft);
        draft.value.shift_remove("name");
        draft.value.shift_remove(PREVIOUSLY);
        let document = match draft.kind.content.as_ref().map(|content| content.form) {
            Some(ContentForm::Document { format_field }) => {
                self.take_document(&mut draft, format_field)
            }
            Some(ContentForm::Folder(rules)) => self.take_folder(&mut draft, rules),
            None => None,
        };
        let mut resource = draft.kind.declared(draft.address.clone(), draft.value);
        resource.body = compact(resource.body);
        let declared = DesiredResource {
            resource: Arc::new(resource),
            place: Some(draft.place),
            places: FieldPlaces::new(places.0, self.paths),
            document: document.map(Arc::new),
        };
        former_names::declare(&draft.address, draft.previously, self.desired);
        self.desired.resources.insert(draft.address, declared);
        for child in children {
            self.declare(child);
        }
    }

    fn take_children<'n>(&mut self, draft: &mut Draft<'n>) -> Vec<Draft<'n>> {
        let mut drafts = Vec::new();
        for child in draft.kind.children {
            let node = draft.node.get(child.field);
            let Some(Value::Array(values)) = draft.value.shift_remove(child.field) else {
                if node.is_some_and(|node| !node.is_null()) {
                    self.desired.unread.insert(draft.address.clone());
                }
                continue;
            };
            let nodes = node.and_then(|node| node.items());
            for (value, node) in values.into_iter().zip(nodes.unwrap_or_default()) {
                let Value::Object(value) = value else {
                    self.desired.unread.insert(draft.address.clone());
                    continue;
                };
                let (Some(name), Some(name_node)) =
                    (value.get("name").and_then(Value::as_str), node.get("name"))
                else {
                    self.desired.unread.insert(draft.address.clone());
                    continue;
                };
                drafts.push(Draft {
                    kind: child.kind,
                    address: draft.address.child(&child.kind.info, name),
                    name_place: name_node.span,
                    place: node.first_span(),
                    previously: former_names::of_item(node),
                    node,
                    value,
                });
            }
        }
        drafts
    }

    /// Reads the document that a resource names and replaces its source by the document's digest.
    fn take_document(&mut self, draft: &mut Draft<'_>, format_field: &str) -> Option<Document> {
        let field = draft.kind.content.as_ref()?.field;
        let Some(Value::Object(source)) = draft.value.shift_remove(field) else {
            self.check_lone_format(draft, field, format_field);
            return None;
        };
        let node = draft.node.get(field)?;
        let source = DocumentSource::of(&source)?;
        if let Some(diagnostic) = mistaken_source(&source, node, self.sources) {
            self.diagnostics.push(diagnostic);
            return None;
        }
        let place = node
            .get(source.field())
            .map_or(node.span, |value| value.span);
        let elsewhere = |origin| LinkedDocument { origin, place };
        let mut documents = Documents {
            files: self.files,
            prepared: self.prepared,
            sources: self.sources,
            parts: self.parts,
            diagnostics: self.diagnostics,
        };
        let (checked, file) = match source {
            DocumentSource::File(file) => (documents.file(place, file)?, Some(file)),
            DocumentSource::Inline(inline) => (documents.text(inline, place)?, None),
            DocumentSource::Url(url) => {
                let link = elsewhere(Origin::Url(url.to_owned()));
                self.desired.links.insert(draft.address.clone(), link);
                return None;
            }
            DocumentSource::ApiManagement { resource_id, api } => {
                let link = elsewhere(Origin::ApiManagement {
                    resource_id: resource_id.to_owned(),
                    api: api.to_owned(),
                });
                self.desired.links.insert(draft.address.clone(), link);
                return None;
            }
        };
        self.check_document(draft, format_field, &checked, file, place);
        let described = checked.described;
        let value = described.specification_value(draft.value.get(format_field));
        draft.value.insert(format_field.to_owned(), value);
        let digest = Value::String(described.document.digest.clone());
        draft.value.insert(field.to_owned(), digest);
        Some(described.document)
    }

    /// The format is imported with a document; alone it would never reach the service.
    fn check_lone_format(&mut self, draft: &Draft<'_>, field: &str, format_field: &str) {
        if let Some(span) = draft.node.entry(format_field).map(|entry| entry.key.span) {
            self.diagnostics.push(
                Diagnostic::warning(
                    code::SPECIFICATION_ALONE,
                    format!("`{format_field}` has no effect without `{field}`"),
                )
                .at(span, "there is no document for this to describe")
                .help(format!("add `{field}`, or remove `{format_field}`")),
            );
        }
    }

    fn check_document(
        &mut self,
        draft: &Draft<'_>,
        format_field: &str,
        checked: &CheckedDocument,
        file: Option<&str>,
        place: Span,
    ) {
        let described = &checked.described;
        match &described.problem {
            None => {
                self.check_format(draft, format_field, described);
                self.check_version(draft, described, place);
                if described.specification.name == "other" {
                    self.check_unstated(draft, format_field, place);
                }
                let document = &described.document;
                for oddity in &checked.oddities {
                    let oddity = oddity.clone();
                    let diagnostic = document::odd(self.sources, file, document, place, oddity);
                    self.diagnostics.push(diagnostic.of(&draft.address));
                }
                let imports = &checked.imports;
                let imported = document::imported(self.sources, file, document, place, imports);
                let imported = imported.map(|diagnostic| diagnostic.about(&draft.address));
                self.diagnostics.extend(imported);
            }
            Some(problem) => {
                let document = &described.document;
                let diagnostic = document::invalid(self.sources, file, document, place, problem);
                self.diagnostics.push(diagnostic.about(&draft.address));
            }
        }
    }

    /// A text that states no format, where one is announced that every document of it states.
    fn check_unstated(&mut self, draft: &Draft<'_>, format_field: &str, place: Span) {
        let declared = draft
            .node
            .get(format_field)
            .and_then(|node| node.get("name"));
        let title = draft.node.get("title");
        let name = draft.node.get("name");
        let candidates = match declared {
            Some(declared) => [Some(declared), None],
            None => [name, title],
        };
        let announced = candidates.into_iter().flatten().find_map(|node| {
            let text = node.scalar_text()?;
            let mut formats = STATED_FORMATS.into_iter();
            let is_one = formats.any(|format| text.eq_ignore_ascii_case(format));
            is_one.then_some((text, node.span))
        });
        if let Some((text, span)) = announced {
            self.diagnostics.push(
                Diagnostic::warning(
                    code::SPECIFICATION_MISMATCH,
                    format!("called `{text}`, but the document does not state a version of it"),
                )
                .at(place, "this document")
                .related(span, "called so here")
                .help("name the right document, or give the definition the name of what it is"),
            );
        }
    }

    /// A document that was replaced by that of the next version would be published under the old one.
    fn check_version(&mut self, draft: &Draft<'_>, described: &Described, place: Span) {
        let description = described.description.as_ref();
        let Some(stated) = description.and_then(|it| it.stated_version.as_deref()) else {
            return;
        };
        let Some(version) = draft.address.parent() else {
            return;
        };
        let declared = self.desired.resources.get(&version);
        let title = declared.and_then(|it| ApiVersionView::of(&it.resource.body).title());
        let names: Vec<&str> = [Some(version.name()), title]
            .into_iter()
            .flatten()
            .collect();
        let differs = |name: &&str| states_version(name) && !is_version_within(stated, name);
        if !states_version(stated)
            || !names.iter().any(differs)
            || names.iter().any(|name| is_version_within(stated, name))
        {
            return;
        }
        let mut diagnostic = Diagnostic::warning(
            code::VERSION_MISMATCH,
            format!(
                "the document states version `{stated}`, but belongs to version `{}`",
                version.name()
            ),
        )
        .at(place, "this document")
        .help(
            "`apicenter import openapi FILE` adds it as a version of its own; or change the version's \
             `title` to the one that the document states",
        );
        if let Some(span) = declared.and_then(|it| it.place_of("title")) {
            diagnostic = diagnostic.related(span, "the version");
        }
        self.diagnostics.push(diagnostic);
    }

    fn check_format(&mut self, draft: &Draft<'_>, format_field: &str, described: &Described) {
        let Some(declared) = draft.node.get(format_field) else {
            return;
        };
        let found = &described.specification;
        let differs = |field: &str, stated: &str| {
            let node = declared.get(field)?;
            let said = node
                .scalar_text()
                .filter(|said| !said.eq_ignore_ascii_case(stated))?;
            Some((node.span, said.to_owned()))
        };
        if found.name == "other" {
            return;
        }
        if let Some((span, said)) = differs("name", &found.name) {
            self.diagnostics.push(
                Diagnostic::error(
                    code::SPECIFICATION_MISMATCH,
                    format!("declared as `{said}`, but the document is `{}`", found.name),
                )
                .at(span, "not what the document is")
                .help(format!(
                    "leave `{format_field}` out: it is read from the document"
                ))
                .about(&draft.address),
            );
        } else if let Some(stated) = &found.version
            && let Some((span, said)) = differs("version", stated)
            // An empty version says that there is none.
            && !said.is_empty()
            && !is_version_within(stated, &said)
        {
            self.diagnostics.push(
                Diagnostic::warning(
                    code::SPECIFICATION_MISMATCH,
                    format!("declared as version `{said}`, but the document states `{stated}`"),
                )
                .at(span, "not what the document states")
                .help("leave `version` out: it is read from the document"),
            );
        }
    }
}

/// An address that is given as a file, or a path that is given as an address.
fn mistaken_source(
    source: &DocumentSource<'_>,
    node: &Node,
    sources: &Sources,
) -> Option<Diagnostic> {
    let (text, code, what) = match source {
        DocumentSource::File(text) => (*text, code::DOCUMENT_MISSING, "an address, not a file"),
        // Another scheme than that of the web is not for this program to judge.
        DocumentSource::Url(text) if !text.trim().is_empty() && !text.contains(':') => {
            (*text, code::BAD_PATTERN, "a path, not an address")
        }
        _ => return None,
    };
    let field = DocumentSource::field_of(text);
    let entry = node
        .entry(source.field())
        .filter(|_| field != source.field())?;
    let has_variable = sources.text(entry.value.span).contains("${");
    let certainty = match DocumentSource::is_clearly(text) && !has_variable {
        true => Certainty::Certain,
        false => Certainty::Suggested,
    };
    Some(
        Diagnostic::error(code, format!("`{text}` is {what}"))
            .at(entry.value.span, what)
            .help(match certainty {
                Certainty::Certain => format!("write `{field}: {text}`"),
                Certainty::Suggested => format!("write `{field}: {text}`, or `https://` before it"),
            })
            .fix(Fix::write(certainty, entry.key.span, field)),
    )
}

/// Where the fields of a resource are written: values and keys.
struct Places(Vec<(FieldPath, Span, Option<Span>)>);

impl Places {
    fn collect(&mut self, path: &str, node: &Node, skipped: &[&str]) {
        for entry in node.entries().into_iter().flatten() {
            if path.is_empty() && skipped.contains(&entry.key.text.as_str()) {
                continue;
            }
            let path = field_path(path, &entry.key.text);
            let (value, key) = (entry.value.first_span(), entry.key.span);
            self.0.push((path.clone(), value, Some(key)));
            self.collect(&path, &entry.value, skipped);
        }
        for (i, item) in node.items().into_iter().flatten().enumerate() {
            let path = format!("{path}[{i}]");
            self.0.push((path.clone(), item.first_span(), None));
            self.collect(&path, item, skipped);
        }
    }
}
