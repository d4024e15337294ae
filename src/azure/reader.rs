//! Reading a service into a live state.

use std::collections::BTreeMap;

use futures::future::{BoxFuture, try_join_all};
use serde_json::{Map, Value};

use super::content::ContentRequest;
use super::endpoint::is_item_name;
use super::service::ArmService;
use super::service_context;
use crate::kinds::{self, KINDS, Kind};
use crate::live::{ErrorKind, ReadScope, Reader, ServiceError, detect_sync_sources};
use crate::model::{Address, LiveResource, LiveState, Role, ServiceContext, Timestamp};

/// Characters of an unusable item that an error quotes.
const LONGEST_ITEM: usize = 200;

impl Reader for ArmService {
    async fn read(&self, scope: &ReadScope) -> Result<LiveState, ServiceError> {
        let service = &kinds::SERVICE;
        let address = Address::top(&service.info, "");
        let envelope = self
            .client
            .get(&self.path(&address), service.api_version)
            .await?;
        let surroundings = self.service_context(envelope.as_ref(), scope).await?;
        let Some(envelope) = envelope else {
            return Ok(LiveState {
                context: surroundings,
                ..LiveState::default()
            });
        };
        let mut found = vec![(address, envelope)];
        let tops = KINDS
            .iter()
            .filter(|kind| kind.is_top_of(&kinds::API_CENTER))
            .map(|kind| self.list(kind, None, scope));
        found.extend(try_join_all(tops).await?.into_iter().flatten());
        found.extend(self.users_of_schemas(&found, scope).await?);
        let mut state = self.state(found, scope, surroundings).await?;
        detect_sync_sources(&mut state);
        self.cache.save();
        Ok(state)
    }
}

type Found = Vec<(Address, Value)>;

impl ArmService {
    /// The resources of a kind, with everything below those that the scope reaches.
    fn list<'a>(
        &'a self,
        kind: &'static Kind,
        parent: Option<Address>,
        scope: &'a ReadScope,
    ) -> BoxFuture<'a, Result<Found, ServiceError>> {
        Box::pin(async move {
            let path = match &parent {
                Some(parent) => format!("{}/{}", self.path(parent), kind.collection),
                None => self.collection(kind),
            };
            let items = match self.client.list(&path, kind.api_version).await {
                Err(error) if is_unknown_here(kind, &error) => return Ok(Found::new()),
                result => result?,
            };
            let mut found = Found::with_capacity(items.len());
            let mut below = Vec::new();
            for item in items {
                let name = name_of(&item, &path)?;
                let address = match &parent {
                    Some(parent) => parent.child(&kind.info, name),
                    None => Address::top(&kind.info, name),
                };
                if scope.reaches(&address) {
                    for child in children_of(kind) {
                        below.push(self.list(child, Some(address.clone()), scope));
                    }
                }
                found.push((address, item));
            }
            found.extend(try_join_all(below).await?.into_iter().flatten());
            Ok(found)
        })
    }

    /// Resources out of the scope's reach that may have values of selected metadata schemas: a plan must
    /// know which resources use a schema before it changes.
    async fn users_of_schemas(
        &self,
        found: &Found,
        scope: &ReadScope,
    ) -> Result<Found, ServiceError> {
        let is_selected = |(address, _): &(Address, Value)| {
            address.is(Role::MetadataSchema) && scope.only.covers(address)
        };
        if !found.iter().any(is_selected) {
            return Ok(Found::new());
        }
        let unread = found.iter().map(|(address, _)| address);
        let unread = unread.filter(|address| !scope.reaches(address));
        let lists = unread.flat_map(|address| {
            children_of(kinds::of(address))
                .filter(|child| child.info.entity.is_some())
                .map(|child| self.list(child, Some(address.clone()), scope))
        });
        Ok(try_join_all(lists).await?.into_iter().flatten().collect())
    }

    async fn state(
        &self,
        found: Found,
        scope: &ReadScope,
        mut surroundings: ServiceContext,
    ) -> Result<LiveState, ServiceError> {
        let mut resources = BTreeMap::new();
        let mut contents = Vec::new();
        for (address, envelope) in found {
            let empty = Map::new();
            let object = envelope.as_object().unwrap_or(&empty);
            let kind = kinds::of(&address);
            contents.extend(ContentRequest::of(&address, object, scope));
            if address.is(Role::Integration) {
                let link = service_context::link_state(object);
                let name = address.name().to_ascii_lowercase();
                surroundings.links.insert(name, link);
            }
            let canonical = kind.live(address.clone(), object);
            let live = LiveResource {
                resource: canonical.resource,
                unmodelled: canonical.unmodelled,
                synchronised: false,
                text: None,
                files: None,
                created_at: created_at(object),
            };
            resources.insert(address, live);
        }
        let mut state = LiveState {
            resources,
            context: surroundings,
            ..LiveState::default()
        };
        self.read_contents(contents, scope, &mut state).await?;
        Ok(state)
    }
}

