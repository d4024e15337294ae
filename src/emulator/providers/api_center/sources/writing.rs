//! Writes the APIs of a source into a service, or updates them.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::ownership::take_over;
use crate::emulator::base::clock::{Ticks, etag};
use crate::emulator::providers::api_center::contents::set_document;
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::providers::api_center::kinds::api::ApiKind;
use crate::emulator::providers::api_center::kinds::definition::DefinitionKind;
use crate::emulator::providers::api_center::kinds::deployment::DeploymentKind;
use crate::emulator::providers::api_center::kinds::environment::EnvironmentKind;
use crate::emulator::providers::api_center::kinds::version::VersionKind;
use crate::emulator::providers::api_center::metadata_uses;
use crate::emulator::providers::api_center::sources::offered::{Offered, OfferedVersion};
use crate::emulator::providers::api_center::sources::settings::SourceSettings;
use crate::emulator::store::{Changes, Record, SourceLink, StoreError, StoredResource, child_key};

/// Writer for one workspace, on behalf of one source or one import.
pub(super) struct Writing<'a> {
    pub(super) changes: &'a Changes<'a>,
    /// The key of the service.
    pub(super) service: String,
    pub(super) settings: &'a SourceSettings,
    /// The key of the API source; `None` makes copies that belong to nobody.
    pub(super) source: Option<String>,
    /// Makes the generated names differ between sources and imports.
    pub(super) seed: String,
}

