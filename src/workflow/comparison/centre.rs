//! One of two services that are compared.

use std::collections::BTreeMap;

use crate::kinds;
use crate::model::{Address, LiveState};
use crate::plan::Target;
use crate::project::LoadedProject;
use crate::workflow::connection::Connection;
use crate::workflow::error::WorkflowError;
use crate::workflow::event::Observer;
use crate::workflow::read::read_to_compare;

/// A service as it is, or as it was when its snapshot was taken.
#[derive(Debug)]
pub struct Centre {
    /// What the user calls it, and the service.
    pub target: Target,
    /// What it holds.
    pub live: LiveState,
    /// The project that declares it, loaded for its target; `None` if there is no such project.
    pub project: Option<LoadedProject>,
}

impl Centre {
    /// The digest of each document.
    fn digests(&self) -> BTreeMap<Address, String> {
        let resources = self.live.resources.iter();
        resources
            .filter_map(|(address, current)| {
                let content = kinds::of(address).content.as_ref()?;
                let digest = current.resource.body.get(content.field)?.as_str()?;
                Some((address.clone(), digest.to_owned()))
            })
            .collect()
    }
}

/// Reads the whole service of a project's target. Documents are read as far as they differ from those of `other`.
///
/// # Errors
/// If a request fails, or the service neither exists nor is declared.
pub async fn read_centre(
    project: LoadedProject,
    connection: &Connection,
    other: Option<&Centre>,
    observer: &impl Observer,
) -> Result<Centre, WorkflowError> {
    let digests = other.map(Centre::digests);
    let mut live = read_to_compare(&project, connection, digests, observer).await?;
    if let Some(marker) = &project.options.ownership {
        live.believe_markers(marker);
    }
    Ok(Centre {
        target: project.options.target.clone(),
        live,
        project: Some(project),
    })
}
