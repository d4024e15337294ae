//! Before anything is compared: declarations that name live resources otherwise than by their name find
//! them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::change::Refusal;
use super::options::PlanOptions;
use super::{roles, synced};
use crate::model::{Address, DesiredState, Diagnostic, LiveState};

/// Two states in which equal addresses mean equal resources.
pub(super) struct Resolved<'a> {
    pub(super) desired: Cow<'a, DesiredState>,
    pub(super) live: Cow<'a, LiveState>,
    /// Why a resource is declared, where its address is not what the manifest says: by address, the
    /// address of the declaration.
    pub(super) via: BTreeMap<Address, Address>,
    pub(super) refusals: Vec<Refusal>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

pub(super) fn resolve<'a>(
    desired: &'a DesiredState,
    live: &'a LiveState,
    options: &PlanOptions,
) -> Resolved<'a> {
    let mut resolved = Resolved {
        desired: Cow::Borrowed(desired),
        live: Cow::Borrowed(live),
        via: BTreeMap::new(),
        refusals: Vec::new(),
        diagnostics: Vec::new(),
    };
    synced::resolve(&mut resolved, options);
    roles::resolve(&mut resolved, options);
    resolved
}

/// Whether a state declares something of a kind.
pub(super) fn declares(desired: &DesiredState, kind: &str) -> bool {
    desired
        .resources
        .keys()
        .any(|address| address.kind().name == kind)
}
