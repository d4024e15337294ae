//! The targets of a project, without opening one of them.

use std::path::Path;

use super::loaded::MOST_PROJECT_FILE_BYTES;
use super::target;
use crate::manifest::Project;
use crate::manifest::source::{DiskFiles, ProjectFiles as _};
use crate::model::{Diagnostics, ServiceId, Sources, without_mark};
use crate::plan::Target;

/// The targets of the nearest project, from `start` upward; none where there is no valid project file.
#[must_use]
pub fn targets(start: &Path) -> Vec<Target> {
    let Some(files) = DiskFiles::find(start) else {
        return Vec::new();
    };
    let file = files.project_file().to_owned();
    let Ok(bytes) = files.read(&file, MOST_PROJECT_FILE_BYTES) else {
        return Vec::new();
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return Vec::new();
    };
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let source = sources.set(file, without_mark(&text));
    let project = Project::parse(source, &sources, &mut diagnostics);
    let declared = project.spec.targets.iter().flatten();
    declared
        .map(|(name, spec)| {
            let entry = (name.as_str(), spec);
            let mut ignored = Diagnostics::default();
            target::resolve(&project, files.root(), entry, None, &mut ignored).target
        })
        .collect()
}

/// The one target of the nearest project whose service this is.
#[must_use]
pub fn target_of(start: &Path, service: &ServiceId) -> Option<String> {
    let mut found = targets(start)
        .into_iter()
        .filter(|target| target.service.is_same(service));
    match (found.next(), found.next()) {
        (Some(target), None) => Some(target.name),
        _ => None,
    }
}
