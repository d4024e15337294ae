//! Tokens of other issuers that an application in Azure trusts: of GitHub Actions, and in a file.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use azure_core::http::ClientMethodOptions;
use azure_identity::ClientAssertion;
use serde_json::Value;

use super::transport::{Transport, wrapped};
use crate::http::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use crate::http::{Method, Secret, Url};
use crate::live::ErrorKind;
use crate::live::ServiceError;

/// Where the token comes from.
pub(super) enum Assertion {
    /// GitHub issues one for the job in exchange for the job's request token.
    GitHub {
        transport: Arc<Transport>,
        url: String,
        request_token: Secret,
        audience: &'static str,
    },
    /// A file, which the platform keeps up to date.
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
    let mut url =
        Url::parse(url).map_err(|_| failed("ACTIONS_ID_TOKEN_REQUEST_URL is not a URL"))?;
    url.query_pairs_mut().append_pair("audience", audience);
    let bearer = request_token.header("Bearer ").ok_or_else(|| {
        failed("ACTIONS_ID_TOKEN_REQUEST_TOKEN contains a character that is not allowed in tokens")
    })?;
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let response = transport
        .send(Method::GET, &url, headers, Vec::new())
        .await?;
    let value = response.json().ok().flatten().unwrap_or_default();
    match value.get("value").and_then(Value::as_str) {
        Some(token) if !token.is_empty() => Ok(token.to_owned()),
        _ => Err(failed("GitHub returned no token for the job")),
    }
}

async fn file(path: &PathBuf) -> Result<String, ServiceError> {
    let name = path.display();
    let text = tokio::fs::read_to_string(path).await.map_err(|error| {
        failed(&format!(
            "cannot read the token file `{name}` (AZURE_FEDERATED_TOKEN_FILE): {error}"
        ))
    })?;
    // A line end after the token would become part of it.
    match text.trim() {
        "" => Err(failed(&format!(
            "the token file `{name}` (AZURE_FEDERATED_TOKEN_FILE) is empty"
        ))),
        token => Ok(token.to_owned()),
    }
}

fn failed(text: &str) -> ServiceError {
    ServiceError::new(ErrorKind::Authentication, text)
}

/// The audience of a trusted token. Documented: each cloud has its own.
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
