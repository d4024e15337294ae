//! What a kind of resource knows of itself.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::canonical;
use crate::model::{Address, Body, KindInfo, Resource};

/// Where the resources of a kind hang.
#[derive(Debug, Clone, Copy)]
pub enum Parent {
    /// It is the service itself.
    Root,
    /// Below the service.
    Service,
    /// Below the service's workspace `default`.
    Workspace,
    /// At any scope of Azure, under an id of its own.
    Scope,
    /// Nowhere by itself: it is matched with a resource that somebody else made.
    Matched,
    /// Below a resource of another kind.
    Of(&'static Kind),
}

/// A list in a manifest whose items are resources of their own.
#[derive(Debug, Clone, Copy)]
pub struct Child {
    /// The field that holds the list, such as `versions`.
    pub field: &'static str,
    /// The kind of its items.
    pub kind: &'static Kind,
}

/// A field that names another resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The field, such as `environment`.
    pub field: String,
    /// The resource that it names.
    pub target: Address,
}

/// A live resource's wire form, taken apart.
#[derive(Debug, Clone)]
pub struct Canonical {
    /// What is compared.
    pub resource: Resource,
    /// What the service returned and nobody modelled, by its place in the wire body.
    pub unmodelled: Body,
}

/// A kind of resource: data and pure functions. Law tests hold every row of the table to the same rules.
#[derive(Debug)]
pub struct Kind {
    /// What the layers that know no kinds may know of it.
    pub info: KindInfo,
    /// Where it hangs.
    pub parent: Parent,
    /// Its part of the ARM path, such as `environments`.
    pub collection: &'static str,
    /// The `api-version` of its requests.
    pub api_version: &'static str,
    /// The lists in its manifest whose items are resources of their own.
    pub children: &'static [Child],
    /// Wire properties, by dotted path, that the service sets and nobody else can: dropped before
    /// comparing.
    pub server_owned: &'static [&'static str],
    /// JSON Schema of its `spec` (of the list item, for a nested kind).
    pub schema: fn() -> &'static Value,
    /// A `spec` that sets every field, in JSON, for documentation and law tests.
    pub example: &'static str,
    /// The resources that a canonical body names.
    pub references: fn(&Address, &Body) -> Vec<Reference>,
    /// Brings a manifest's body and a live body to the same form.
    pub normalise: fn(&mut Body),
    /// Turns wire properties into a canonical body's fields.
    pub read: fn(&Address, &mut Body),
    /// Turns a canonical body into wire properties.
    pub write: fn(&Address, &mut Body),
}

impl Kind {
    /// The canonical form of a declared resource, from its `spec` without children.
    #[must_use]
    pub fn declared(&'static self, address: Address, mut body: Body) -> Resource {
        canonical::prune_empty((self.schema)(), &mut body);
        (self.normalise)(&mut body);
        self.resource(address, body)
    }

    /// The canonical form of a live resource, from the service's answer.
    #[must_use]
    pub fn live(&'static self, address: Address, envelope: &Map<String, Value>) -> Canonical {
        let mut body = self.properties(envelope);
        for field in self.server_owned {
            canonical::remove(&mut body, field);
        }
        (self.read)(&address, &mut body);
        let (mut body, mut unmodelled) = canonical::split((self.schema)(), body);
        canonical::prune_empty((self.schema)(), &mut body);
        canonical::prune_empty(&Value::Null, &mut unmodelled);
        (self.normalise)(&mut body);
        Canonical {
            resource: self.resource(address, body),
            unmodelled,
        }
    }

    /// The wire body of a canonical resource, with the live fields that nobody modelled put back.
    #[must_use]
    pub fn wire(&self, resource: &Resource, unmodelled: &Body) -> Value {
        let mut body = resource.body.clone();
        for field in self.info.content_fields {
            body.shift_remove(*field);
        }
        (self.write)(&resource.address, &mut body);
        canonical::merge_unmodelled((self.schema)(), &mut body, unmodelled);
        match self.parent {
            Parent::Root => Value::Object(body),
            _ => serde_json::json!({ "properties": body }),
        }
    }

    fn properties(&self, envelope: &Map<String, Value>) -> Body {
        match self.parent {
            Parent::Root => envelope.clone(),
            _ => envelope
                .get("properties")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
        }
    }

    fn resource(&self, address: Address, body: Body) -> Resource {
        let references: BTreeSet<Address> = (self.references)(&address, &body)
            .into_iter()
            .map(|r| r.target)
            .collect();
        Resource {
            address,
            body,
            references,
            id: None,
        }
    }

    /// Whether its resources lie on the service, so that reading the service finds them.
    #[must_use]
    pub fn is_of_service(&self) -> bool {
        !matches!(self.parent, Parent::Scope | Parent::Matched)
    }
}

/// For kinds whose wire form needs no change.
pub(super) fn unchanged(_: &Address, _: &mut Body) {}

/// For kinds whose body needs no normalising.
pub(super) fn as_is(_: &mut Body) {}

/// For kinds that name no other resource.
pub(super) fn no_references(_: &Address, _: &Body) -> Vec<Reference> {
    Vec::new()
}
