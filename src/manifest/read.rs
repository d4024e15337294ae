//! What every manifest document has: apiVersion, kind, metadata.name and spec.

use std::sync::Arc;

use serde_json::Value;

use super::former_names::{self, WrittenNames};
use super::misplaced::misplaced;
use super::spelling::{Fields, misspelt};
use super::wording::{is_surely, list, meant};
use crate::kinds::{self, PREVIOUSLY};
use crate::model::{Certainty, Deed, Diagnostic, Diagnostics, Fix, Sources, Span, TextEdit, code};
use crate::yaml::{Entry, Node, scalar_on_one_line};

/// The apiVersion of every manifest.
pub const API_VERSION: &str = "apicenter/v1";

/// The field that says that a document is a manifest.
pub(super) const VERSION_FIELD: &str = "apiVersion";

const FIELDS: [&str; 4] = [VERSION_FIELD, "kind", "metadata", "spec"];

const METADATA_FIELDS: [&str; 2] = ["name", PREVIOUSLY];

/// The metadata of what is not renamed: the service, and documents that declare no resource.
const NAME_ALONE: [&str; 1] = ["name"];

/// What to write for a field of these that is missing.
const MISSING_HELP: [(&str, &str); 4] = [
    ("apiVersion", "write `apiVersion: apicenter/v1`"),
    ("metadata", "write `metadata: {name: NAME}`"),
    (
        "name",
        "write `name: NAME`: the name of the resource in addresses and references",
    ),
    (
        "kind",
        "write `kind: KIND`; `apicenter explain` lists the kinds",
    ),
];

/// The parts of a document that every kind has.
pub(super) struct Header {
    pub(super) kind: Option<(String, Span)>,
    pub(super) name: Option<(String, Span)>,
    /// The names that the resource had before.
    pub(super) previously: WrittenNames,
    pub(super) spec: Option<Arc<Node>>,
}

impl Header {
    /// Whether the document says that it is of this kind.
    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind.as_ref().is_some_and(|(name, _)| name == kind)
    }
}

/// Whether a document claims to be a manifest.
pub(super) fn is_manifest(root: &Node) -> bool {
    root.get("apiVersion")
        .and_then(|node| node.scalar_text())
        .is_some_and(|version| version.starts_with("apicenter/"))
}

/// The header of a manifest; what is missing or wrong is reported.
///
/// The schema of a kind says which fields are under `spec`.
pub(super) fn header(
    root: &Node,
    sources: &Sources,
    schema_of: impl Fn(&str) -> Option<&'static Value>,
    diagnostics: &mut Diagnostics,
) -> Header {
    api_version(root, diagnostics);
    let fields = Fields::of(root, &FIELDS);
    let kind = text(root, "kind", &fields, diagnostics);
    let part = |field| fields.entry(field).map(|entry| &entry.value);
    let metadata = part("metadata");
    let spec_schema = kind.as_ref().and_then(|(kind, _)| schema_of(kind));
    let kind_name = kind.as_ref().map(|(kind, _)| kind.as_str());
    let metadata_fields = metadata_fields(kind_name, spec_schema);
    let mut holders: Vec<(&Node, &[&str])> = vec![(root, &FIELDS)];
    holders.extend(metadata.map(|metadata| (&**metadata, metadata_fields)));
    let found = misplaced(
        &holders,
        spec_schema,
        fields.entry("spec"),
        sources,
        diagnostics,
    );
    let is_reported = |entry: &Entry| found.is_reported(entry);
    unknown(root, &FIELDS, is_reported, diagnostics);
    let known = metadata_fields;
    let name = name_of(root, (metadata, known), is_reported, sources, diagnostics);
    let previously = metadata
        .filter(|_| known.contains(&PREVIOUSLY))
        .and_then(|metadata| metadata.get(PREVIOUSLY))
        .map(|list| former_names::read(list, diagnostics));
    let spec = part("spec").filter(|spec| !spec.is_null()).cloned();
    let spec = found.spec.or(spec);
    if spec.is_none() {
        report_missing(root, "spec", diagnostics);
    }
    Header {
        kind,
        name,
        previously: previously.unwrap_or_default(),
        spec,
    }
}

/// The fields of `metadata` in a document of a kind. One of a kind that is not known may have all.
fn metadata_fields(kind: Option<&str>, schema: Option<&Value>) -> &'static [&'static str] {
    let has_former_names = match kind.and_then(kinds::by_name) {
        Some(kind) => !kind.location.is_root(),
        None => schema.is_none(),
    };
    match has_former_names {
        true => &METADATA_FIELDS,
        false => &NAME_ALONE,
    }
}

