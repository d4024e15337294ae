//! What is live, in machine form.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::not_looked_at::NotLookedAtJson;
use super::place::PlaceJson;
use super::plan::TargetJson;
use crate::model::{
    Body, Declared, Keeper, ListedResource, ListedService, NotListed, Sources, Timestamp,
};
use crate::plan::Target;

/// Version of this form.
const GET_FORMAT: &str = "1.0";

/// What `get` found.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GetJson {
    /// Version of this form.
    format_version: &'static str,
    /// The service; null for a list of services.
    target: Option<TargetJson>,
    /// Live resources, in the order of their addresses.
    resources: Vec<ResourceJson>,
    /// Services of a subscription (`get services`).
    services: Vec<ServiceJson>,
    /// Types of resources that were not looked at, so that there may be more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_looked_at: Vec<NotLookedAtJson>,
}

/// A live resource.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ResourceJson {
    /// The resource.
    address: String,
    /// Its kind.
    kind: &'static str,
    /// Its name, the last part of the address.
    name: String,
    /// What people call it.
    title: Option<String>,
    /// The stage of its life; that of an API is derived by the service.
    stage: Option<String>,
    /// The owner in the marker that it has, or that what it belongs to has.
    owner: Option<String>,
    /// Who keeps it.
    keeper: Option<KeeperJson>,
    /// How many resources are below it, by the field that lists them in a manifest.
    counts: BTreeMap<&'static str, usize>,
    /// When it was created, in UTC, if the service says so.
    created_at: Option<String>,
    /// Where this repository declares it.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<PlaceJson>,
    /// Its fields, named as in a manifest; without what is below it, and without content.
    spec: Value,
    /// Fields that manifests do not have.
    #[serde(skip_serializing_if = "Body::is_empty")]
    unmodelled: Body,
}

/// Who keeps a resource as it is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct KeeperJson {
    /// `repository` (this one), `owner` (another one, by its marker), `integration` or `nobody`.
    by: &'static str,
    /// The other owner, or the address of the integration.
    name: Option<String>,
    /// False where it only looks like a resource of the integration, which no response says.
    certain: bool,
}

/// A service of a subscription.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ServiceJson {
    name: String,
    subscription_id: String,
    resource_group: String,
    location: Option<String>,
    /// The targets of the project that name it.
    targets: Vec<String>,
}

impl From<&Keeper> for KeeperJson {
    fn from(keeper: &Keeper) -> Self {
        Self {
            by: keeper.word(),
            name: keeper.name(),
            certain: !matches!(
                keeper,
                Keeper::Integration {
                    is_confirmed: false,
                    ..
                }
            ),
        }
    }
}

impl ResourceJson {
    fn new(row: &ListedResource, declared: &Declared, sources: &Sources) -> Self {
        let address = row.address();
        let place = declared.resources.get(address).copied().flatten();
        let created = row.current.created_at.as_ref();
        Self {
            address: address.to_string(),
            kind: address.kind().name,
            name: address.name().to_owned(),
            title: row.title().map(str::to_owned),
            stage: row.stage.clone(),
            owner: row.owner.clone(),
            keeper: row.keeper.as_ref().map(KeeperJson::from),
            counts: row.counts.iter().copied().collect(),
            created_at: created.map(Timestamp::to_seconds),
            source: place.map(|place| PlaceJson::new(place, sources)),
            spec: Value::Object(row.current.resource.body.clone()),
            unmodelled: row.current.unmodelled.clone(),
        }
    }
}

impl GetJson {
    /// Resources in machine form. `declared` and `sources` say where they are declared.
    #[must_use]
    pub fn of_resources<'a>(
        target: &Target,
        rows: &[ListedResource],
        (declared, sources): (&Declared, &Sources),
        not_listed: impl IntoIterator<Item = (&'a String, &'a NotListed)>,
    ) -> Self {
        let mut rows: Vec<&ListedResource> = rows.iter().collect();
        rows.sort_by(|a, b| a.address().cmp(b.address()));
        let rows = rows.into_iter();
        Self {
            format_version: GET_FORMAT,
            target: Some(TargetJson::from(target)),
            resources: rows
                .map(|row| ResourceJson::new(row, declared, sources))
                .collect(),
            services: Vec::new(),
            not_looked_at: NotLookedAtJson::list(not_listed),
        }
    }

    /// Services in machine form.
    #[must_use]
    pub fn of_services(services: &[(ListedService, Vec<String>)]) -> Self {
        let services = services.iter().map(|(service, targets)| ServiceJson {
            name: service.id.name.clone(),
            subscription_id: service.id.subscription.clone(),
            resource_group: service.id.resource_group.clone(),
            location: service.location.clone(),
            targets: targets.clone(),
        });
        Self {
            format_version: GET_FORMAT,
            target: None,
            resources: Vec::new(),
            services: services.collect(),
            not_looked_at: Vec::new(),
        }
    }
}
