//! The two states that a plan compares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::address::Address;
use super::context::ServiceContext;
use super::field_places::FieldPlaces;
use super::place::Span;
use super::rename::{FormerName, Redirect, Renames};
use super::resource::{Body, Document, Files, Resource};
use super::timestamp::Timestamp;

/// A resource as declared.
#[derive(Debug, Clone)]
pub struct DesiredResource {
    /// Its canonical form; a plan has the same one, not a copy.
    pub resource: Arc<Resource>,
    /// Where it is declared; `None` for what the program adds by itself (the ownership marker).
    pub place: Option<Span>,
    /// Where each of its fields is written.
    pub places: FieldPlaces,
    /// The content of a definition.
    pub document: Option<Arc<Document>>,
}

impl DesiredResource {
    /// Where the key of a field is written, or else where the field is.
    #[must_use]
    pub fn key_of(&self, path: &str) -> Option<Span> {
        self.places.key(path).or_else(|| self.place_of(path))
    }

    /// Where a field is written, or the nearest field above it, or else the resource itself.
    #[must_use]
    pub fn place_of(&self, path: &str) -> Option<Span> {
        let mut path = path;
        loop {
            if let Some(span) = self.places.get(path) {
                return Some(span);
            }
            match path.rfind(['.', '[']) {
                Some(cut) => path = &path[..cut],
                None => return self.place,
            }
        }
    }
}

/// Metadata schemas that another repository declares, as the service has them, by the name that it writes.
pub type ForeignSchemas = BTreeMap<String, Body>;

/// What the manifests say.
#[derive(Debug, Clone, Default)]
pub struct DesiredState {
    /// Every declared resource, children of APIs included.
    pub resources: BTreeMap<Address, DesiredResource>,
    /// What declared resources were called before, by their present addresses.
    pub former_names: BTreeMap<Address, Vec<FormerName>>,
    /// How references to what has another name get the present one.
    pub redirect: Redirect,
    /// Definitions whose document is elsewhere and has not been fetched yet.
    pub links: BTreeMap<Address, LinkedDocument>,
    /// What files declare that are not read as manifests of this project. It is not part of the desired
    /// state, but deleting it may be a mistake.
    pub left_out: Vec<LeftOutManifest>,
    /// What manifests declare with errors that keep it, or something below it, from being read. A reference
    /// to it is not reported as well.
    pub unread: BTreeSet<Address>,
}

impl DesiredState {
    /// The present addresses of what is declared, by all former ones.
    #[must_use]
    pub fn renames(&self) -> Renames {
        let all = self.former_names.iter();
        Renames::new(all.flat_map(|(present, formers)| {
            let formers = formers.iter();
            formers.map(|former| (former.address.clone(), present.clone()))
        }))
    }

    /// Whether a resource that is not among `resources` may be declared, with errors.
    #[must_use]
    pub fn may_declare(&self, address: &Address) -> bool {
        self.unread.contains(address)
            || address
                .ancestors()
                .any(|above| self.unread.contains(&above))
    }
}

/// A declaration in a file that is not read as a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOutManifest {
    /// The resource.
    pub address: Address,
    /// The document that declares it.
    pub place: Span,
    /// Whether the file has a use of its own: as an overlay of another target, or in the project of a folder
    /// below.
    pub has_other_use: bool,
}

/// A document that is fetched when a plan is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedDocument {
    /// Where it is.
    pub origin: Origin,
    /// Where that is written.
    pub place: Span,
}

/// Source of a document that is fetched when a plan is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Behind an address of the web, from which the service fetches it by itself.
    Url(String),
    /// In API Management, which exports it.
    ApiManagement {
        /// ARM id of the instance or of one of its workspaces.
        resource_id: String,
        /// Name of the API there.
        api: String,
    },
}

/// A resource as read from the service.
#[derive(Debug, Clone)]
pub struct LiveResource {
    /// Its canonical form.
    pub resource: Resource,
    /// Fields that the service returned and this program does not model, by their place in the
    /// wire body: kept on every write, shown in the plan, never compared.
    pub unmodelled: Body,
    /// Whether an integration keeps this resource. It is deleted only with its integration, or when that leaves it
    /// behind.
    pub synchronised: bool,
    /// The text of a definition, where it had to be read to compare it; for a folder of files a
    /// readable listing.
    pub text: Option<Arc<str>>,
    /// The files of an analyzer's ruleset, where they were read.
    pub files: Option<Arc<Files>>,
    /// When the resource was created, if the service says so.
    pub created_at: Option<Timestamp>,
}

/// Where a synchronised resource comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncOrigin {
    /// The integration that keeps it.
    pub integration: Address,
    /// Other integrations that may keep it instead: they deploy to the same environment, and nothing
    /// distinguishes them.
    pub others: Vec<Address>,
    /// Whether an integration made it. The service does not say where a resource comes from, so a
    /// resource that somebody else made may look the same.
    pub is_confirmed: bool,
}

/// The resources of the service.
#[derive(Debug, Clone, Default)]
pub struct LiveState {
    /// Every resource that was read.
    pub resources: BTreeMap<Address, LiveResource>,
    /// APIs and environments that integrations keep; what is below them is kept with them.
    pub origins: BTreeMap<Address, SyncOrigin>,
    /// Identities, integration links and role assignments of the service.
    pub context: ServiceContext,
}
