//! Checks one file of a large project by itself, so that its problems show while it is typed in.
//!
//! It is read with the files that say how others are checked, and with the overlays that change it; a description, or a
//! part of one, with the manifests that name it. What only all files show, such as a name that another file declares too,
//! is found when the whole project is read. A file for which both found the same needs no further reading, until something
//! changes that other files depend on.

use std::collections::BTreeSet;

use super::diagnostics::{self, Finding};
use super::facts::{Facts, Proof};
use super::index::Symbol;
use super::lenses::Standings;
use super::subject::Subject;
use crate::manifest::source::ProjectFiles as _;
use crate::model::{Address, LiveState};
use crate::project::{FilesWithUnsaved, LoadOptions, LoadedProject};

/// Projects with more files than this are large (chosen here: smaller ones are read whole within a moment).
const MOST_READ_WHOLE: usize = 150;

/// What a file shows by itself.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) findings: Vec<Finding>,
    proof: Proof,
}

/// The problems of a file; `None` if the whole project has to be read to know them.
pub(super) fn check(
    facts: &Facts,
    file: &str,
    project: (&FilesWithUnsaved, &LoadOptions),
) -> Option<Checked> {
    let subject = subject(facts, file)?;
    let is_known = || facts.proofs.contains_key(file);
    match subject.is_by_itself() || is_known() {
        true => checked(facts, &subject, project),
        false => None,
    }
}

/// Whether nothing but the problems of a file can be others than when the whole project was read.
pub(super) fn is_enough(facts: &Facts, file: &str, checked: &Checked) -> bool {
    let proof = facts.proofs.get(file);
    proof.is_some_and(|proof| checked.proof.agrees_with(proof))
}

/// How the resources that a file declares stand to a live state; nothing of a file with errors.
pub(super) fn standings(
    facts: &Facts,
    file: &str,
    project: (&FilesWithUnsaved, &LoadOptions),
    live: &LiveState,
) -> Standings {
    let subject = Subject::of_manifest(facts, file);
    let Some(mut project) = subject.and_then(|subject| opened(facts, &subject, project)) else {
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
    let subject = subject(facts, file).filter(|subject| !subject.is_stale());
    let Some(found) = subject.and_then(|subject| checked(facts, &subject, project)) else {
        return;
    };
    let shown = |findings: &[Finding]| -> Vec<lsp_types::Diagnostic> {
        findings.iter().map(|one| one.shown.clone()).collect()
    };
    let whole = facts.findings.get(file).map_or(&[][..], Vec::as_slice);
    let nothing = BTreeSet::new();
    let accepted = facts.accepted.get(file).unwrap_or(&nothing);
    if shown(&found.findings) == shown(whole) && found.proof.accepted.as_ref() == Some(accepted) {
        facts.proofs.insert(file.to_owned(), found.proof);
    }
}

/// A file of a large project.
fn subject<'a>(facts: &'a Facts, file: &'a str) -> Option<Subject<'a>> {
    match facts.index.len() > MOST_READ_WHOLE {
        true => Subject::of(facts, file),
        false => None,
    }
}

fn checked(
    facts: &Facts,
    subject: &Subject<'_>,
    project: (&FilesWithUnsaved, &LoadOptions),
) -> Option<Checked> {
    let project = opened(facts, subject, project)?;
    let mut findings = diagnostics::findings(&project);
    let mut accepted = diagnostics::accepted(&project);
    let own = findings.remove(subject.file).unwrap_or_default();
    let proof = Proof {
        footprint: subject.footprint(&findings),
        parts: subject.parts(&own, &project),
        accepted: (!subject.is_stale()).then(|| accepted.remove(subject.file).unwrap_or_default()),
    };
    Some(Checked {
        findings: own,
        proof,
    })
}

/// The project as far as it concerns a file.
fn opened(
    facts: &Facts,
    subject: &Subject<'_>,
    (files, options): (&FilesWithUnsaved, &LoadOptions),
) -> Option<LoadedProject> {
    let options = LoadOptions {
        elsewhere: elsewhere(facts, subject),
        ..options.clone()
    };
    let mut listed = subject.related(facts);
    listed.insert(files.project_file().to_owned());
    let mut files = files.clone();
    files.list_only(listed);
    LoadedProject::of_files(files, options).ok()
}

/// The resources that a file refers to which others declare. Where none does, all that may be meant.
fn elsewhere(facts: &Facts, subject: &Subject<'_>) -> BTreeSet<Address> {
    let uses = subject
        .manifests
        .iter()
        .flat_map(|(_, entries)| &entries.uses);
    let uses = uses.map(|one| &one.symbol);
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::editor::index::FileIndexes;
    use crate::manifest::source::DiskFiles;
    use crate::model::Source;

    const DESCRIPTION: &str = "shop.json";

    fn api(name: &str, more: &str) -> String {
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {name}}}\nspec: {{title: {name}, kind: rest{more}}}\n"
        )
    }

    /// A project of more files than are read whole, one of which names a description.
    fn large(root: &Path) -> FilesWithUnsaved {
        let write = |name: &str, text: &str| fs::write(root.join(name), text).unwrap();
        write(
            "apicenter.yaml",
            "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: large}\nspec: {targets: {local: {emulator: {}}}}\n",
        );
        for number in 0..=MOST_READ_WHOLE {
            let name = format!("api-{number}");
            write(&format!("{name}.yaml"), &api(&name, ""));
        }
        let versions = ", versions: [{name: v1, title: v1, lifecycleStage: design, definitions: \
                        [{name: openapi, title: OpenAPI, source: {file: shop.json}}]}]";
        write("shop.yaml", &api("shop", versions));
        write(DESCRIPTION, &description("{}"));
        write("part.json", "{}");
        FilesWithUnsaved::new(DiskFiles::find(root).unwrap())
    }

    fn description(paths: &str) -> String {
        format!(
            r#"{{"openapi": "3.0.3", "info": {{"title": "Shop", "version": "1"}}, "paths": {paths}}}"#
        )
    }

    #[test]
    fn a_description_is_checked_by_itself_until_it_has_other_parts() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = large(folder.path());
        let options = LoadOptions::default();
        let mut facts = Facts::read(files.clone(), options.clone(), &FileIndexes::new());
        assert_eq!(facts.findings.get(DESCRIPTION).map(Vec::len), None);
        let first = check(&facts, DESCRIPTION, (&files, &options)).unwrap();
        assert!(!is_enough(&facts, DESCRIPTION, &first), "not proven yet");
        prove(&mut facts, DESCRIPTION, (&files, &options));
        for (paths, findings, is_all) in [
            ("{}", 0, true),
            ("{", 1, true),
            (r#"{"/orders": {}}"#, 0, true),
            (r#"{"/orders": {"$ref": "part.json"}}"#, 0, false),
        ] {
            files.set(DESCRIPTION, description(paths), 2);
            facts.index_text(&Source::new(
                DESCRIPTION.to_owned(),
                description(paths).into(),
            ));
            let found = check(&facts, DESCRIPTION, (&files, &options)).unwrap();
            assert_eq!(found.findings.len(), findings, "{paths}: {found:#?}");
            assert_eq!(is_enough(&facts, DESCRIPTION, &found), is_all, "{paths}");
        }
        // No manifest leads to it.
        assert!(check(&facts, "part.json", (&files, &options)).is_none());
    }
}
