//! Two states whose equal addresses mean equal resources.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Address, DesiredState, LiveState, Role, Span};

/// The states after matching, and what could not be matched.
#[derive(Debug)]
pub(in crate::plan) struct Matching<'a> {
    pub(in crate::plan) desired: Cow<'a, DesiredState>,
    pub(in crate::plan) live: Cow<'a, LiveState>,
    /// The declarations of resources that are declared under another address, by the resource's.
    pub(in crate::plan) declared_by: BTreeMap<Address, Address>,
    /// Declarations that match several APIs.
    pub(in crate::plan) ambiguous: Vec<AmbiguousMatch>,
    /// What is declared for a synchronised API and is not in the service yet.
    pub(in crate::plan) missing: Vec<MissingMatch>,
}

/// A `SyncedApi` whose title several APIs of its integration have.
#[derive(Debug)]
pub(in crate::plan) struct AmbiguousMatch {
    /// The integration.
    pub(in crate::plan) integration: Address,
    /// The title.
    pub(in crate::plan) title: String,
    /// The APIs that have it.
    pub(in crate::plan) found: Vec<Address>,
    /// Where the title is declared.
    pub(in crate::plan) place: Option<Span>,
}

/// A title that nothing in the service has.
#[derive(Debug)]
pub(in crate::plan) struct MissingMatch {
    /// The `SyncedApi` that declares the title.
    pub(in crate::plan) declaration: Address,
    /// What is looked for below what.
    pub(in crate::plan) what: Missing,
    /// The title.
    pub(in crate::plan) title: String,
    /// Where the title is declared.
    pub(in crate::plan) place: Option<Span>,
}

/// What a title is looked for in.
#[derive(Debug)]
pub(in crate::plan) enum Missing {
    /// The APIs of the integration with this name.
    Api(String),
    /// The versions of this API.
    Version(Address),
}

/// Whether a state declares a resource with this role.
pub(super) fn declares(desired: &DesiredState, role: Role) -> bool {
    desired
        .resources
        .keys()
        .any(|address| address.kind().role == role)
}
