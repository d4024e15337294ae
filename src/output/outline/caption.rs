//! What people call a resource.

use std::collections::BTreeMap;

use crate::model::view::{IntegrationView, RoleAssignmentView, title_of};
use crate::model::{Address, DesiredState, Resource, Role};
use crate::plan::Change;

/// The title of a resource, or what says as much about it; `None` where its name says it already.
pub(in crate::output) fn caption(resource: &Resource) -> Option<String> {
    let body = &resource.body;
    let name = resource.address.name();
    let text = match resource.address.kind().role {
        Role::RoleAssignment => return RoleAssignmentView::of(body).role().map(str::to_owned),
        Role::Integration => return source(IntegrationView::of(body)),
        _ => title_of(resource),
    };
    let title = text.map(str::trim).filter(|text| !text.is_empty())?;
    (title != name).then(|| format!("\"{title}\""))
}

/// The caption of a changed resource: that of today if it is deleted.
pub(in crate::output) fn caption_of(change: &Change) -> Option<String> {
    caption(change.after().or_else(|| change.before())?)
}

/// The caption of a changed resource whose name says nothing.
pub(in crate::output) fn caption_for_name(change: &Change) -> Option<String> {
    caption_of(change).filter(|_| has_generated_name(&change.address))
}

/// Whether the name of a resource is a number that the service has made up, which nobody recognises.
fn has_generated_name(address: &Address) -> bool {
    let name = address.name();
    !name.is_empty() && name.chars().all(|c| c.is_ascii_digit())
}

/// What an integration brings in.
fn source(integration: IntegrationView<'_>) -> Option<String> {
    if let Some(instance) = integration.instance() {
        let name = instance.as_str().rsplit('/').next()?.to_owned();
        return Some(format!("API Management {name}"));
    }
    let region = integration.region();
    region
        .map(|region| format!("Amazon API Gateway in {region}"))
        .or_else(|| integration.git_repository().map(str::to_owned))
}

/// What people call the declared resources.
#[must_use]
pub fn captions(desired: &DesiredState) -> BTreeMap<Address, String> {
    let declared = desired.resources.iter();
    declared
        .filter_map(|(address, declared)| Some((address.clone(), caption(&declared.resource)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds;
    use crate::model::KindInfo;

    fn captioned(kind: &'static KindInfo, body: &serde_json::Value) -> Option<String> {
        let address = Address::top(kind, "orders");
        let body = body.as_object().cloned().unwrap();
        caption(&kinds::of(&address).declared(address, body))
    }

    #[test]
    fn a_resource_is_called_by_its_title() {
        let of = |body| captioned(&kinds::API.info, &body);
        assert_eq!(
            of(json!({"title": "Order desk"})).unwrap(),
            "\"Order desk\""
        );
        assert_eq!(of(json!({"title": "orders"})), None);
        assert_eq!(of(json!({"title": " "})), None);
        assert_eq!(of(json!({})), None);
        let schema = json!({"schema": {"type": "string", "title": "Owning team"}});
        assert_eq!(
            captioned(&kinds::METADATA_SCHEMA.info, &schema).unwrap(),
            "\"Owning team\""
        );
        let of = |body| captioned(&kinds::INTEGRATION.info, &body);
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/apim";
        assert_eq!(
            of(json!({"source": {"apiManagement": {"resourceId": id}}})).unwrap(),
            "API Management apim"
        );
        assert_eq!(
            of(json!({"source": {"amazonApiGateway": {"region": "eu-west-1"}}})).unwrap(),
            "Amazon API Gateway in eu-west-1"
        );
        let role = json!({"role": "Reader", "principal": {"serviceIdentity": true}});
        assert_eq!(
            captioned(&kinds::ROLE_ASSIGNMENT.info, &role).unwrap(),
            "Reader"
        );
    }
}