impl Writing<'_> {
    pub(super) fn workspace(&self) -> String {
        child_key(&self.service, "workspaces", "default")
    }

    /// The environment that stands for the source; one that is there is taken over as
    /// it is (chosen here).
    pub(super) fn environment(&self, properties: &Map<String, Value>) -> Result<(), StoreError> {
        let kind = &EnvironmentKind;
        let name = self
            .settings
            .environment
            .rsplit('/')
            .next()
            .unwrap_or_default();
        let key = format!(
            "{}{}",
            self.service,
            self.settings.environment.to_ascii_lowercase()
        );
        let there = self
            .changes
            .view()
            .resource(&key)?
            .map(|record| StoredResource { key, record });
        if there
            .as_ref()
            .is_some_and(|there| self.leaves(&there.record))
        {
            return Ok(());
        }
        let as_it_is = there.as_ref().map(|there| there.record.properties.clone());
        let wanted = Wanted {
            origin: "environment",
            name: name.to_owned(),
            owned: as_it_is.as_ref().unwrap_or(properties),
            more: properties,
        };
        self.put(kind, &self.workspace(), there, wanted).map(drop)
    }

    /// Whether an environment is left as it is: copies only use it, and so does a second source.
    fn leaves(&self, environment: &Record) -> bool {
        let Some(source) = &self.source else {
            return true;
        };
        environment
            .link
            .as_ref()
            .is_some_and(|link| link.source != *source)
    }

    /// What an earlier run wrote in this collection.
    pub(super) fn linked(
        &self,
        parent: &str,
        collection: &str,
    ) -> Result<Vec<StoredResource>, StoreError> {
        let children = self
            .changes
            .view()
            .children(parent, collection, None, usize::MAX)?;
        let ours = |child: &StoredResource| {
            let source = child.record.link.as_ref().map(|link| link.source.as_str());
            source.is_some() && source == self.source.as_deref()
        };
        Ok(children.into_iter().filter(ours).collect())
    }

    /// Writes these APIs; with a source, those of it that are no longer offered go.
    pub(super) fn apis(&self, offered: &[Offered]) -> Result<(), StoreError> {
        let workspace = self.workspace();
        let mut there = self.linked(&workspace, "apis")?;
        for api in offered {
            self.api(&workspace, taken(&mut there, &api.origin), api)?;
        }
        self.remove(&ApiKind, &workspace, &there)
    }

    fn api(
        &self,
        workspace: &str,
        there: Option<StoredResource>,
        api: &Offered,
    ) -> Result<(), StoreError> {
        let owned = object(json!({
            "title": api.title,
            "description": api.description,
            "kind": api.kind,
        }));
        let wanted = self.wanted("apis", &api.origin, &owned);
        let key = self.put(&ApiKind, workspace, there, wanted)?;
        let mut versions = self.linked(&key, "versions")?;
        let mut deployments = self.linked(&key, "deployments")?;
        for version in &api.versions {
            let definition = self.version(&key, taken(&mut versions, &version.origin), version)?;
            let deployment = taken(&mut deployments, &version.origin);
            self.deployment(&key, deployment, api, version, definition.as_deref())?;
        }
        self.remove(&VersionKind, &key, &versions)?;
        self.remove(&DeploymentKind, &key, &deployments)
    }

    /// Returns the key of the definition, if the version has one.
    fn version(
        &self,
        api: &str,
        there: Option<StoredResource>,
        version: &OfferedVersion,
    ) -> Result<Option<String>, StoreError> {
        let owned = object(json!({"title": version.title}));
        let more = object(json!({"title": version.title, "lifecycleStage": self.settings.stage}));
        let is_new = there.is_none();
        let wanted = Wanted {
            more: &more,
            ..self.wanted("versions", &version.origin, &owned)
        };
        let key = self.put(&VersionKind, api, there, wanted)?;
        if is_new {
            self.changes.touch_resource(api)?;
        }
        let Some(document) = &version.document else {
            return Ok(None);
        };
        let title = match document.name.as_str() {
            "wsdl" => "WSDL",
            "graphql" => "GraphQL",
            _ => "OpenAPI",
        };
        let owned = object(json!({"title": title}));
        let there = self.linked(&key, "definitions")?.pop();
        let wanted = self.wanted("definitions", &version.origin, &owned);
        let definition = self.put(&DefinitionKind, &key, there, wanted)?;
        let old = self.changes.view().content(&definition)?;
        if self.settings.documents && old.as_ref() != Some(&document.text) {
            let mut specification = json!({"name": document.name});
            if !document.version.is_empty() {
                specification["version"] = json!(document.version);
            }
            set_document(
                self.changes,
                &definition,
                &document.text,
                Some(&specification),
            )?;
        }
        Ok(Some(definition))
    }

    fn deployment(
        &self,
        api: &str,
        there: Option<StoredResource>,
        offered: &Offered,
        version: &OfferedVersion,
        definition: Option<&str>,
    ) -> Result<(), StoreError> {
        let relative = definition.and_then(|key| key.strip_prefix(&self.service));
        let more = object(json!({
            "title": offered.title,
            "environmentId": self.settings.environment,
            "definitionId": relative,
            "server": {"runtimeUri": [version.runtime_uri]},
        }));
        let wanted = Wanted {
            more: &more,
            ..self.wanted("deployments", &version.origin, &more)
        };
        self.put(&DeploymentKind, api, there, wanted).map(drop)
    }

    fn wanted<'w>(
        &self,
        collection: &str,
        origin: &'w str,
        owned: &'w Map<String, Value>,
    ) -> Wanted<'w> {
        Wanted {
            origin,
            name: generated(&self.seed, collection, origin),
            owned,
            more: owned,
        }
    }

    /// Creates the resource, or changes what the source owns of it; returns its key.
    pub(super) fn put(
        &self,
        kind: &dyn ResourceKind,
        parent: &str,
        there: Option<StoredResource>,
        wanted: Wanted<'_>,
    ) -> Result<String, StoreError> {
        let link = self.source.clone().map(|source| SourceLink {
            source,
            origin: wanted.origin.to_owned(),
            gateway: self.settings.gateway_name(),
        });
        let now = Ticks::now();
        let Some(StoredResource { key, mut record }) = there else {
            let key = child_key(parent, kind.collection(), &wanted.name);
            let number = self.changes.next_number()?;
            let record = Record {
                name: wanted.name,
                number,
                etag: etag(number, now),
                created: now,
                modified: now,
                properties: shaped(kind, wanted.more),
                owned: kind.owned(None, now),
                link,
            };
            self.changes
                .put_resource(&key, &record, Some((parent, kind.collection())))?;
            return Ok(key);
        };
        let mut properties = record.properties.clone();
        take_over(kind, wanted.owned, &mut properties);
        let properties = shaped(kind, &properties);
        if properties == record.properties && link == record.link {
            return Ok(key);
        }
        record.properties = properties;
        record.link = link;
        record.modified = now;
        record.etag = etag(self.changes.next_number()?, now);
        self.changes.put_resource(&key, &record, None)?;
        Ok(key)
    }

    /// Removes resources with everything below them.
    pub(super) fn remove(
        &self,
        kind: &dyn ResourceKind,
        parent: &str,
        gone: &[StoredResource],
    ) -> Result<(), StoreError> {
        for child in gone {
            metadata_uses::forget_uses(
                self.changes,
                &self.service,
                kind,
                &child.key,
                &child.record,
            )?;
            self.changes
                .remove_resource(&child.key, &child.record, parent, kind.collection())?;
        }
        Ok(())
    }
}

/// A resource as the source has it.
pub(super) struct Wanted<'a> {
    pub(super) origin: &'a str,
    pub(super) name: String,
    /// What the source owns.
    pub(super) owned: &'a Map<String, Value>,
    /// All of it, when it is new.
    pub(super) more: &'a Map<String, Value>,
}

/// Takes the resource of this origin out of those that are there.
pub(super) fn taken(there: &mut Vec<StoredResource>, origin: &str) -> Option<StoredResource> {
    let is_it = |child: &StoredResource| {
        child
            .record
            .link
            .as_ref()
            .is_some_and(|link| link.origin == origin)
    };
    let at = there.iter().position(is_it)?;
    Some(there.remove(at))
}

/// Observed for APIs: a decimal number of 64 bits. Chosen here for everything below them, too.
pub(super) fn generated(seed: &str, collection: &str, origin: &str) -> String {
    let digest = Sha256::digest(format!("{seed}\0{collection}\0{origin}"));
    let number = digest
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    format!("{number:03}")
}

/// In the service's order, with its defaults. What a source has always fits.
fn shaped(kind: &dyn ResourceKind, properties: &Map<String, Value>) -> Map<String, Value> {
    kind.accepted(properties)
        .unwrap_or_else(|_| properties.clone())
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
