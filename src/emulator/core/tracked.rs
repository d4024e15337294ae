//! Tracked resources: those with a location and tags, directly in a resource group.

use serde_json::{Map, Value};

/// A tracked resource, as lists of all resources show it.
pub(in crate::emulator) struct TrackedResource {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) name: String,
    /// With the namespace: `Microsoft.ApiCenter/services`.
    pub(in crate::emulator) resource_type: String,
    pub(in crate::emulator) subscription: String,
    pub(in crate::emulator) group: String,
    pub(in crate::emulator) location: String,
    pub(in crate::emulator) tags: Map<String, Value>,
    pub(in crate::emulator) sku: Value,
    pub(in crate::emulator) identity: Option<Value>,
}

/// `East US` and `eastus` are one region everywhere in Azure.
pub(in crate::emulator) fn same_location(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.replace(' ', "").to_ascii_lowercase();
    plain(one) == plain(other)
}

pub(in crate::emulator) fn tags(body: &Value) -> Option<Map<String, Value>> {
    body.get("tags").and_then(Value::as_object).cloned()
}
