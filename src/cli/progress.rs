//! Shows the progress of a workflow: a bar on a terminal, a line per resource elsewhere.

use std::cell::{Cell, RefCell};

use super::activity::Activity;
use super::bar::Bar;
use super::console::Console;
use super::unreadable;
use crate::apply::Event;
use crate::model::{LinkStatus, counted};
use crate::output::{Text, apply_summary, event_line};
use crate::plan::{Change, Plan};
use crate::workflow::{Observer, ReadPurpose, RequestMeter, WorkflowEvent};

/// Shows the events of a workflow on the console.
#[derive(Debug)]
pub(super) struct ConsoleObserver<'a> {
    console: &'a Console,
    shows_results: bool,
    verifies: Cell<bool>,
    bar: RefCell<Option<Bar>>,
    activity: RefCell<Option<Activity>>,
    /// How many documents were fetched, of how many.
    fetched: Cell<(usize, usize)>,
}

impl<'a> ConsoleObserver<'a> {
    pub(super) fn new(console: &'a Console) -> Self {
        Self {
            console,
            shows_results: false,
            verifies: Cell::default(),
            bar: RefCell::default(),
            activity: RefCell::default(),
            fetched: Cell::default(),
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

    /// Shows what is under way now, in place of what was.
    fn begin(&self, begun: impl FnOnce(&Console) -> Activity) {
        // A line that moves ends before the next one begins.
        self.activity.take();
        self.activity.replace(Some(begun(self.console)));
    }

    /// Ends what is under way, and says what came of it. The words get how long it took.
    fn end(&self, words: impl FnOnce(&str) -> String) {
        if let Some(activity) = self.activity.take() {
            let took = activity.end();
            self.console.hint(words(&took));
        }
    }

    fn reading(&self, service: &str, purpose: ReadPurpose, requests: &RequestMeter) {
        tracing::info!(target = %service, "reading the service");
        let words = match purpose {
            ReadPurpose::Plan => format!("reading {service}"),
            ReadPurpose::Verification => format!("verifying {service}"),
            ReadPurpose::Undo => format!("recording what {service} has"),
            ReadPurpose::SyncedApis => {
                format!("reading {service} for what integrations have synchronised")
            }
        };
        self.verifies.set(purpose == ReadPurpose::Verification);
        self.begin(|console| Activity::counted(console, &words, requests));
    }

    fn read(&self, resources: usize, reads: u64) {
        tracing::info!(resources, reads, "read the service");
        // A verification ends when it is known what differs.
        if !self.verifies.get() {
            let requests = usize::try_from(reads).unwrap_or(usize::MAX);
            let requests = counted(requests, "request");
            let resources = counted(resources, "resource");
            self.end(|took| format!("read {resources} in {took} ({requests})"));
        }
    }

    fn fetched_one(&self) {
        let (done, count) = self.fetched.get();
        self.fetched.set((done + 1, count));
        if let Some(activity) = &*self.activity.borrow() {
            activity.show(&format!("{}  {} of {count}", fetching(count), done + 1));
        }
    }

    fn wait_for(&self, words: &str) {
        if let Some(activity) = &*self.activity.borrow() {
            activity.show(words);
            return;
        }
        self.begin(|console| Activity::start(console, words));
    }

    fn differs(&self, changes: &[Change]) {
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
            WorkflowEvent::FetchingDocuments { count } => {
                self.fetched.set((0, count));
                self.begin(|console| Activity::start(console, &fetching(count)));
            }
            WorkflowEvent::DocumentFetched => self.fetched_one(),
            WorkflowEvent::DocumentsFetched => {
                let documents = counted(self.fetched.get().1, "linked document");
                self.end(|took| format!("fetched {documents} in {took}"));
            }
            WorkflowEvent::ReadingService {
                service,
                purpose,
                requests,
            } => self.reading(service, purpose, requests),
            WorkflowEvent::ServiceRead { resources, reads } => self.read(resources, reads),
            WorkflowEvent::Verified => self.end(|took| format!("verified in {took}")),
            WorkflowEvent::RolesUnreadable { scopes } => {
                unreadable::note(scopes, unreadable::NOT_CHECKED, self.console);
            }
            WorkflowEvent::ApplyStarted { plan } => self.start(plan),
            WorkflowEvent::ApplyProgress { plan, event } => self.show(plan, event),
            WorkflowEvent::ApplyEnded => {
                self.bar.take();
            }
            WorkflowEvent::WaitingForIntegration { address, state } => {
                tracing::info!(%address, %state, "waiting for the integration");
                self.wait_for(&match state {
                    LinkStatus::Deleting => format!("waiting until {address} is deleted"),
                    state => format!("waiting until {address} synchronises (it is `{state}`)"),
                });
            }
            WorkflowEvent::IntegrationSynchronises { address } => {
                self.end(|took| format!("{address} synchronises after {took}"));
            }
            WorkflowEvent::WritingSyncedApis if self.shows_results => {
                let mut text = Text::default();
                text.blank();
                text.push("APIs that integrations have synchronised in the meantime:");
                self.console.output(text);
            }
            WorkflowEvent::WritingSyncedApis => {}
            WorkflowEvent::SyncedApisWritten { plan, report } if self.shows_results => {
                self.console.output(apply_summary(plan, report));
            }
            WorkflowEvent::SyncedApisWritten { .. } => {}
            WorkflowEvent::Differs { changes } => {
                self.activity.take();
                self.differs(changes);
            }
            WorkflowEvent::ServiceImporting { service, instance } => self.console.hint(format!(
                "The service {service} is importing from {instance}. This can take several minutes."
            )),
            // Only `doctor` examines, and shows what it finds itself.
            WorkflowEvent::Examined { .. } => {}
        }
    }
}

/// What is said while documents are fetched.
fn fetching(count: usize) -> String {
    format!("fetching {}", counted(count, "linked document"))
}