/// The name of a document, with its place.
fn name_of(
    root: &Node,
    (metadata, known): (Option<&Arc<Node>>, &[&str]),
    is_reported: impl Fn(&Entry) -> bool,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<(String, Span)> {
    match metadata {
        Some(metadata) if metadata.entries().is_some() => {
            unknown(metadata, known, is_reported, diagnostics);
            let fields = Fields::of(metadata, known);
            text(metadata, "name", &fields, diagnostics)
        }
        Some(metadata) => {
            let written = scalar_on_one_line(metadata).filter(|_| !metadata.is_null());
            let name = written.as_ref().and(metadata.scalar_text());
            let name = name.map(|name| (name.to_owned(), metadata.first_span()));
            diagnostics.push(
                Diagnostic::error(code::WRONG_TYPE, "`metadata` is not a mapping")
                    .at(metadata.first_span(), "a mapping with `name` is expected")
                    .fix_opt(written.map(|name| {
                        let text = format!("{{name: {name}}}");
                        Fix::write(Certainty::Certain, metadata.span, text)
                    })),
            );
            name
        }
        None => {
            let name = root.entry("name").filter(|name| !name.value.is_null());
            let fix = name.and_then(|name| {
                let text = scalar_on_one_line(&name.value)?;
                // An alias is elsewhere, and an anchor is before the value.
                let between = name.key.span.end..name.value.span.start;
                let between = sources.get(root.span.source).text.get(between)?;
                if between.trim_matches(' ') != ":" {
                    return None;
                }
                let span = Span {
                    end: name.value.span.end,
                    ..name.key.span
                };
                let text = format!("metadata: {{name: {text}}}");
                Some(Fix::write(Certainty::Certain, span, text))
            });
            let mut diagnostic = missing(root, "metadata");
            diagnostic.help = diagnostic.help.filter(|_| fix.is_none());
            diagnostics.push(diagnostic.fix_opt(fix));
            None
        }
    }
}

fn api_version(root: &Node, diagnostics: &mut Diagnostics) {
    match root.get("apiVersion") {
        None => report_missing(root, "apiVersion", diagnostics),
        Some(node) if node.scalar_text() == Some(API_VERSION) => {}
        Some(node) => diagnostics.push(
            unknown_api_version(node)
                .help(format!("this program knows `{API_VERSION}`: write that"))
                .fix(api_version_fix(node)),
        ),
    }
}

/// An apiVersion that is not known.
pub(super) fn unknown_api_version(node: &Node) -> Diagnostic {
    let text = node.scalar_text().unwrap_or("…");
    Diagnostic::error(code::API_VERSION, format!("unknown apiVersion `{text}`"))
        .at(node.first_span(), "not known")
}

/// The only apiVersion there is, in the place of another one. Another version may have been meant.
pub(super) fn api_version_fix(node: &Node) -> Fix {
    let text = node.scalar_text().unwrap_or_default();
    let (group, version) = text.split_once('/').unwrap_or((text, ""));
    let (known_group, known_version) = API_VERSION.split_once('/').unwrap_or_default();
    let is_version = version.eq_ignore_ascii_case(known_version);
    let certainty = match is_version && is_surely(group, known_group, &[known_group]) {
        true => Certainty::Certain,
        false => Certainty::Suggested,
    };
    Fix::write(certainty, node.span, API_VERSION)
}

/// The line that a manifest without an apiVersion lacks, above its first key and indented like it.
pub(super) fn api_version_line(root: &Node, sources: &Sources) -> Option<Fix> {
    let at = root.entries()?.first()?.key.span;
    let text = &*sources.get(at.source).text;
    let before = &text[..at.start];
    let indent = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
    let is_block = at.start == root.span.start && indent.bytes().all(|byte| byte == b' ');
    let line = format!("{VERSION_FIELD}: {API_VERSION}");
    let object = format!("`{line}`");
    let span = Span {
        end: at.start,
        ..at
    };
    let text = format!("{line}\n{indent}");
    is_block.then(|| {
        Fix::new(
            Certainty::Certain,
            Deed::Add,
            object,
            vec![TextEdit { span, text }],
        )
    })
}

fn text(
    node: &Node,
    field: &str,
    fields: &Fields<'_, '_>,
    diagnostics: &mut Diagnostics,
) -> Option<(String, Span)> {
    let entry = fields.entry(field);
    let Some(value) = entry
        .map(|entry| &entry.value)
        .filter(|value| !value.is_null())
    else {
        report_missing(node, field, diagnostics);
        return None;
    };
    let Some(text) = value.scalar_text() else {
        diagnostics.push(
            Diagnostic::error(code::WRONG_TYPE, format!("`{field}` is not a text"))
                .at(value.first_span(), "a text is expected"),
        );
        return None;
    };
    Some((text.to_owned(), value.span))
}

fn report_missing(node: &Node, field: &str, diagnostics: &mut Diagnostics) {
    diagnostics.push(missing(node, field));
}

fn missing(node: &Node, field: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(code::MISSING_FIELD, format!("`{field}` is missing"))
        .at(node.first_span(), format!("`{field}` must be set here"));
    match MISSING_HELP.iter().find(|(name, _)| *name == field) {
        Some((_, help)) => diagnostic.help(*help),
        None => diagnostic,
    }
}

fn unknown(
    node: &Node,
    known: &[&str],
    is_reported: impl Fn(&Entry) -> bool,
    diagnostics: &mut Diagnostics,
) {
    let fields = Fields::of(node, known);
    for entry in node.entries().into_iter().flatten() {
        let name = entry.key.text.as_str();
        if known.contains(&name) || is_reported(entry) {
            continue;
        }
        diagnostics.push(match fields.meant(name) {
            Some(field) => misspelt(entry, field, known),
            None => Diagnostic::error(code::UNKNOWN_FIELD, format!("unknown field `{name}`"))
                .at(entry.key.span, "no such field here")
                .help(match meant(name, known) {
                    Some(field) => format!("did you mean `{field}`?"),
                    None if known.contains(&"spec") && name == "name" => {
                        "write it under `metadata`: `metadata: {name: NAME}`".to_owned()
                    }
                    None if !known.contains(&"spec") => format!(
                        "only {} {} allowed here; the fields of a resource are under `spec`",
                        list(known, "and"),
                        if known.len() == 1 { "is" } else { "are" }
                    ),
                    None => format!("the fields here are {}", list(known, "and")),
                }),
        });
    }
}
