//! Reading a service into a live state.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::{BoxFuture, try_join_all};
use serde_json::{Map, Value};

use super::cache::Entry;
use super::client::Effect;
use super::service::ArmService;
use super::service_context;
use crate::document;
use crate::kinds::{self, KINDS, Kind, Parent};
use crate::live::{ErrorKind, ReadScope, Reader, ServiceError, recognise};
use crate::model::{Address, LiveResource, LiveState, ServiceContext};

/// How many documents are read at the same time; each may be some megabytes.
pub(super) const DOCUMENTS_AT_ONCE: usize = 16;

impl Reader for ArmService {
    async fn read(&self, scope: &ReadScope) -> Result<LiveState, ServiceError> {
        let service = &kinds::SERVICE;
        let address = Address::top(&service.info, "");
        let envelope = self
            .client
            .get(&self.path(&address), service.api_version)
            .await?;
        let surroundings = self.surroundings(envelope.as_ref(), scope).await?;
        let Some(envelope) = envelope else {
            return Ok(LiveState {
                context: surroundings,
                ..LiveState::default()
            });
        };
        let mut found = vec![(address, envelope)];
        let tops = KINDS
            .iter()
            .filter(|kind| matches!(kind.parent, Parent::Service | Parent::Workspace))
            .map(|kind| self.list(kind, None, scope));
        found.extend(try_join_all(tops).await?.into_iter().flatten());
        found.extend(self.users_of_schemas(&found, scope).await?);
        let mut state = self.state(found, scope, surroundings).await?;
        recognise(&mut state);
        self.cache.save();
        Ok(state)
    }
}

type Found = Vec<(Address, Value)>;

/// A definition's digest, and its text where that had to be read.
struct Content {
    digest: Option<String>,
    text: Option<Arc<str>>,
}

impl ArmService {
    /// The resources of a kind, with all that lies below those the scope reaches.
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
                let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
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

    /// What may hold values of selected metadata schemas and lies out of the scope's reach: a plan
    /// must know who uses a schema before it changes.
    async fn users_of_schemas(
        &self,
        found: &Found,
        scope: &ReadScope,
    ) -> Result<Found, ServiceError> {
        let is_selected = |(address, _): &(Address, Value)| {
            *address.kind() == kinds::METADATA_SCHEMA.info && scope.only.covers(address)
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
        let mut documents = Vec::new();
        let mut rulesets = Vec::new();
        for (address, envelope) in found {
            let empty = Map::new();
            let object = envelope.as_object().unwrap_or(&empty);
            let kind = kinds::of(&address);
            if kind.info.content_fields.contains(&"source")
                && object
                    .get("properties")
                    .is_some_and(|p| p.get("specification").is_some())
                && scope.reaches(&address)
            {
                let modified = envelope["systemData"]["lastModifiedAt"]
                    .as_str()
                    .map(str::to_owned);
                documents.push((address.clone(), modified));
            }
            if kind.info == kinds::INTEGRATION.info {
                let link = service_context::link_state(object);
                let name = address.name().to_ascii_lowercase();
                surroundings.links.insert(name, link);
            }
            if Self::wants_ruleset(&address, &envelope, scope) {
                rulesets.push(address.clone());
            }
            let canonical = kind.live(address.clone(), object);
            let live = LiveResource {
                resource: canonical.resource,
                unmodelled: canonical.unmodelled,
                synchronised: false,
                text: None,
                files: None,
            };
            resources.insert(address, live);
        }
        let mut state = LiveState {
            resources,
            context: surroundings,
            ..LiveState::default()
        };
        self.read_documents(documents, scope, &mut state).await?;
        self.read_rulesets(rulesets, &mut state).await?;
        Ok(state)
    }

    async fn read_documents(
        &self,
        documents: Vec<(Address, Option<String>)>,
        scope: &ReadScope,
        state: &mut LiveState,
    ) -> Result<(), ServiceError> {
        use futures::stream::{self, StreamExt as _, TryStreamExt as _};
        let contents: Vec<(Address, Content)> = stream::iter(documents)
            .map(|(address, modified)| async move {
                let content = self.content(&address, modified, scope).await?;
                Ok::<_, ServiceError>((address, content))
            })
            .buffer_unordered(DOCUMENTS_AT_ONCE)
            .try_collect()
            .await?;
        for (address, content) in contents {
            let Some(live) = state.resources.get_mut(&address) else {
                continue;
            };
            if let Some(digest) = content.digest {
                live.resource
                    .body
                    .insert("source".to_owned(), Value::String(digest));
            }
            live.text = content.text;
        }
        Ok(())
    }

    async fn content(
        &self,
        address: &Address,
        modified: Option<String>,
        scope: &ReadScope,
    ) -> Result<Content, ServiceError> {
        let path = self.path(address);
        let known = modified
            .as_ref()
            .and_then(|modified| self.cache.get(&path, modified));
        if let Some(known) = known.filter(|_| !scope.all_texts) {
            let declared = scope.digests.get(address);
            if declared.is_none() || declared == known.digest.as_ref() {
                return Ok(Content {
                    digest: known.digest,
                    text: None,
                });
            }
        }
        let text = self.export(address).await?;
        let digest = text.as_ref().map(|text| document::digest(text));
        if let Some(modified) = modified {
            self.cache.put(
                &path,
                Entry {
                    modified,
                    digest: digest.clone(),
                },
            );
        }
        Ok(Content { digest, text })
    }

    /// The document of a definition; `None` where it has none.
    async fn export(&self, address: &Address) -> Result<Option<Arc<str>>, ServiceError> {
        let path = format!("{}/exportSpecification", self.path(address));
        let version = kinds::of(address).api_version;
        let result = match self.client.post(&path, version, None, Effect::Reads).await {
            Ok(result) => result,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(result) = result else {
            return Ok(None);
        };
        let value = result
            .get("value")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if value.is_empty() {
            return Ok(None);
        }
        let text = match result.get("format").and_then(Value::as_str) {
            Some("link") => self.client.download(value).await?,
            _ => value.to_owned(),
        };
        Ok(Some(Arc::from(text)))
    }
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
    KINDS
        .iter()
        .copied()
        .filter(move |child| matches!(child.parent, Parent::Of(parent) if parent.info == kind.info))
}

#[cfg(test)]
mod tests {
    use super::*;

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
