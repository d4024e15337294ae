//! What every manifest document has: apiVersion, kind, metadata.name and spec.

use std::sync::Arc;

use super::spelling::{Fields, misspelt};
use super::wording::{is_surely, list, meant};
use crate::model::{Certainty, Diagnostic, Diagnostics, Fix, Span, code};
use crate::yaml::Node;

/// The apiVersion of every manifest.
pub const API_VERSION: &str = "apicenter/v1";

const FIELDS: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

/// The parts of a document that every kind has.
pub(super) struct Header {
    pub(super) kind: Option<(String, Span)>,
    pub(super) name: Option<(String, Span)>,
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
pub(super) fn header(root: &Node, diagnostics: &mut Diagnostics) -> Header {
    api_version(root, diagnostics);
    unknown(root, &FIELDS, diagnostics);
    let fields = Fields::of(root, &FIELDS);
    let kind = text(root, "kind", &fields, diagnostics);
    let part = |field| fields.entry(field).map(|entry| &entry.value);
    let name = match part("metadata") {
        Some(metadata) if metadata.entries().is_some() => {
            unknown(metadata, &["name"], diagnostics);
            let fields = Fields::of(metadata, &["name"]);
            text(metadata, "name", &fields, diagnostics)
        }
        Some(metadata) => {
            diagnostics.push(
                Diagnostic::error(code::WRONG_TYPE, "`metadata` is not a mapping")
                    .at(metadata.first_span(), "a mapping with `name` is expected"),
            );
            None
        }
        None => {
            report_missing(root, "metadata", diagnostics);
            None
        }
    };
    let spec = part("spec").filter(|spec| !spec.is_null());
    if spec.is_none() {
        report_missing(root, "spec", diagnostics);
    }
    Header {
        kind,
        name,
        spec: spec.map(Arc::clone),
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
    diagnostics.push(
        Diagnostic::error(code::MISSING_FIELD, format!("`{field}` is missing"))
            .at(node.first_span(), format!("`{field}` must be set here")),
    );
}

fn unknown(node: &Node, known: &[&str], diagnostics: &mut Diagnostics) {
    let fields = Fields::of(node, known);
    for entry in node.entries().into_iter().flatten() {
        let name = entry.key.text.as_str();
        if known.contains(&name) {
            continue;
        }
        diagnostics.push(match fields.meant(name) {
            Some(field) => misspelt(entry, field, known),
            None => Diagnostic::error(code::UNKNOWN_FIELD, format!("unknown field `{name}`"))
                .at(entry.key.span, "no such field here")
                .help(match meant(name, known) {
                    Some(field) => format!("did you mean `{field}`?"),
                    None => format!("the fields here are {}", list(known, "and")),
                }),
        });
    }
}
