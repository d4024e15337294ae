//! The plan that `apply` was asked for, and what moved since it was made.

use std::path::Path;

use serde::Deserialize as _;
use serde_json::Value;

use super::exit::Exit;
use super::failure::Failure;
use super::moved;
use crate::output::{OptionsJson, PlanJson, Requests};
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

/// The parts of a saved plan that an apply needs; the rest is planned again.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct SavedPlan {
    format_version: String,
    plan_id: String,
    #[serde(default)]
    options: OptionsJson,
}

impl ExpectedPlan {
    /// The plan with this id.
    pub(super) fn of_id(id: String) -> Self {
        Self { id, saved: None }
    }

    /// The plan in a file, and the options that it was made with.
    pub(super) fn read(file: &Path) -> Result<(OptionsJson, Self), Failure> {
        let name = file.display();
        let bytes = std::fs::read(file)
            .map_err(|error| Failure::error(format!("cannot read {name}: {error}")))?;
        let parsed = serde_json::from_slice(&bytes)
            .and_then(|whole: Value| Ok((SavedPlan::deserialize(&whole)?, whole)));
        let (saved, whole) = parsed.map_err(|error| {
            Failure::error(format!("{name} is not a saved plan: {error}"))
                .help("write one with: apicenter plan --out FILE")
        })?;
        if saved.format_version != plan::PLAN_FORMAT {
            return Err(Failure::new(
                Exit::Refused,
                format!("{name} has plan format {}", saved.format_version),
            )
            .help(format!(
                "this program writes format {}; plan again",
                plan::PLAN_FORMAT
            )));
        }
        let expected = Self {
            id: saved.plan_id,
            saved: Some(whole),
        };
        Ok((saved.options, expected))
    }

    /// Why the current plan is not this one; none if it is.
    pub(super) fn refusal(self, plan: &Plan, project: &LoadedProject) -> Option<PlanMoved> {
        if self.id == plan.id {
            return None;
        }
        let message = format!(
            "the plan is now {}, not {}; nothing was sent",
            plan.id, self.id
        );
        let Some(saved) = &self.saved else {
            return Some(PlanMoved {
                message,
                heading: "; the changes are now:",
                lines: moved::changes_of(plan),
                help: "the manifests or the live service have changed since the plan was made; review \
                       the new plan and apply that. To see what moved, save plans to files: apicenter \
                       plan --out FILE, then apicenter apply FILE",
            });
        };
        let (requests, options) = (Requests::default(), OptionsJson::default());
        let now = PlanJson::new(plan, &[], &project.sources, requests, options, false);
        let now = serde_json::to_value(now).unwrap_or_default();
        Some(PlanMoved {
            message,
            heading: "; what moved:",
            lines: moved::between(saved, &now),
            help: "the manifests or the live service have changed since the plan was made; review the \
                   new plan and apply that",
        })
    }
}

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
