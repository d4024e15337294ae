//! Which service a project is for: one entry of `spec.targets`, chosen and resolved.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::settings::setting;
use crate::kinds;
use crate::manifest::source::{ReadProblem, STATE_FOLDER, destination};
use crate::manifest::{CloudSpec, Project, TargetSpec, did_you_mean, list};
use crate::model::{Diagnostic, Diagnostics};
use crate::plan::Target;

/// Where a target's service is.
#[derive(Debug, Clone)]
pub enum ServiceLocation {
    /// In the embedded emulator, whose state is in this file.
    Emulator {
        /// The file.
        data: PathBuf,
    },
    /// Behind a resource manager.
    Azure {
        /// The cloud.
        cloud: CloudSpec,
    },
}

impl Default for ServiceLocation {
    fn default() -> Self {
        Self::Emulator {
            data: PathBuf::new(),
        }
    }
}

/// A target, resolved.
#[derive(Debug, Clone, Default)]
pub struct ResolvedTarget {
    /// Its name and coordinates.
    pub target: Target,
    /// Where its service is.
    pub location: ServiceLocation,
    /// Its entry in the project file.
    pub spec: TargetSpec,
}

/// The portal of each cloud (documented).
const PORTALS: [(&str, &str); 3] = [
    ("public", "https://portal.azure.com"),
    ("usgovernment", "https://portal.azure.us"),
    ("china", "https://portal.azure.cn"),
];

impl ResolvedTarget {
    /// Whether another target is the same service at the same place.
    #[must_use]
    pub fn is_same_place(&self, other: &Self) -> bool {
        let is_same_service = self.target.service.is_same(&other.target.service);
        is_same_service
            && match (&self.location, &other.location) {
                (
                    ServiceLocation::Emulator { data },
                    ServiceLocation::Emulator { data: of_other },
                ) => data == of_other,
                (ServiceLocation::Azure { cloud }, ServiceLocation::Azure { cloud: of_other }) => {
                    cloud == of_other
                }
                _ => false,
            }
    }

    /// The page of the service in the portal of its cloud; `None` for the emulator and for a cloud of the user's own.
    #[must_use]
    pub fn portal(&self) -> Option<String> {
        Some(format!("{}/overview", self.portal_resource()?))
    }

    /// The same without the name of the page; what is behind it leads to a resource of the service (chosen here: the
    /// portal opens any resource by its id).
    #[must_use]
    pub fn portal_resource(&self) -> Option<String> {
        let ServiceLocation::Azure { cloud } = &self.location else {
            return None;
        };
        if cloud.resource_manager.is_some() {
            return None;
        }
        let name = cloud.name.as_deref().unwrap_or("public");
        let mut portals = PORTALS.iter();
        let (_, portal) = portals.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let service = kinds::API_CENTER.id(&self.target.service);
        Some(format!("{portal}/#resource{service}"))
    }
}

/// Subscription and resource group of the embedded emulator's service.
const EMULATOR_SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";
/// Resource group of the embedded emulator's service.
const EMULATOR_GROUP: &str = "local";

/// Finds the target to use.
///
/// # Errors
/// A sentence, if no such target is declared or none can be chosen.
pub(super) fn choose(
    project: &Project,
    flag: Option<&str>,
) -> Result<(String, TargetSpec), String> {
    let empty = BTreeMap::new();
    let targets = project.spec.targets.as_ref().unwrap_or(&empty);
    let names: Vec<&str> = targets.keys().map(String::as_str).collect();
    let name = match (
        flag.or(project.spec.default_target.as_deref()),
        names.as_slice(),
    ) {
        (Some(name), _) => name,
        (None, [only]) => only,
        (None, []) => {
            return Err(
                "apicenter.yaml declares no target; add `targets: {local: {emulator: \
                        {}}}` to its spec"
                    .to_owned(),
            );
        }
        (None, names) => {
            return Err(format!(
                "which target? Choose with --target, or set defaultTarget in apicenter.yaml: {}",
                list(names, "or")
            ));
        }
    };
    match targets.get(name) {
        Some(spec) => Ok((name.to_owned(), spec.clone())),
        None => Err(format!(
            "no target `{name}` in apicenter.yaml: {}",
            did_you_mean(name, &names).unwrap_or_else(|| format!(
                "the targets are {}; more go under spec.targets",
                list(&names, "and")
            ))
        )),
    }
}

