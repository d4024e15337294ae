//! Rules that come from a project's own files.

use super::rule::Rule;
use crate::manifest::source::ProjectFiles;
use crate::model::{Diagnostics, Sources};

/// Reads the rules of one kind of file. Its problems are reported like those of a manifest.
type Loader = fn(&dyn ProjectFiles, &mut Sources, &mut Diagnostics) -> Vec<Rule>;

/// The loaders, one for each kind of file. There is none yet.
const LOADERS: &[Loader] = &[];

/// The rules of all files.
pub(super) fn read(
    files: &dyn ProjectFiles,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<Rule> {
    LOADERS
        .iter()
        .flat_map(|load| load(files, sources, diagnostics))
        .collect()
}
