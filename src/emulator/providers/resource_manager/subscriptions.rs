//! Tenants and subscriptions. There is one tenant, and every subscription belongs to it.

use serde_json::{Value, json};

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::identity::TENANT;
use crate::emulator::core::response::HandlerResponse;
use crate::emulator::store::View;

/// The subscription of an emulator that holds nothing yet: clients that sign in expect one.
const FIRST: &str = "00000000-0000-0000-0000-000000000000";

pub(super) fn tenants() -> HandlerResponse {
    let tenant = json!({
        "id": format!("/tenants/{TENANT}"),
        "tenantId": TENANT,
        "countryCode": "US",
        "displayName": "Emulated tenant",
        "domains": ["emulator.onmicrosoft.com"],
        "tenantCategory": "Home",
        "defaultDomain": "emulator.onmicrosoft.com",
        "tenantType": "AAD",
    });
    HandlerResponse::ok(json!({"value": [tenant]}))
}

/// Those that hold something.
pub(super) fn list(view: View<'_>) -> HandlerResult {
    let mut ids = view.subscriptions()?;
    if ids.is_empty() {
        ids.push(FIRST.to_owned());
    }
    let value: Vec<Value> = ids.iter().map(|id| rendered(id)).collect();
    let count = json!({"type": "Total", "value": value.len()});
    Ok(HandlerResponse::ok(json!({"value": value, "count": count})))
}

pub(super) fn get(id: &str) -> HandlerResponse {
    HandlerResponse::ok(rendered(id))
}

fn rendered(id: &str) -> Value {
    json!({
        "id": format!("/subscriptions/{id}"),
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": id,
        "tenantId": TENANT,
        "displayName": "Emulated subscription",
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    })
}
