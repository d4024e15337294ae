//! Reading and changing the state inside one transaction.

use redb::{ReadTransaction, ReadableTable as _, WriteTransaction};
use serde::de::DeserializeOwned;

use super::error::StoreError;
use super::keys::ServiceKey;
use super::keys::{after_prefix, collection_prefix, index_entry, job_entry};
use super::records::OperationRecord;
use super::records::Record;
use super::records::ServiceRecord;
use super::tables::{
    CHILDREN, CONTENT, COUNTS, JOBS, META, NAMES, OPERATIONS, RESOURCES, SERVICES, Table, USES,
};
use crate::emulator::base::clock::Ticks;

type Entry = (Vec<u8>, Vec<u8>);

/// Which end of a range to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

/// A resource found through the index of children.
#[derive(Debug)]
pub(in crate::emulator) struct StoredResource {
    pub(in crate::emulator) key: String,
    pub(in crate::emulator) record: Record,
}

/// The two reads everything else is made of, over a snapshot or over a running change.
pub(super) trait Read {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    fn range(
        &self,
        table: Table,
        from: &[u8],
        until: &[u8],
        most: usize,
        end: End,
    ) -> Result<Vec<Entry>, StoreError>;
}

macro_rules! read_through {
    ($transaction:ty) => {
        impl Read for $transaction {
            fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
                let table = self.open_table(table)?;
                Ok(table.get(key)?.map(|value| value.value().to_vec()))
            }

            fn range(
                &self,
                table: Table,
                from: &[u8],
                until: &[u8],
                most: usize,
                end: End,
            ) -> Result<Vec<Entry>, StoreError> {
                let table = self.open_table(table)?;
                let mut range = table.range(from..until)?;
                let mut found = Vec::new();
                while found.len() < most {
                    let next = match end {
                        End::First => range.next(),
                        End::Last => range.next_back(),
                    };
                    let Some(entry) = next else { break };
                    let (key, value) = entry?;
                    found.push((key.value().to_vec(), value.value().to_vec()));
                }
                Ok(found)
            }
        }
    };
}

read_through!(ReadTransaction);
read_through!(WriteTransaction);

/// A consistent view of the state.
#[derive(Clone, Copy)]
pub(in crate::emulator) struct View<'a>(pub(super) &'a dyn Read);

impl<'a> View<'a> {
    pub(super) fn new(read: &'a dyn Read) -> Self {
        Self(read)
    }

    pub(super) fn decoded<T: DeserializeOwned>(
        self,
        table: Table,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        let found = self.0.get(table, key.as_bytes())?;
        Ok(found
            .map(|bytes| serde_json::from_slice(&bytes))
            .transpose()?)
    }

    pub(super) fn prefixed(
        self,
        table: Table,
        prefix: &[u8],
        most: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.0
            .range(table, prefix, &after_prefix(prefix), most, End::First)
    }

    /// The service at this place, also a soft-deleted one.
    pub(in crate::emulator) fn service(
        self,
        key: &ServiceKey,
    ) -> Result<Option<ServiceRecord>, StoreError> {
        self.decoded(SERVICES, key.as_str())
    }

    /// Whether any service, living or soft-deleted, has this name.
    pub(in crate::emulator) fn name_taken(self, name: &str) -> Result<bool, StoreError> {
        Ok(self
            .0
            .get(NAMES, name.to_ascii_lowercase().as_bytes())?
            .is_some())
    }

    /// All services of a subscription, or of one resource group in it, in order of creation,
    /// soft-deleted ones too.
    pub(in crate::emulator) fn services(
        self,
        subscription: &str,
        group: Option<&str>,
    ) -> Result<Vec<ServiceRecord>, StoreError> {
        let prefix = match group {
            Some(group) => format!("{subscription}/{group}/"),
            None => format!("{subscription}/"),
        };
        let found = self.prefixed(SERVICES, prefix.to_ascii_lowercase().as_bytes(), usize::MAX)?;
        let mut services = found
            .into_iter()
            .map(|(_, bytes)| serde_json::from_slice(&bytes))
            .collect::<Result<Vec<ServiceRecord>, _>>()?;
        services.sort_by_key(|service| service.number);
        Ok(services)
    }

    /// Every service with its key, soft-deleted ones too.
    pub(in crate::emulator) fn every_service(
        self,
    ) -> Result<Vec<(String, ServiceRecord)>, StoreError> {
        decode_all(self.prefixed(SERVICES, b"", usize::MAX)?)
    }

    pub(in crate::emulator) fn resource(self, key: &str) -> Result<Option<Record>, StoreError> {
        self.decoded(RESOURCES, key)
    }

