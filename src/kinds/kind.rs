//! Descriptor of a kind of resource: location, fields, mapping to the wire.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::content::Content;
use super::location::{Location, ServiceRoot};
use super::{canonical, schema};
use crate::model::{
    Address, Body, KindInfo, Redirection, Resource, UnmodelledFields, merge_patch, settle_numbers,
};

/// The field that names an item of a list of resources; at the top of a manifest, metadata names it.
pub const NAME: &str = "name";

/// The field with the names that a resource had before: beside [`NAME`].
pub const PREVIOUSLY: &str = "previously";

/// A list in a manifest whose items are resources of their own.
#[derive(Debug, Clone, Copy)]
pub struct Child {
    /// The field with the list, such as `versions`.
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
    /// Whether it was found in a text that need not be a reference: it decides the order, and nothing has to
    /// be declared.
    pub is_found: bool,
    /// Whether the field has the address of the resource, not its name.
    pub is_address: bool,
}

impl Reference {
    /// A field that names a resource.
    pub(super) fn new(field: impl Into<String>, target: Address) -> Self {
        Self {
            field: field.into(),
            target,
            is_found: false,
            is_address: false,
        }
    }

    /// A field that has the address of a resource.
    pub(super) fn by_address(field: impl Into<String>, target: Address) -> Self {
        Self {
            is_address: true,
            ..Self::new(field, target)
        }
    }
}

/// A `spec` with tab stops, in the form of yaml-language-server (`${1:name}` is a tab stop; the first one
/// is the name of the resource).
#[derive(Debug, Clone, Copy)]
pub struct Snippet {
    /// What it is for, after the name of the kind; empty if the kind has no other.
    pub label: &'static str,
    /// What it declares, in a few words.
    pub description: &'static str,
    /// The `spec`, in JSON.
    pub spec: &'static str,
}

/// A live resource in canonical form.
#[derive(Debug, Clone)]
pub struct Canonical {
    /// What is compared.
    pub resource: Resource,
    /// Fields of the response that the kind does not model, by their path in the wire body.
    pub unmodelled: Body,
}

/// A kind of resource: data and pure functions. Law tests check every row of the table.
#[derive(Debug)]
pub struct Kind {
    /// What layers that do not know the table may know of it.
    pub info: KindInfo,
    /// Where its resources are.
    pub location: Location,
    /// Segment of the ARM path, such as `environments`.
    pub collection: &'static str,
    /// The `api-version` of its requests.
    pub api_version: &'static str,
    /// Whether a cloud, an API version or a role may lack all of its resources: what cannot be listed is then
    /// reported, and an error only if something of the kind is declared.
    pub may_be_missing: bool,
    /// Content that is read and written by actions of its own.
    pub content: Option<Content>,
    /// The lists in its manifest whose items are resources of their own.
    pub children: &'static [Child],
    /// Wire properties, by dotted path, that the service sets and nobody else can: dropped before
    /// comparing.
    pub server_owned: &'static [&'static str],
    /// Wire properties with ids of resources of the own service; where they are full ids, they are read as
    /// relative ones.
    pub id_properties: &'static [&'static str],
    /// JSON Schema of its `spec` (of the list item, for a nested kind).
    pub schema: fn() -> &'static Value,
    /// A `spec` that sets every field, in JSON, for documentation and law tests.
    pub example: &'static str,
    /// Fields of its `spec` that a list shows beside the title.
    pub columns: &'static [&'static str],
    /// Starting points for a manifest, for editors; without one the required fields are suggested.
    pub snippets: &'static [Snippet],
    /// Whether an item of the list is one of its resources.
    pub is_one: fn(&Map<String, Value>) -> bool,
    /// The name in the address, from the name in the manifest and the `spec`, where they differ.
    pub qualify: Option<fn(&str, &Body) -> String>,
    /// The resource with which one is deleted, where the address does not show it.
    pub within: Option<fn(&Address) -> Option<Address>>,
    /// The resources that a canonical body names.
    pub references: fn(&Address, &Body) -> Vec<Reference>,
    /// Writes the present names of renamed resources wherever a canonical body refers to them by former ones.
    pub redirect: fn(Redirection<'_>, &mut Body),
    /// Brings a manifest's body and a live body to the same form.
    pub normalise: fn(&Address, &mut Body),
    /// Turns wire properties into a canonical body's fields.
    pub read: fn(&Address, &mut Body),
    /// Turns a canonical body into wire properties.
    pub write: fn(&Address, &mut Body),
}

