//! Whether this machine or service has an identity of its own.

use std::time::Duration;

use reqwest::{StatusCode, Url};

use super::method::{IDENTITY_ENDPOINT, IDENTITY_HEADER, POD_IDENTITY};
use super::variables::Variables;
use crate::azure::http::{HttpSettings, USER_AGENT};
use crate::live::ErrorKind;
use crate::live::ServiceError;

/// Where virtual machines ask who they are (documented).
const METADATA: &str = "http://169.254.169.254";
/// The service is on the same host, so that nothing is lost by not waiting longer (chosen here).
const PROBE: Duration = Duration::from_secs(1);

/// What stands in for the metadata service: the tools of Azure for other languages know the variable too.
pub(super) fn metadata_host(variables: &Variables) -> Result<Option<Url>, ServiceError> {
    let Some(text) = variables.get(POD_IDENTITY) else {
        return Ok(None);
    };
    match Url::parse(text) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) => Ok(Some(url)),
        _ => {
            let text = format!("{POD_IDENTITY} is `{text}`; the address of a host is expected");
            Err(ServiceError::new(ErrorKind::Authentication, text))
        }
    }
}

/// Why there is no managed identity; none if there seems to be one.
///
/// App Service, Functions and Container Apps set variables. A virtual machine has nothing but the metadata
/// service, so that one is asked, once and shortly. Documented: it refuses a request without its header with
/// 400, which the metadata services of other clouds do not.
pub(super) async fn lack(variables: &Variables) -> Option<String> {
    let is_set = |name| variables.get(name).is_some();
    match (is_set(IDENTITY_ENDPOINT), is_set(IDENTITY_HEADER)) {
        (true, true) => return None,
        (true, false) => return Some(format!("lacks {IDENTITY_HEADER}")),
        (false, _) if is_set("MSI_ENDPOINT") => {
            return Some("is not supported in Cloud Shell; az is there".to_owned());
        }
        (false, _) => {}
    }
    let host = metadata_host(variables).ok().flatten();
    let host = host.map_or(METADATA.to_owned(), |url| url.to_string());
    let host = host.trim_end_matches('/');
    match probe(host).await {
        Some(StatusCode::BAD_REQUEST | StatusCode::OK) => None,
        Some(status) => Some(format!(
            "needs a metadata service of Azure; {host} answers {}",
            status.as_u16()
        )),
        None => Some(format!(
            "needs a metadata service of Azure; {host} does not answer"
        )),
    }
}

async fn probe(host: &str) -> Option<StatusCode> {
    let http = HttpSettings {
        user_agent: USER_AGENT,
        timeout: PROBE,
        connect_timeout: PROBE,
        is_local: true,
    };
    let url = format!("{host}/metadata/identity/oauth2/token");
    let answer = http.build().ok()?.get(url).send().await.ok()?;
    Some(answer.status())
}
