//! One thread writes; everything that waits for it shares a commit.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use redb::{Database, ReadableDatabase as _};

use super::changes::Changes;
use super::error::StoreError;
use super::file;
use super::view::View;
use crate::emulator::base::error::EmulatorError;
use crate::emulator::base::options::Storage;

/// Most jobs per commit: bounds how long the first of them waits for its response.
const BATCH: usize = 256;

/// The open store. Closing it releases the data file; work that comes later is refused.
pub(in crate::emulator) struct Store {
    open: Mutex<Option<Open>>,
}

struct Open {
    database: Arc<Database>,
    jobs: Sender<Box<dyn Job>>,
    writer: JoinHandle<()>,
}

/// Some work inside the writer's transaction, and what to do once it is committed or failed.
trait Job: Send {
    fn work(&mut self, changes: &Changes<'_>) -> Result<(), StoreError>;
    fn finish(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Work<T, W, D> {
    work: Option<W>,
    result: Option<T>,
    done: D,
}

impl<T, W, D> Job for Work<T, W, D>
where
    T: Send,
    W: FnOnce(&Changes<'_>) -> Result<T, StoreError> + Send,
    D: FnOnce(Result<T, StoreError>) + Send,
{
    fn work(&mut self, changes: &Changes<'_>) -> Result<(), StoreError> {
        if let Some(work) = self.work.take() {
            self.result = Some(work(changes)?);
        }
        Ok(())
    }

    fn finish(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self { result, done, .. } = *self;
        done(committed.and_then(|()| result.ok_or_else(StoreError::closed)));
    }
}

impl Store {
    pub(in crate::emulator) fn open(data: &Storage) -> Result<Self, EmulatorError> {
        let database = Arc::new(file::open(data)?);
        let (jobs, queue) = channel();
        let writing = Arc::clone(&database);
        let writer = std::thread::Builder::new()
            .name("emulator-store".to_owned())
            .spawn(move || write_all(&writing, &queue))
            .map_err(|error| EmulatorError::Store(error.to_string()))?;
        Ok(Self {
            open: Mutex::new(Some(Open {
                database,
                jobs,
                writer,
            })),
        })
    }

    /// Reads from a snapshot. Blocks for the time of the read.
    pub(in crate::emulator) fn read<T>(
        &self,
        read: impl FnOnce(View<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let database = {
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(&open.as_ref().ok_or_else(StoreError::closed)?.database)
        };
        let snapshot = database.begin_read()?;
        read(View::new(&snapshot))
    }

    /// Changes the state; returns when the change is on disk.
    pub(in crate::emulator) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Changes<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (done, response) = tokio::sync::oneshot::channel();
        // A closed receiver means that the client disconnected: its write remains.
        self.submit(work, move |result| drop(done.send(result)))?;
        response.await.unwrap_or_else(|_| Err(StoreError::closed()))
    }

    /// Changes the state from code that is not async; blocks until the change is on disk.
    pub(in crate::emulator) fn change_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Changes<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (done, response) = channel();
        self.submit(work, move |result| drop(done.send(result)))?;
        response
            .recv()
            .unwrap_or_else(|_| Err(StoreError::closed()))
    }

    fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Changes<'_>) -> Result<T, StoreError> + Send + 'static,
        done: impl FnOnce(Result<T, StoreError>) + Send + 'static,
    ) -> Result<(), StoreError> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = &open.as_ref().ok_or_else(StoreError::closed)?.jobs;
        let job = Box::new(Work {
            work: Some(work),
            result: None,
            done,
        });
        jobs.send(job).map_err(|_| StoreError::closed())
    }

    /// Lets queued changes commit, then releases the file.
    pub(in crate::emulator) fn close(&self) {
        let open = self
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(Open {
            database,
            jobs,
            writer,
        }) = open
        {
            drop(jobs);
            // A writer that panicked has nothing left to finish.
            drop(writer.join());
            drop(database);
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}

fn write_all(database: &Database, queue: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        batch.extend(queue.try_iter().take(BATCH - 1));
        let committed = commit(database, &mut batch);
        for job in batch {
            job.finish(committed.clone());
        }
    }
}

fn commit(database: &Database, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    let transaction = database.begin_write()?;
    for job in batch {
        job.work(&Changes::new(&transaction))?;
    }
    transaction.commit()?;
    Ok(())
}