impl Kind {
    /// A kind without anything special: rows of the table name only what differs from it.
    pub(super) const PLAIN: Self = Self {
        info: KindInfo::PLAIN,
        location: Location::Matched,
        collection: "",
        api_version: "2024-03-01",
        may_be_missing: false,
        content: None,
        children: &[],
        server_owned: &[],
        id_properties: &[],
        schema: schema::nothing,
        example: "{}",
        columns: &[],
        snippets: &[],
        is_one: |_| true,
        qualify: None,
        within: None,
        references: |_, _| Vec::new(),
        redirect: |_, _| (),
        normalise: |_, _| (),
        read: |_, _| (),
        write: |_, _| (),
    };

    /// The canonical form of a declared resource, from its `spec` without children.
    #[must_use]
    pub fn declared(&'static self, address: Address, mut body: Body) -> Resource {
        canonical::prune_empty((self.schema)(), &mut body);
        (self.normalise)(&address, &mut body);
        body.values_mut().for_each(settle_numbers);
        self.resource(address, body)
    }

    /// The canonical form of a live resource, from the service's response.
    #[must_use]
    pub fn live(&'static self, address: Address, envelope: &Map<String, Value>) -> Canonical {
        let mut body = self.properties(envelope);
        for field in self.server_owned {
            canonical::remove(&mut body, field);
        }
        let has_any_properties = matches!(self.location, Location::Path(_));
        let all = has_any_properties.then(|| body.clone());
        let service = self
            .root()
            .and_then(|root| canonical::service_of_id(root.resource_type, own_id(envelope)?));
        if let Some(service) = service {
            canonical::relative_ids(service, self.id_properties, &mut body);
        }
        canonical::without_null_properties(&mut body);
        (self.read)(&address, &mut body);
        let (mut body, mut unmodelled) = match all {
            Some(all) => (body, all),
            None => self.split(body),
        };
        canonical::prune_empty((self.schema)(), &mut body);
        canonical::prune_empty(&Value::Null, &mut unmodelled);
        canonical::settle_texts((self.schema)(), &mut body);
        if unmodelled.is_empty() {
            (self.normalise)(&address, &mut body);
        } else {
            // Where items of a list get a new order, the fields that nobody modelled follow them.
            let before = body.clone();
            (self.normalise)(&address, &mut body);
            unmodelled = UnmodelledFields::new(&before, &body, &unmodelled, &self.info).kept;
        }
        let values = body.values_mut().chain(unmodelled.values_mut());
        values.for_each(settle_numbers);
        Canonical {
            resource: self.restored(address, &body, &unmodelled, service),
            unmodelled,
        }
    }

    /// A live resource from its canonical form. What it names counts also in properties that a manifest may
    /// declare although the kind does not model them.
    ///
    /// `service` is the id of the service that it is in: full ids of others in it are understood.
    #[must_use]
    pub fn restored(
        &self,
        address: Address,
        body: &Body,
        unmodelled: &Body,
        service: Option<&str>,
    ) -> Resource {
        let Some(field) = self.info.open_field.filter(|_| !unmodelled.is_empty()) else {
            return self.resource(address, body.clone());
        };
        let mut open = Value::Object(unmodelled.clone());
        if let Some(service) = service {
            canonical::all_relative(service, &mut open);
        }
        let mut whole = body.clone();
        whole.insert(field.to_owned(), open);
        let mut resource = self.resource(address, whole);
        resource.body.clone_from(body);
        resource
    }

