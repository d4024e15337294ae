//! Writes the changes of a plan concurrently, none before what it waits for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::event::Event;
use super::report::{Outcome, Report};
use crate::live::{ServiceError, Writer};
use crate::model::{Address, Body, Document, Resource};
use crate::plan::{Change, PerWrite, Plan, Preparation, Purpose, Step, WriteId};

/// How a plan is carried out.
#[derive(Debug, Clone)]
pub struct ApplyOptions {
    /// How many changes are written at once; 0 counts as 1.
    pub parallelism: usize,
    /// Becomes `true` when no further change is to be started.
    pub stop: watch::Receiver<bool>,
}

/// Applies a plan and reports the outcome of each change.
///
/// A change that fails stops the changes that wait for it and no others. Once `stop` is `true`, running
/// requests finish and nothing more is started.
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

type Written = (WriteId, Result<(), Failure>);

struct Failure {
    error: ServiceError,
    half: bool,
}

struct Run<'a, W> {
    plan: &'a Plan,
    writer: Arc<W>,
    options: ApplyOptions,
    events: UnboundedSender<Event>,
    /// The outcome of each change.
    outcomes: Vec<Option<Outcome>>,
    /// Which preparations are done.
    prepared: Vec<bool>,
    /// Writes that failed or can no longer happen.
    lost: BTreeSet<WriteId>,
    /// How many writes each write still waits for.
    open: PerWrite<usize>,
    /// The writes that wait for each write.
    dependents: PerWrite<Vec<WriteId>>,
    ready: BTreeSet<WriteId>,
    started: PerWrite<Option<Instant>>,
    running: JoinSet<Written>,
}

