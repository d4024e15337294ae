//! Imports by link: fetched in the background, by this process or the one that runs after it.

use std::time::Duration;

use super::actions::set_document;
use super::clock::Ticks;
use super::operations;
use super::store::{OperationRecord, OperationState, Store, StoreError};

/// Chosen here: the service's own limit is not recorded.
const MOST_BYTES: usize = 64 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(30);

/// The client that fetches; it follows redirects and gives up after half a minute.
pub(super) fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder().timeout(TIMEOUT).build()
}

/// Carries an operation to its end: the document is stored, or the failure is. An operation that ended or vanished
/// meanwhile is left alone.
pub(super) async fn run(
    store: &Store,
    client: &reqwest::Client,
    key: &str,
    delay: Duration,
) -> Result<(), StoreError> {
    let Some(operation) = store.read(|view| view.operation(key))? else {
        return Ok(());
    };
    if operation.state != OperationState::InProgress {
        return Ok(());
    }
    let fetched = fetch(client, &operation.link).await;
    tokio::time::sleep(operation.started.plus(delay).remaining()).await;
    let key = key.to_owned();
    store
        .change(move |changes| {
            let Some(operation) = changes.view().operation(&key)? else {
                return Ok(());
            };
            let state = match fetched {
                Ok(document) => {
                    let specification = operation.specification.as_ref();
                    set_document(changes, operations::subject(&key), &document, specification)?;
                    OperationState::Succeeded {
                        ended: Ticks::now(),
                    }
                }
                Err(message) => OperationState::Failed { message },
            };
            changes.put_operation(&key, &OperationRecord { state, ..operation })
        })
        .await
}

async fn fetch(client: &reqwest::Client, link: &str) -> Result<String, String> {
    let unreachable = |error: reqwest::Error| format!("Cannot fetch the specification: {error}");
    let mut response = client
        .get(link)
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map_err(unreachable)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            return Err(format!(
                "The specification has more than {MOST_BYTES} bytes."
            ));
        }
    }
    String::from_utf8(bytes).map_err(|_| "The specification is not UTF-8 text.".to_owned())
}
