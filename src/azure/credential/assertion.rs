//! Tokens of others that an application in Azure trusts: of GitHub Actions, and in a file.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use azure_core::http::ClientMethodOptions;
use azure_identity::ClientAssertion;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;

use super::transport::{Transport, wrapped};
use crate::azure::token::Secret;
use crate::live::ErrorKind;
use crate::live::ServiceError;

/// Where the token comes from.
pub(super) enum Assertion {
    /// GitHub makes one for the job, for whoever holds the job's request token.
    GitHub {
        transport: Arc<Transport>,
        url: String,
        request_token: Secret,
        audience: &'static str,
    },
    /// Somebody wrote it to a file, and keeps it fresh there.
    File(PathBuf),
}

impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assertion(…)")
    }
}

#[async_trait::async_trait]
impl ClientAssertion for Assertion {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        self.obtain().await.map_err(wrapped)
    }
}

impl Assertion {
    async fn obtain(&self) -> Result<String, ServiceError> {
        match self {
            Self::GitHub {
                transport,
                url,
                request_token,
                audience,
            } => github(transport, url, request_token, audience).await,
            Self::File(path) => file(path).await,
        }
    }
}

async fn github(
    transport: &Transport,
    url: &str,
    request_token: &Secret,
    audience: &str,
) -> Result<String, ServiceError> {
    let mut url = Url::parse(url).map_err(|_| {
        failed("ACTIONS_ID_TOKEN_REQUEST_URL is not the address of a token service")
    })?;
    url.query_pairs_mut().append_pair("audience", audience);
    let bearer = HeaderValue::from_str(&format!("Bearer {}", request_token.expose()));
    let mut bearer =
        bearer.map_err(|_| failed("ACTIONS_ID_TOKEN_REQUEST_TOKEN holds what no token has"))?;
    bearer.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let answer = transport.send(Method::GET, &url, headers, Vec::new());
    let answer = answer.await?;
    let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    match value.get("value").and_then(Value::as_str) {
        Some(token) if !token.is_empty() => Ok(token.to_owned()),
        _ => Err(failed("GitHub gave no token for the job")),
    }
}

async fn file(path: &PathBuf) -> Result<String, ServiceError> {
    let name = path.display();
    let text = tokio::fs::read_to_string(path).await.map_err(|error| {
        failed(&format!(
            "AZURE_FEDERATED_TOKEN_FILE names `{name}`, which cannot be read: {error}"
        ))
    })?;
    // A line end after the token would be taken for a part of it.
    match text.trim() {
        "" => Err(failed(&format!(
            "AZURE_FEDERATED_TOKEN_FILE names `{name}`, which is empty"
        ))),
        token => Ok(token.to_owned()),
    }
}

fn failed(text: &str) -> ServiceError {
    ServiceError::new(ErrorKind::Authentication, text)
}

/// The audience that a trusted token has. Documented: each cloud has one of its own.
pub(super) fn audience(authority: &Url) -> &'static str {
    let host = authority.host_str().unwrap_or_default();
    if host.ends_with(".us") {
        "api://AzureADTokenExchangeUSGov"
    } else if host.ends_with(".cn") {
        "api://AzureADTokenExchangeChina"
    } else {
        "api://AzureADTokenExchange"
    }
}
