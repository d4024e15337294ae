//! What both sides last agreed on: the manifests of a commit, or a snapshot.

use super::changed_since::project_at;
use super::error::WorkflowError;
use super::git;
use crate::model::LiveState;
use crate::plan::PlanBase;
use crate::project::LoadedProject;

/// How many digits of a commit people read.
const SHORT: usize = 7;

/// The resources of a snapshot, as what both sides last agreed on. `name` is that of its file.
#[must_use]
pub fn base_of_snapshot(name: &str, live: LiveState) -> PlanBase {
    let resources = live.resources.into_iter();
    PlanBase {
        name: name.to_owned(),
        source: name.to_owned(),
        is_declared: false,
        bodies: resources
            .map(|(address, current)| (address, current.resource.body))
            .collect(),
    }
}

/// What the manifests of a project declared at a commit, by a branch, a tag or the commit itself.
///
/// # Errors
/// If git does not know it, or the project was not valid then.
pub fn base_at(project: &LoadedProject, reference: &str) -> Result<PlanBase, WorkflowError> {
    let root = project.files.root();
    let Some(commit) = git::commit(root, reference) else {
        return Err(WorkflowError::usage(format!(
            "--base {reference}: there is no such file, and git knows no such commit"
        ))
        .help("name a file of `apicenter snapshot`, or a branch, a tag or a commit whose manifests were applied"));
    };
    let invalid = |why: String| {
        WorkflowError::failed(format!("--base {reference}: {why}"))
            .help("name a commit whose manifests were applied, or a snapshot")
    };
    let earlier = project_at(project, &commit)?.map_err(invalid)?;
    if !earlier.is_plannable() {
        return Err(invalid("its manifests have errors".to_owned()));
    }
    let short = commit.get(..SHORT).unwrap_or(&commit);
    let name = match commit.starts_with(reference) {
        true => short.to_owned(),
        false => format!("{reference} ({short})"),
    };
    let resources = earlier.desired.resources.into_iter();
    Ok(PlanBase {
        name,
        is_declared: true,
        bodies: resources
            .map(|(address, declared)| (address, declared.resource.body.clone()))
            .collect(),
        source: commit,
    })
}
