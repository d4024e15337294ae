//! What would have to change in one service so that it equals another one.

use super::centre::Centre;
use crate::export::{self, ExportOptions};
use crate::kinds;
use crate::model::view::CustomProperties;
use crate::model::{Address, DesiredState, LiveState, Patterns};
use crate::plan::{
    MaxDeletes, Plan, PlanOptions, PlanRules, PruneOptions, PruneScope, Safety, plan_with,
};
use crate::project::retarget;
use crate::workflow::error::WorkflowError;
use crate::workflow::plan::check_patterns;

/// Two services compared.
#[derive(Debug)]
pub struct ServiceComparison {
    /// What the second service would hold if it equalled the first one.
    pub wanted: DesiredState,
    /// What would have to change in it.
    pub plan: Plan,
}

/// Compares two services: what would have to change in `to` so that it equals `from`. The services themselves, roles on
/// them and ownership markers are not compared, nor what the project declares differently for the two.
///
/// # Errors
/// If a pattern of `--only` or `--exclude` matches nothing.
pub fn compare(
    from: &Centre,
    to: &Centre,
    (only, exclude): (Patterns, Patterns),
) -> Result<ServiceComparison, WorkflowError> {
    let project = to.project.as_ref().or(from.project.as_ref());
    let marker = project.and_then(|project| project.options.ownership.as_ref());
    let marker = marker.map(|marker| marker.property.as_str());
    let mut wanted = export::desired(
        &from.live,
        &ExportOptions {
            ownership_property: marker.map(str::to_owned),
            ..ExportOptions::default()
        },
    );
    let mut live = to.live.clone();
    if let Some(marker) = marker {
        remove_marker(&mut live, marker);
    }
    if let (Some(declared_from), Some(declared_to)) = (&from.project, &to.project) {
        retarget(&mut wanted, &live, (declared_from, declared_to));
    }
    let options = PlanOptions {
        target: to.target.clone(),
        from: Some(from.target.clone()),
        prune: PruneOptions {
            enabled: true,
            scope: PruneScope::All,
        },
        safety: Safety {
            max_deletes: MaxDeletes::Count(usize::MAX),
            ..Safety::default()
        },
        ignore: project.map_or_else(Vec::new, |project| project.options.ignore.clone()),
        only,
        exclude,
        ..PlanOptions::default()
    };
    let known = wanted.resources.keys().chain(live.resources.keys());
    check_patterns(&options, &known.collect::<Vec<_>>())?;
    let plan = plan_with(&wanted, &live, &options, &PlanRules::of_comparison());
    Ok(ServiceComparison { wanted, plan })
}

/// The marker says who keeps a resource, not what it is.
fn remove_marker(live: &mut LiveState, marker: &str) {
    let schema = Address::top(&kinds::METADATA_SCHEMA.info, marker);
    live.resources.remove(&schema);
    for current in live.resources.values_mut() {
        CustomProperties::remove(&mut current.resource.body, marker);
    }
}
