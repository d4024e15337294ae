//! Why an apply is not recorded or not undone, for people and for programs.

use super::exit::Exit;
use super::failure::Failure;
use crate::model::code::{self, Code};
use crate::plan::{Plan, Refusal};
use crate::project::LoadedProject;
use crate::workflow::Moved;

/// A refusal for one reason.
pub(super) fn refused(code: &Code, message: String, help: &str) -> Failure {
    let refusal = Refusal {
        code: code.id.clone(),
        message: message.clone(),
        help: help.to_owned(),
        place: None,
        address: None,
    };
    Failure::new(Exit::Refused, message)
        .help(help)
        .refused_by(vec![refusal])
}

/// A refusal because of what somebody changed.
pub(super) fn of_moved(message: &str, moved: Vec<Moved>, help: &str) -> Failure {
    let line = |one: &Moved| format!("{}: {}", one.address, one.what);
    let lines: String = moved
        .iter()
        .map(|one| format!("\n    {}", line(one)))
        .collect();
    let refusals = moved.into_iter().map(|one| Refusal {
        code: code::UNDO_MOVED.id.clone(),
        message: line(&one),
        help: help.to_owned(),
        place: None,
        address: Some(one.address),
    });
    Failure::new(Exit::Refused, format!("{message}:{lines}"))
        .help(help)
        .refused_by(refusals.collect())
}

impl Failure {
    /// The plan that rules refuse to make, if they do.
    pub(super) fn refused_plan(&self, project: &LoadedProject) -> Option<Plan> {
        let refusals = self.refusals().to_vec();
        let target = project.options.target.clone();
        (!refusals.is_empty()).then(|| Plan::not_made(target, refusals))
    }
}
