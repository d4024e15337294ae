//! The problems of a project, by file: what `validate` reports, at the same places.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lsp_types::{
    DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Range, TextEdit,
};

use super::places::{range_of, uri_of};
use crate::manifest::source::ProjectFiles as _;
use crate::model::{Address, Code, Diagnostic, FieldPath, Fix, Label, Severity, Sources, code};
use crate::output::help_text;
use crate::project::{LoadedProject, OpenError};

/// Where an editor says that problems come from.
const SOURCE: &str = "apicenter";

/// A problem in a file.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    /// What the editor shows.
    pub(super) shown: lsp_types::Diagnostic,
    pub(super) code: Code,
    /// The field that has it.
    pub(super) field: Option<FieldPath>,
    /// The edits that fix it.
    pub(super) fix: Option<FindingFix>,
    /// The resource for which an exemption can accept it.
    pub(super) acceptable: Option<Address>,
}

/// Edits of one file that fix a problem.
#[derive(Debug, Clone)]
pub(super) struct FindingFix {
    /// What they do.
    pub(super) title: String,
    /// Whether `validate --fix` makes them.
    pub(super) is_certain: bool,
    pub(super) file: String,
    pub(super) edits: Vec<TextEdit>,
}

impl Finding {
    pub(super) fn is_error(&self) -> bool {
        self.shown.severity == Some(DiagnosticSeverity::ERROR)
    }

    fn of(diagnostic: &Diagnostic, project: &LoadedProject) -> Self {
        let accepted = diagnostic.addresses.first().cloned();
        let fix = diagnostic.fix.as_ref();
        Self {
            shown: shown(diagnostic, &project.sources, project.files.root()),
            code: diagnostic.code.clone(),
            field: diagnostic.path.clone(),
            fix: fix.and_then(|fix| finding_fix(fix, &project.sources)),
            acceptable: accepted.filter(|_| diagnostic.is_acceptable()),
        }
    }
}

fn finding_fix(fix: &Fix, sources: &Sources) -> Option<FindingFix> {
    let source = sources.get(fix.edits.first()?.span.source);
    let words = fix.to_string();
    let mut letters = words.chars();
    let first = letters.next()?.to_uppercase();
    let edits = fix.edits.iter().map(|edit| TextEdit {
        range: range_of(source, edit.span.start, edit.span.end),
        new_text: edit.text.clone(),
    });
    Some(FindingFix {
        title: first.chain(letters).collect(),
        is_certain: fix.is_certain(),
        file: source.name.clone(),
        edits: edits.collect(),
    })
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
        let finding = Finding::of(diagnostic, project);
        by_file.entry(file).or_default().push(finding);
    }
    by_file
}

/// A problem that an exemption accepts: its code, and the resource and field that have it.
pub(super) type Accepted = (Code, Option<Address>, Option<FieldPath>);

/// The problems that exemptions accept, by file.
pub(super) fn accepted(project: &LoadedProject) -> BTreeMap<String, BTreeSet<Accepted>> {
    let mut by_file: BTreeMap<String, BTreeSet<Accepted>> = BTreeMap::new();
    for exempted in &project.exempted {
        let finding = &exempted.finding;
        if let Some(label) = &finding.primary {
            let file = project.sources.get(label.span.source).name.clone();
            let address = finding.addresses.first().cloned();
            let accepted = (finding.code.clone(), address, finding.path.clone());
            by_file.entry(file).or_default().insert(accepted);
        }
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
    let finding = Finding {
        shown,
        code: code::PROJECT_SETTING,
        field: None,
        fix: None,
        acceptable: None,
    };
    Findings::from([(project_file.to_owned(), vec![finding])])
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