    /// The stage of a live resource's life, from the service's response.
    #[must_use]
    pub fn stage<'a>(&self, envelope: &'a Map<String, Value>) -> Option<&'a str> {
        let properties = envelope.get("properties")?;
        properties.get(self.info.stage?)?.as_str()
    }

    /// The wire body of a canonical resource, with the live fields that nobody modelled put back.
    #[must_use]
    pub fn wire(&self, resource: &Resource, unmodelled: &Body) -> Value {
        let mut body = resource.body.clone();
        for field in self.info.content_fields {
            body.shift_remove(*field);
        }
        let open = self
            .info
            .open_field
            .and_then(|field| body.shift_remove(field));
        (self.write)(&resource.address, &mut body);
        match self.location {
            Location::Path(_) => body.extend(unmodelled.clone()),
            _ => {
                canonical::merge_unmodelled((self.schema)(), &mut body, unmodelled);
                body.extend(self.odd_fields(unmodelled));
            }
        }
        if let Some(Value::Object(open)) = open {
            merge_patch(&mut body, &open);
        }
        match self.location {
            Location::Root(_) => Value::Object(body),
            _ => serde_json::json!({ "properties": body }),
        }
    }

    /// Parts a live body into what the kind models and what it does not. Fields that only manifests have are not
    /// modelled, whatever the service has under their names.
    fn split(&self, mut body: Body) -> (Body, Body) {
        let odd = self.odd_fields(&body);
        body.retain(|field, _| !odd.contains_key(field));
        let (known, mut unknown) = canonical::split((self.schema)(), body);
        unknown.extend(odd);
        (known, unknown)
    }

    /// The properties of a wire body whose names only manifests have a field for.
    fn odd_fields(&self, body: &Body) -> Body {
        let is_child = matches!(self.location, Location::Child(_));
        let lists = self.children.iter().map(|child| child.field);
        lists
            .chain(self.info.open_field)
            .chain([NAME, PREVIOUSLY].into_iter().filter(|_| is_child))
            .filter_map(|field| Some((field.to_owned(), body.get(field)?.clone())))
            .collect()
    }

    fn properties(&self, envelope: &Map<String, Value>) -> Body {
        match self.location {
            Location::Root(_) => envelope.clone(),
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
        let within = self.within.and_then(|within| within(&address));
        Resource {
            address,
            body,
            references,
            within,
            id: None,
        }
    }

    /// The service that its resources belong to; `None` outside of services.
    #[must_use]
    pub fn root(&self) -> Option<&'static ServiceRoot> {
        self.location.root()
    }

    /// Whether its resources belong to a service, so that reading the service finds them.
    #[must_use]
    pub fn is_of_service(&self) -> bool {
        self.root().is_some()
    }

    /// Whether its resources are listed directly below a service or its workspace.
    #[must_use]
    pub fn is_top_of(&self, service: &ServiceRoot) -> bool {
        match self.location {
            Location::Service(root) | Location::Workspace(root) => root == service,
            _ => false,
        }
    }

    /// Its ARM resource type, such as `Microsoft.ApiCenter/services/workspaces/apis`; `None` for what is
    /// not a resource.
    #[must_use]
    pub fn resource_type(&self) -> Option<String> {
        let collection = self.collection;
        Some(match self.location {
            Location::Root(root) => root.resource_type.to_owned(),
            Location::Service(root) => format!("{}/{collection}", root.resource_type),
            Location::Workspace(root) => {
                let workspace = root.workspace.split('/').nth(1).unwrap_or_default();
                format!("{}/{workspace}/{collection}", root.resource_type)
            }
            Location::Child(above) => format!("{}/{collection}", above.resource_type()?),
            Location::AnyScope(resource_type) => resource_type.to_owned(),
            Location::Path(_) | Location::Matched => return None,
        })
    }
}

fn own_id(envelope: &Map<String, Value>) -> Option<&str> {
    envelope.get("id")?.as_str()
}
