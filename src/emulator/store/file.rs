//! The file that the tables are in.

use std::path::Path;

use redb::{Database, DatabaseError, backends::InMemoryBackend};

use super::error::StoreError;
use super::integrity;
use super::tables::ALL;
use crate::emulator::base::error::{EmulatorError, NOT_USABLE};
use crate::emulator::base::options::Storage;

/// Opens (or makes) the database and all its tables.
pub(super) fn open(data: &Storage) -> Result<Database, EmulatorError> {
    let database = match data {
        Storage::Memory => Database::builder()
            .create_with_backend(InMemoryBackend::new())
            .map_err(|error| EmulatorError::Store(error.to_string()))?,
        Storage::File(path) => open_file(path)?,
    };
    create_tables(&database)?;
    Ok(database)
}

fn open_file(path: &Path) -> Result<Database, EmulatorError> {
    let failed = |message: String| EmulatorError::Open {
        path: path.to_owned(),
        message,
        help: NOT_USABLE,
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    }
    if path.exists() {
        integrity::check(path)?;
    } else {
        create_file(path).map_err(failed)?;
    }
    Database::create(path).map_err(|error| match error {
        DatabaseError::DatabaseAlreadyOpen => EmulatorError::Busy {
            path: path.to_owned(),
        },
        other => failed(other.to_string()),
    })
}

/// Makes the file under another name first: a process that is killed meanwhile leaves no broken
/// file. If another process was faster, its file is used.
fn create_file(path: &Path) -> Result<(), String> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder).map_err(|error| error.to_string())?;
    Database::create(file.path()).map_err(|error| error.to_string())?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error.to_string()),
    }
}

fn create_tables(database: &Database) -> Result<(), StoreError> {
    let transaction = database.begin_write()?;
    for table in ALL {
        transaction.open_table(table)?;
    }
    transaction.commit()?;
    Ok(())
}
