//! What belongs to the source, and its protection against other writes.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::{arm_error, refused};
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::providers::api_center::sources::link_state::is_deleting;
use crate::emulator::providers::api_center::sources::settings::SourceSettings;
use crate::emulator::store::{Record, View};

/// Observed for an environment; chosen here for everything else that is synchronised.
pub(in crate::emulator) fn check_unlinked(record: &Record) -> HandlerResult<()> {
    if record.link.is_none() {
        return Ok(());
    }
    Err(refused(
        "Cannot delete linked resource. To remove this resource please unlink the API source.",
    )
    .into())
}

/// Documented: definitions that are synchronised belong to the source. Chosen here: an import into
/// one is refused, because it would be undone.
pub(in crate::emulator) fn check_import(view: View<'_>, definition: &Record) -> HandlerResult<()> {
    let Some(link) = &definition.link else {
        return Ok(());
    };
    let source = view.resource(&link.source)?;
    let documents = source
        .and_then(|source| SourceSettings::read(&source.properties))
        .is_some_and(|settings| settings.documents);
    if !documents {
        return Ok(());
    }
    Err(refused(
        "Cannot update linked resource. To update this resource please unlink the API source.",
    )
    .into())
}

/// Documented: who owns what. Chosen here: a PUT of something else is not refused, the source's
/// value stays.
pub(in crate::emulator) fn keep(
    kind: &dyn ResourceKind,
    old: &Record,
    properties: &mut Map<String, Value>,
) {
    if old.link.is_some() {
        take_over(kind, &old.properties, properties);
    }
}

/// Makes the properties that the source owns what they are in `from`.
pub(super) fn take_over(
    kind: &dyn ResourceKind,
    from: &Map<String, Value>,
    into: &mut Map<String, Value>,
) {
    for path in kind.source_owned() {
        match path.split_once('/') {
            None => set(from.get(*path), path, into),
            Some((outer, inner)) => {
                let value = from.get(outer).and_then(|object| object.get(inner));
                if value.is_some() && !into.get(outer).is_some_and(Value::is_object) {
                    into.insert(outer.to_owned(), Value::Object(Map::new()));
                }
                if let Some(Value::Object(object)) = into.get_mut(outer) {
                    set(value, inner, object);
                }
            }
        }
    }
}

fn set(value: Option<&Value>, name: &str, into: &mut Map<String, Value>) {
    match value {
        Some(value) => {
            into.insert(name.to_owned(), value.clone());
        }
        None => {
            into.shift_remove(name);
        }
    }
}

/// Chosen here: a source that is being deleted cannot be written.
pub(in crate::emulator) fn check_not_deleting(old: Option<&Record>) -> HandlerResult<()> {
    if !old.is_some_and(is_deleting) {
        return Ok(());
    }
    let message = "The API source is being deleted.";
    Err(arm_error(StatusCode::CONFLICT, "Conflict", message).into())
}
