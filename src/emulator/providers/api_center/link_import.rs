//! Imports by link: fetched in the background, by this process or by the next one.

use std::time::Duration;

use tokio::sync::OnceCell;

use crate::emulator::base::clock::Ticks;
use crate::emulator::providers::api_center::contents::set_document;
use crate::emulator::providers::api_center::operations;
use crate::emulator::store::{OperationRecord, OperationState, Store, StoreError};

/// Chosen here: the service's own limit is not recorded.
const MOST_BYTES: usize = 64 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(30);

/// The client that fetches: it follows redirects and gives up after half a minute. Built for the
/// first import, because reading the system's certificates would be most of the emulator's start-up
/// time.
#[derive(Debug)]
pub(in crate::emulator) struct Fetcher {
    client: OnceCell<reqwest::Client>,
    /// The authority of the emulator's own certificate, so that it can import what it exported.
    authority: Option<String>,
}

impl Fetcher {
    /// One that trusts this authority, a certificate as PEM, besides those of the system.
    pub(in crate::emulator) fn trusting(authority: Option<String>) -> Self {
        Self {
            client: OnceCell::new(),
            authority,
        }
    }

    async fn client(&self) -> Result<&reqwest::Client, reqwest::Error> {
        let build = || async {
            let builder = reqwest::Client::builder().timeout(TIMEOUT);
            match &self.authority {
                None => builder.build(),
                Some(authority) => builder
                    .add_root_certificate(reqwest::Certificate::from_pem(authority.as_bytes())?)
                    .build(),
            }
        };
        self.client.get_or_try_init(build).await
    }

    async fn fetch(&self, link: &str) -> Result<String, String> {
        let failed = |error: reqwest::Error| format!("Cannot fetch the specification: {error}");
        let sent = self.client().await.map_err(failed)?.get(link).send().await;
        let answered = sent.and_then(reqwest::Response::error_for_status);
        let mut response = answered.map_err(failed)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MOST_BYTES {
                return Err(format!(
                    "The specification has more than {MOST_BYTES} bytes."
                ));
            }
        }
        String::from_utf8(bytes).map_err(|_| "The specification is not UTF-8 text.".to_owned())
    }
}

/// Completes an operation: stores the document, or the failure. An operation that ended or was deleted
/// meanwhile (with its definition) is left alone.
pub(in crate::emulator) async fn run(
    store: &Store,
    fetcher: &Fetcher,
    key: &str,
    delay: Duration,
) -> Result<(), StoreError> {
    let started = Ticks::now();
    let begun = key.to_owned();
    let begin = store.change(move |changes| {
        let open = changes
            .view()
            .operation(&begun)?
            .filter(|one| !one.state.is_final());
        let Some(operation) = open else {
            return Ok(None);
        };
        let link = operation.link.clone();
        let state = OperationState::InProgress { started };
        changes.put_operation(&begun, &OperationRecord { state, ..operation })?;
        Ok(Some(link))
    });
    let Some(link) = begin.await? else {
        return Ok(());
    };
    let fetched = fetcher.fetch(&link).await;
    tokio::time::sleep(started.plus(delay).remaining()).await;
    let key = key.to_owned();
    let end = store.change(move |changes| {
        let Some(operation) = changes.view().operation(&key)? else {
            return Ok(());
        };
        let state = match fetched {
            Ok(document) => {
                let specification = operation.specification.as_ref();
                set_document(changes, operations::subject(&key), &document, specification)?;
                OperationState::Succeeded {
                    started,
                    ended: Ticks::now(),
                }
            }
            Err(message) => OperationState::Failed { message },
        };
        changes.put_operation(&key, &OperationRecord { state, ..operation })
    });
    end.await
}
