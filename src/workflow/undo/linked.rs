//! Environments that integrations name.

use super::file::UndoFile;
use crate::model::{Address, Role};

/// Whether an integration that the apply deleted or changed names this environment: it must be there before the link.
pub(super) fn is_linked(file: &UndoFile, environment: &Address) -> bool {
    let mut records = file.records.iter();
    environment.is(Role::Environment)
        && records.any(|(address, record)| {
            let before = record.before.as_ref();
            let before = before.filter(|_| address.is(Role::Integration));
            before.is_some_and(|held| held.references(address).contains(environment))
        })
}
