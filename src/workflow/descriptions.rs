//! Descriptions that a command names: at addresses on the web, and in the live service.

use std::sync::Arc;

use super::connection::Connection;
use super::error::WorkflowError;
use super::event::{Observer, ReadPurpose, WorkflowEvent};
use super::import_inputs::fetch;
use super::meter::RequestMeter;
use crate::config::Environment;
use crate::live::{ReadScope, Reader as _};
use crate::model::{Address, Patterns};
use crate::project::LoadedProject;

/// Bytes of a description on the web that is compared (chosen here).
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The bytes at an address. No credentials are sent, and redirections are not followed.
///
/// # Errors
/// In words, what went wrong.
pub async fn fetch_description(
    address: &str,
    environment: &Environment,
) -> Result<Vec<u8>, String> {
    fetch(address, environment, MOST_BYTES).await
}

/// The documents that the live service holds for these definitions, in their order.
///
/// # Errors
/// If a request fails, or a definition does not exist or has no document.
pub async fn live_descriptions(
    project: &LoadedProject,
    connection: &Connection,
    addresses: &[&Address],
    observer: &impl Observer,
) -> Result<Vec<Arc<str>>, WorkflowError> {
    let patterns = addresses.iter().map(ToString::to_string);
    let only = Patterns::new(patterns).map_err(|error| WorkflowError::failed(error.to_string()))?;
    let scope = ReadScope {
        only,
        all_texts: true,
        ..ReadScope::default()
    };
    let requests = RequestMeter::start(connection.service.client());
    observer.on_event(WorkflowEvent::ReadingService {
        service: &project.options.target.service.name,
        purpose: ReadPurpose::Plan,
        requests: &requests,
    });
    let live = connection.service.read(&scope).await?;
    observer.on_event(WorkflowEvent::ServiceRead {
        resources: live.resources.len(),
        reads: requests.sent(),
    });
    let text = |address: &&Address| {
        let found = live.resources.get(*address).ok_or_else(|| {
            let service = &project.options.target.service.name;
            WorkflowError::failed(format!("the service `{service}` has no `{address}`"))
                .help("apicenter plan --show-unmanaged lists what is in the service")
        })?;
        found.text.clone().ok_or_else(|| {
            WorkflowError::failed(format!("`{address}` has no document in the service"))
        })
    };
    addresses.iter().map(text).collect()
}
