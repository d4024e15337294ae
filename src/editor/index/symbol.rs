//! What can be named, and where one file does so.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use lsp_types::Range;

use crate::model::{Address, Source};

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::editor) enum Symbol {
    /// A resource.
    Resource(Address),
    /// A variable of targets.
    Variable(String),
    /// A target.
    Target(String),
}

impl Symbol {
    /// Its name, without what is above it.
    pub(in crate::editor) fn name(&self) -> &str {
        match self {
            Self::Resource(address) => address.own_name(),
            Self::Variable(name) | Self::Target(name) => name,
        }
    }
}

/// A declaration in a file.
#[derive(Debug, Clone)]
pub(in crate::editor) struct Declaration {
    pub(in crate::editor) symbol: Symbol,
    /// The place of the name.
    pub(in crate::editor) name: Range,
    /// The place of everything that is declared there.
    pub(in crate::editor) whole: Range,
    /// What people call it.
    pub(in crate::editor) title: Option<String>,
    /// The position in the list of the declaration that it is in.
    pub(in crate::editor) parent: Option<usize>,
    /// Whether it changes what another file declares.
    pub(in crate::editor) is_overlay: bool,
}

/// A place that names something that is declared elsewhere.
#[derive(Debug, Clone)]
pub(in crate::editor) struct Use {
    pub(in crate::editor) symbol: Symbol,
    pub(in crate::editor) range: Range,
}

/// A place that names a file or folder of the project.
#[derive(Debug, Clone)]
pub(in crate::editor) struct FileLink {
    /// Its path within the project.
    pub(in crate::editor) path: String,
    pub(in crate::editor) range: Range,
}

/// What one file names.
#[derive(Debug, Clone, Default)]
pub(in crate::editor) struct FileIndex {
    /// In the order of the file, each behind the one that it is in.
    pub(in crate::editor) declarations: Vec<Declaration>,
    pub(in crate::editor) uses: Vec<Use>,
    pub(in crate::editor) links: Vec<FileLink>,
    /// Whether they are those of an earlier text: the present one has a syntax error.
    pub(in crate::editor) is_stale: bool,
    /// Whether other files are checked by what it says: settings, metadata schemas, integrations, exemptions.
    pub(in crate::editor) is_for_all: bool,
    /// A hash of what other files are checked by: as long as it stays the same, so do their problems.
    pub(in crate::editor) footprint: u64,
    /// A hash of what it was read from.
    pub(super) text: u64,
    /// Whether it was read as an overlay.
    pub(in crate::editor) is_overlay: bool,
}

impl FileIndex {
    /// Whether they are the entries of this text, in a project with these services.
    pub(in crate::editor) fn is_of(&self, source: &Source, services: &[String]) -> bool {
        self.text == text_hash(source, services) && !self.is_stale
    }

    /// Whether it names nothing.
    pub(super) fn is_empty(&self) -> bool {
        let is_nameless = self.declarations.is_empty() && self.uses.is_empty();
        is_nameless && self.links.is_empty() && !self.is_for_all
    }
}

/// A hash of a text, and of the services whose ids it may have.
pub(super) fn text_hash(source: &Source, services: &[String]) -> u64 {
    let mut hash = DefaultHasher::new();
    source.text.hash(&mut hash);
    services.hash(&mut hash);
    hash.finish()
}
