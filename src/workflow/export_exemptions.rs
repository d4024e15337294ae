//! Exemptions for what an export declares although a rule is against it: the service has it, so the first
//! run of `validate` and `plan` must not fail because of it.

use std::collections::BTreeSet;

use crate::export::{self, EXEMPTIONS_FILE, Export};
use crate::manifest::source::ProjectFiles as _;
use crate::model::{Diagnostic, Exemption, LiveState, counted};
use crate::project::{FilesWithUnsaved, LoadedProject, OpenError};

/// Largest file of exemptions whose layout is kept, in bytes; a larger one is not read as a manifest either.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Loads the files of an export as they will be, and adds the file that accepts what is found. Entries of an
/// earlier export stay as people changed them, also those that have ended.
///
/// # Errors
/// If the files are not a project.
pub(super) fn add(
    project: &LoadedProject,
    mut files: FilesWithUnsaved,
    live: &LiveState,
    export: &mut Export,
) -> Result<(), OpenError> {
    for file in &export.files {
        let text = String::from_utf8_lossy(&file.bytes);
        files.set(file.path.clone(), text.into_owned(), 0);
    }
    let mut exported = project.with_files(files)?;
    exported.adopt_schemas(live)?;
    let plan = exported.plan(live, &exported.options);
    let written: BTreeSet<&str> = export.files.iter().map(|file| file.path.as_str()).collect();
    let is_written = |finding: &&Diagnostic| {
        !finding.addresses.is_empty()
            && finding.addresses.iter().all(|address| {
                let declared = exported.desired.resources.get(address);
                declared
                    .and_then(|declared| declared.place)
                    .is_some_and(|place| {
                        written.contains(exported.sources.get(place.source).name.as_str())
                    })
            })
    };
    let found: Vec<&Diagnostic> = exported
        .diagnostics
        .iter()
        .chain(&plan.diagnostics)
        .filter(|finding| export::accepts(finding))
        .filter(is_written)
        .collect();
    let accepted = plan.exempted.iter().map(|one| one.finding.clone());
    let used = exported.exemptions().sift(accepted).used;
    let (kept, idle): (Vec<(usize, &Exemption)>, Vec<_>) = exported
        .exemptions()
        .iter()
        .enumerate()
        .filter(|(_, one)| {
            exported.sources.get(one.acceptance.place.source).name == EXEMPTIONS_FILE
        })
        .partition(|(i, _)| used.contains(i));
    let count = found.len() + kept.len();
    let kept_entries = kept.into_iter().map(|(_, exemption)| exemption);
    let Some(mut file) = export::exemptions(found.iter().copied(), kept_entries) else {
        if !idle.is_empty() {
            export.notes.push(format!(
                "{EXEMPTIONS_FILE} accepts nothing that the service still has: remove it"
            ));
        }
        return Ok(());
    };
    if found.is_empty() && idle.is_empty() {
        // Comments and layout of the file are people's.
        file.bytes = exported
            .files
            .read(EXEMPTIONS_FILE, MOST_BYTES)
            .unwrap_or(file.bytes);
    }
    export.notes.push(format!(
        "{EXEMPTIONS_FILE} accepts what the service has against a rule ({}): fix it, and remove its entry",
        counted(count, "finding")
    ));
    export.files.push(file);
    export.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(())
}
