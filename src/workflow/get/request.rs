//! What a list is asked for, and what it consists of.

use std::collections::BTreeMap;

use super::wanted::Wanted;
use crate::model::{Address, Condition, ListedColumns, ListedResource, NotListed};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct GetRequest {
    /// The resources.
    pub wanted: Wanted,
    /// Only those that meet all of these.
    pub conditions: Vec<Condition>,
    /// What is read for each, besides itself.
    pub details: Details,
}

/// What is read for each resource of a list, besides itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Details {
    /// How many resources are below it.
    pub counts: bool,
    /// Who keeps it.
    pub keeper: bool,
}

/// Something that a list consists of, in order.
#[derive(Debug)]
pub enum ListEvent<'a> {
    /// Resources of another kind follow, or of several that belong together.
    Group(&'a ListedColumns),
    /// These resources are known to follow; what is read for each is not there yet.
    Known(&'a [ListedResource]),
    /// Rows of the list.
    Rows(Vec<ListedResource>),
}

/// What a list was not able to show.
#[derive(Debug, Default)]
pub struct Got {
    /// Addresses that do not exist, and one that may be meant.
    pub missing: Vec<(Address, Option<String>)>,
    /// Patterns that match nothing.
    pub unmatched: Vec<String>,
    /// Types that could not be listed, and why.
    pub not_listed: BTreeMap<String, NotListed>,
}
