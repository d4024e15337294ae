//! Why a resource is left out of an export.

use serde_json::Value;

use crate::kinds::{self, Location};
use crate::manifest::needs_a_secret;
use crate::model::view::{IntegrationView, MetadataSchemaView};
use crate::model::{LiveResource, LiveState, Role, is_resource_name};

/// Why a manifest cannot or should not declare a resource.
pub(super) fn reason_against(live: &LiveResource, state: &LiveState) -> Option<&'static str> {
    let address = &live.resource.address;
    // An environment that somebody made is theirs, even if an integration deploys to it; so is one that
    // exported APIs are deployed to.
    let is_used = || {
        state.deployments_to(address).any(|deployment| {
            let api = deployment.resource.address.root();
            !state.origins.contains_key(&api)
        })
    };
    let is_wanted =
        address.is(Role::Environment) && (!kinds::is_service_made(address.name()) || is_used());
    // Nothing says where a skill comes from: only one that surely is of a repository is left to it.
    let is_guess = live.resource.address.kind().open_field.is_some()
        && state
            .origins
            .get(&address.root())
            .is_some_and(|origin| !origin.is_confirmed);
    let body = &live.resource.body;
    let location = kinds::of(address).location;
    let name = match location {
        // Such a name is a path, and its steps before the last one are types and other names.
        Location::Path(_) => kinds::wire_name(address.name()),
        _ => address.name(),
    };
    if !matches!(location, Location::Root(_)) && !is_resource_name(name) {
        Some("manifests allow only 1 to 90 letters, digits, dots and hyphens as its name")
    } else if needs_a_secret((kinds::of(address).schema)(), body) {
        Some("manifests take only the address of a secret, and it has the secret itself")
    } else if live.synchronised && !is_wanted && !is_guess {
        Some("an integration keeps it")
    } else if address.is(Role::Integration)
        && !IntegrationView::of(&live.resource.body).has_source()
        && !live.unmodelled.is_empty()
    {
        Some("its source is of a type that manifests do not have")
    } else if address.is(Role::MetadataSchema)
        && !MetadataSchemaView::of(&live.resource.body)
            .schema()
            .is_some_and(Value::is_object)
    {
        Some("its schema is not a JSON object")
    } else {
        None
    }
}
