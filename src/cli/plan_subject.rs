//! What a plan is about, for whoever renders it.

use super::planning::target_words;
use crate::kinds::arm_path;
use crate::model::{DesiredState, Diagnostic, Sources};
use crate::output::Portal;
use crate::project::{LoadedProject, ResolvedTarget, ServiceLocation};

/// What a plan is about.
#[derive(Debug, Clone)]
pub(super) struct PlanSubject<'a> {
    /// The name of the target.
    pub(super) name: &'a str,
    /// The target in words.
    pub(super) target: String,
    /// The service that the desired state is of, in words; `None` if it is declared.
    pub(super) from: Option<String>,
    /// The texts of the manifests.
    pub(super) sources: &'a Sources,
    /// The desired state.
    pub(super) desired: &'a DesiredState,
    /// The problems of the manifests.
    pub(super) diagnostics: &'a [Diagnostic],
    /// Where the portal shows the service, if it does.
    pub(super) portal: Option<Portal>,
    /// Whether the service is the embedded emulator.
    pub(super) is_emulator: bool,
}

impl<'a> PlanSubject<'a> {
    /// What a plan of a project is about.
    pub(super) fn of(project: &'a LoadedProject) -> Self {
        Self {
            name: &project.options.target.name,
            target: target_words(&project.target),
            from: None,
            sources: &project.sources,
            desired: &project.desired,
            diagnostics: &project.diagnostics,
            portal: portal(&project.target),
            is_emulator: is_emulator(&project.target),
        }
    }
}

/// Whether a target is in the embedded emulator.
pub(super) fn is_emulator(target: &ResolvedTarget) -> bool {
    matches!(target.location, ServiceLocation::Emulator { .. })
}

/// Where the portal shows the service of a target.
pub(super) fn portal(target: &ResolvedTarget) -> Option<Portal> {
    let service = target.portal_resource()?;
    Some(Portal {
        service,
        path: arm_path,
    })
}
