//! Small states and changes for the unit tests of the planner, which know no real kind.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::compare::diff;
use super::model::{Change, Step};
use crate::model::view::CustomProperties;
use crate::model::{
    Address, Body, DesiredResource, DesiredState, FieldPlaces, KindInfo, LiveResource, LiveState,
    Prune, Resource, Role,
};

pub(in crate::plan) static SERVICE: KindInfo = KindInfo {
    name: "Service",
    slug: "service",
    noun: "service",
    role: Role::Service,
    immutable: &["location"],
    prune: Prune::Never,
    ..KindInfo::PLAIN
};

pub(in crate::plan) static SCHEMA: KindInfo = KindInfo {
    name: "MetadataSchema",
    slug: "metadata-schema",
    rank: 1,
    role: Role::MetadataSchema,
    ..KindInfo::PLAIN
};

pub(in crate::plan) static ENVIRONMENT: KindInfo = KindInfo {
    name: "Environment",
    slug: "environment",
    rank: 2,
    role: Role::Environment,
    prune: Prune::Owned,
    entity: Some("environment"),
    ..KindInfo::PLAIN
};

pub(in crate::plan) static ROLE_ASSIGNMENT: KindInfo = KindInfo {
    name: "RoleAssignment",
    slug: "role-assignment",
    rank: 3,
    role: Role::RoleAssignment,
    prune: Prune::Owned,
    ..KindInfo::PLAIN
};

pub(in crate::plan) static INTEGRATION: KindInfo = KindInfo {
    name: "Integration",
    slug: "integration",
    rank: 4,
    role: Role::Integration,
    ..KindInfo::PLAIN
};

pub(in crate::plan) static API: KindInfo = KindInfo {
    name: "Api",
    slug: "api",
    rank: 5,
    role: Role::Api,
    prune: Prune::Owned,
    entity: Some("api"),
    ..KindInfo::PLAIN
};

static DEPLOYMENT: KindInfo = KindInfo {
    name: "Deployment",
    slug: "deployment",
    rank: 6,
    prune: Prune::Owned,
    entity: Some("deployment"),
    ..KindInfo::PLAIN
};

pub(in crate::plan) static API_VERSION: KindInfo = KindInfo {
    name: "ApiVersion",
    slug: "version",
    rank: 7,
    role: Role::ApiVersion,
    ..KindInfo::PLAIN
};

pub(in crate::plan) static SYNCED_API: KindInfo = KindInfo {
    name: "SyncedApi",
    slug: "synced-api",
    rank: 8,
    role: Role::SyncedApi,
    ..KindInfo::PLAIN
};

/// An address from its text.
pub(in crate::plan) fn address(text: &str) -> Address {
    let mut address: Option<Address> = None;
    let parts: Vec<&str> = text.split('/').collect();
    for pair in parts.chunks(2) {
        let kind = [
            &SERVICE,
            &SCHEMA,
            &ENVIRONMENT,
            &ROLE_ASSIGNMENT,
            &INTEGRATION,
            &API,
            &DEPLOYMENT,
            &API_VERSION,
            &SYNCED_API,
        ]
        .into_iter()
        .find(|kind| kind.slug == pair[0])
        .unwrap();
        let name = pair.get(1).copied().unwrap_or_default();
        address = Some(match address {
            None => Address::top(kind, name),
            Some(parent) => parent.child(kind, name),
        });
    }
    address.unwrap()
}

/// A resource that references the schemas of its values and, if it names one, its environment.
pub(in crate::plan) fn resource(at: &str, body: Value) -> Resource {
    let Value::Object(body) = body else {
        panic!("a body is a mapping");
    };
    let values = CustomProperties::of(&body).values().into_iter().flatten();
    let mut references: BTreeSet<Address> = values
        .map(|(name, _)| Address::top(&SCHEMA, name))
        .collect();
    if let Some(name) = body.get("environment").and_then(Value::as_str) {
        references.insert(Address::top(&ENVIRONMENT, name));
    }
    Resource {
        within: None,
        address: address(at),
        body,
        references,
        id: None,
    }
}

fn change(address: &Address, step: Step, before: &Body, after: &Body) -> Change {
    Change {
        address: address.clone(),
        step,
        blocked: None,
        reason: String::new(),
        fields: diff(before, after, address.kind()),
        unmodelled: Body::new(),
        text: None,
        place: None,
        restored: None,
        waits_for: Vec::new(),
        author: None,
    }
}

pub(in crate::plan) fn create(at: &str, after: Value) -> Change {
    let after = Arc::new(resource(at, after));
    let body = after.body.clone();
    change(&address(at), Step::Create { after }, &Body::new(), &body)
}

pub(in crate::plan) fn update(at: &str, before: Value, after: Value) -> Change {
    let (before, after) = (
        Arc::new(resource(at, before)),
        Arc::new(resource(at, after)),
    );
    let (old, new) = (before.body.clone(), after.body.clone());
    change(&address(at), Step::Update { before, after }, &old, &new)
}

/// A delete; `with` is the resource with which this one vanishes.
pub(in crate::plan) fn delete(at: &str, before: Value, with: Option<&str>) -> Change {
    let before = Arc::new(resource(at, before));
    let with = with.map(address);
    let body = before.body.clone();
    change(
        &address(at),
        Step::Delete { before, with },
        &body,
        &Body::new(),
    )
}

pub(in crate::plan) fn declared(resource: Resource) -> DesiredResource {
    DesiredResource {
        resource: Arc::new(resource),
        place: None,
        places: FieldPlaces::default(),
        document: None,
    }
}

pub(in crate::plan) fn desired(resources: &[(&str, Value)]) -> DesiredState {
    let resources = resources.iter().map(|(at, body)| {
        let declared = declared(resource(at, body.clone()));
        (declared.resource.address.clone(), declared)
    });
    DesiredState {
        resources: resources.collect(),
        ..DesiredState::default()
    }
}

pub(in crate::plan) fn live(resources: &[(&str, Value)]) -> LiveState {
    let resources = resources.iter().map(|(at, body)| {
        let resource = resource(at, body.clone());
        let address = resource.address.clone();
        let current = LiveResource {
            resource,
            unmodelled: Body::new(),
            synchronised: false,
            text: None,
            files: None,
            created_at: None,
        };
        (address, current)
    });
    LiveState {
        resources: resources.collect(),
        ..LiveState::default()
    }
}
