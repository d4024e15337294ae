//! The instance that is there without being made, with one API of each sort.

use serde_json::{Map, Value, json};

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::providers::api_management::path::{ApimPath, SAMPLE};
use crate::emulator::providers::api_management::records::New;
use crate::emulator::providers::api_management::{records, write};
use crate::emulator::store::Changes;

static ORDERS_V1: &str = include_str!("samples/orders-v1.json");
static ORDERS_V2: &str = include_str!("samples/orders-v2.json");
static PAYMENTS: &str = include_str!("samples/payments.yaml");
static SHIPPING: &str = include_str!("samples/shipping.wsdl");
static CATALOG: &str = include_str!("samples/catalog.graphql");

/// Makes the instance of this place if it is not there yet. Nothing is refused that is written
/// here.
pub(super) fn ensure(changes: &Changes<'_>, place: &ApimPath) -> HandlerResult<()> {
    if changes.view().resource(&place.instance_key())?.is_some() {
        return Ok(());
    }
    let owned = json!({
        "location": "eastus",
        "sku": {"name": "Developer", "capacity": 1},
        "tags": {},
        "identity": null,
        "group": place.group(),
    });
    let properties = json!({"publisherEmail": "apis@contoso.example", "publisherName": "Contoso"});
    let new = New {
        name: SAMPLE.to_owned(),
        properties: object(properties),
        owned: object(owned),
    };
    records::put(changes, place.group_key(), "service", new)?;
    let orders = json!({"displayName": "Orders", "versioningScheme": "Segment"});
    write::put_version_set(changes, place, "orders", &object(orders))?;
    for (id, properties) in rest_apis().into_iter().chain(other_apis()) {
        write::put_api(changes, place, id, &object(properties))?;
    }
    let catalog = records::api(changes.view(), place, "catalog")?;
    let schema = json!({
        "contentType": "application/vnd.ms-azure-apim.graphql.schema",
        "document": {"value": CATALOG},
    });
    write::put_schema(changes, &catalog, "graphql", &object(schema))?;
    Ok(())
}

/// Two versions in a set, and one API with revisions.
fn rest_apis() -> [(&'static str, Value); 4] {
    [
        (
            "orders-v1",
            json!({
                "path": "orders", "apiVersion": "v1", "apiVersionSetId": "/apiVersionSets/orders",
                "format": "openapi+json", "value": ORDERS_V1,
            }),
        ),
        (
            "orders-v2",
            json!({
                "path": "orders", "apiVersion": "v2", "apiVersionSetId": "/apiVersionSets/orders",
                "format": "openapi+json", "value": ORDERS_V2,
                "contact": {"name": "Orders team", "url": null, "email": "orders@contoso.example"},
                "license": {"name": "MIT", "url": "https://contoso.example/licence"},
                "termsOfServiceUrl": "https://contoso.example/terms",
            }),
        ),
        (
            "payments",
            json!({
                "path": "payments", "apiRevision": "1", "format": "openapi", "value": PAYMENTS,
                "apiRevisionDescription": "First",
            }),
        ),
        (
            "payments;rev=2",
            json!({
                "displayName": "Payments", "path": "payments", "apiRevision": "2",
                "format": "openapi", "value": PAYMENTS,
            }),
        ),
    ]
}

/// One of each other type.
fn other_apis() -> [(&'static str, Value); 4] {
    [
        (
            "shipping",
            json!({
                "displayName": "Shipping", "path": "shipping", "apiType": "soap",
                "description": "Where parcels are, for those who speak SOAP.",
                "format": "wsdl", "value": SHIPPING,
                "serviceUrl": "https://shipping.contoso.example/soap",
            }),
        ),
        (
            "catalog",
            json!({
                "displayName": "Catalog", "path": "catalog", "apiType": "graphql",
                "description": "Everything that is for sale, as a graph.",
                "serviceUrl": "https://catalog.contoso.example/graphql",
            }),
        ),
        (
            "notifications",
            json!({
                "displayName": "Notifications", "path": "notifications", "apiType": "websocket",
                "protocols": ["wss"], "serviceUrl": "wss://notifications.contoso.example",
            }),
        ),
        (
            "storefront-tools",
            json!({
                "displayName": "Storefront tools", "path": "storefront", "apiType": "mcp",
                "description": "Searches the catalog and places orders, for agents.",
            }),
        ),
    ]
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
