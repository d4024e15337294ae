//! The service's documented limits, as data with a date.

/// How many resources the pricing plans allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Stable name, also the key under `spec.limits` of the project file.
    pub name: &'static str,
    /// What is counted, in a sentence.
    pub what: &'static str,
    /// The limit of the plan `Free`.
    pub free: usize,
    /// The limit of the plan `Standard`.
    pub standard: usize,
}

/// When the table below was last compared with the public documentation. Limits of the plan
/// Standard can be raised by a support request, so a project may override them.
pub const LIMITS_AS_OF: &str = "2024-11-07";

/// APIs of a service.
pub const APIS: Limit = Limit {
    name: "apis",
    what: "APIs",
    free: 200,
    standard: 10_000,
};
/// Versions of one API.
pub const VERSIONS: Limit = Limit {
    name: "versionsPerApi",
    what: "versions of one API",
    free: 5,
    standard: 100,
};
/// Definitions of one version.
pub const DEFINITIONS: Limit = Limit {
    name: "definitionsPerVersion",
    what: "definitions of one version",
    free: 5,
    standard: 5,
};
/// Deployments of one API.
pub const DEPLOYMENTS: Limit = Limit {
    name: "deploymentsPerApi",
    what: "deployments of one API",
    free: 10,
    standard: 10,
};
/// Environments of a service.
pub const ENVIRONMENTS: Limit = Limit {
    name: "environments",
    what: "environments",
    free: 20,
    standard: 20,
};
/// Linked API sources of a service.
pub const INTEGRATIONS: Limit = Limit {
    name: "integrations",
    what: "integrations",
    free: 1,
    standard: 3,
};
/// Metadata schemas assigned to one kind of resource.
pub const METADATA: Limit = Limit {
    name: "metadataPerEntity",
    what: "metadata schemas assigned to one kind of resource",
    free: 10,
    standard: 20,
};
/// Properties of one metadata schema of type object.
pub const CHILD_PROPERTIES: Limit = Limit {
    name: "childProperties",
    what: "properties of one metadata schema of type object",
    free: 10,
    standard: 10,
};

/// Every limit.
pub const LIMITS: &[Limit] = &[
    APIS,
    VERSIONS,
    DEFINITIONS,
    DEPLOYMENTS,
    ENVIRONMENTS,
    INTEGRATIONS,
    METADATA,
    CHILD_PROPERTIES,
];

impl Limit {
    /// The limit of a pricing plan; every plan except `Free` counts as `Standard`.
    #[must_use]
    pub fn of(&self, sku: &str) -> usize {
        if sku.eq_ignore_ascii_case("free") {
            self.free
        } else {
            self.standard
        }
    }
}
