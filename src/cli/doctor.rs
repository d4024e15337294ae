//! `apicenter doctor`.

use std::cell::Cell;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::project;
use super::{planning, signals};
use crate::model::counted;
use crate::output::{Text, added, removed, styled};
use crate::workflow::{self, Connection, Finding, Observer, WorkflowEvent};

/// Check credentials, connectivity, and the permissions for plan and apply
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter doctor -t prod          the requirements of plan and apply
  apicenter doctor -t prod --plan   the requirements of plan, for a read-only identity")]
pub(super) struct Args {
    /// Check only the requirements of plan
    #[arg(long)]
    plan: bool,
}

/// Shows findings, and remembers the first problem.
struct Examination<'a> {
    console: &'a Console,
    service: &'a str,
    exit: Cell<Exit>,
}

impl Examination<'_> {
    fn good(&self, text: &str) {
        self.console.output(styled![added("ok"), "       ", text]);
    }

    fn bad(&self, exit: Exit, text: &str, help: &str) {
        let lead = styled![removed("problem"), "  "];
        let text = Text::paragraph(lead, text, "         ");
        self.console.output(text);
        self.help(exit, help);
    }

    fn help(&self, exit: Exit, help: &str) {
        for line in help.lines() {
            self.console.output(format!("         {line}"));
        }
        if self.exit.get() == Exit::Done {
            self.exit.set(exit);
        }
    }

    fn failed(&self, failure: &Failure) {
        let (message, help) = failure.texts();
        self.bad(failure.exit(), message, help);
    }

    fn show(&self, finding: &Finding) {
        let service = self.service;
        match finding {
            Finding::SignedIn { caller } => self.good(&format!("signed in with {caller}")),
            Finding::ServiceExists => self.good(&format!(
                "the service {service} responds and accepts the token"
            )),
            Finding::ServiceMissing => self.bad(
                Exit::Error,
                &format!("the service {service} does not exist"),
                "check the target in apicenter.yaml, or declare a document of kind Service",
            ),
            Finding::PermitsEverything => self.good("the embedded emulator permits everything"),
            Finding::Permitted { command, count } => {
                self.good(&format!("{command}: all {count} permissions are granted"));
            }
            Finding::NotPermitted {
                command,
                count,
                missing,
                help,
            } => {
                let lacking = missing.len();
                let text = format!("{command} lacks {lacking} of {count} permissions:");
                self.bad(Exit::Authentication, &text, "");
                for permission in missing {
                    self.console.output(format!("           {permission}"));
                }
                self.help(Exit::Authentication, help);
            }
            Finding::PermissionsUnknown(error) => {
                let failure = Failure::from(error.clone());
                let (message, help) = failure.texts();
                let message = format!("cannot read your permissions: {message}");
                self.bad(failure.exit(), &message, help);
            }
            Finding::Failed(error) => self.failed(&error.clone().into()),
        }
    }
}

impl Observer for Examination<'_> {
    fn on_event(&self, event: WorkflowEvent<'_>) {
        if let WorkflowEvent::Examined { finding } = event {
            self.show(finding);
        }
    }
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let project = project::open_settings(invocation)?;
    let examination = Examination {
        console,
        service: &project.options.target.service.name,
        exit: Cell::new(Exit::Done),
    };
    console.output(format!(
        "Target {}",
        planning::target_words(&project.target)
    ));
    console.output("");
    if project.is_valid() {
        let resources = counted(project.desired.resources.len(), "resource");
        examination.good(&format!("the manifests declare {resources}"));
    } else {
        examination.bad(
            Exit::Invalid,
            "the manifests are invalid",
            "apicenter validate lists the errors",
        );
    }
    match Connection::open(&project, global.connect(), environment).await {
        Ok(connection) => {
            let examining = workflow::examine(&project, &connection, args.plan, &examination);
            let result = signals::or_interrupt(async {
                examining.await;
                Ok(())
            });
            let result = result.await;
            connection.close().await;
            result?;
        }
        Err(error) => {
            let failure = Failure::from(error);
            failure.print_details(console);
            examination.failed(&failure);
        }
    }
    Ok(examination.exit.get())
}
