//! The initial contents of a new service: the workspace `default` at once, a sample API a little later
//! (observed).

use serde_json::{Map, Value, json};

use crate::emulator::base::clock::{Ticks, etag};
use crate::emulator::core::handler::FollowUp;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::providers::api_center::contents::set_document;
use crate::emulator::store::{Changes, Record, ServiceKey, ServiceRecord, StoreError, child_key};

/// The sample API's name (observed).
const SAMPLE: &str = "swagger-petstore";
const SAMPLE_SUMMARY: &str = "A sample API that uses a petstore as an example to demonstrate features in the OpenAPI Specification.";
const SAMPLE_DESCRIPTION: &str = "The Swagger Petstore API serves as a sample API to demonstrate the functionality and features of the OpenAPI Specification. This API allows users to interact with a virtual pet store, including managing pet inventory, placing orders, and retrieving details about available pets. It provides various endpoints that simulate real-world scenarios, making it a valuable reference for understanding how to structure and implement API specifications in compliance with OpenAPI standards.";
const SAMPLE_DOCUMENT: &str = include_str!("seed_openapi.yaml");

/// Creates the workspace `default`. Its title is chosen here: no recording shows it.
pub(in crate::emulator) fn default_workspace(
    changes: &Changes<'_>,
    service: &ServiceKey,
) -> Result<(), StoreError> {
    let properties = json!({"title": "Default workspace", "description": "Default workspace"});
    add(
        changes,
        service.as_str(),
        "workspaces",
        "default",
        properties,
    )
    .map(drop)
}

/// Ends the creation of a service: adds the sample API and the data host name.
pub(in crate::emulator) fn finish(
    changes: &Changes<'_>,
    key: &ServiceKey,
    service: &mut ServiceRecord,
    sample: bool,
) -> Result<(), StoreError> {
    if sample {
        sample_api(changes, key)?;
    }
    service.ready = true;
    changes.put_service(key, service)
}

/// Runs the job that ends the creation of a service.
pub(super) fn run(
    context: &HandlerContext,
    changes: &Changes<'_>,
    service: &str,
) -> Result<Option<FollowUp>, StoreError> {
    let key = ServiceKey::stored(service);
    if let Some(mut service) = changes.view().service(&key)? {
        finish(changes, &key, &mut service, context.options.seed_sample)?;
    }
    Ok(None)
}

/// The API is observed, its texts included. The version and the definition are of our own making; no
/// recording shows an environment or a deployment.
fn sample_api(changes: &Changes<'_>, service: &ServiceKey) -> Result<(), StoreError> {
    let workspace = child_key(service.as_str(), "workspaces", "default");
    if changes
        .view()
        .resource(&child_key(&workspace, "apis", SAMPLE))?
        .is_some()
    {
        return Ok(());
    }
    let api = json!({
        "title": "Swagger Petstore",
        "summary": SAMPLE_SUMMARY,
        "description": SAMPLE_DESCRIPTION,
        "kind": "REST",
        "termsOfService": {"url": "https://aka.ms/apicenter-samples-api-termsofservice-link"},
        "license": {"name": "MIT", "url": "https://aka.ms/apicenter-samples-api-license-link"},
        "externalDocumentation": [
            {"description": "API Documentation", "url": "https://aka.ms/apicenter-samples-api-documentation-link"}
        ],
        "contacts": [{"name": "John Doe", "email": "john.doe@example.com"}],
        "customProperties": {},
    });
    let api = add(changes, &workspace, "apis", SAMPLE, api)?;
    let version = json!({"title": "1.0.0", "lifecycleStage": "testing"});
    let version = add(changes, &api, "versions", "1-0-0", version)?;
    let definition = json!({"title": "OpenAPI", "description": "The Petstore in OpenAPI."});
    let definition = add(changes, &version, "definitions", "openapi", definition)?;
    let specification = json!({"name": "openapi", "version": "3.0.3"});
    set_document(changes, &definition, SAMPLE_DOCUMENT, Some(&specification))
}

fn add(
    changes: &Changes<'_>,
    parent: &str,
    collection: &str,
    name: &str,
    properties: Value,
) -> Result<String, StoreError> {
    let key = child_key(parent, collection, name);
    let now = Ticks::now();
    let number = changes.next_number()?;
    let properties = match properties {
        Value::Object(properties) => properties,
        _ => Map::new(),
    };
    let record = Record {
        name: name.to_owned(),
        number,
        etag: etag(number, now),
        created: now,
        modified: now,
        properties,
        owned: Map::new(),
        link: None,
    };
    changes.put_resource(&key, &record, Some((parent, collection)))?;
    Ok(key)
}
