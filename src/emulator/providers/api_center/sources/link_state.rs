//! The link state of API sources.

use serde_json::{Value, json};

use crate::emulator::base::clock::{Ticks, etag};
use crate::emulator::store::{Changes, Record, StoreError};

/// The collection of API sources.
pub(in crate::emulator) const COLLECTION: &str = "apiSources";

/// A link state: `initializing`, `syncing`, `error` (with a message) or `deleting`.
pub(in crate::emulator) fn state(state: &str, message: Option<&str>, at: Ticks) -> Value {
    let mut value = json!({"state": state});
    if let Some(message) = message {
        value["message"] = json!(message);
    }
    value["lastUpdatedOn"] = json!(at.stamp());
    value
}

pub(in crate::emulator) fn is_deleting(source: &Record) -> bool {
    let state = source
        .owned
        .get("linkState")
        .and_then(|state| state.get("state"));
    state.and_then(Value::as_str) == Some("deleting")
}

/// Sets the link state, if it is another one. Observed: the source's etag and `lastModifiedAt`
/// change with it.
pub(in crate::emulator) fn set_state(
    changes: &Changes<'_>,
    key: &str,
    name: &str,
    message: Option<&str>,
) -> Result<(), StoreError> {
    let Some(mut record) = changes.view().resource(key)? else {
        return Ok(());
    };
    let now = Ticks::now();
    let state = state(name, message, now);
    let same = |member: &str| {
        record
            .owned
            .get("linkState")
            .and_then(|old| old.get(member))
            == state.get(member)
    };
    if same("state") && same("message") {
        return Ok(());
    }
    record.owned.insert("linkState".to_owned(), state);
    record.modified = now;
    record.etag = etag(changes.next_number()?, now);
    changes.put_resource(key, &record, None)
}
