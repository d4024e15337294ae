//! Imports by link: fetched in the background, by this process or by the next one.

use std::error::Error as _;
use std::time::Duration;

use reqwest::redirect::Policy;
use tokio::sync::OnceCell;

use crate::emulator::base::clock::Ticks;
use crate::emulator::base::this_machine::{is_this_machine, plain_host};
use crate::emulator::providers::api_center::contents::set_document;
use crate::emulator::providers::api_center::operations;
use crate::emulator::store::{OperationRecord, OperationState, Store, StoreError};

/// Chosen here: the service's own limit is not recorded.
const MOST_BYTES: usize = 64 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(30);

/// The most redirects that are followed.
const MOST_REDIRECTS: usize = 3;

/// The client that fetches: it follows some redirects and gives up after half a minute. Built for the
/// first import, because reading the system's certificates would be most of the emulator's start-up
/// time.
#[derive(Debug)]
pub(in crate::emulator) struct Fetcher {
    client: OnceCell<reqwest::Client>,
    /// The authority of the emulator's own certificate, so that it can import what it exported.
    authority: Option<String>,
    /// Whether links may lead to this machine over http.
    allows_local_http: bool,
}

impl Fetcher {
    /// One that trusts this authority, a certificate as PEM, besides those of the system. Links must be https,
    /// unless they lead to this machine and so does the emulator's own address: whoever reaches it from
    /// elsewhere must not read what other servers of this machine offer.
    pub(in crate::emulator) fn new(authority: Option<String>, allows_local_http: bool) -> Self {
        Self {
            client: OnceCell::new(),
            authority,
            allows_local_http,
        }
    }

    async fn client(&self) -> Result<&reqwest::Client, reqwest::Error> {
        let build = || async {
            let local = self.allows_local_http;
            let redirect = Policy::custom(move |attempt| {
                if attempt.previous().len() > MOST_REDIRECTS {
                    attempt.error("the link redirects too often")
                } else if may_fetch(attempt.url(), local) {
                    attempt.follow()
                } else {
                    attempt.error(NOT_ALLOWED)
                }
            });
            let builder = reqwest::Client::builder()
                .timeout(TIMEOUT)
                .redirect(redirect);
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
        let failed = |error: reqwest::Error| {
            let cause = error.source().map(|cause| format!(": {cause}"));
            let cause = cause.unwrap_or_default();
            format!("Cannot fetch the specification: {error}{cause}")
        };
        let url = reqwest::Url::parse(link).ok();
        if !url.is_some_and(|url| may_fetch(&url, self.allows_local_http)) {
            return Err(format!("Cannot fetch the specification: {NOT_ALLOWED}"));
        }
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

const NOT_ALLOWED: &str =
    "a link must be https, or http to this machine if the emulator listens on loopback";

/// Whether a link may be followed: over https anywhere, over http only to this machine.
fn may_fetch(url: &reqwest::Url, allows_local_http: bool) -> bool {
    let is_local = is_this_machine(&plain_host(url.host_str().unwrap_or_default()));
    match url.scheme() {
        "https" => true,
        "http" => allows_local_http && is_local,
        _ => false,
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
