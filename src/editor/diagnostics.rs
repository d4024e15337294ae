//! The problems of a project, by file: what `validate` reports, at the same places.

use std::collections::BTreeMap;
use std::path::Path;

use lsp_types::{
    DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Range,
};

use super::places::{range_of, uri_of};
use crate::manifest::source::ProjectFiles as _;
use crate::model::{Diagnostic, Label, Severity, Sources, code};
use crate::output::help_text;
use crate::project::{LoadedProject, OpenError};

/// Where an editor says that problems come from.
const SOURCE: &str = "apicenter";

/// A problem in a file.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    /// What the editor shows.
    pub(super) shown: lsp_types::Diagnostic,
}

/// Problems by file, in the order of the report.
pub(super) type Findings = BTreeMap<String, Vec<Finding>>;

/// The problems of a project. One without a place is at the start of the project file.
pub(super) fn findings(project: &LoadedProject) -> Findings {
    let mut by_file = Findings::new();
    for diagnostic in &project.diagnostics {
        let file = match &diagnostic.primary {
            Some(label) => project.sources.get(label.span.source).name.clone(),
            None => project.files.project_file().to_owned(),
        };
        let shown = shown(diagnostic, &project.sources, project.files.root());
        by_file.entry(file).or_default().push(Finding { shown });
    }
    by_file
}

/// Why a project cannot be opened, at the start of its project file.
pub(super) fn not_opened(project_file: &str, error: &OpenError) -> Findings {
    let shown = lsp_types::Diagnostic {
        severity: Some(DiagnosticSeverity::ERROR),
        code: Some(NumberOrString::String(code::PROJECT_SETTING.to_string())),
        source: Some(SOURCE.to_owned()),
        message: error.to_string(),
        ..lsp_types::Diagnostic::default()
    };
    Findings::from([(project_file.to_owned(), vec![Finding { shown }])])
}

fn shown(diagnostic: &Diagnostic, sources: &Sources, root: &Path) -> lsp_types::Diagnostic {
    let primary = diagnostic.primary.as_ref();
    let message = match help_text(diagnostic) {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let related: Vec<DiagnosticRelatedInformation> = diagnostic
        .related
        .iter()
        .filter_map(|label| related(label, sources, root))
        .collect();
    lsp_types::Diagnostic {
        range: primary.map_or_else(Range::default, |label| range_of_label(label, sources)),
        severity: Some(match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(diagnostic.code.to_string())),
        source: Some(SOURCE.to_owned()),
        message,
        related_information: Some(related).filter(|related| !related.is_empty()),
        ..lsp_types::Diagnostic::default()
    }
}

fn related(label: &Label, sources: &Sources, root: &Path) -> Option<DiagnosticRelatedInformation> {
    let source = sources.get(label.span.source);
    Some(DiagnosticRelatedInformation {
        location: Location {
            uri: uri_of(&root.join(&source.name))?,
            range: range_of_label(label, sources),
        },
        message: label.text.clone(),
    })
}

fn range_of_label(label: &Label, sources: &Sources) -> Range {
    let source = sources.get(label.span.source);
    range_of(source, label.span.start, label.span.end)
}
