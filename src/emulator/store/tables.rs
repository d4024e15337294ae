//! The tables and the file they live in.

use std::path::Path;

use redb::{Database, DatabaseError, TableDefinition, backends::InMemoryBackend};

use super::error::StoreError;
use crate::emulator::base::error::EmulatorError;
use crate::emulator::base::options::Data;

pub(super) type Table = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Service key → service.
pub(super) const SERVICES: Table = Table::new("services");
/// Service name → service key: names are unique over all subscriptions, and stay taken after a soft
/// delete.
pub(super) const NAMES: Table = Table::new("names");
/// Resource key → resource.
pub(super) const RESOURCES: Table = Table::new("resources");
/// (parent, collection, creation number) → resource key.
pub(super) const CHILDREN: Table = Table::new("children");
/// (parent, collection) → number of children, so that limits need no scan.
pub(super) const COUNTS: Table = Table::new("counts");
/// (service, metadata schema, entity, resource key) → nothing: who has a value for a schema.
pub(super) const USES: Table = Table::new("uses");
/// Resource key → its document: that of a definition, the rules of an analyzer, the description of an API in
/// API Management.
pub(super) const CONTENT: Table = Table::new("content");
/// `{key}/operationresults/{id}` → long-running operation; the key is that of a service, a definition or an
/// analyzer.
pub(super) const OPERATIONS: Table = Table::new("operations");
/// (job, subject) → when it is due.
pub(super) const JOBS: Table = Table::new("jobs");
/// Subscription and group → resource group that a client created.
pub(super) const GROUPS: Table = Table::new("groups");
/// Name → role assignment: names are unique in a directory.
pub(super) const ASSIGNMENTS: Table = Table::new("assignments");
/// Principal → the identity that was made for a service.
pub(super) const PRINCIPALS: Table = Table::new("principals");
/// Counters, and what the emulator keeps of itself.
pub(super) const META: Table = Table::new("meta");

const ALL: [Table; 13] = [
    SERVICES,
    NAMES,
    RESOURCES,
    CHILDREN,
    COUNTS,
    USES,
    CONTENT,
    OPERATIONS,
    JOBS,
    GROUPS,
    ASSIGNMENTS,
    PRINCIPALS,
    META,
];

/// Opens (or makes) the database and all its tables.
pub(super) fn open(data: &Data) -> Result<Database, EmulatorError> {
    let database = match data {
        Data::Memory => Database::builder()
            .create_with_backend(InMemoryBackend::new())
            .map_err(|error| EmulatorError::Store(error.to_string()))?,
        Data::File(path) => open_file(path)?,
    };
    create_tables(&database)?;
    Ok(database)
}

fn open_file(path: &Path) -> Result<Database, EmulatorError> {
    let failed = |message: String| EmulatorError::Open {
        path: path.to_owned(),
        message,
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    }
    if !path.exists() {
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
