//! What the cloud keeps around its services: resource groups, role assignments, identities.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::changes::Changes;
use super::error::StoreError;
use super::tables::{ASSIGNMENTS, GROUPS, META, PRINCIPALS, SERVICES};
use super::view::View;
use super::view::decode_all;
use crate::emulator::base::clock::Ticks;

/// A resource group that a client created.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::emulator) struct GroupRecord {
    pub(in crate::emulator) subscription: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) location: String,
    pub(in crate::emulator) tags: Map<String, Value>,
}

/// A role that a principal has at a scope and below it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::emulator) struct AssignmentRecord {
    /// A GUID, as its creator wrote it.
    pub(in crate::emulator) name: String,
    /// As its creator wrote it; `/` is the whole directory.
    pub(in crate::emulator) scope: String,
    /// The place in the order of creation.
    pub(in crate::emulator) number: u64,
    pub(in crate::emulator) created: Ticks,
    pub(in crate::emulator) updated: Ticks,
    /// As its creator wrote it; only the last segment counts.
    pub(in crate::emulator) role: String,
    pub(in crate::emulator) principal: String,
    /// `principalType`, `description`, `condition` and the like.
    pub(in crate::emulator) more: Map<String, Value>,
}

/// An identity that was made for a service.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::emulator) struct PrincipalRecord {
    pub(in crate::emulator) since: Ticks,
    /// How often it was not found yet.
    pub(in crate::emulator) missed: u32,
}

fn group_key(subscription: &str, name: &str) -> String {
    format!("{subscription}/{name}").to_ascii_lowercase()
}

fn kept_key(name: &str) -> String {
    format!("kept {name}")
}

impl View<'_> {
    pub(in crate::emulator) fn group(
        self,
        subscription: &str,
        name: &str,
    ) -> Result<Option<GroupRecord>, StoreError> {
        self.decoded(GROUPS, &group_key(subscription, name))
    }

    /// The resource groups of a subscription that clients created, by name.
    pub(in crate::emulator) fn groups(
        self,
        subscription: &str,
    ) -> Result<Vec<GroupRecord>, StoreError> {
        let found = self.prefixed(GROUPS, group_key(subscription, "").as_bytes(), usize::MAX)?;
        let groups = decode_all(found)?;
        Ok(groups.into_iter().map(|(_, group)| group).collect())
    }

    /// The subscriptions, in lower case, that hold a resource group or a service (also a deleted one).
    pub(in crate::emulator) fn subscriptions(self) -> Result<Vec<String>, StoreError> {
        let mut all = Vec::new();
        for table in [GROUPS, SERVICES] {
            for (key, _) in self.prefixed(table, b"", usize::MAX)? {
                let key = String::from_utf8_lossy(&key);
                all.extend(key.split('/').next().map(str::to_owned));
            }
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    pub(in crate::emulator) fn assignment(
        self,
        name: &str,
    ) -> Result<Option<AssignmentRecord>, StoreError> {
        self.decoded(ASSIGNMENTS, &name.to_ascii_lowercase())
    }

    /// Every role assignment, in order of creation.
    pub(in crate::emulator) fn assignments(self) -> Result<Vec<AssignmentRecord>, StoreError> {
        let found = decode_all(self.prefixed(ASSIGNMENTS, b"", usize::MAX)?)?;
        let mut all: Vec<AssignmentRecord> = found.into_iter().map(|(_, one)| one).collect();
        all.sort_by_key(|one| one.number);
        Ok(all)
    }

    pub(in crate::emulator) fn principal(
        self,
        id: &str,
    ) -> Result<Option<PrincipalRecord>, StoreError> {
        self.decoded(PRINCIPALS, &id.to_ascii_lowercase())
    }

    /// What the emulator keeps of itself under this name.
    pub(in crate::emulator) fn kept(self, name: &str) -> Result<Option<String>, StoreError> {
        self.decoded(META, &kept_key(name))
    }
}

impl Changes<'_> {
    pub(in crate::emulator) fn put_group(&self, group: &GroupRecord) -> Result<(), StoreError> {
        self.put_encoded(GROUPS, &group_key(&group.subscription, &group.name), group)
    }

    pub(in crate::emulator) fn remove_group(
        &self,
        subscription: &str,
        name: &str,
    ) -> Result<(), StoreError> {
        self.remove(GROUPS, group_key(subscription, name).as_bytes())
    }

    pub(in crate::emulator) fn put_assignment(
        &self,
        assignment: &AssignmentRecord,
    ) -> Result<(), StoreError> {
        let key = assignment.name.to_ascii_lowercase();
        self.put_encoded(ASSIGNMENTS, &key, assignment)
    }

    pub(in crate::emulator) fn remove_assignment(&self, name: &str) -> Result<(), StoreError> {
        self.remove(ASSIGNMENTS, name.to_ascii_lowercase().as_bytes())
    }

    pub(in crate::emulator) fn put_principal(
        &self,
        id: &str,
        principal: &PrincipalRecord,
    ) -> Result<(), StoreError> {
        self.put_encoded(PRINCIPALS, &id.to_ascii_lowercase(), principal)
    }

    /// Keeps something of the emulator itself.
    pub(in crate::emulator) fn keep(&self, name: &str, text: &str) -> Result<(), StoreError> {
        self.put_encoded(META, &kept_key(name), &text)
    }
}
