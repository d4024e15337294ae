//! Checks one file of a large project by itself, so that its problems show while it is typed in.
//!
//! It is read with the files that say how others are checked, and with the overlays that change it. What only all files
//! show, such as a name that another file declares too, is found when the whole project is read. A file for which both
//! found the same needs no further reading, until something changes that other files depend on.

use std::collections::BTreeSet;

use super::diagnostics::{self, Accepted, Finding};
use super::facts::{Facts, Proof};
use super::index::{FileIndex, Symbol};
use super::lenses::Standings;
use crate::manifest::source::ProjectFiles as _;
use crate::model::{Address, LiveState};
use crate::project::{FilesWithUnsaved, LoadOptions, LoadedProject};

/// Projects with more files than this are large (chosen here: smaller ones are read whole within a moment).
const MOST_READ_WHOLE: usize = 150;

/// What a file shows by itself.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) findings: Vec<Finding>,
    accepted: BTreeSet<Accepted>,
}

/// The problems of a file; `None` if the whole project has to be read to know them.
pub(super) fn check(
    facts: &Facts,
    file: &str,
    project: (&FilesWithUnsaved, &LoadOptions),
) -> Option<Checked> {
    let is_known = || facts.proofs.contains_key(file);
    let entries = entries(facts, file)?;
    match is_by_itself(entries) || is_known() {
        true => checked(facts, (file, entries), project),
        false => None,
    }
}

/// Whether nothing but the problems of a file can be others than when the whole project was read.
pub(super) fn is_enough(facts: &Facts, file: &str, checked: &Checked) -> bool {
    let Some((proof, entries)) = facts.proofs.get(file).zip(facts.index.file(file)) else {
        return false;
    };
    // The entries of a text with a syntax error are those before it.
    proof.footprint == entries.footprint && (entries.is_stale || proof.accepted == checked.accepted)
}

/// How the resources that a file declares stand to a live state; nothing of a file with errors.
pub(super) fn standings(
    facts: &Facts,
    file: &str,
    project: (&FilesWithUnsaved, &LoadOptions),
    live: &LiveState,
) -> Standings {
    let entries = facts.index.file(file);
    let Some(mut project) = entries.and_then(|entries| opened(facts, (file, entries), project))
    else {
        return Standings::new();
    };
    // As a plan does, which knows the schemas of other repositories from the service.
    if project.adopt_schemas(live).is_err() {
        return Standings::new();
    }
    let has_errors = |findings: &Vec<Finding>| findings.iter().any(Finding::is_error);
    match diagnostics::findings(&project)
        .get(file)
        .is_some_and(has_errors)
    {
        true => Standings::new(),
        false => project.standings(live),
    }
}

/// Notes that a file can be checked by itself, if the whole project shows the same of it. Its text must be that which the
/// whole project was read with.
pub(super) fn prove(facts: &mut Facts, file: &str, project: (&FilesWithUnsaved, &LoadOptions)) {
    let entries = entries(facts, file).filter(|entries| !entries.is_stale);
    let Some((entries, found)) =
        entries.and_then(|entries| Some((entries, checked(facts, (file, entries), project)?)))
    else {
        return;
    };
    let proof = Proof {
        footprint: entries.footprint,
        accepted: found.accepted,
    };
    let shown = |findings: &[Finding]| -> Vec<lsp_types::Diagnostic> {
        findings.iter().map(|one| one.shown.clone()).collect()
    };
    let whole = facts.findings.get(file).map_or(&[][..], Vec::as_slice);
    let nothing = BTreeSet::new();
    let accepted = facts.accepted.get(file).unwrap_or(&nothing);
    if shown(&found.findings) == shown(whole) && proof.accepted == *accepted {
        facts.proofs.insert(file.to_owned(), proof);
    }
}

/// The entries of a file of a large project.
fn entries<'a>(facts: &'a Facts, file: &str) -> Option<&'a FileIndex> {
    let entries = facts.index.file(file)?;
    (facts.index.len() > MOST_READ_WHOLE).then_some(entries)
}

fn checked(
    facts: &Facts,
    (file, entries): (&str, &FileIndex),
    project: (&FilesWithUnsaved, &LoadOptions),
) -> Option<Checked> {
    let project = opened(facts, (file, entries), project)?;
    let mut findings = diagnostics::findings(&project);
    let mut accepted = diagnostics::accepted(&project);
    Some(Checked {
        findings: findings.remove(file).unwrap_or_default(),
        accepted: accepted.remove(file).unwrap_or_default(),
    })
}

/// The project as far as it concerns a file.
fn opened(
    facts: &Facts,
    (file, entries): (&str, &FileIndex),
    (files, options): (&FilesWithUnsaved, &LoadOptions),
) -> Option<LoadedProject> {
    let mut listed = related(facts, entries);
    listed.insert(file.to_owned());
    listed.insert(files.project_file().to_owned());
    let options = LoadOptions {
        elsewhere: elsewhere(facts, entries),
        ..options.clone()
    };
    let mut files = files.clone();
    files.list_only(listed);
    LoadedProject::of_files(files, options).ok()
}

/// The files by which one is checked: those by which all are, and those that declare or change the same resources.
fn related(facts: &Facts, entries: &FileIndex) -> BTreeSet<String> {
    let declarations = entries.declarations.iter();
    let declared: BTreeSet<&Symbol> = declarations.map(|it| &it.symbol).collect();
    let is_repeated = |symbol: &&Symbol| facts.index.is_repeated(symbol);
    let is_shared = entries.is_overlay || declared.iter().any(is_repeated);
    let others = facts.index.files().filter(|(_, its)| {
        let mut same = its
            .declarations
            .iter()
            .filter(|it| is_shared || it.is_overlay);
        its.is_for_all || same.any(|it| declared.contains(&it.symbol))
    });
    others.map(|(other, _)| other.to_owned()).collect()
}

/// The resources that a file refers to which others declare. Where none does, all that may be meant.
fn elsewhere(facts: &Facts, entries: &FileIndex) -> BTreeSet<Address> {
    let uses = entries.uses.iter().map(|one| &one.symbol);
    let (known, unknown): (Vec<&Symbol>, Vec<&Symbol>) =
        uses.partition(|symbol| facts.index.declares(symbol));
    let mut found: BTreeSet<Address> = known.into_iter().filter_map(address).cloned().collect();
    let kinds: BTreeSet<&str> = unknown
        .into_iter()
        .filter_map(|symbol| Some(address(symbol)?.kind().slug))
        .collect();
    if !kinds.is_empty() {
        let all = facts.index.declared().filter_map(address);
        found.extend(all.filter(|it| kinds.contains(it.kind().slug)).cloned());
    }
    found
}

fn address(symbol: &Symbol) -> Option<&Address> {
    match symbol {
        Symbol::Resource(address) => Some(address),
        _ => None,
    }
}

/// Whether no other file is checked by what it says.
fn is_by_itself(entries: &FileIndex) -> bool {
    !entries.is_for_all && !entries.is_overlay
}
