//! Shows the progress of a workflow: a bar on a terminal, a line per resource elsewhere.

use std::cell::RefCell;

use super::bar::Bar;
use super::console::Console;
use super::unreadable;
use crate::apply::Event;
use crate::output::{Text, apply_summary, event_line};
use crate::plan::{Change, Plan};
use crate::workflow::{Observer, WorkflowEvent};

/// Shows the events of a workflow on the console.
#[derive(Debug)]
pub(super) struct ConsoleObserver<'a> {
    console: &'a Console,
    shows_results: bool,
    bar: RefCell<Option<Bar>>,
}

impl<'a> ConsoleObserver<'a> {
    pub(super) fn new(console: &'a Console) -> Self {
        Self {
            console,
            shows_results: false,
            bar: RefCell::default(),
        }
    }

    /// The same, showing also what was written besides the plan. For results that people read.
    pub(super) fn with_results(console: &'a Console, shows_results: bool) -> Self {
        Self {
            shows_results,
            ..Self::new(console)
        }
    }

    fn start(&self, plan: &Plan) {
        if !self.console.shows_progress() {
            return;
        }
        let writes = plan.changes.iter().filter(|change| change.writes() > 0);
        let total = writes.count() + plan.preparations.len();
        self.bar.replace(Some(self.console.bar(total)));
    }

    fn show(&self, plan: &Plan, event: &Event) {
        let line = event_line(plan, event);
        match (&*self.bar.borrow(), line) {
            (Some(bar), Some(line)) => {
                bar.advance(line);
            }
            (Some(bar), None) => {
                if let Event::Started { change } = event {
                    bar.show(&plan.changes[*change].address.to_string());
                }
            }
            (None, Some(line)) => self.console.hint(line),
            (None, None) => {}
        }
    }

    fn differs(&self, changes: &[&Change]) {
        self.console.status(
            "The service accepted all writes, but these resources differ from what was written:",
        );
        for change in changes {
            let fields: Vec<&str> = change
                .fields
                .iter()
                .map(|field| field.path.as_str())
                .collect();
            self.console
                .status(format!("  {}: {}", change.address, fields.join(", ")));
        }
    }
}

impl Observer for ConsoleObserver<'_> {
    fn on_event(&self, event: WorkflowEvent<'_>) {
        match event {
            WorkflowEvent::ReadingService { service } => {
                tracing::info!(target = %service, "reading the service");
            }
            WorkflowEvent::ServiceRead { resources, reads } => {
                tracing::info!(resources, reads, "read the service");
            }
            WorkflowEvent::RolesUnreadable { scopes } => {
                unreadable::note(scopes, unreadable::NOT_CHECKED, self.console);
            }
            WorkflowEvent::ApplyStarted { plan } => self.start(plan),
            WorkflowEvent::ApplyProgress { plan, event } => self.show(plan, event),
            WorkflowEvent::ApplyEnded => {
                if let Some(bar) = self.bar.take() {
                    bar.clear();
                }
            }
            WorkflowEvent::WaitingForIntegration { address, state } => {
                tracing::info!(%address, %state, "waiting for the integration");
            }
            WorkflowEvent::SyncedApisWritten { plan, report } if self.shows_results => {
                let mut text = Text::default();
                text.blank();
                text.push("APIs that integrations have synchronised in the meantime:");
                text.append(apply_summary(plan, report));
                self.console.output(text);
            }
            WorkflowEvent::SyncedApisWritten { .. } => {}
            WorkflowEvent::Differs { changes } => self.differs(changes),
            WorkflowEvent::ServiceImporting { service, instance } => self.console.hint(format!(
                "The service {service} is importing from {instance}. This can take several minutes."
            )),
            // Only `doctor` examines, and shows what it finds itself.
            WorkflowEvent::Examined { .. } => {}
        }
    }
}
