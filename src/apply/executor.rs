//! Walks the changes of a plan, as many at once as allowed, none before what it waits for.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::event::Event;
use super::report::{Outcome, Report};
use crate::live::{ServiceError, Writer};
use crate::model::{Body, Resource};
use crate::plan::{Change, Plan, Step};

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
    error: ServiceError,
    half: bool,
}

/// Writes are numbered as in [`Change::waits_for`]: changes first, then preparations.
struct Run<'a, W> {
    plan: &'a Plan,
    writer: Arc<W>,
    options: ApplyOptions,
    events: UnboundedSender<Event>,
    /// What became of each change.
    outcomes: Vec<Option<Outcome>>,
    /// Which preparations are done.
    prepared: Vec<bool>,
    /// Writes that failed, or that cannot happen any more.
    lost: BTreeSet<usize>,
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
        let count = plan.changes.len() + plan.preparations.len();
        let mut run = Self {
            plan,
            writer,
            options,
            events,
            outcomes: plan.changes.iter().map(|_| None).collect(),
            prepared: vec![false; plan.preparations.len()],
            lost: BTreeSet::new(),
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
                run.wait(i, &change.waits_for);
            }
        }
        for (p, preparation) in plan.preparations.iter().enumerate() {
            run.wait(plan.changes.len() + p, &preparation.waits_for);
        }
        run
    }

    fn wait(&mut self, number: usize, waits_for: &[usize]) {
        self.open[number] = waits_for.len();
        for &earlier in waits_for {
            self.dependents[earlier].push(number);
        }
        if waits_for.is_empty() {
            self.ready.insert(number);
        }
    }

    /// The change that a write belongs to.
    fn change_of(&self, number: usize) -> usize {
        match number.checked_sub(self.plan.changes.len()) {
            Some(p) => self.plan.preparations[p].change,
            None => number,
        }
    }

    fn start_ready(&mut self) {
        while self.running.len() < self.options.parallelism.max(1) && !*self.options.stop.borrow() {
            let Some(number) = self.ready.pop_first() else {
                return;
            };
            let i = self.change_of(number);
            let change = self.plan.changes[i].clone();
            let prepared = number
                .checked_sub(self.plan.changes.len())
                .map(|p| self.plan.preparations[p].resource.clone());
            let writer = Arc::clone(&self.writer);
            self.started[number] = Some(Instant::now());
            self.tell(Event::Started { change: i });
            self.running.spawn(async move {
                let result = match prepared {
                    Some(resource) => put(writer.as_ref(), &resource, &change.unmodelled).await,
                    None => carry_out(writer.as_ref(), &change).await,
                };
                (number, result)
            });
        }
    }

    fn settle(&mut self, number: usize, result: Result<(), Failure>) {
        match result {
            Ok(()) => {
                let elapsed = self.started[number]
                    .map(|start| start.elapsed())
                    .unwrap_or_default();
                self.done(number, elapsed);
                for k in self.dependents[number].clone() {
                    self.open[k] -= 1;
                    if self.open[k] == 0 && !self.lost.contains(&k) {
                        self.ready.insert(k);
                    }
                }
            }
            Err(Failure { error, half }) => {
                let change = self.change_of(number);
                self.lost.insert(number);
                self.tell(Event::Failed {
                    change,
                    message: error.to_string(),
                });
                self.outcomes[change] = Some(Outcome::Failed { error, half });
                self.skip_dependents(number, change);
            }
        }
    }

    fn done(&mut self, number: usize, elapsed: Duration) {
        match number.checked_sub(self.plan.changes.len()) {
            Some(preparation) => {
                self.prepared[preparation] = true;
                self.tell(Event::Prepared {
                    preparation,
                    elapsed,
                });
            }
            None => {
                self.outcomes[number] = Some(Outcome::Done);
                self.tell(Event::Finished {
                    change: number,
                    elapsed,
                });
            }
        }
    }

    fn skip_dependents(&mut self, failed: usize, because: usize) {
        let mut queue = self.dependents[failed].clone();
        while let Some(k) = queue.pop() {
            if !self.lost.insert(k) {
                continue;
            }
            queue.extend(&self.dependents[k]);
            let change = self.change_of(k);
            if self.outcomes[change].is_none() {
                self.outcomes[change] = Some(Outcome::Skipped(because));
                self.tell(Event::Skipped { change, because });
            }
        }
    }

    fn finish(mut self) -> Report {
        let tops: Vec<(usize, usize)> = self.followers().collect();
        for (i, top) in tops {
            if self.outcomes[i].is_some() {
                continue;
            }
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
            prepared: self.prepared,
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

async fn put<W: Writer>(writer: &W, resource: &Resource, unmodelled: &Body) -> Result<(), Failure> {
    writer
        .put(resource, unmodelled)
        .await
        .map_err(|error| Failure { error, half: false })
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
        put(writer, after, &change.unmodelled).await?;
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
