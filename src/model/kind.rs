//! What every layer may know about a kind of resource.

use super::Limit;

/// The properties of a kind that do not depend on its wire format.
#[derive(Debug)]
pub struct KindInfo {
    /// Name in plans and manifests, such as `ApiVersion`.
    pub name: &'static str,
    /// Name in addresses, such as `version`.
    pub slug: &'static str,
    /// Name in a sentence, such as `API version`.
    pub noun: &'static str,
    /// Position among its siblings: lower ranks are created first, deleted last and printed first.
    pub rank: u8,
    /// What the planner has to know it for.
    pub role: Role,
    /// Whether it is a service that addresses of its resources start with, so that one project can have
    /// several of them.
    pub is_named_root: bool,
    /// Field paths whose strings are compared ignoring case, because the service changes their case.
    pub case_insensitive: &'static [&'static str],
    /// Field paths that cannot change once the resource exists.
    pub immutable: &'static [&'static str],
    /// Field paths whose change requires a new resource in place of the old one.
    pub force_replace: &'static [&'static str],
    /// Fields that keep their live value when a manifest omits them, because the service offers no
    /// way to clear them.
    pub retained_when_absent: &'static [&'static str],
    /// The property with the stage of a resource's life; the service may derive it.
    pub stage: Option<&'static str>,
    /// Fields that only count when the resource is created.
    pub create_only: &'static [&'static str],
    /// Fields that are read and written by actions of their own (a definition's document), not with
    /// the resource. The last one has the digest.
    pub content_fields: &'static [&'static str],
    /// The field of a manifest with properties that the kind does not model (`extra`): what is declared in it
    /// is compared and written, and everything else that the service has stays as it is.
    pub open_field: Option<&'static str>,
    /// Fields that say how a resource is written and are not in the service: they are never compared.
    pub local_fields: &'static [&'static str],
    /// Whether only what is declared is compared: a manifest does not declare the whole resource.
    pub by_declared_fields: bool,
    /// Fields that identify the items of a list, where every item has one: they are compared by it,
    /// not by position.
    pub item_keys: &'static [&'static str],
    /// When a live resource that is not declared may be deleted.
    pub prune: Prune,
    /// The name under which metadata schemas are assigned to this kind (`api`, `environment`,
    /// `deployment`); `None` if the service stores no custom metadata for it.
    pub entity: Option<&'static str>,
    /// How many resources of the kind the service allows below one parent, where that is documented.
    pub limit: Option<Limit>,
}

impl KindInfo {
    /// A kind without anything special: rows of the table name only what differs from it.
    pub const PLAIN: Self = Self {
        name: "",
        slug: "",
        noun: "",
        rank: 0,
        role: Role::Plain,
        is_named_root: false,
        case_insensitive: &[],
        immutable: &[],
        force_replace: &[],
        retained_when_absent: &[],
        stage: None,
        create_only: &[],
        content_fields: &[],
        open_field: None,
        local_fields: &[],
        by_declared_fields: false,
        item_keys: &[],
        prune: Prune::OnlyAll,
        entity: None,
        limit: None,
    };

    /// The field with the digest of the content; `None` for a kind without content.
    #[must_use]
    pub fn digest_field(&self) -> Option<&'static str> {
        self.content_fields.last().copied()
    }
}

impl PartialEq for KindInfo {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for KindInfo {}

/// What a kind means to layers that do not know the table of kinds, such as the planner.
///
/// A kind gets a role of its own only if such a layer has to treat it differently. At most one kind
/// has each role, except [`Role::Plain`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing special: the kind is planned like any other.
    Plain,
    /// The API Center service itself.
    Service,
    /// The types of custom metadata.
    MetadataSchema,
    /// A place where APIs run; an integration may own one.
    Environment,
    /// An Azure role assignment, found by scope, principal and role.
    RoleAssignment,
    /// A link to a gateway whose APIs the service keeps in sync.
    Integration,
    /// An API of the catalogue.
    Api,
    /// A version of an API.
    ApiVersion,
    /// What the catalogue adds to a synchronised API.
    SyncedApi,
    /// The portal of the service.
    Portal,
}

/// When a live resource that is not declared may be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prune {
    /// Never, whatever the scope.
    Never,
    /// Only by a repository that owns everything (`prune.scope: all`).
    OnlyAll,
    /// By its owner: it carries the ownership marker, or is a child of a resource that does.
    Owned,
}
