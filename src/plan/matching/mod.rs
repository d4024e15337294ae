//! Which live resource a declaration refers to, and who owns a resource.

mod gateways;
mod keeper;
mod matched;
mod ownership;
mod role_assignments;
mod synced_apis;
mod unmatched;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::model::PlanOptions;
use crate::model::{Address, DesiredState, LiveState};

pub(in crate::plan) use gateways::changes_gateway;
pub use keeper::{keeper, marked_owner, own_marker};
pub(in crate::plan) use matched::{Matching, Missing, MissingMatch};
pub(in crate::plan) use ownership::{carries_marker, foreign_owner};
pub(in crate::plan) use synced_apis::left_to_gateway;
pub use unmatched::unmatched;

/// Finds the live resources of declarations that identify them by something other than their name. `former` has the
/// live names of resources that get another one in this plan.
pub(in crate::plan) fn match_states<'a>(
    desired: &'a DesiredState,
    live: &'a LiveState,
    options: &PlanOptions,
    former: &BTreeMap<Address, Address>,
) -> Matching<'a> {
    let mut matching = Matching {
        desired: Cow::Borrowed(desired),
        live: Cow::Borrowed(live),
        declared_by: BTreeMap::new(),
        ambiguous: Vec::new(),
        missing: Vec::new(),
    };
    if let Some(marker) = &options.ownership
        && !live.origins.is_empty()
    {
        matching.live.to_mut().believe_markers(marker);
    }
    synced_apis::match_all(&mut matching, options, former);
    role_assignments::match_all(&mut matching, options);
    matching
}