/// Resolves a target; what is missing or contradictory is reported at its place.
#[must_use]
pub(super) fn resolve(
    project: &Project,
    root: &Path,
    (name, spec): (&str, &TargetSpec),
    emulator_data: Option<&Path>,
    diagnostics: &mut Diagnostics,
) -> ResolvedTarget {
    let path = ["targets", name];
    let mut resolved = ResolvedTarget {
        spec: spec.clone(),
        ..ResolvedTarget::default()
    };
    resolved.target.name = name.to_owned();
    if let Some(emulator) = &spec.emulator {
        let default = format!("{STATE_FOLDER}/emulator.redb");
        let data = emulator.data.as_deref().unwrap_or(&default);
        let data = match (emulator_data, destination(root, Path::new(data))) {
            (Some(file), _) => file.to_owned(),
            (None, Ok(data)) => data,
            (None, Err(problem)) => {
                diagnostics.push(misplaced_data(project, name, data, &problem));
                root.join(&default)
            }
        };
        resolved.location = ServiceLocation::Emulator { data };
        resolved.target.service.subscription = EMULATOR_SUBSCRIPTION.to_owned();
        resolved.target.service.resource_group = EMULATOR_GROUP.to_owned();
        resolved.target.service.name.clone_from(&project.name);
        if spec.service.is_some() || spec.subscription_id.is_some() {
            let message = format!("the target `{name}` is both the emulator and an Azure service");
            diagnostics.push(setting(project, &path, message, "choose one"));
        }
        return resolved;
    }
    let mut required = |value: &Option<String>, field: &str| {
        if value.is_none() {
            let message = format!("the target `{name}` lacks `{field}`");
            let help = "a target is either `emulator: {}` or has subscriptionId, resourceGroup \
                        and service";
            diagnostics.push(setting(project, &path, message, "in this mapping").help(help));
        }
        value.clone().unwrap_or_default()
    };
    resolved.target.service.subscription = required(&spec.subscription_id, "subscriptionId");
    resolved.target.service.resource_group = required(&spec.resource_group, "resourceGroup");
    resolved.target.service.name = required(&spec.service, "service");
    resolved.location = ServiceLocation::Azure {
        cloud: spec.cloud.clone().unwrap_or_default(),
    };
    resolved
}

/// The state of the emulator is written where the project is, and nowhere else.
fn misplaced_data(
    project: &Project,
    target: &str,
    data: &str,
    problem: &ReadProblem,
) -> Diagnostic {
    let keys = ["targets", target, "emulator", "data"];
    let depth = match project.place(&keys) {
        Some(_) => 4,
        None => 3,
    };
    let message = format!("the emulator cannot keep its state in `{data}`: {problem}");
    setting(project, &keys[..depth], message, "not a place for it")
        .help("name a file in the project; --emulator-data FILE selects one elsewhere, for one run")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ServiceId;

    #[test]
    fn the_page_of_a_service_is_in_the_portal_of_its_cloud() {
        let of = |cloud: CloudSpec| {
            let target = ResolvedTarget {
                target: Target {
                    name: "prod".to_owned(),
                    service: ServiceId {
                        subscription: "s".to_owned(),
                        resource_group: "rg".to_owned(),
                        name: "contoso".to_owned(),
                    },
                },
                location: ServiceLocation::Azure { cloud },
                ..ResolvedTarget::default()
            };
            target.portal()
        };
        let path = "/#resource/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso/overview";
        let named = |name: &str| CloudSpec {
            name: Some(name.to_owned()),
            ..CloudSpec::default()
        };
        for (cloud, portal) in [
            (CloudSpec::default(), "https://portal.azure.com"),
            (named("public"), "https://portal.azure.com"),
            (named("China"), "https://portal.azure.cn"),
            (named("usgovernment"), "https://portal.azure.us"),
        ] {
            assert_eq!(of(cloud), Some(format!("{portal}{path}")));
        }
        let own = CloudSpec {
            resource_manager: Some("https://localhost:1".to_owned()),
            ..CloudSpec::default()
        };
        assert_eq!(of(own), None);
        assert_eq!(ResolvedTarget::default().portal(), None);
    }
}
