//! Checks one file of a large project by itself, so that its problems show while it is typed in.
//!
//! It is read with the files that say how others are checked, and with the overlays that change it. What only all files
//! show, such as a name that another file declares too, is found when the whole project is read.

use std::collections::BTreeSet;

use super::diagnostics::{self, Finding};
use super::facts::Facts;
use super::index::{FileIndex, Symbol};
use crate::manifest::source::ProjectFiles as _;
use crate::project::{FilesWithUnsaved, LoadOptions, LoadedProject};

/// Projects with more files than this are large (chosen here: smaller ones are read whole within a moment).
const MOST_READ_WHOLE: usize = 150;

/// The problems of a file; `None` if the whole project has to be read to know them.
pub(super) fn check(
    facts: &Facts,
    file: &str,
    (files, options): (&FilesWithUnsaved, &LoadOptions),
) -> Option<Vec<Finding>> {
    let entries = facts.index.file(file)?;
    if facts.index.len() <= MOST_READ_WHOLE || !is_by_itself(entries) {
        return None;
    }
    let mut listed = BTreeSet::from([file.to_owned(), files.project_file().to_owned()]);
    let declared: BTreeSet<&Symbol> = entries.declarations.iter().map(|it| &it.symbol).collect();
    for (other, its) in facts.index.files() {
        let changes_it = || {
            let mut overlays = its.declarations.iter().filter(|it| it.is_overlay);
            overlays.any(|it| declared.contains(&it.symbol))
        };
        if its.is_for_all || changes_it() {
            listed.insert(other.to_owned());
        }
    }
    let uses = entries.uses.iter().map(|one| &one.symbol);
    let elsewhere = uses.filter(|symbol| facts.index.declares(symbol));
    let options = LoadOptions {
        elsewhere: elsewhere
            .filter_map(|symbol| match symbol {
                Symbol::Resource(address) => Some(address.clone()),
                _ => None,
            })
            .collect(),
        ..options.clone()
    };
    let mut files = files.clone();
    files.list_only(listed);
    let project = LoadedProject::of_files(files, options).ok()?;
    let mut findings = diagnostics::findings(&project);
    Some(findings.remove(file).unwrap_or_default())
}

/// Whether no other file is checked by what it says.
fn is_by_itself(entries: &FileIndex) -> bool {
    let is_overlay = entries.declarations.iter().any(|it| it.is_overlay);
    !entries.is_for_all && !is_overlay
}
