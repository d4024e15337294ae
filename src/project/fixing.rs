//! Putting right what can have meant nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::loaded::LoadedProject;
use super::open_error::OpenError;
use crate::manifest::MOST_MANIFEST_BYTES;
use crate::manifest::source::ProjectFiles as _;
use crate::model::{
    Code, Deed, Diagnostic, Fix, Position, Source, TextEdit, edited_text, without_mark,
};

/// Rounds of fixing and reading again (chosen here): a fix can bring to light what needs another one.
const MOST_ROUNDS: usize = 20;

/// A problem that was fixed.
#[derive(Debug, Clone)]
pub struct FixedProblem {
    /// Path of the file, relative to the project.
    pub file: String,
    /// Where the problem was.
    pub position: Position,
    /// What kind of problem it was.
    pub code: Code,
    /// What it was.
    pub message: String,
    /// What was done, such as "wrote `true` in place of `yes`".
    pub deed: String,
}

/// A file with fixes.
#[derive(Debug, Clone)]
pub struct FixedFile {
    /// The text that was read.
    pub before: String,
    /// The text with the fixes.
    pub after: String,
}

/// What fixing did. Nothing is written yet.
#[derive(Debug, Clone, Default)]
pub struct Fixes {
    /// The problems that were fixed, in the order of fixing.
    pub problems: Vec<FixedProblem>,
    /// The files by their paths, relative to the project.
    pub files: BTreeMap<String, FixedFile>,
}

impl LoadedProject {
    /// Makes every fix that is certain, as unsaved texts, and checks everything again; what is left is in
    /// `diagnostics`. A file in which a fix would damage the YAML stays as it is.
    ///
    /// # Errors
    /// As [`reload`](Self::reload).
    pub fn fix_certain(&mut self) -> Result<Fixes, OpenError> {
        let mut fixes = Fixes::default();
        let mut untouchable = BTreeSet::new();
        for _ in 0..MOST_ROUNDS {
            let round = self.round(&untouchable);
            if round.is_empty() {
                break;
            }
            let broken_before = self.broken_files();
            for (path, file) in &round {
                self.set_unsaved(path.as_str(), file.after.as_str(), 0);
            }
            self.reload()?;
            let broken_after = self.broken_files();
            let broken: Vec<String> = round
                .keys()
                .filter(|path| !broken_before.contains(*path))
                .filter(|path| broken_after.contains(*path))
                .cloned()
                .collect();
            for path in &broken {
                self.set_unsaved(path.as_str(), round[path].before.as_str(), 0);
                untouchable.insert(path.clone());
            }
            if !broken.is_empty() {
                self.reload()?;
            }
            for (path, file) in round {
                if !broken.contains(&path) {
                    fixes.take(path, file);
                }
            }
        }
        Ok(fixes)
    }

    /// The files with the fixes of one round: those that do not get in each other's way.
    fn round(&self, untouchable: &BTreeSet<String>) -> BTreeMap<String, Round> {
        let mut by_file: BTreeMap<&str, Vec<(&Diagnostic, &Fix)>> = BTreeMap::new();
        for diagnostic in &self.diagnostics {
            let Some(fix) = diagnostic.fix.as_ref().filter(|fix| fix.is_certain()) else {
                continue;
            };
            let Some(first) = fix.edits.first() else {
                continue;
            };
            let name = self.sources.get(first.span.source).name.as_str();
            let others = by_file.entry(name).or_default();
            let is_free = others.iter().all(|(_, other)| are_apart(fix, other));
            if is_free && !untouchable.contains(name) {
                others.push((diagnostic, fix));
            }
        }
        by_file
            .into_iter()
            .filter_map(|(path, fixes)| Some((path.to_owned(), self.fixed(path, &fixes)?)))
            .collect()
    }

    /// A file with these fixes; none if it changed since it was checked.
    fn fixed(&self, path: &str, fixes: &[(&Diagnostic, &Fix)]) -> Option<Round> {
        let source = self.sources.by_name(path)?;
        let bytes = self.files.read(path, MOST_MANIFEST_BYTES).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let text = without_mark(&text);
        if fixes.is_empty() || !source.is_text(text) {
            return None;
        }
        Some(Round {
            after: edited_text(text, fixes.iter().flat_map(|(_, fix)| &fix.edits)),
            before: text.to_owned(),
            problems: fixes
                .iter()
                .map(|(diagnostic, fix)| problem(diagnostic, fix, source))
                .collect(),
        })
    }

    /// The files that are not well-formed.
    fn broken_files(&self) -> BTreeSet<String> {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.code.is_of_yaml())
            .filter_map(|diagnostic| Some(diagnostic.primary.as_ref()?.span.source))
            .map(|source| self.sources.get(source).name.clone())
            .collect()
    }
}

/// A file in one round.
struct Round {
    before: String,
    after: String,
    problems: Vec<FixedProblem>,
}

impl Fixes {
    fn take(&mut self, path: String, round: Round) {
        self.problems.extend(round.problems);
        let file = self.files.entry(path).or_insert_with(|| FixedFile {
            before: round.before,
            after: String::new(),
        });
        file.after = round.after;
    }
}

fn problem(diagnostic: &Diagnostic, fix: &Fix, source: &Source) -> FixedProblem {
    let span = match (&diagnostic.primary, fix.edits.first()) {
        (Some(label), _) => label.span.start,
        (None, Some(edit)) => edit.span.start,
        (None, None) => 0,
    };
    FixedProblem {
        file: source.name.clone(),
        position: source.position(span),
        code: diagnostic.code.clone(),
        message: diagnostic.message.clone(),
        deed: deed(fix, source),
    }
}

/// "wrote `true` in place of `yes`".
fn deed(fix: &Fix, source: &Source) -> String {
    let done = format!("{} {}", fix.deed.done(), fix.object);
    let old = match fix.edits.as_slice() {
        [TextEdit { span, .. }] if fix.deed == Deed::Write => source.text.get(span.start..span.end),
        _ => None,
    };
    match old {
        Some(old) if !old.is_empty() && !old.contains('\n') && old.len() <= 80 => {
            format!("{done} in place of `{old}`")
        }
        _ => done,
    }
}

/// Whether two fixes touch different places.
fn are_apart(one: &Fix, other: &Fix) -> bool {
    one.edits.iter().all(|edit| {
        let mut others = other.edits.iter().map(|edit| edit.span);
        let span = edit.span;
        others.all(|other| span.end < other.start || other.end < span.start)
    })
}
