//! The API Center service itself.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::kind::Kind;
use super::location::{API_CENTER, Location};
use super::schema::{Known, meanings, schema_of, values};
use crate::model::{Address, Body, KindInfo, Prune, Role};

/// The kind `Service`.
pub static SERVICE: Kind = Kind {
    info: KindInfo {
        name: "Service",
        slug: "service",
        noun: "service",
        rank: 0,
        role: Role::Service,
        case_insensitive: &["location", "identity.type", "sku.name"],
        immutable: &["location"],
        retained_when_absent: &["sku"],
        create_only: &["restore"],
        prune: Prune::Never,
        ..KindInfo::PLAIN
    },
    location: Location::Root(&API_CENTER),
    collection: "services",
    server_owned: &[
        "id",
        "name",
        "type",
        "systemData",
        "properties",
        "etag",
        "identity.principalId",
        "identity.tenantId",
    ],
    columns: &["location"],
    schema: schema_of!(ServiceSpec),
    example: r#"{"location": "westeurope", "sku": {"name": "Standard"},
        "identity": {"type": "SystemAssigned"}, "tags": {"owner": "api-platform"}}"#,
    normalise,
    write,
    ..Kind::PLAIN
};

/// Pricing plans.
const PLANS: &Known = &[
    ("Free", "Free of charge, with lower limits."),
    ("Standard", "Paid, with the full limits."),
];

/// Managed identities.
const IDENTITIES: &Known = &[
    (
        "None",
        "No identity: integrations and key vaults cannot be read.",
    ),
    (
        "SystemAssigned",
        "One that Azure makes and deletes with the service.",
    ),
    ("UserAssigned", "Those that `userAssignedIdentities` names."),
    ("SystemAssigned,UserAssigned", "Both."),
];

/// The service. Without this document the service must exist already.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct ServiceSpec {
    /// The Azure region, such as `westeurope`. It cannot change once the service exists.
    #[schemars(length(min = 1), extend("examples" = ["westeurope", "eastus"]))]
    pub location: String,
    /// The pricing plan; it decides the service's limits. Left out, the plan stays as it is, and a new
    /// service gets `Free`.
    pub sku: Option<Sku>,
    /// The managed identity with which the service reads API sources and key vaults.
    pub identity: Option<Identity>,
    /// Brings a deleted service of this name back, with all that it held, instead of making a new one:
    /// Azure keeps a deleted service, and its name, for 30 days. It counts only while there is no service.
    pub restore: Option<bool>,
    /// Azure tags of the service, as name and value, for cost reports and policies; the catalogue
    /// does not show them.
    pub tags: Option<BTreeMap<String, String>>,
}

/// A pricing plan.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
#[schemars(extend("x-shorthand" = "name"))]
pub(super) struct Sku {
    /// The plan's name.
    #[schemars(extend("x-known-values" = values(PLANS), "x-known-descriptions" = meanings(PLANS)))]
    pub name: String,
}

/// A managed identity.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
#[schemars(extend("x-shorthand" = "type"))]
pub(super) struct Identity {
    /// Who makes and keeps the identity.
    #[schemars(extend(
        "x-known-values" = values(IDENTITIES), "x-known-descriptions" = meanings(IDENTITIES)
    ))]
    pub r#type: String,
    /// User-assigned identities by their resource id; each value is an empty mapping.
    pub user_assigned_identities: Option<BTreeMap<String, BTreeMap<String, Value>>>,
}

fn normalise(_: &Address, body: &mut Body) {
    if let Some(Value::String(location)) = body.get_mut("location") {
        *location = location.replace(' ', "").to_ascii_lowercase();
    }
    normalise_identity(body);
}

/// An identity is taken away only by name, and absent tags are said to be none. The service refuses a body
/// without a plan (observed since June 2024); a new service gets the free one, as it did before. A service
/// that is restored keeps its plan.
fn write(_: &Address, body: &mut Body) {
    body.entry("identity")
        .or_insert_with(|| json!({ "type": "None" }));
    body.entry("tags").or_insert_with(|| json!({}));
    let restore = body.shift_remove("restore");
    if restore != Some(Value::Bool(true)) {
        body.entry("sku").or_insert_with(|| json!({"name": "Free"}));
    }
    if let Some(restore) = restore {
        body.insert("properties".to_owned(), json!({ "restore": restore }));
    }
}

/// The service adds ids of principals and tenants, which nobody declares, and `None` means absent.
fn normalise_identity(body: &mut Body) {
    let Some(Value::Object(identity)) = body.get_mut("identity") else {
        return;
    };
    if let Some(Value::String(kind)) = identity.get_mut("type") {
        *kind = kind.replace(' ', "");
    }
    if let Some(Value::Object(users)) = identity.get_mut("userAssignedIdentities") {
        users
            .values_mut()
            .for_each(|value| *value = Value::Object(Body::new()));
    }
    if identity
        .get("type")
        .and_then(Value::as_str)
        .is_none_or(|t| t.eq_ignore_ascii_case("none"))
    {
        body.shift_remove("identity");
    }
}