impl<'a, W: Writer + 'static> Run<'a, W> {
    fn new(
        plan: &'a Plan,
        writer: Arc<W>,
        options: ApplyOptions,
        events: UnboundedSender<Event>,
    ) -> Self {
        let (changes, preparations) = (plan.changes.len(), plan.preparations.len());
        let mut run = Self {
            plan,
            writer,
            options,
            events,
            outcomes: plan.changes.iter().map(|_| None).collect(),
            prepared: vec![false; preparations],
            lost: BTreeSet::new(),
            open: PerWrite::filled(0, changes, preparations),
            dependents: PerWrite::filled(Vec::new(), changes, preparations),
            ready: BTreeSet::new(),
            started: PerWrite::filled(None, changes, preparations),
            running: JoinSet::new(),
        };
        for (i, change) in plan.changes.iter().enumerate() {
            if change.blocked.is_some() {
                run.outcomes[i] = Some(Outcome::Blocked);
            } else if !follows_another(change) {
                run.wait(WriteId::Change(i), &change.waits_for);
            }
        }
        for (p, preparation) in plan.preparations.iter().enumerate() {
            run.wait(WriteId::Preparation(p), &preparation.waits_for);
        }
        run
    }

    fn wait(&mut self, id: WriteId, waits_for: &[WriteId]) {
        self.open[id] = waits_for.len();
        for &earlier in waits_for {
            self.dependents[earlier].push(id);
        }
        if waits_for.is_empty() {
            self.ready.insert(id);
        }
    }

    /// The change that a write belongs to.
    fn change_of(&self, id: WriteId) -> usize {
        match id {
            WriteId::Change(i) => i,
            WriteId::Preparation(p) => self.plan.preparations[p].change,
        }
    }

    fn start_ready(&mut self) {
        while self.running.len() < self.options.parallelism.max(1) && !*self.options.stop.borrow() {
            let Some(id) = self.ready.pop_first() else {
                return;
            };
            let i = self.change_of(id);
            let change = self.plan.changes[i].clone();
            let prepared = match id {
                WriteId::Change(_) => None,
                WriteId::Preparation(p) => Some(self.plan.preparations[p].clone()),
            };
            let writer = Arc::clone(&self.writer);
            self.started[id] = Some(Instant::now());
            self.emit(Event::Started { change: i });
            self.running.spawn(async move {
                let result = match prepared {
                    Some(preparation) => prepare(writer.as_ref(), &change, &preparation).await,
                    None => write(writer.as_ref(), &change).await,
                };
                (id, result)
            });
        }
    }

    fn settle(&mut self, id: WriteId, result: Result<(), Failure>) {
        match result {
            Ok(()) => {
                let elapsed = self.started[id]
                    .map(|start| start.elapsed())
                    .unwrap_or_default();
                self.done(id, elapsed);
                for later in self.dependents[id].clone() {
                    self.open[later] -= 1;
                    if self.open[later] == 0 && !self.lost.contains(&later) {
                        self.ready.insert(later);
                    }
                }
            }
            Err(Failure { error, half }) => {
                let change = self.change_of(id);
                self.lost.insert(id);
                self.emit(Event::Failed {
                    change,
                    message: error.to_string(),
                });
                self.outcomes[change] = Some(Outcome::Failed { error, half });
                self.skip_dependents(id, change);
            }
        }
    }

    fn done(&mut self, id: WriteId, elapsed: Duration) {
        match id {
            WriteId::Preparation(preparation) => {
                self.prepared[preparation] = true;
                self.emit(Event::Prepared {
                    preparation,
                    elapsed,
                });
            }
            WriteId::Change(change) => {
                self.outcomes[change] = Some(Outcome::Done);
                self.emit(Event::Finished { change, elapsed });
            }
        }
    }

    fn skip_dependents(&mut self, failed: WriteId, because: usize) {
        let mut queue = self.dependents[failed].clone();
        while let Some(later) = queue.pop() {
            if !self.lost.insert(later) {
                continue;
            }
            queue.extend(&self.dependents[later]);
            let change = self.change_of(later);
            if self.outcomes[change].is_none() {
                self.outcomes[change] = Some(Outcome::Skipped(because));
                self.emit(Event::Skipped { change, because });
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

    /// Deletes that happen with the change of another resource, and the position of that one.
    fn followers(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let positions: BTreeMap<&Address, usize> = self
            .plan
            .changes
            .iter()
            .enumerate()
            .map(|(i, change)| (&change.address, i))
            .collect();
        let changes = self.plan.changes.iter().enumerate();
        changes.filter_map(move |(i, change)| match &change.step {
            Step::Delete {
                with: Some(top), ..
            } => Some((i, *positions.get(top)?)),
            _ => None,
        })
    }

    fn emit(&self, event: Event) {
        // The receiver may be closed; the report has everything anyway.
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

async fn prepare<W: Writer>(
    writer: &W,
    change: &Change,
    preparation: &Preparation,
) -> Result<(), Failure> {
    let resource = &preparation.resource;
    if preparation.purpose == Purpose::Remove {
        return delete(writer, resource).await;
    }
    let Some(carried) = &preparation.carried else {
        let kept = change.unmodelled_in(resource).kept;
        return put(writer, resource, &kept).await;
    };
    put(writer, resource, &carried.unmodelled).await?;
    match &carried.document {
        Some(document) => import(writer, resource, document, true).await,
        None => Ok(()),
    }
}

async fn import<W: Writer>(
    writer: &W,
    resource: &Resource,
    document: &Document,
    is_written: bool,
) -> Result<(), Failure> {
    let imported = writer.import(resource, document).await;
    imported.map_err(|error| Failure {
        error,
        half: is_written,
    })
}

async fn delete<W: Writer>(writer: &W, resource: &Resource) -> Result<(), Failure> {
    let deleted = writer.delete(resource).await;
    deleted.map_err(|error| Failure { error, half: false })
}

async fn write<W: Writer>(writer: &W, change: &Change) -> Result<(), Failure> {
    let (before, after) = match &change.step {
        Step::Delete { before, .. } => {
            return delete(writer, before).await;
        }
        Step::Replace { before, after } => (Some(before), after),
        Step::Create { after } | Step::Update { after, .. } | Step::Rename { after, .. } => {
            (None, after)
        }
    };
    // What has the name of its replacement goes first.
    let first = before.filter(|before| before.id.is_none());
    if let Some(before) = first {
        delete(writer, before).await?;
    }
    let writes_resource = change.writes_resource();
    if writes_resource {
        put(writer, after, &change.unmodelled_fields().kept).await?;
    }
    if let Some(text) = &change.text {
        import(writer, after, &text.after, writes_resource).await?;
    }
    if let Some(before) = before.filter(|_| first.is_none()) {
        writer
            .delete(before)
            .await
            .map_err(|error| Failure { error, half: true })?;
    }
    Ok(())
}
