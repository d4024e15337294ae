//! Two states whose equal addresses mean equal resources.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Address, DesiredState, Diagnostic, LiveState};
use crate::plan::model::Refusal;

/// Two states in which equal addresses mean equal resources.
pub(in crate::plan) struct Resolved<'a> {
    pub(in crate::plan) desired: Cow<'a, DesiredState>,
    pub(in crate::plan) live: Cow<'a, LiveState>,
    /// Why a resource is declared, where its address is not what the manifest says: by address, the
    /// address of the declaration.
    pub(in crate::plan) via: BTreeMap<Address, Address>,
    pub(in crate::plan) refusals: Vec<Refusal>,
    pub(in crate::plan) diagnostics: Vec<Diagnostic>,
}

/// Whether a state declares something of a kind.
pub(super) fn declares(desired: &DesiredState, kind: &str) -> bool {
    desired
        .resources
        .keys()
        .any(|address| address.kind().name == kind)
}
