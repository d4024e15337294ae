//! The manifests that an export would write for some resources.

use std::collections::{BTreeMap, BTreeSet};

use crate::export::{self, ExportOptions};
use crate::live::{ReadScope, Reader as _};
use crate::model::{Address, LiveState, Patterns};
use crate::project::LoadedProject;
use crate::workflow::connection::Connection;
use crate::workflow::error::WorkflowError;
use crate::workflow::export::{ExportRequest, options};

/// Manifests of live resources.
#[derive(Debug, Default)]
pub struct Manifests {
    /// The texts, in the order of the addresses.
    pub texts: Vec<String>,
    /// Resources for which an export writes no manifest, and why.
    pub left_out: Vec<(Address, String)>,
    /// What manifests do not have of the others, one sentence each.
    pub notes: Vec<String>,
}

/// The manifests that an export would write for these resources, which must be directly below the service.
///
/// # Errors
/// If a request fails.
pub async fn manifests(
    project: &LoadedProject,
    connection: &Connection,
    wanted: &BTreeSet<Address>,
) -> Result<Manifests, WorkflowError> {
    let only = Patterns::new(wanted.iter().map(ToString::to_string))
        .map_err(|error| WorkflowError::failed(error.to_string()))?;
    let scope = ReadScope {
        only,
        all_texts: true,
        ..ReadScope::default()
    };
    let mut live = connection.service.read(&scope).await?;
    if let Some(marker) = &project.options.ownership {
        live.believe_markers(marker);
    }
    Ok(manifests_from(project, &live, wanted))
}

/// The same from a live state that was saved.
#[must_use]
pub fn manifests_from(
    project: &LoadedProject,
    live: &LiveState,
    wanted: &BTreeSet<Address>,
) -> Manifests {
    let request = ExportRequest {
        adopt: true,
        new_project: None,
    };
    let options = ExportOptions {
        synced: true,
        roles: false,
        ..options(project, &request)
    };
    let export = export::export(live, &options);
    let files: BTreeMap<&str, &[u8]> = export
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.bytes.as_slice()))
        .collect();
    let notes_on = |address: &Address| {
        let text = address.to_string();
        let is_about = move |note: &&String| {
            let rest = note.strip_prefix(text.as_str());
            rest.is_some_and(|rest| rest.starts_with(": ") || rest.starts_with('/'))
        };
        export.notes.iter().filter(is_about).cloned()
    };
    let mut manifests = Manifests::default();
    for address in wanted {
        let path = export.manifests.get(address);
        match path.and_then(|path| files.get(path.as_str())) {
            Some(bytes) => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                manifests.texts.push(text);
                manifests.notes.extend(notes_on(address));
            }
            None => {
                let why = notes_on(address).next();
                let why = why.unwrap_or_else(|| {
                    format!("{address}: left out: this program declares it by itself")
                });
                manifests.left_out.push((address.clone(), why));
            }
        }
    }
    manifests
}

/// The resources whose manifests have these: children are in the manifest of what they are below.
///
/// # Errors
/// If one has no manifest of its own.
pub fn with_manifests<'a>(
    addresses: impl IntoIterator<Item = &'a Address>,
) -> Result<BTreeSet<Address>, WorkflowError> {
    let all: BTreeSet<&Address> = addresses.into_iter().collect();
    let mut wanted = BTreeSet::new();
    for address in &all {
        let (address, root) = (*address, address.root());
        if all.contains(&root) && root != *address {
            continue;
        }
        if address.parent().is_some() {
            return Err(WorkflowError::usage(format!(
                "{address} has no manifest of its own: it is part of that of {root}"
            ))
            .help(format!(
                "apicenter get {root} -o yaml prints it; -o json shows {address} by itself"
            )));
        }
        wanted.insert(address.clone());
    }
    Ok(wanted)
}
