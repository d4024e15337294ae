//! Walks the changes of a plan, as many at once as allowed, none before what it waits for.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::event::Event;
use super::report::{Outcome, Report};
use crate::plan::{Change, Plan, Step};
use crate::provider::{ProviderError, Writer};

/// How a plan is carried out.
#[derive(Debug, Clone)]
pub struct ApplyOptions {
    /// How many changes are under way at once; at least one.
    pub parallelism: usize,
    /// Turns `true` when no further change is to be started.
    pub stop: watch::Receiver<bool>,
}

/// Carries out a plan and reports what became of each change.
///
/// A change that fails stops what waits for it and nothing else. Once `stop` turns `true`, what is
/// under way is finished and nothing more is started.
pub async fn apply<W: Writer + 'static>(
    plan: &Plan,
    writer: Arc<W>,
    options: ApplyOptions,
    events: UnboundedSender<Event>,
) -> Report {
    let mut run = Run::new(plan, writer, options, events);
    loop {
        run.start_ready();
        let Some(joined) = run.running.join_next().await else {
            break;
        };
        match joined {
            Ok((i, result)) => run.settle(i, result),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    run.finish()
}

type Carried = (usize, Result<(), Failure>);

struct Failure {
    error: ProviderError,
    half: bool,
}

struct Run<'a, W> {
    plan: &'a Plan,
    writer: Arc<W>,
    options: ApplyOptions,
    events: UnboundedSender<Event>,
    outcomes: Vec<Option<Outcome>>,
    open: Vec<usize>,
    dependents: Vec<Vec<usize>>,
    ready: BTreeSet<usize>,
    started: Vec<Option<Instant>>,
    running: JoinSet<Carried>,
}

impl<'a, W: Writer + 'static> Run<'a, W> {
    fn new(
        plan: &'a Plan,
        writer: Arc<W>,
        options: ApplyOptions,
        events: UnboundedSender<Event>,
    ) -> Self {
        let count = plan.changes.len();
        let mut run = Self {
            plan,
            writer,
            options,
            events,
            outcomes: (0..count).map(|_| None).collect(),
            open: vec![0; count],
            dependents: vec![Vec::new(); count],
            ready: BTreeSet::new(),
            started: vec![None; count],
            running: JoinSet::new(),
        };
        for (i, change) in plan.changes.iter().enumerate() {
            if change.blocked.is_some() {
                run.outcomes[i] = Some(Outcome::Blocked);
            } else if !follows_another(change) {
                run.open[i] = change.waits_for.len();
                change
                    .waits_for
                    .iter()
                    .for_each(|&j| run.dependents[j].push(i));
                if change.waits_for.is_empty() {
                    run.ready.insert(i);
                }
            }
        }
        run
    }

    fn start_ready(&mut self) {
        while self.running.len() < self.options.parallelism.max(1) && !*self.options.stop.borrow() {
            let Some(i) = self.ready.pop_first() else {
                return;
            };
            let change = self.plan.changes[i].clone();
            let writer = Arc::clone(&self.writer);
            self.started[i] = Some(Instant::now());
            self.tell(Event::Started { change: i });
            self.running
                .spawn(async move { (i, carry_out(writer.as_ref(), &change).await) });
        }
    }

    fn settle(&mut self, i: usize, result: Result<(), Failure>) {
        match result {
            Ok(()) => {
                let elapsed = self.started[i]
                    .map(|start| start.elapsed())
                    .unwrap_or_default();
                self.outcomes[i] = Some(Outcome::Done);
                self.tell(Event::Finished { change: i, elapsed });
                for k in self.dependents[i].clone() {
                    self.open[k] -= 1;
                    if self.open[k] == 0 && self.outcomes[k].is_none() {
                        self.ready.insert(k);
                    }
                }
            }
            Err(Failure { error, half }) => {
                self.tell(Event::Failed {
                    change: i,
                    message: error.to_string(),
                });
                self.outcomes[i] = Some(Outcome::Failed { error, half });
                self.skip_dependents(i);
            }
        }
    }

    fn skip_dependents(&mut self, failed: usize) {
        let mut queue = self.dependents[failed].clone();
        while let Some(k) = queue.pop() {
            if self.outcomes[k].is_none() {
                self.outcomes[k] = Some(Outcome::Skipped(failed));
                self.tell(Event::Skipped {
                    change: k,
                    because: failed,
                });
                queue.extend(&self.dependents[k]);
            }
        }
    }

    fn finish(mut self) -> Report {
        let tops: Vec<(usize, usize)> = self.followers().collect();
        for (i, top) in tops {
            self.outcomes[i] = Some(match &self.outcomes[top] {
                Some(Outcome::Done) => Outcome::Done,
                Some(Outcome::Failed { .. }) => Outcome::Skipped(top),
                Some(Outcome::Skipped(because)) => Outcome::Skipped(*because),
                _ => Outcome::NotStarted,
            });
        }
        Report {
            outcomes: self
                .outcomes
                .into_iter()
                .map(|outcome| outcome.unwrap_or(Outcome::NotStarted))
                .collect(),
            interrupted: *self.options.stop.borrow(),
        }
    }

    /// Deletes that happen with another resource's, and the position of that one.
    fn followers(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.plan
            .changes
            .iter()
            .enumerate()
            .filter_map(|(i, change)| match &change.step {
                Step::Delete {
                    with: Some(top), ..
                } => {
                    let found = self.plan.changes.binary_search_by(|other| {
                        (other.action(), &other.address).cmp(&(change.action(), top))
                    });
                    Some((i, found.ok()?))
                }
                _ => None,
            })
    }

    fn tell(&self, event: Event) {
        // Whoever listens may have gone; the report has it all the same.
        let _ = self.events.send(event);
    }
}

fn follows_another(change: &Change) -> bool {
    matches!(change.step, Step::Delete { with: Some(_), .. })
}

async fn carry_out<W: Writer>(writer: &W, change: &Change) -> Result<(), Failure> {
    let (before, after) = match &change.step {
        Step::Delete { before, .. } => {
            let deleted = writer.delete(before).await;
            return deleted.map_err(|error| Failure { error, half: false });
        }
        Step::Replace { before, after } => (Some(before), after),
        Step::Create { after } | Step::Update { after, .. } => (None, after),
    };
    let writes_resource = change.writes_resource();
    if writes_resource {
        writer
            .put(after, &change.unmodelled)
            .await
            .map_err(|error| Failure { error, half: false })?;
    }
    if let Some(text) = &change.text {
        writer
            .import(after, &text.after)
            .await
            .map_err(|error| Failure {
                error,
                half: writes_resource,
            })?;
    }
    if let Some(before) = before {
        writer
            .delete(before)
            .await
            .map_err(|error| Failure { error, half: true })?;
    }
    Ok(())
}
