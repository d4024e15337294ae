//! Checking what a plan and an apply require: credentials, the service, permissions.

use super::connection::Connection;
use super::event::{Observer, WorkflowEvent};
use super::finding::Finding;
use crate::azure::AuthenticatedCaller;
use crate::azure::permissions::{how_to_grant, needed_for, needed_to_apply, needed_to_plan};
use crate::live::ServiceError;
use crate::model::Role;
use crate::model::view::RoleAssignmentView;
use crate::project::{LoadedProject, ServiceLocation};

/// Checks credentials, the service and permissions, and reports each [`Finding`] as an event.
pub async fn examine(
    project: &LoadedProject,
    connection: &Connection,
    plan_only: bool,
    observer: &impl Observer,
) {
    let report =
        |finding: Finding| observer.on_event(WorkflowEvent::Examined { finding: &finding });
    let caller = match connection.service.client().authenticate().await {
        Ok(caller) => caller,
        Err(error) => return report(Finding::Failed(error)),
    };
    let is_emulator = matches!(project.target.location, ServiceLocation::Emulator { .. });
    if !is_emulator {
        report(Finding::SignedIn {
            caller: caller.to_string(),
        });
    }
    match connection.service.exists().await {
        Ok(true) => report(Finding::ServiceExists),
        Ok(false) => report(Finding::ServiceMissing),
        Err(error) => return report(Finding::Failed(error)),
    }
    if is_emulator {
        return report(Finding::PermitsEverything);
    }
    match permissions(project, connection, plan_only, &caller).await {
        Ok(findings) => findings.into_iter().for_each(report),
        Err(error) => report(Finding::PermissionsUnknown(error)),
    }
}

/// The type of role assignments in the names of permissions.
const ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";

async fn permissions(
    project: &LoadedProject,
    connection: &Connection,
    plan_only: bool,
    caller: &AuthenticatedCaller,
) -> Result<Vec<Finding>, ServiceError> {
    let granted = connection.service.permissions().await?;
    let declared = || project.desired.resources.keys();
    let mut to_plan = needed_to_plan(has_folders(project));
    to_plan.extend(needed_for(declared(), &["read"]));
    let mut commands = vec![("plan", to_plan)];
    if !plan_only {
        let mut actions = needed_to_apply();
        actions.extend(needed_for(declared(), &["write", "delete"]));
        if assigns_roles_here(project) {
            actions.extend(["write", "delete"].map(|verb| format!("{ASSIGNMENTS}/{verb}")));
        }
        commands.push(("apply", actions));
    }
    let findings = commands.into_iter().map(|(command, actions)| {
        let (count, missing) = (actions.len(), granted.missing(&actions));
        if missing.is_empty() {
            return Finding::Permitted { command, count };
        }
        let scope = connection.service.arm_id();
        let help = how_to_grant(&missing, &scope, caller.object.as_deref());
        Finding::NotPermitted {
            command,
            count,
            missing,
            help,
        }
    });
    Ok(findings.collect())
}

fn has_folders(project: &LoadedProject) -> bool {
    project
        .desired
        .resources
        .values()
        .filter_map(|declared| declared.document.as_ref())
        .any(|document| document.files.is_some())
}

/// Whether a role on the service itself is declared. Permissions at other scopes are not checked.
fn assigns_roles_here(project: &LoadedProject) -> bool {
    project.desired.resources.values().any(|declared| {
        declared.resource.address.kind().role == Role::RoleAssignment
            && RoleAssignmentView::of(&declared.resource.body)
                .scope()
                .is_none()
    })
}
