//! Which live resource a declaration means, and whose a resource is.
//!
//! Before anything is compared, declarations that name live resources otherwise than by their name find
//! them.

mod ownership;
mod resolved;
mod role_assignments;
mod synced_apis;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::model::PlanOptions;
use crate::model::{DesiredState, LiveState};

pub(in crate::plan) use ownership::{carries_marker, foreign_owner};
pub(in crate::plan) use resolved::Resolved;
pub(in crate::plan) use role_assignments::gives_service;
pub(in crate::plan) use synced_apis::{kept_by_gateway, left_to_gateway};

pub(in crate::plan) fn resolve<'a>(
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
    synced_apis::resolve(&mut resolved, options);
    role_assignments::resolve(&mut resolved, options);
    resolved
}
