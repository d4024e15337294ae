//! Where a plan comes from.

use super::annotate::prefix;
use super::comment::event;
use super::console::Console;
use crate::config::Pipeline;
use crate::forge;
use crate::model::url_path;
use crate::output::{Linked, PlanOrigin};
use crate::project::LoadedProject;

/// What the variables of the pipeline say about the commit, and the name of the project.
pub(super) fn origin(
    project: &LoadedProject,
    pipeline: &Pipeline,
    console: &Console,
) -> PlanOrigin {
    let variable = |name: &str| pipeline.get(name).map(str::to_owned);
    let found = forge::CheckedOut::of(&variable, event(pipeline, console).as_ref());
    let linked = |place: forge::Place| Linked {
        name: place.name,
        url: place.url,
    };
    // The folder of the project is a part of the path, which the page escapes.
    let prefix = prefix(pipeline, project.files.root());
    let file = found
        .file
        .map(|file| file.replace("{path}", &format!("{}{{path}}", url_path(&prefix))));
    PlanOrigin {
        project: project.settings.name.clone(),
        repository: found.repository.map(linked),
        commit: found.commit.map(linked),
        branch: found.branch.map(linked),
        pull_request: found.pull_request.map(linked),
        file,
    }
}
