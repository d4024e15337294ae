//! The index of uses: which entities have a value for which metadata schema.

use serde_json::{Map, Value};

use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::providers::api_center::kinds;
use crate::emulator::providers::api_center::metadata::custom;
use crate::emulator::store::{Changes, Record, StoreError};

/// Keeps the index of uses in step with an entity's values: those of `old` go, those of `new` come.
pub(in crate::emulator) fn record_uses(
    changes: &Changes<'_>,
    service: &str,
    entity: &str,
    key: &str,
    old: Option<&Map<String, Value>>,
    new: Option<&Map<String, Value>>,
) -> Result<(), StoreError> {
    for name in old.and_then(custom).into_iter().flat_map(Map::keys) {
        changes.remove_use(service, name, entity, key)?;
    }
    for name in new.and_then(custom).into_iter().flat_map(Map::keys) {
        changes.put_use(service, name, entity, key)?;
    }
    Ok(())
}

/// Takes a resource that is about to vanish, and everything below it, out of the index of uses.
pub(in crate::emulator) fn forget_uses(
    changes: &Changes<'_>,
    service: &str,
    kind: &dyn ResourceKind,
    key: &str,
    record: &Record,
) -> Result<(), StoreError> {
    if let Some(entity) = kind.entity() {
        record_uses(
            changes,
            service,
            entity,
            key,
            Some(&record.properties),
            None,
        )?;
    }
    for child_kind in kinds::below(kind.type_path()) {
        if child_kind.entity().is_none() && kinds::below(child_kind.type_path()).next().is_none() {
            continue;
        }
        for child in changes
            .view()
            .children(key, child_kind.collection(), None, usize::MAX)?
        {
            forget_uses(changes, service, child_kind, &child.key, &child.record)?;
        }
    }
    Ok(())
}
