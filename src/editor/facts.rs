//! What is known of a project once it was read: all that an editor can be shown without reading it again.

use super::diagnostics::{self, Findings};
use crate::manifest::source::ProjectFiles as _;
use crate::project::{FilesWithUnsaved, LoadOptions, LoadedProject};

/// What is known of a project.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Its problems.
    pub(super) findings: Findings,
}

impl Facts {
    /// Reads and checks a project.
    pub(super) fn read(files: FilesWithUnsaved, options: LoadOptions) -> Self {
        let project_file = files.project_file().to_owned();
        match LoadedProject::of_files(files, options) {
            Ok(project) => Self {
                findings: diagnostics::findings(&project),
            },
            Err(error) => Self {
                findings: diagnostics::not_opened(&project_file, &error),
            },
        }
    }
}
