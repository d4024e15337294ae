//! A file that is checked by itself, and the manifests that it is checked with.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::diagnostics::{Finding, Findings};
use super::facts::Facts;
use super::index::{FileIndex, Symbol};
use super::part_users::{PartUsers, part_users};
use crate::project::LoadedProject;

/// A description that more manifests name is not checked by itself (chosen here: some share one with all versions).
const MOST_MANIFESTS: usize = 20;

/// A file that is checked by itself.
pub(super) struct Subject<'a> {
    pub(super) file: &'a str,
    /// The manifest itself; or those that name the description.
    pub(super) manifests: Vec<(&'a str, &'a FileIndex)>,
    /// Whether it is a description, or a part of one.
    is_content: bool,
}

impl<'a> Subject<'a> {
    /// A file of a project; `None` for one that no manifest leads to.
    pub(super) fn of(facts: &'a Facts, file: &'a str) -> Option<Self> {
        Self::of_manifest(facts, file).or_else(|| Self::of_content(facts, file))
    }

    pub(super) fn of_manifest(facts: &'a Facts, file: &'a str) -> Option<Self> {
        let entries = facts.index.file(file)?;
        Some(Self {
            file,
            manifests: vec![(file, entries)],
            is_content: false,
        })
    }

    fn of_content(facts: &'a Facts, file: &'a str) -> Option<Self> {
        let with_parts = facts.part_users.get(file);
        let is_part_in = |manifest| with_parts.is_some_and(|all| all.contains(manifest));
        let leads_here = |entries: &FileIndex| entries.links.iter().any(|link| link.path == *file);
        let all = facts.index.files();
        let users = all.filter(|(name, entries)| is_part_in(*name) || leads_here(entries));
        let manifests: Vec<_> = users.take(MOST_MANIFESTS + 1).collect();
        let are_few = (1..=MOST_MANIFESTS).contains(&manifests.len());
        are_few.then_some(Self {
            file,
            manifests,
            is_content: true,
        })
    }

    /// Whether no other file is checked by what it says.
    pub(super) fn is_by_itself(&self) -> bool {
        let mut manifests = self.manifests.iter();
        manifests.all(|(_, entries)| !entries.is_for_all && !entries.is_overlay)
    }

    /// Whether what is known of its manifests is about earlier texts.
    pub(super) fn is_stale(&self) -> bool {
        self.manifests.iter().any(|(_, entries)| entries.is_stale)
    }

    /// The file, and those by which it is checked: those by which all are, and those that declare or change the same
    /// resources.
    pub(super) fn related(&self, facts: &Facts) -> BTreeSet<String> {
        let declarations = self.manifests.iter();
        let declarations = declarations.flat_map(|(_, entries)| &entries.declarations);
        let declared: BTreeSet<&Symbol> = declarations.map(|it| &it.symbol).collect();
        let is_repeated = |symbol: &&Symbol| facts.index.is_repeated(symbol);
        let is_overlay = self.manifests.iter().any(|(_, entries)| entries.is_overlay);
        let is_shared = is_overlay || declared.iter().any(is_repeated);
        let others = facts.index.files().filter(|(_, its)| {
            let mut same = its
                .declarations
                .iter()
                .filter(|it| is_shared || it.is_overlay);
            its.is_for_all || same.any(|it| declared.contains(&it.symbol))
        });
        let manifests = self.manifests.iter().map(|(name, _)| *name);
        let all = others.map(|(other, _)| other).chain(manifests);
        all.chain([self.file]).map(str::to_owned).collect()
    }

    /// A hash of what other files are checked by; for a description, of what is found in other files.
    pub(super) fn footprint(&self, others: &Findings) -> u64 {
        let mut hash = DefaultHasher::new();
        if !self.is_content {
            // The entries of a text with a syntax error are those before it.
            let footprints = self.manifests.iter();
            footprints.for_each(|(_, entries)| entries.footprint.hash(&mut hash));
            return hash.finish();
        }
        for (file, findings) in others {
            for finding in findings {
                (file, finding.shown.message.as_str()).hash(&mut hash);
                let start = finding.shown.range.start;
                (start.line, start.character).hash(&mut hash);
            }
        }
        hash.finish()
    }

    /// The files that descriptions have parts in; `None` where an error hides it, and for a manifest, of which the
    /// footprint says enough.
    pub(super) fn parts(&self, own: &[Finding], project: &LoadedProject) -> Option<PartUsers> {
        let is_known = self.is_content && !own.iter().any(Finding::is_error);
        is_known.then(|| part_users(&project.desired, &project.sources))
    }
}
