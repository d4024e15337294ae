//! Integrations that are pointed at another gateway.

use crate::model::view::IntegrationView;
use crate::model::{Address, DesiredState, LiveState, Role};
use crate::plan::model::{PlanOptions, is_under};

/// Whether a selected integration is declared with another gateway than the live one has. What it brought
/// in is lost then (chosen here: what the service does is not recorded).
pub(in crate::plan) fn changes_gateway(
    integration: &Address,
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) -> bool {
    let states = desired
        .resources
        .get(integration)
        .zip(live.resources.get(integration));
    let Some((declared, current)) =
        states.filter(|_| integration.is(Role::Integration) && options.selects(integration))
    else {
        return false;
    };
    let is_ignored = |path: &str| {
        options.ignore.iter().any(|rule| {
            rule.kind == integration.kind().name && is_under(path, &[rule.field.as_str()])
        })
    };
    IntegrationView::of(&declared.resource.body)
        .other_gateway_fields(IntegrationView::of(&current.resource.body))
        .any(|path| !is_ignored(path))
}
