//! Reading an API Management instance, for an import.

use std::sync::Arc;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::Value;

use super::connection::Connection;
use super::error::{WorkflowError, api_management_error};
use crate::azure::{ApiManagement, InstanceId};
use crate::import::{Gateway, GatewayApi};
use crate::manifest::did_you_mean;

/// The number of descriptions that are exported at the same time.
const EXPORTS_AT_ONCE: usize = 8;

/// Reads an instance and the descriptions of the wanted APIs, or of all APIs if none are named.
///
/// # Errors
/// If a request fails, or the instance does not have a wanted API.
pub async fn read_gateway(
    connection: &Connection,
    id: &InstanceId,
    wanted: &[String],
) -> Result<Gateway, WorkflowError> {
    let instance = ApiManagement::new(connection.service.client().clone(), id.clone());
    let service = instance.instance().await.map_err(api_management_error)?;
    let apis = instance.apis().await.map_err(api_management_error)?;
    let apis = choose(apis, wanted, id)?;
    let version_sets = instance
        .version_sets()
        .await
        .map_err(api_management_error)?;
    tracing::info!(apis = apis.len(), "reading descriptions");
    let apis = stream::iter(apis)
        .map(|contract| async {
            let document = instance.description(&contract).await?;
            Ok(GatewayApi {
                contract,
                document: document.map(Arc::from),
            })
        })
        .buffered(EXPORTS_AT_ONCE)
        .try_collect()
        .await
        .map_err(api_management_error)?;
    Ok(Gateway {
        resource_id: id.to_string(),
        service,
        version_sets,
        apis,
    })
}

/// The wanted APIs; all of them if none are named.
fn choose(
    apis: Vec<Value>,
    wanted: &[String],
    id: &InstanceId,
) -> Result<Vec<Value>, WorkflowError> {
    let is = |api: &Value, name: &str| {
        let own = api["name"].as_str().unwrap_or_default();
        own.eq_ignore_ascii_case(name)
    };
    for name in wanted {
        if apis.iter().any(|api| is(api, name)) {
            continue;
        }
        let known: Vec<&str> = apis.iter().filter_map(|api| api["name"].as_str()).collect();
        let titled = apis
            .iter()
            .find(|api| api["properties"]["displayName"] == name.as_str());
        let help = match titled.and_then(|api| api["name"].as_str()) {
            Some(own) => format!("its display name is `{name}`, its name is `{own}`"),
            None => did_you_mean(name, &known)
                .unwrap_or_else(|| "an API's name is the last part of its ARM id".to_owned()),
        };
        let message = format!("the instance `{}` has no API `{name}`", id.name());
        return Err(WorkflowError::usage(message).help(help));
    }
    let chosen = |api: &Value| wanted.is_empty() || wanted.iter().any(|name| is(api, name));
    Ok(apis.into_iter().filter(chosen).collect())
}