/// The name of an item of a list.
///
/// # Errors
/// If it has none that leads to it, or no properties: a resource that cannot be addressed must not be
/// compared or deleted, because its address would be that of the whole list.
pub(super) fn name_of<'a>(item: &'a Value, path: &str) -> Result<&'a str, ServiceError> {
    let list = path
        .rsplit_once("/services/")
        .map_or(path, |(_, below)| below);
    let protocol = |problem: String| ServiceError::new(ErrorKind::Protocol, problem);
    let name = item.get("name").and_then(Value::as_str);
    let Some(name) = name.filter(|name| is_item_name(name)) else {
        let mut text = item.to_string();
        if let Some((end, _)) = text.char_indices().nth(LONGEST_ITEM) {
            text.truncate(end);
            text.push('…');
        }
        return Err(protocol(format!(
            "the list {list} has an item without a usable `name`: {text}"
        )));
    };
    if !item.get("properties").is_some_and(Value::is_object) {
        return Err(protocol(format!(
            "the item `{name}` of the list {list} has no `properties`"
        )));
    }
    Ok(name)
}

/// When a resource was created (observed: lists have it, responses to updates do not).
fn created_at(envelope: &Map<String, Value>) -> Option<Timestamp> {
    let text = envelope.get("systemData")?.get("createdAt")?.as_str()?;
    Timestamp::parse(text)
}

/// Whether a cloud or a region does not have a preview kind at all: then there is none of it (documented:
/// the codes of the resource manager for that).
fn is_unknown_here(kind: &Kind, error: &ServiceError) -> bool {
    kind.api_version.ends_with("-preview")
        && matches!(
            error.code(),
            Some("InvalidResourceType" | "NoRegisteredProviderFound")
        )
}

fn children_of(kind: &Kind) -> impl Iterator<Item = &'static Kind> + use<'_> {
    KINDS.iter().copied().filter(move |child| {
        child
            .location
            .parent()
            .is_some_and(|parent| parent.info == kind.info)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_that_nobody_can_address_is_an_error() {
        let good = json!({"name": "orders", "properties": {}});
        assert_eq!(name_of(&good, "/x/services/s/apis").unwrap(), "orders");
        for (item, expected) in [
            (
                json!({"properties": {}}),
                "the list s/apis has an item without a usable `name`",
            ),
            (
                json!({"name": "", "properties": {}}),
                "without a usable `name`",
            ),
            (
                json!({"name": null, "properties": {}}),
                "without a usable `name`",
            ),
            (
                json!({"name": "a/b", "properties": {}}),
                "`name`: {\"name\":\"a/b\"",
            ),
            (
                json!({"name": "..", "properties": {}}),
                "without a usable `name`",
            ),
            (json!(null), "without a usable `name`: null"),
            (
                json!({"name": "orders"}),
                "the item `orders` of the list s/apis has no `properties`",
            ),
            (
                json!({"name": "orders", "properties": null}),
                "has no `properties`",
            ),
        ] {
            let error = name_of(&item, "/x/services/s/apis").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol);
            assert!(error.to_string().contains(expected), "{error}");
        }
    }

    #[test]
    fn only_preview_kinds_may_be_unknown() {
        let unknown = ServiceError::new(ErrorKind::NotFound, "no such type")
            .with_code(Some("InvalidResourceType"));
        let absent = ServiceError::new(ErrorKind::NotFound, "no such group")
            .with_code(Some("ResourceGroupNotFound"));
        assert!(is_unknown_here(&kinds::INTEGRATION, &unknown));
        assert!(!is_unknown_here(&kinds::API, &unknown));
        assert!(!is_unknown_here(&kinds::INTEGRATION, &absent));
    }
}
