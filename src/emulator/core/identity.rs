//! Managed identities of services, and the directory that they are in.

use serde_json::{Map, Value, json};

use crate::emulator::base::clock::Ticks;
use crate::emulator::store::{Changes, PrincipalRecord, StoreError};

/// The one directory of the emulator.
pub(in crate::emulator) const TENANT: &str = "11111111-1111-4111-8111-111111111111";

/// The identity as the service completes it: principals are generated once and kept over updates
/// (observed).
pub(in crate::emulator) fn completed(sent: &Value, before: Option<&Value>) -> Option<Value> {
    let kind = sent.get("type").and_then(Value::as_str)?;
    let mut identity = Map::from_iter([("type".to_owned(), json!(kind))]);
    let kept = |pointer: &str| before.and_then(|before| before.pointer(pointer)).cloned();
    if kind.contains("SystemAssigned") {
        let principal = kept("/principalId").unwrap_or_else(new_principal);
        identity.insert("principalId".to_owned(), principal);
        identity.insert("tenantId".to_owned(), json!(TENANT));
    }
    if let Some(users) = sent
        .get("userAssignedIdentities")
        .and_then(Value::as_object)
    {
        let completed = users.keys().map(|id| {
            let known = before.and_then(|before| before.get("userAssignedIdentities")?.get(id));
            let ids = known.cloned().unwrap_or_else(|| user_assigned(id));
            (id.clone(), ids)
        });
        identity.insert(
            "userAssignedIdentities".to_owned(),
            Value::Object(completed.collect()),
        );
    }
    Some(Value::Object(identity))
}

/// A user-assigned identity is the same wherever it is used: its ids follow from its name.
pub(in crate::emulator) fn user_assigned(id: &str) -> Value {
    let made = |what: &str| {
        let text = format!("{what}:{}", id.to_ascii_lowercase());
        json!(uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, text.as_bytes()).to_string())
    };
    json!({"principalId": made("principal"), "clientId": made("client")})
}

fn new_principal() -> Value {
    json!(uuid::Uuid::new_v4().to_string())
}

/// Records the new principals of an identity of a service.
pub(in crate::emulator) fn record_principals(
    changes: &Changes<'_>,
    identity: Option<&Value>,
) -> Result<(), StoreError> {
    let Some(identity) = identity else {
        return Ok(());
    };
    let users = identity
        .get("userAssignedIdentities")
        .and_then(Value::as_object);
    let own = std::iter::once(identity);
    for holder in own.chain(users.into_iter().flat_map(|users| users.values())) {
        if let Some(id) = holder.get("principalId").and_then(Value::as_str)
            && changes.view().principal(id)?.is_none()
        {
            let since = Ticks::now();
            changes.put_principal(id, &PrincipalRecord { since, missed: 0 })?;
        }
    }
    Ok(())
}
