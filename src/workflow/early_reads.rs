//! Reading what an apply has finished with, beside what it still writes: reads have a rate limit of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::apply::Event;
use crate::azure::{ArmService, EarlyRead, EarlyReads};
use crate::live::ReadScope;
use crate::model::Address;
use crate::plan::{Change, Plan, Preparation, Purpose, Step};

/// How many top resources are read at once, with all below them. Chosen here: as many as are written at once.
const AT_ONCE: usize = 16;

/// Starts to read what is below a top resource as soon as it is written in full.
#[derive(Debug)]
pub(super) struct EarlyReader {
    service: ArmService,
    scope: Arc<ReadScope>,
    turns: Arc<Semaphore>,
    reads: EarlyReads,
}

impl EarlyReader {
    pub(super) fn new(service: ArmService, scope: ReadScope) -> Self {
        Self {
            service,
            scope: Arc::new(scope),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            reads: EarlyReads::new(),
        }
    }

    pub(super) fn start(&mut self, root: Address) {
        let (service, scope) = (self.service.clone(), Arc::clone(&self.scope));
        let (turns, address) = (Arc::clone(&self.turns), root.clone());
        let read = EarlyRead::start(async move {
            // They are never closed.
            let _turn = turns.acquire().await.ok();
            service.read_below(&address, &scope).await
        });
        self.reads.insert(root, read);
    }

    pub(super) fn reads(self) -> EarlyReads {
        self.reads
    }
}

/// Counts what is still to be written to each top resource.
#[derive(Debug)]
pub(super) struct Unfinished<'a> {
    plan: &'a Plan,
    /// How many writes to each top resource and below it are still to come; nothing once one of them failed: then
    /// nothing is verified.
    writes: BTreeMap<Address, usize>,
}

impl<'a> Unfinished<'a> {
    /// Before the first write. Empty for a plan with writes that may change more than their own resource: the
    /// service may take what refers to a deleted one.
    pub(super) fn of(plan: &'a Plan) -> Self {
        let mut writes: BTreeMap<Address, usize> = BTreeMap::new();
        let removes = |one: &Preparation| one.purpose == Purpose::Remove;
        let is_local = !plan.changes.iter().any(reaches_others);
        if is_local && !plan.preparations.iter().any(removes) {
            let changes = plan.changes.iter().filter(|change| is_written(change));
            let prepared = plan.preparations.iter().map(|one| &one.resource.address);
            for address in changes.map(|change| &change.address).chain(prepared) {
                *writes.entry(address.root()).or_default() += 1;
            }
        }
        Self { plan, writes }
    }

    /// The top resource that is written in full with an event.
    pub(super) fn finished_with(&mut self, event: &Event) -> Option<Address> {
        let address = match event {
            Event::Started { .. } => return None,
            Event::Finished { change, .. } => &self.plan.changes[*change].address,
            Event::Prepared { preparation, .. } => {
                &self.plan.preparations[*preparation].resource.address
            }
            Event::Failed { .. } | Event::Skipped { .. } => {
                self.writes.clear();
                return None;
            }
        };
        let root = address.root();
        let writes = self.writes.get_mut(&root)?;
        *writes = writes.saturating_sub(1);
        (*writes == 0).then_some(root)
    }
}

fn is_written(change: &Change) -> bool {
    let follows = matches!(change.step, Step::Delete { with: Some(_), .. });
    change.blocked.is_none() && !follows
}

fn reaches_others(change: &Change) -> bool {
    let deletes = matches!(change.step, Step::Delete { .. } | Step::Replace { .. });
    deletes && change.address == change.address.root()
}
