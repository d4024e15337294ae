//! The problems of a project's manifests while a plan is made: each is shown once, as early as it is certain.

use std::cell::RefCell;

use super::branch::BranchFiles;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::project;
use crate::model::Diagnostic;
use crate::output::{Data, PlanJson};
use crate::project::LoadedProject;

/// Shows problems, and remembers which.
#[derive(Debug)]
pub(super) struct Problems<'a> {
    console: &'a Console,
    /// Whether invalid manifests are also reported as JSON.
    is_json: bool,
    branch: Option<&'a BranchFiles>,
    shown: RefCell<Vec<Diagnostic>>,
}

impl<'a> Problems<'a> {
    pub(super) fn new(console: &'a Console, is_json: bool) -> Self {
        Self {
            console,
            is_json,
            branch: None,
            shown: RefCell::default(),
        }
    }

    /// Counts warnings that do not concern the branch, instead of showing them.
    pub(super) fn of_branch(mut self, branch: &'a BranchFiles) -> Self {
        self.branch = Some(branch);
        self
    }

    /// Shows the warnings before anything is read. Ends the command if the manifests cannot be planned; errors about
    /// what the service may hold already wait until it is known.
    pub(super) fn require_plannable(&self, project: &LoadedProject) -> Result<(), Failure> {
        if project.is_valid() || !project.is_plannable() {
            self.require_valid(project)
        } else {
            Ok(())
        }
    }

    /// Shows what was not shown yet, and ends the command if there is an error among it.
    pub(super) fn require_valid(&self, project: &LoadedProject) -> Result<(), Failure> {
        project::report_new(project, &self.shown.borrow(), self.branch, self.console);
        self.shown.replace(project.diagnostics.clone());
        if project.is_valid() {
            return Ok(());
        }
        if self.is_json {
            self.console.data(&Data::json(PlanJson::invalid(
                &project.diagnostics,
                &project.sources,
            )));
        }
        Err(Failure::already_reported(Exit::Invalid))
    }

    /// The failure of a command that made no plan. The problems of the manifests do not depend on it: they
    /// are shown first, and if there is an error among them, it decides the exit code, as in `validate`.
    pub(super) fn before(&self, project: &LoadedProject, failure: Failure) -> Failure {
        match self.require_valid(project) {
            Ok(()) => failure,
            Err(invalid) => {
                failure.print(self.console);
                invalid
            }
        }
    }
}
