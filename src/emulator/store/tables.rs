//! The tables.

use redb::TableDefinition;

pub(super) type Table = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Service key → service.
pub(super) const SERVICES: Table = Table::new("services");
/// Service name → service key: names are unique over all subscriptions, and stay taken after a soft
/// delete.
pub(super) const NAMES: Table = Table::new("names");
/// Resource key → resource.
pub(super) const RESOURCES: Table = Table::new("resources");
/// (parent, collection, creation number) → resource key.
pub(super) const CHILDREN: Table = Table::new("children");
/// (parent, collection) → number of children, so that limits need no scan.
pub(super) const COUNTS: Table = Table::new("counts");
/// (service, metadata schema, entity, resource key) → nothing: who has a value for a schema.
pub(super) const USES: Table = Table::new("uses");
/// Resource key → its document: that of a definition, the rules of an analyzer, the description of an API in
/// API Management.
pub(super) const CONTENT: Table = Table::new("content");
/// `{key}/operationresults/{id}` → long-running operation; the key is that of a service, a definition or an
/// analyzer.
pub(super) const OPERATIONS: Table = Table::new("operations");
/// (job, subject) → when it is due.
pub(super) const JOBS: Table = Table::new("jobs");
/// Subscription and group → resource group that a client created.
pub(super) const GROUPS: Table = Table::new("groups");
/// Name → role assignment: names are unique in a directory.
pub(super) const ASSIGNMENTS: Table = Table::new("assignments");
/// Principal → the identity that was made for a service.
pub(super) const PRINCIPALS: Table = Table::new("principals");
/// Counters, and what the emulator keeps of itself.
pub(super) const META: Table = Table::new("meta");

pub(super) const ALL: [Table; 13] = [
    SERVICES,
    NAMES,
    RESOURCES,
    CHILDREN,
    COUNTS,
    USES,
    CONTENT,
    OPERATIONS,
    JOBS,
    GROUPS,
    ASSIGNMENTS,
    PRINCIPALS,
    META,
];