    /// Up to `most` children in order of creation, those created after number `after`.
    pub(in crate::emulator) fn children(
        self,
        parent: &str,
        collection: &str,
        after: Option<u64>,
        most: usize,
    ) -> Result<Vec<StoredResource>, StoreError> {
        let prefix = collection_prefix(parent, collection);
        let from = match after {
            Some(number) => index_entry(parent, collection, number.saturating_add(1)),
            None => prefix.clone(),
        };
        let found = self
            .0
            .range(CHILDREN, &from, &after_prefix(&prefix), most, End::First)?;
        self.resolved(found)
    }

    /// Every resource whose key starts like this, by key.
    pub(in crate::emulator) fn resources_below(
        self,
        prefix: &str,
    ) -> Result<Vec<(String, Record)>, StoreError> {
        decode_all(self.prefixed(RESOURCES, prefix.as_bytes(), usize::MAX)?)
    }

    /// The child created last.
    pub(in crate::emulator) fn last_child(
        self,
        parent: &str,
        collection: &str,
    ) -> Result<Option<StoredResource>, StoreError> {
        let prefix = collection_prefix(parent, collection);
        let found = self
            .0
            .range(CHILDREN, &prefix, &after_prefix(&prefix), 1, End::Last)?;
        Ok(self.resolved(found)?.pop())
    }

    fn resolved(self, entries: Vec<Entry>) -> Result<Vec<StoredResource>, StoreError> {
        let mut children = Vec::with_capacity(entries.len());
        for (_, key) in entries {
            let key = String::from_utf8(key).map_err(StoreError::new)?;
            if let Some(record) = self.resource(&key)? {
                children.push(StoredResource { key, record });
            }
        }
        Ok(children)
    }

    /// The last number that was given out.
    pub(super) fn last_number(self) -> Result<u64, StoreError> {
        Ok(number(self.0.get(META, b"number")?))
    }

    pub(in crate::emulator) fn count(
        self,
        parent: &str,
        collection: &str,
    ) -> Result<u64, StoreError> {
        Ok(number(
            self.0.get(COUNTS, &collection_prefix(parent, collection))?,
        ))
    }

    /// Whether some entity (of this kind, if one is named) has a value for the metadata schema.
    pub(in crate::emulator) fn schema_used(
        self,
        service: &str,
        schema: &str,
        entity: Option<&str>,
    ) -> Result<bool, StoreError> {
        let mut prefix = format!("{service}\0{}\0", schema.to_ascii_lowercase());
        if let Some(entity) = entity {
            prefix.push_str(entity);
            prefix.push('\0');
        }
        Ok(!self.prefixed(USES, prefix.as_bytes(), 1)?.is_empty())
    }

    pub(in crate::emulator) fn content(
        self,
        definition: &str,
    ) -> Result<Option<String>, StoreError> {
        let found = self.0.get(CONTENT, definition.as_bytes())?;
        found
            .map(|bytes| String::from_utf8(bytes).map_err(StoreError::new))
            .transpose()
    }

    pub(in crate::emulator) fn operation(
        self,
        key: &str,
    ) -> Result<Option<OperationRecord>, StoreError> {
        self.decoded(OPERATIONS, key)
    }

    /// Every operation on record, for resuming those a restart cut off.
    pub(in crate::emulator) fn operations(
        self,
    ) -> Result<Vec<(String, OperationRecord)>, StoreError> {
        decode_all(self.prefixed(OPERATIONS, b"", usize::MAX)?)
    }

    /// When a job is due, if it is still to be done.
    pub(in crate::emulator) fn job(
        self,
        name: &str,
        subject: &str,
    ) -> Result<Option<Ticks>, StoreError> {
        self.decoded(JOBS, &job_entry(name, subject))
    }

    /// Every job that is still to be done: its name, its subject, and when it is due.
    pub(in crate::emulator) fn jobs(self) -> Result<Vec<(String, String, Ticks)>, StoreError> {
        let stored = decode_all(self.prefixed(JOBS, b"", usize::MAX)?)?;
        let split = |(key, due): (String, Ticks)| {
            let (name, subject) = key.split_once('\0')?;
            Some((name.to_owned(), subject.to_owned(), due))
        };
        Ok(stored.into_iter().filter_map(split).collect())
    }
}

pub(super) fn decode_all<T: DeserializeOwned>(
    entries: Vec<Entry>,
) -> Result<Vec<(String, T)>, StoreError> {
    entries
        .into_iter()
        .map(|(key, value)| {
            let key = String::from_utf8(key).map_err(StoreError::new)?;
            Ok((key, serde_json::from_slice(&value)?))
        })
        .collect()
}

fn number(bytes: Option<Vec<u8>>) -> u64 {
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u64::from_be_bytes)
}
