//! What the files of a project name: declarations, references, variables and files, each with its place.
//!
//! It is made of each file by itself, so a change of a text changes the entries of one file only.

mod file;
mod names;
mod symbol;
mod walk;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use lsp_types::Position;

use crate::model::Source;
pub(super) use symbol::{Declaration, FileIndex, Symbol};

/// What all files name, by their paths within the project.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    files: FileIndexes,
    /// How many files declare a symbol in full.
    declared: HashMap<Symbol, usize>,
}

/// The entries of files by their paths. A copy shares them.
pub(super) type FileIndexes = BTreeMap<Arc<str>, Arc<FileIndex>>;

/// The entries of a text; those that are known already, if they are of the same text. `services` are the full ids of the
/// project's services.
pub(super) fn index_of(
    source: &Source,
    is_overlay: bool,
    services: &[String],
    known: Option<&Arc<FileIndex>>,
) -> Arc<FileIndex> {
    match known.filter(|known| known.is_of(source, services) && known.is_overlay == is_overlay) {
        Some(known) => Arc::clone(known),
        None => Arc::new(file::index_of(source, is_overlay, services)),
    }
}

/// A place in a file that names something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) range: lsp_types::Range,
    /// Whether it declares what it names.
    pub(super) is_declaration: bool,
}

impl Index {
    /// Puts the entries of a file in place of those that it had. Those of a text with a syntax error lack what is
    /// broken, so earlier ones stay.
    pub(super) fn set(&mut self, file: &str, entries: Arc<FileIndex>) {
        let known = self.files.get_mut(file);
        if let Some(known) = known.filter(|_| entries.is_stale) {
            Arc::make_mut(known).is_stale = true;
            return;
        }
        for declaration in entries.declarations.iter().filter(|it| !it.is_overlay) {
            *self.declared.entry(declaration.symbol.clone()).or_default() += 1;
        }
        let before = match entries.is_empty() {
            true => self.files.remove(file),
            false => self.files.insert(Arc::from(file), entries),
        };
        let before = before.iter().flat_map(|it| &it.declarations);
        for declaration in before.filter(|it| !it.is_overlay) {
            if let Some(count) = self.declared.get_mut(&declaration.symbol) {
                *count -= 1;
            }
        }
    }

    /// Whether a file declares a symbol.
    pub(super) fn declares(&self, symbol: &Symbol) -> bool {
        self.declared.get(symbol).is_some_and(|count| *count > 0)
    }

    /// How many files name something.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether several files declare a symbol, or one does so twice.
    pub(super) fn is_repeated(&self, symbol: &Symbol) -> bool {
        self.declared.get(symbol).is_some_and(|count| *count > 1)
    }

    /// Every symbol that is declared in full.
    pub(super) fn declared(&self) -> impl Iterator<Item = &Symbol> {
        let declared = self.declared.iter();
        declared
            .filter(|(_, count)| **count > 0)
            .map(|(symbol, _)| symbol)
    }

    /// The entries of all files, to be shared with a thread.
    pub(super) fn shared(&self) -> FileIndexes {
        self.files.clone()
    }

    /// The entries of a file.
    pub(super) fn file(&self, file: &str) -> Option<&FileIndex> {
        self.files.get(file).map(|entries| &**entries)
    }

    /// The files with their entries, in the order of their paths.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &FileIndex)> {
        let files = self.files.iter();
        files.map(|(name, entries)| (&**name, &**entries))
    }

    /// Every declaration with its file.
    pub(super) fn declarations(&self) -> impl Iterator<Item = (&str, &Declaration)> {
        self.files()
            .flat_map(|(file, entries)| entries.declarations.iter().map(move |one| (file, one)))
    }

    /// Every place that names a symbol: its declarations first, those in overlays behind the others.
    pub(super) fn places(&self, symbol: &Symbol) -> Vec<Place<'_>> {
        let mut own = Vec::new();
        let mut others = Vec::new();
        for (file, entries) in self.files() {
            for declaration in &entries.declarations {
                if declaration.symbol == *symbol {
                    let place = Place {
                        file,
                        range: declaration.name,
                        is_declaration: true,
                    };
                    match declaration.is_overlay {
                        false => own.push(place),
                        true => others.push(place),
                    }
                }
            }
        }
        own.append(&mut others);
        for (file, entries) in self.files() {
            let uses = entries.uses.iter().filter(|one| one.symbol == *symbol);
            own.extend(uses.map(|one| Place {
                file,
                range: one.range,
                is_declaration: false,
            }));
        }
        own
    }

    /// The symbol that a position of a file names, with the range of the name.
    pub(super) fn at(&self, file: &str, position: Position) -> Option<(&Symbol, lsp_types::Range)> {
        let entries = self.files.get(file)?;
        let declared = entries.declarations.iter();
        let declared = declared.map(|one| (&one.symbol, one.name));
        let used = entries.uses.iter().map(|one| (&one.symbol, one.range));
        let mut all = used.chain(declared);
        all.find(|(_, range)| range.start <= position && position <= range.end)
    }
}
