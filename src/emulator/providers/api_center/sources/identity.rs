//! The managed identities that a service reads its API sources with.

use serde_json::Value;

use crate::emulator::store::ServiceRecord;

/// Whether this is (one of) the principals of the service's identity.
pub(super) fn has_principal(service: &ServiceRecord, principal: &str) -> bool {
    let is = |holder: &Value| {
        let id = holder.get("principalId").and_then(Value::as_str);
        id.is_some_and(|id| id.eq_ignore_ascii_case(principal))
    };
    let Some(identity) = &service.identity else {
        return false;
    };
    let users = identity
        .get("userAssignedIdentities")
        .and_then(Value::as_object);
    is(identity) || users.is_some_and(|users| users.values().any(is))
}

/// The id of the user-assigned identity that reads the source: the one that was named, else the
/// first of the service when it has no identity of its own (observed for Amazon).
pub(super) fn default_identity(service: &ServiceRecord) -> Option<String> {
    let identity = service.identity.as_ref()?;
    if identity.get("principalId").is_some() {
        return None;
    }
    let users = identity.get("userAssignedIdentities")?.as_object()?;
    users.keys().next().cloned()
}

/// The principal that reads the source.
pub(super) fn principal(service: &ServiceRecord, named: Option<&str>) -> Option<String> {
    let identity = service.identity.as_ref()?;
    let text = |value: &Value| {
        value
            .get("principalId")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let Some(named) = named else {
        let first = || {
            identity
                .get("userAssignedIdentities")?
                .as_object()?
                .values()
                .next()
                .and_then(text)
        };
        return text(identity).or_else(first);
    };
    let users = identity.get("userAssignedIdentities")?.as_object()?;
    let found = users.iter().find(|(id, _)| id.eq_ignore_ascii_case(named));
    found.and_then(|(_, user)| text(user))
}
