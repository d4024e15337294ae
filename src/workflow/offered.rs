//! Whether the service offers the types that a project declares resources of.

use super::error::WorkflowError;
use crate::kinds;
use crate::model::{LiveState, NotListed};
use crate::project::LoadedProject;

/// # Errors
/// If a selected resource is declared whose type could not be listed.
pub(super) fn check(project: &LoadedProject, live: &LiveState) -> Result<(), WorkflowError> {
    for (address, declared) in &project.desired.resources {
        let path = kinds::type_path_of(address);
        let why = path
            .as_ref()
            .and_then(|path| live.context.not_listed.get(path));
        let (Some(path), Some(why)) = (path, why) else {
            continue;
        };
        if !project.options.selects(address) || live.resources.contains_key(address) {
            continue;
        }
        let error = match why {
            NotListed::NotOffered => WorkflowError::failed(format!(
                "this service does not offer `{path}`, and {address} is declared"
            ))
            .help("remove it from the manifests of this target; clouds and API versions differ in what they have"),
            NotListed::Forbidden => WorkflowError::failed(format!(
                "`{path}` cannot be read with these credentials, and {address} is declared"
            ))
            .help("apicenter doctor lists the permissions that are missing"),
        };
        return Err(match declared.place {
            Some(place) => error.at(&project.sources.display(place)),
            None => error,
        });
    }
    Ok(())
}
