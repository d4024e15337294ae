//! Whether a data file is whole, found out without changing it.
//!
//! A database repairs a file when it opens it, so it is opened as a copy in memory first. What is not whole
//! is refused and stays as it is.

use std::cell::Cell;
use std::fs::File;
use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::Path;
use std::rc::Rc;
use std::sync::Once;

use redb::{Database, DatabaseError, ReadableDatabase as _, TableError};

use super::copy_on_write::CopyOnWrite;
use super::tables::ALL;
use crate::emulator::base::error::{EmulatorError, NOT_USABLE};

/// How every data file begins, and the bit after it that is set until the file is closed (documented by redb).
const MAGIC: [u8; 9] = *b"redb\x1A\x0A\xA9\x0D\x0A";
const NOT_CLOSED: u8 = 2;

/// Checks a data file that exists.
///
/// # Errors
/// If another process has it, it cannot be read or written, or it is damaged.
pub(super) fn check(path: &Path) -> Result<(), EmulatorError> {
    let open = |message: String| EmulatorError::Open {
        path: path.to_owned(),
        message,
        help: NOT_USABLE,
    };
    let damaged = |message: &str| EmulatorError::Open {
        path: path.to_owned(),
        message: format!("it is damaged, and stays as it is: {message}"),
        help: "restore the file from a copy, or move it away (or delete it) to start with an empty one",
    };
    let io = |error: std::io::Error| open(error.to_string());
    // Opening something else, such as a pipe, could wait for ever.
    if !std::fs::metadata(path).map_err(io)?.is_file() {
        return Err(open("it is not a regular file".to_owned()));
    }
    let mut start = Vec::new();
    // The store writes: a file that may only be read is not damaged.
    let file = File::options().read(true).write(true).open(path);
    let file = file.map_err(io)?;
    let most = MAGIC.len() as u64 + 1;
    (&file).take(most).read_to_end(&mut start).map_err(io)?;
    let was_closed = match start.as_slice() {
        [] => return Err(damaged("it is empty")),
        [magic @ .., flags] if magic == MAGIC => flags & NOT_CLOSED == 0,
        _ => return Err(damaged("it is not a data file of the emulator")),
    };
    match without_panic(|| examined(file, was_closed)) {
        Some(Ok(())) => Ok(()),
        Some(Err(DatabaseError::DatabaseAlreadyOpen)) => Err(EmulatorError::Busy {
            path: path.to_owned(),
        }),
        Some(Err(DatabaseError::Storage(redb::StorageError::Corrupted(message)))) => {
            Err(damaged(&message))
        }
        Some(Err(error)) => Err(damaged(&error.to_string())),
        None => Err(damaged("its content contradicts itself")),
    }
}

/// Opens a copy of the file and verifies all of it.
fn examined(file: File, was_closed: bool) -> Result<(), DatabaseError> {
    let corrupted = |text: &str| redb::StorageError::Corrupted(text.to_owned());
    let repaired = Rc::new(Cell::new(false));
    let noted = Rc::clone(&repaired);
    let mut database = Database::builder()
        .set_repair_callback(move |_| noted.set(true))
        .create_with_backend(CopyOnWrite::new(file)?)?;
    // Only a process that was killed leaves something to repair.
    let needs_repair = was_closed && repaired.get();
    if needs_repair || !database.check_integrity()? {
        return Err(corrupted("a checksum does not match").into());
    }
    let snapshot = database
        .begin_read()
        .map_err(|error| corrupted(&error.to_string()))?;
    for table in ALL {
        match snapshot.open_table(table) {
            // A file of an earlier version lacks some.
            Ok(_) | Err(TableError::TableDoesNotExist(_)) => {}
            Err(error) => return Err(corrupted(&error.to_string()).into()),
        }
    }
    Ok(())
}

thread_local! {
    static IS_CHECKING: Cell<bool> = const { Cell::new(false) };
}

/// Runs a check; `None` if it panics, which then prints nothing. redb panics on some damaged files (observed).
fn without_panic<T>(check: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let hook = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_CHECKING.get() {
                hook(panic);
            }
        }));
    });
    IS_CHECKING.set(true);
    let result = catch_unwind(AssertUnwindSafe(check));
    IS_CHECKING.set(false);
    result.ok()
}
