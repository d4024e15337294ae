//! The plan that `apply` was asked for, and what moved since it was made.

use std::path::Path;

use serde_json::Value;

use super::exit::Exit;
use super::failure::Failure;
use super::in_file;
use crate::output::{
    OptionsJson, PlanJson, Requests, SavedPlan, SavedPlanProblem, change_lines, difference_lines,
    moved_lines,
};
use crate::plan::{self, Plan};
use crate::project::LoadedProject;

/// The plan that an apply was asked for.
pub(super) struct ExpectedPlan {
    id: String,
    /// All of it, if it was read from a file.
    saved: Option<Value>,
}

/// Why the current plan is not the expected one.
pub(super) struct PlanMoved {
    message: String,
    /// What the lines below are.
    heading: &'static str,
    lines: Vec<String>,
    help: &'static str,
}

impl ExpectedPlan {
    /// The plan with this id.
    pub(super) fn of_id(id: String) -> Self {
        Self { id, saved: None }
    }

    /// The plan in a file that is as it was written, and the options that it was made with.
    pub(super) fn read(file: &Path) -> Result<(OptionsJson, Self), Failure> {
        let name = file.display();
        let bytes = in_file::read_json(file)?;
        let saved = SavedPlan::parse(&bytes).map_err(|problem| {
            let message = format!("{name} {problem}");
            match problem {
                SavedPlanProblem::NotPlan(_) => {
                    Failure::error(message).help("write one with: apicenter plan --out FILE")
                }
                SavedPlanProblem::Invalid => Failure::error(message)
                    .help("fix the manifests, then: apicenter plan --out FILE"),
                SavedPlanProblem::Altered(_) => {
                    Failure::new(Exit::Refused, format!("{message}; nothing was sent"))
                        .help(PLAN_AGAIN)
                }
            }
        })?;
        let expected = Self {
            id: saved.id,
            saved: Some(saved.document),
        };
        Ok((saved.options, expected))
    }

    /// Why the current plan is not this one; none if it is.
    pub(super) fn refusal(self, plan: &Plan, project: &LoadedProject) -> Option<PlanMoved> {
        let now = || {
            let (requests, options) = (Requests::default(), OptionsJson::default());
            let now = PlanJson::new(plan, &[], &project.sources, requests, options, false);
            serde_json::to_value(now).unwrap_or_default()
        };
        if self.id == plan.id {
            // Whoever altered the file may have put another digest in.
            let lines = difference_lines(self.saved.as_ref()?, &now());
            return (!lines.is_empty()).then(|| PlanMoved {
                message: format!(
                    "the saved plan has the id of the current one, {}, and other content: the file \
                     was altered, or something changed that the plan shows and does not write; nothing was sent",
                    self.id
                ),
                heading: "; what differs:",
                lines,
                help: PLAN_AGAIN,
            });
        }
        let problem = plan::id_problem(&self.id);
        let clause = problem.map_or_else(String::new, |problem| format!(", {problem}"));
        let message = format!(
            "the plan is now {}, not {}{clause}; nothing was sent",
            plan.id, self.id
        );
        let Some(saved) = &self.saved else {
            return Some(PlanMoved {
                message,
                heading: "; the changes are now:",
                lines: change_lines(plan),
                help: match problem {
                    Some(_) => {
                        "plan ids are `p2-` and 32 hexadecimal digits, and are compared whole; plan \
                         again, review the plan and pass its whole id, or save it to a file: apicenter \
                         plan --out FILE, then apicenter apply FILE"
                    }
                    None => {
                        "the manifests or the live service have changed since the plan was made; review \
                         the new plan and apply that. To see what moved, save plans to files: apicenter \
                         plan --out FILE, then apicenter apply FILE"
                    }
                },
            });
        };
        Some(PlanMoved {
            message,
            heading: "; what moved:",
            lines: moved_lines(saved, &now()),
            help: "the manifests or the live service have changed since the plan was made; review the \
                   new plan and apply that",
        })
    }
}

/// What to do about a file that cannot be trusted.
const PLAN_AGAIN: &str = "plan again with `apicenter plan --out FILE`, review that plan, and apply its \
                          file as it was written";

impl PlanMoved {
    /// The reasons in machine form.
    pub(super) fn reasons(&self) -> Vec<String> {
        let message = std::iter::once(&self.message);
        message.chain(&self.lines).cloned().collect()
    }

    /// The end of the command.
    pub(super) fn failure(&self) -> Failure {
        let mut message = self.message.clone();
        if !self.lines.is_empty() {
            message.push_str(self.heading);
        }
        for line in &self.lines {
            message.push_str(&format!("\n    {line}"));
        }
        Failure::new(Exit::Refused, message).help(self.help)
    }
}
