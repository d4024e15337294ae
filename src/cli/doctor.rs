//! `apicenter doctor`.

use super::connection::Connection;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::project;
use super::{planning, signals};
use crate::azure::AuthenticatedCaller;
use crate::azure::permissions::{how_to_grant, needed_to_apply, needed_to_plan};
use crate::kinds;
use crate::model::view::RoleAssignmentView;
use crate::project::LoadedProject;
use crate::project::{PlanFlags, ServiceLocation};

/// Check credentials, reachability, and each permission that plan and apply need
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter doctor -t prod          everything an apply needs
  apicenter doctor -t prod --plan   what a plan needs, for an identity that only reads")]
pub(super) struct Args {
    /// Check only what a plan needs
    #[arg(long)]
    plan: bool,
}

/// What was found, in the order in which it was looked at.
struct Examination<'a> {
    console: &'a Console,
    worst: Exit,
}

impl Examination<'_> {
    fn good(&self, text: &str) {
        let mark = self.console.styles().added("ok");
        self.console.output(&format!("{mark}       {text}\n"));
    }

    fn bad(&mut self, exit: Exit, text: &str, help: &str) {
        let mark = self.console.styles().removed("problem");
        self.console.output(&format!("{mark}  {text}\n"));
        if !help.is_empty() {
            self.console.output(&format!("         {help}\n"));
        }
        if self.worst == Exit::Done {
            self.worst = exit;
        }
    }

    fn failed(&mut self, failure: Failure) {
        let (message, help) = failure.texts();
        let message = message.replace('\n', "\n         ");
        self.bad(failure.exit(), &message, help);
    }
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let project = project::open(global, PlanFlags::default())?;
    project::require_settings(&project, console)?;
    let mut examination = Examination {
        console,
        worst: Exit::Done,
    };
    console.output(&format!("Target {}\n\n", planning::target_words(&project)));
    manifests(&project, &mut examination);
    let connection = match Connection::open(&project, global, environment).await {
        Ok(connection) => connection,
        Err(failure) => {
            examination.failed(failure);
            return Ok(examination.worst);
        }
    };
    let examined = signals::or_interrupt(service(args, &project, &connection, &mut examination));
    let result = examined.await;
    connection.close().await;
    result?;
    Ok(examination.worst)
}

fn manifests(project: &LoadedProject, examination: &mut Examination<'_>) {
    let count = project.desired.resources.len();
    if project.is_valid() {
        examination.good(&format!("the manifests declare {count} resources"));
    } else {
        examination.bad(
            Exit::Invalid,
            "the manifests are invalid",
            "apicenter validate tells why",
        );
    }
}

async fn service(
    args: &Args,
    project: &LoadedProject,
    connection: &Connection,
    examination: &mut Examination<'_>,
) -> Result<(), Failure> {
    let signed_in = match connection.service.client().authenticate().await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            examination.failed(error.into());
            return Ok(());
        }
    };
    let is_emulator = matches!(project.target.location, ServiceLocation::Emulator { .. });
    if !is_emulator {
        examination.good(&format!("signed in with {signed_in}"));
    }
    let name = &project.options.target.service;
    match connection.service.exists().await {
        Ok(true) => examination.good(&format!(
            "the service {name} answers, and the token is good"
        )),
        Ok(false) => examination.bad(
            Exit::Error,
            &format!("the service {name} does not exist"),
            "check the target in apicenter.yaml; a document of kind Service has apply create it",
        ),
        Err(error) => {
            examination.failed(error.into());
            return Ok(());
        }
    }
    if is_emulator {
        examination.good("the embedded emulator permits everything");
        return Ok(());
    }
    permissions(args, project, connection, &signed_in, examination).await
}

/// Type of role assignments, as permissions name it.
const ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";

/// Whether a role on the service itself is declared. What is permitted elsewhere is not asked for.
fn assigns_roles_here(project: &LoadedProject) -> bool {
    project.desired.resources.values().any(|declared| {
        *declared.resource.address.kind() == kinds::ROLE_ASSIGNMENT.info
            && RoleAssignmentView::of(&declared.resource.body)
                .scope()
                .is_none()
    })
}

async fn permissions(
    args: &Args,
    project: &LoadedProject,
    connection: &Connection,
    signed_in: &AuthenticatedCaller,
    examination: &mut Examination<'_>,
) -> Result<(), Failure> {
    let granted = match connection.service.permissions().await {
        Ok(granted) => granted,
        Err(error) => {
            let failure = Failure::from(error);
            let (message, help) = failure.texts();
            let message = format!("what is permitted cannot be read: {message}");
            examination.bad(failure.exit(), &message, help);
            return Ok(());
        }
    };
    let declared = project.desired.resources.values();
    let folders = declared
        .filter_map(|declared| declared.document.as_ref())
        .any(|document| document.files.is_some());
    let mut needs = vec![("plan", needed_to_plan(folders))];
    if !args.plan {
        let mut actions = needed_to_apply();
        if assigns_roles_here(project) {
            actions.extend(["write", "delete"].map(|verb| format!("{ASSIGNMENTS}/{verb}")));
        }
        needs.push(("apply", actions));
    }
    for (what, actions) in needs {
        let missing = granted.missing(&actions);
        if missing.is_empty() {
            examination.good(&format!(
                "{what}: all {} permissions are granted",
                actions.len()
            ));
            continue;
        }
        let list = missing.join("\n           ");
        let text = format!(
            "{what} lacks {} of {} permissions:\n           {list}",
            missing.len(),
            actions.len()
        );
        let scope = connection.service.arm_id();
        let help = how_to_grant(&missing, &scope, signed_in.object.as_deref());
        examination.bad(Exit::Authentication, &text, &help);
    }
    Ok(())
}
