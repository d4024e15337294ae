//! What every manifest document has: apiVersion, kind, metadata.name and spec.

use std::sync::Arc;

use super::spelling::Fields;
use super::words::{did_you_mean, list};
use crate::model::{Diagnostic, Diagnostics, Span, code};
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
            Diagnostic::error(
                code::API_VERSION,
                format!("unknown apiVersion `{}`", node.scalar_text().unwrap_or("…")),
            )
            .at(node.first_span(), "not known")
            .help(format!("this program knows `{API_VERSION}`")),
        ),
    }
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
    for entry in node.entries().into_iter().flatten() {
        let name = entry.key.text.as_str();
        if !known.contains(&name) {
            diagnostics.push(
                Diagnostic::error(code::UNKNOWN_FIELD, format!("unknown field `{name}`"))
                    .at(entry.key.span, "no such field here")
                    .help(
                        did_you_mean(name, known).unwrap_or_else(|| {
                            format!("the fields here are {}", list(known, "and"))
                        }),
                    ),
            );
        }
    }
}
