//! A file as a database sees it whose writes stay in memory.

use std::fs::File;
use std::io;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::backends::FileBackend;
use redb::{BackendError, DatabaseError, StorageBackend};

type Locked = Result<bool, BackendError>;

/// Reads and locks a file, and keeps what is written to it in memory.
#[derive(Debug)]
pub(super) struct CopyOnWrite {
    file: FileBackend,
    /// What is in the file, read once it is locked.
    copy: Mutex<Option<Vec<u8>>>,
}

impl CopyOnWrite {
    pub(super) fn new(file: File) -> Result<Self, DatabaseError> {
        Ok(Self {
            file: FileBackend::new(file)?,
            copy: Mutex::default(),
        })
    }

    fn copy<T>(&self, work: impl FnOnce(&mut Vec<u8>) -> io::Result<T>) -> io::Result<T> {
        let mut copy: MutexGuard<'_, Option<Vec<u8>>> =
            self.copy.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = match &mut *copy {
            Some(bytes) => bytes,
            none => {
                let mut bytes = vec![0; position(self.file.len()?)?];
                self.file.read(0, &mut bytes)?;
                none.insert(bytes)
            }
        };
        work(bytes)
    }
}

fn position(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(|_| io::ErrorKind::InvalidInput.into())
}

/// The part of a copy that begins at an offset.
fn part(bytes: &mut [u8], offset: u64, length: usize) -> io::Result<&mut [u8]> {
    let start = position(offset)?;
    let end = start.checked_add(length);
    end.and_then(|end| bytes.get_mut(start..end))
        .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

impl StorageBackend for CopyOnWrite {
    fn len(&self) -> io::Result<u64> {
        self.copy(|bytes| Ok(bytes.len() as u64))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.copy(|bytes| {
            out.copy_from_slice(part(bytes, offset, out.len())?);
            Ok(())
        })
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let len = position(len)?;
        self.copy(|bytes| {
            let more = len.saturating_sub(bytes.len());
            let reserved = bytes.try_reserve(more);
            reserved.map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
            bytes.resize(len, 0);
            Ok(())
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.copy(|bytes| {
            part(bytes, offset, data.len())?.copy_from_slice(data);
            Ok(())
        })
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Locked {
        self.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Locked {
        self.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Locked {
        self.file.query_lock_range(start, end)
    }
}
