//! A live state as a file: published by who may read the service, planned against by who may not.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ErrorKind, ServiceError, detect_sync_sources};
use crate::kinds;
use crate::model::{Body, LiveResource, LiveState, ServiceContext, ServiceId, Timestamp};

/// Version of the form without documents.
const FORMAT: &str = "1.0";

/// Version of the form with documents, which programs that know only the other one refuse.
const FORMAT_WITH_DOCUMENTS: &str = "1.1";

/// A live state in the form of a file. Documents are in it as digests, and as texts where that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    format_version: String,
    subscription_id: String,
    resource_group: String,
    service: String,
    resources: Vec<Entry>,
    #[serde(default, rename = "surroundings")]
    context: ServiceContext,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    address: String,
    body: Body,
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    unmodelled: Body,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    synchronised: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    /// The text of a definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document: Option<String>,
}

impl Snapshot {
    /// The snapshot of a live state: same state, same bytes. `documents` adds the texts of definitions.
    #[must_use]
    pub fn of(service: &ServiceId, live: &LiveState, documents: bool) -> Self {
        let text = |current: &LiveResource| {
            let is_folder = current.files.is_some();
            let text = current
                .text
                .as_deref()
                .filter(|_| documents && !is_folder)?;
            Some(text.to_owned())
        };
        let resources = live.resources.values().map(|current| Entry {
            address: current.resource.address.to_string(),
            body: current.resource.body.clone(),
            unmodelled: current.unmodelled.clone(),
            synchronised: current.synchronised,
            created_at: current.created_at.clone(),
            document: text(current),
        });
        Self {
            format_version: match documents {
                true => FORMAT_WITH_DOCUMENTS.to_owned(),
                false => FORMAT.to_owned(),
            },
            subscription_id: service.subscription.clone(),
            resource_group: service.resource_group.clone(),
            service: service.name.clone(),
            resources: resources.collect(),
            context: live.context.clone(),
        }
    }

    /// Reads the text of a snapshot file.
    ///
    /// # Errors
    /// [`ErrorKind::Protocol`] if it is not a snapshot, or one of another format.
    pub fn parse(text: &str) -> Result<Self, ServiceError> {
        let snapshot: Self = serde_json::from_str(text).map_err(|error| {
            ServiceError::new(ErrorKind::Protocol, format!("not a snapshot: {error}"))
        })?;
        let known = [FORMAT, FORMAT_WITH_DOCUMENTS];
        if !known.contains(&snapshot.format_version.as_str()) {
            let text = format!(
                "the snapshot has format {}, this program reads {FORMAT} and {FORMAT_WITH_DOCUMENTS}",
                snapshot.format_version
            );
            return Err(ServiceError::new(ErrorKind::Protocol, text));
        }
        Ok(snapshot)
    }

    /// The service that was read.
    #[must_use]
    pub fn service_id(&self) -> ServiceId {
        ServiceId {
            subscription: self.subscription_id.clone(),
            resource_group: self.resource_group.clone(),
            name: self.service.clone(),
        }
    }

    /// The live state that was saved.
    ///
    /// # Errors
    /// [`ErrorKind::Protocol`] if it names a resource that this program does not know.
    pub fn live(&self) -> Result<LiveState, ServiceError> {
        let mut live = LiveState {
            context: self.context.clone(),
            ..LiveState::default()
        };
        let service = kinds::API_CENTER.id(&self.service_id());
        for entry in &self.resources {
            let address = kinds::parse_address(&entry.address).ok_or_else(|| {
                let text = format!(
                    "the snapshot contains `{}`, which is not an address",
                    entry.address
                );
                ServiceError::new(ErrorKind::Protocol, text)
            })?;
            let kind = kinds::of(&address);
            let (body, unmodelled) = (&entry.body, &entry.unmodelled);
            let resource = kind.restored(address.clone(), body, unmodelled, Some(&service));
            let current = LiveResource {
                resource,
                unmodelled: entry.unmodelled.clone(),
                synchronised: entry.synchronised,
                text: entry.document.as_deref().map(Arc::from),
                files: None,
                created_at: entry.created_at.clone(),
            };
            live.resources.insert(address, current);
        }
        detect_sync_sources(&mut live);
        Ok(live)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Address;

    #[test]
    fn a_state_comes_back_from_its_snapshot() {
        let api = Address::top(&kinds::API.info, "orders");
        let deployment = api.child(&kinds::DEPLOYMENT.info, "prod");
        let wire = json!({"properties": {"title": "t", "novel": 1,
            "environmentId": "/workspaces/default/environments/prod"}});
        let mut live = LiveState::default();
        for address in [Address::top(&kinds::SERVICE.info, ""), api, deployment] {
            let canonical = kinds::of(&address).live(address.clone(), wire.as_object().unwrap());
            let current = LiveResource {
                resource: canonical.resource,
                unmodelled: canonical.unmodelled,
                synchronised: false,
                text: None,
                files: None,
                created_at: None,
            };
            live.resources.insert(address, current);
        }
        let id = ServiceId {
            subscription: "s".to_owned(),
            resource_group: "g".to_owned(),
            name: "contoso".to_owned(),
        };
        let text = serde_json::to_string(&Snapshot::of(&id, &live, false)).unwrap();
        let back = Snapshot::parse(&text).unwrap().live().unwrap();
        for (address, current) in &live.resources {
            assert_eq!(back.resources[address].resource, current.resource);
            assert_eq!(back.resources[address].unmodelled, current.unmodelled);
        }
        assert_eq!(Snapshot::parse(&text).unwrap().service_id(), id);
        assert!(Snapshot::parse("{}").is_err());
        assert!(
            Snapshot::parse(&text.replace("api/orders", "nope/orders"))
                .unwrap()
                .live()
                .is_err()
        );
    }
}
