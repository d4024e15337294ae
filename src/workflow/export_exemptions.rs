//! Exemptions for what an export or a backup declares although a rule is against it: the service has it, so the first
//! run of `validate` and `plan` must not fail because of it.

use std::collections::BTreeSet;

use crate::export::{self, EXEMPTIONS_FILE, ExportFile};
use crate::manifest::MOST_MANIFEST_BYTES;
use crate::manifest::source::ProjectFiles as _;
use crate::model::{Diagnostic, Exemption, LiveState, Severity, counted};
use crate::project::{FilesWithUnsaved, LoadedProject, OpenError};

/// What is written to a project, and what has to be said about it.
pub(super) struct Written<'a> {
    pub(super) files: &'a mut Vec<ExportFile>,
    pub(super) notes: &'a mut Vec<String>,
}

/// Loads the files of an export or an import as they will be, and adds the file that accepts what is found. Entries
/// of an earlier one stay as people changed them, also those that have ended. `live` is what was exported; of a
/// backup, only the errors in its manifests are accepted.
///
/// # Errors
/// If the files are not a project.
pub(super) fn add(
    project: &LoadedProject,
    mut files: FilesWithUnsaved,
    live: Option<&LiveState>,
    into: Written<'_>,
) -> Result<(), OpenError> {
    for file in into.files.iter() {
        let text = String::from_utf8_lossy(&file.bytes);
        files.set(file.path.clone(), text.into_owned(), 0);
    }
    let mut exported = project.with_files(files)?;
    let plan = match live {
        Some(live) => {
            exported.adopt_schemas(live)?;
            Some(exported.plan(live, &exported.options))
        }
        None => None,
    };
    let (planned, exempted) = match &plan {
        Some(plan) => (plan.diagnostics.as_slice(), &plan.exempted),
        None => ([].as_slice(), &exported.exempted),
    };
    let written: BTreeSet<&str> = into.files.iter().map(|file| file.path.as_str()).collect();
    let is_written = |finding: &&Diagnostic| is_about(finding, &exported, &written);
    let found: Vec<&Diagnostic> = exported
        .diagnostics
        .iter()
        .chain(planned)
        .filter(|finding| export::accepts(finding))
        // Where nothing is adopted yet, warnings are worth reading.
        .filter(|finding| live.is_some() || finding.severity == Severity::Error)
        .filter(is_written)
        .collect();
    if live.is_none() && found.is_empty() {
        // What people accepted themselves says nothing about the backup.
        return Ok(());
    }
    let accepted = exempted.iter().map(|one| one.finding.clone());
    let used = exported.exemptions().sift(accepted).used;
    let (kept, idle): (Vec<(usize, &Exemption)>, Vec<_>) = entries(&exported)
        // What only a plan finds is not known without one.
        .partition(|(i, _)| live.is_none() || used.contains(i));
    let count = found.len() + kept.len();
    let kept_entries = kept.into_iter().map(|(_, exemption)| exemption);
    let Some(mut file) = export::exemptions(found.iter().copied(), kept_entries) else {
        if !idle.is_empty() {
            into.notes.push(format!(
                "{EXEMPTIONS_FILE} accepts nothing that the service still has: remove it"
            ));
        }
        return Ok(());
    };
    if found.is_empty() && idle.is_empty() {
        // Comments and layout of the file are people's.
        file.bytes = exported
            .files
            .read(EXEMPTIONS_FILE, MOST_MANIFEST_BYTES)
            .unwrap_or(file.bytes);
    }
    into.notes.push(format!(
        "{EXEMPTIONS_FILE} accepts what the service has against a rule ({}): fix it, and remove its entry",
        counted(count, "finding")
    ));
    into.files.push(file);
    into.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(())
}

/// The entries of the file that this writes, each with its number among the exemptions of the project.
fn entries(project: &LoadedProject) -> impl Iterator<Item = (usize, &Exemption)> {
    let file_of = |one: &Exemption| &project.sources.get(one.acceptance.place.source).name;
    let all = project.exemptions().iter().enumerate();
    all.filter(move |(_, one)| file_of(one) == EXEMPTIONS_FILE)
}

/// Whether a finding is about resources that some files declare, and about nothing else.
fn is_about(finding: &Diagnostic, project: &LoadedProject, files: &BTreeSet<&str>) -> bool {
    let mut addresses = finding.addresses.iter();
    !finding.addresses.is_empty()
        && addresses.all(|address| {
            let declared = project.desired.resources.get(address);
            let place = declared.and_then(|declared| declared.place);
            place.is_some_and(|place| {
                files.contains(project.sources.get(place.source).name.as_str())
            })
        })
}
