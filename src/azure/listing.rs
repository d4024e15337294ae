//! Lists of resources that are shown as they arrive, without waiting for a whole service.

use futures::stream::{Stream, StreamExt as _};
use serde_json::{Map, Value};

use super::items::{addressed, live};
use super::service::ArmService;
use crate::kinds::{self, API_CENTER, Kind, SERVICE};
use crate::live::{ErrorKind, ServiceError};
use crate::model::{Address, ListedService, LiveResource, ServiceId};

/// A resource as a list has it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The resource, without its content.
    pub current: LiveResource,
    /// The stage of its life, which the service may derive.
    pub stage: Option<String>,
}

impl ArmService {
    /// The resources of a kind directly below the service, page by page.
    pub fn tops<'a>(
        &'a self,
        kind: &'static Kind,
    ) -> impl Stream<Item = Result<Vec<Listed>, ServiceError>> + Send + use<'a> {
        let path = self.collection(kind);
        let pages = self.client.pages(&path, kind.api_version);
        pages.map(move |page| listed(page?, kind, None, &path))
    }

    /// The resources of a kind below another resource.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn below(
        &self,
        parent: &Address,
        kind: &'static Kind,
    ) -> Result<Vec<Listed>, ServiceError> {
        let path = format!("{}/{}", self.path(parent), kind.collection);
        let items = self.client.list(&path, kind.api_version).await?;
        listed(items, kind, Some(parent), &path)
    }

    /// One resource; none if it does not exist.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn one(&self, address: &Address) -> Result<Option<Listed>, ServiceError> {
        let kind = kinds::of(address);
        let found = self.client.get(&self.path(address), kind.api_version).await;
        let Some(item) = found.map_err(|error| error.with_subject(address))? else {
            return Ok(None);
        };
        let is_one = item.as_object().is_some_and(kind.is_one);
        Ok(is_one.then(|| one_of(kind, address.clone(), &item)))
    }

    /// The services of a subscription.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn services_of(
        &self,
        subscription: &str,
    ) -> Result<Vec<ListedService>, ServiceError> {
        let path = format!(
            "/subscriptions/{subscription}/providers/{}",
            API_CENTER.resource_type
        );
        let items = self.client.list(&path, SERVICE.api_version).await?;
        items.iter().map(service).collect()
    }
}

fn listed(
    items: Vec<Value>,
    kind: &'static Kind,
    parent: Option<&Address>,
    path: &str,
) -> Result<Vec<Listed>, ServiceError> {
    let found = addressed(items, kind, parent, path)?;
    let listed = found.into_iter();
    Ok(listed
        .map(|(address, item)| one_of(kind, address, &item))
        .collect())
}

fn one_of(kind: &'static Kind, address: Address, item: &Value) -> Listed {
    let empty = Map::new();
    let envelope = item.as_object().unwrap_or(&empty);
    Listed {
        current: live(kind, address, envelope),
        stage: kind.stage(envelope).map(str::to_owned),
    }
}

fn service(item: &Value) -> Result<ListedService, ServiceError> {
    let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
    let parts: Vec<&str> = id.trim_matches('/').split('/').collect();
    let [_, subscription, _, group, _, _, _, name] = parts.as_slice() else {
        let text = format!("the list of services has an item with the id `{id}`");
        return Err(ServiceError::new(ErrorKind::Protocol, text));
    };
    let location = item.get("location").and_then(Value::as_str);
    Ok(ListedService {
        id: ServiceId {
            subscription: (*subscription).to_owned(),
            resource_group: (*group).to_owned(),
            name: (*name).to_owned(),
        },
        location: location.map(str::to_owned),
    })
}
