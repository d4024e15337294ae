//! Changing the state inside the writer's transaction.

use redb::WriteTransaction;
use serde::Serialize;

use super::error::StoreError;
use super::keys::ServiceKey;
use super::keys::{after_prefix, collection_prefix, index_entry, job_entry, use_entry};
use super::records::OperationRecord;
use super::records::Record;
use super::records::ServiceRecord;
use super::tables::{
    CHILDREN, CONTENT, COUNTS, JOBS, META, NAMES, OPERATIONS, RESOURCES, SERVICES, Table, USES,
};
use super::view::View;
use crate::emulator::base::clock::{Ticks, etag};

/// A running change. Whoever uses it checks everything before the first write: a refusal does not
/// undo.
pub(in crate::emulator) struct Changes<'a>(&'a WriteTransaction);

impl<'a> Changes<'a> {
    pub(super) fn new(transaction: &'a WriteTransaction) -> Self {
        Self(transaction)
    }

    pub(in crate::emulator) fn view(&self) -> View<'_> {
        View::new(self.0)
    }

    pub(super) fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.0.open_table(table)?.insert(key, value)?;
        Ok(())
    }

    pub(super) fn put_encoded(
        &self,
        table: Table,
        key: &str,
        value: &impl Serialize,
    ) -> Result<(), StoreError> {
        self.put(table, key.as_bytes(), &serde_json::to_vec(value)?)
    }

    pub(super) fn remove(&self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        self.0.open_table(table)?.remove(key)?;
        Ok(())
    }

    fn remove_prefixed(&self, table: Table, prefix: &[u8]) -> Result<(), StoreError> {
        let mut table = self.0.open_table(table)?;
        table.retain_in(prefix..after_prefix(prefix).as_slice(), |_, _| false)?;
        Ok(())
    }

    /// The next number; one counter serves creation order and etags.
    pub(in crate::emulator) fn next_number(&self) -> Result<u64, StoreError> {
        let next = self.view().last_number()? + 1;
        self.put(META, b"number", &next.to_be_bytes())?;
        Ok(next)
    }

    pub(in crate::emulator) fn put_service(
        &self,
        key: &ServiceKey,
        service: &ServiceRecord,
    ) -> Result<(), StoreError> {
        let name = service.name.to_ascii_lowercase();
        self.put(NAMES, name.as_bytes(), key.as_str().as_bytes())?;
        self.put_encoded(SERVICES, key.as_str(), service)
    }

    /// Stores a resource; `parent` and `collection` are given when it is new.
    pub(in crate::emulator) fn put_resource(
        &self,
        key: &str,
        record: &Record,
        new_in: Option<(&str, &str)>,
    ) -> Result<(), StoreError> {
        if let Some((parent, collection)) = new_in {
            let entry = index_entry(parent, collection, record.number);
            self.put(CHILDREN, &entry, key.as_bytes())?;
            self.add_count(parent, collection, 1)?;
        }
        self.put_encoded(RESOURCES, key, record)
    }

    /// Gives a resource a new etag. Observed for an API whose version is created: its
    /// `lastModifiedAt` stays the same.
    pub(in crate::emulator) fn touch_resource(&self, key: &str) -> Result<(), StoreError> {
        if let Some(mut record) = self.view().resource(key)? {
            record.etag = etag(self.next_number()?, Ticks::now());
            self.put_resource(key, &record, None)?;
        }
        Ok(())
    }

    fn add_count(&self, parent: &str, collection: &str, by: i64) -> Result<(), StoreError> {
        let count = self
            .view()
            .count(parent, collection)?
            .saturating_add_signed(by);
        self.put(
            COUNTS,
            &collection_prefix(parent, collection),
            &count.to_be_bytes(),
        )
    }

    /// Removes a resource and everything below it.
    pub(in crate::emulator) fn remove_resource(
        &self,
        key: &str,
        record: &Record,
        parent: &str,
        collection: &str,
    ) -> Result<(), StoreError> {
        self.remove(CHILDREN, &index_entry(parent, collection, record.number))?;
        self.add_count(parent, collection, -1)?;
        self.remove(RESOURCES, key.as_bytes())?;
        self.remove(CONTENT, key.as_bytes())?;
        let below = format!("{key}/");
        for table in [RESOURCES, CHILDREN, COUNTS, CONTENT, OPERATIONS] {
            self.remove_prefixed(table, below.as_bytes())?;
        }
        let own_collections = format!("{key}\0");
        self.remove_prefixed(CHILDREN, own_collections.as_bytes())?;
        self.remove_prefixed(COUNTS, own_collections.as_bytes())
    }

    pub(in crate::emulator) fn put_use(
        &self,
        service: &str,
        schema: &str,
        entity: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        self.put(USES, &use_entry(service, schema, entity, key), b"")
    }

    pub(in crate::emulator) fn remove_use(
        &self,
        service: &str,
        schema: &str,
        entity: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        self.remove(USES, &use_entry(service, schema, entity, key))
    }

    pub(in crate::emulator) fn put_content(
        &self,
        definition: &str,
        document: &str,
    ) -> Result<(), StoreError> {
        self.put(CONTENT, definition.as_bytes(), document.as_bytes())
    }

    pub(in crate::emulator) fn put_operation(
        &self,
        key: &str,
        operation: &OperationRecord,
    ) -> Result<(), StoreError> {
        self.put_encoded(OPERATIONS, key, operation)
    }

    pub(in crate::emulator) fn put_job(
        &self,
        name: &str,
        subject: &str,
        due: Ticks,
    ) -> Result<(), StoreError> {
        self.put_encoded(JOBS, &job_entry(name, subject), &due)
    }

    pub(in crate::emulator) fn remove_job(
        &self,
        name: &str,
        subject: &str,
    ) -> Result<(), StoreError> {
        self.remove(JOBS, job_entry(name, subject).as_bytes())
    }
}
