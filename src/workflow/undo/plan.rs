//! The plan that undoes an apply.

use std::collections::BTreeSet;

use super::file::UndoFile;
use super::goal::goal;
use super::moved::{Moved, moved};
use crate::model::{Patterns, Role, Span};
use crate::plan::{Plan, Purpose};
use crate::project::LoadedProject;
use crate::workflow::connection::Connection;
use crate::workflow::error::WorkflowError;
use crate::workflow::event::{Observer, ReadPurpose, WorkflowEvent};
use crate::workflow::read::read;

/// Up to this many top resources are read by name; for more, everything is read.
const MOST_PATTERNS: usize = 50;

/// The way back, or what prevents it.
#[derive(Debug)]
pub enum UndoPlan {
    /// What to write, with warnings about what stays otherwise than it was.
    Plan(Box<Plan>),
    /// Somebody changed what the plan would overwrite.
    Moved(Vec<Moved>),
}

/// Reads the service as far as needed, and plans what makes it as it was before the apply. The project then declares that
/// state; `name` is the file's name.
///
/// # Errors
/// If a request fails.
pub async fn plan_undo(
    (name, file): (&str, &UndoFile),
    project: &mut LoadedProject,
    connection: &Connection,
    observer: &impl Observer,
) -> Result<UndoPlan, WorkflowError> {
    let source = project.sources.set(name, "");
    let place = Span {
        source,
        start: 0,
        end: 0,
    };
    let known = goal(file, project, place, None);
    project.go_back_to(known.desired, known.undone);
    let only = wanted(file);
    let live = read(project, connection, only, (ReadPurpose::Plan, observer)).await?;
    let moved = moved(file, &live, &project.options);
    if !moved.is_empty() {
        return Ok(UndoPlan::Moved(moved));
    }
    let goal = goal(file, project, place, Some(&live));
    project.go_back_to(goal.desired, goal.undone);
    let scopes = &live.context.unreadable;
    observer.on_event(WorkflowEvent::RolesUnreadable { scopes });
    let mut plan = Box::new(project.plan(&live, &project.options));
    plan.diagnostics.extend(goal.remains);
    Ok(UndoPlan::Plan(plan))
}

impl UndoFile {
    /// Adds the forms that resources have on the way of the plan that undoes the apply, so that it can be interrupted, too;
    /// says whether there are some.
    pub fn prepare(&mut self, plan: &Plan) -> bool {
        let steps = plan.preparations.iter();
        let steps = steps.filter(|one| one.purpose != Purpose::Remove);
        self.add_between(steps.map(|one| (&one.resource.address, &one.resource.body)))
    }
}

/// What is read. Who uses an environment, a metadata schema or an integration may be anywhere, and what refers to something
/// by a name as well.
fn wanted(file: &UndoFile) -> Patterns {
    let is_shared = |role: Role| {
        matches!(
            role,
            Role::MetadataSchema | Role::Environment | Role::Integration
        )
    };
    let mut records = file.records.iter();
    let reaches_others = records.any(|(address, record)| {
        let appears = record.before.is_none() != record.after.is_none();
        is_shared(address.kind().role) && (appears || address.is(Role::MetadataSchema))
    });
    let roots: BTreeSet<String> = file
        .records
        .keys()
        .map(|one| one.root().to_string())
        .collect();
    if reaches_others || !file.renames.is_empty() || roots.len() > MOST_PATTERNS {
        return Patterns::default();
    }
    // A name that cannot be a pattern is found by reading everything.
    Patterns::new(&roots).unwrap_or_default()
}
