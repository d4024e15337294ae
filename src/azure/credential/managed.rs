//! Whether this machine or service has an identity of its own.

use std::time::Duration;

use super::method::{IDENTITY_ENDPOINT, IDENTITY_HEADER, Method as SignInMethod, POD_IDENTITY};
use super::requirement::MissingRequirement;
use super::variables::Variables;
use crate::http::{
    HostPolicy, HttpClient, HttpRequest, HttpSettings, Method, Network, StatusCode, USER_AGENT, Url,
};
use crate::live::ErrorKind;
use crate::live::ServiceError;

/// Where virtual machines ask who they are (documented).
const METADATA: &str = "http://169.254.169.254";
/// The service is on the same host, so that nothing is lost by not waiting longer (chosen here).
const PROBE: Duration = Duration::from_secs(1);
/// The size limit for the response; only its status is of interest (chosen here).
const MAX_PROBE_BYTES: usize = 1024 * 1024;

/// A replacement for the metadata service, named by a variable that other Azure SDKs know too.
pub(super) fn metadata_host(variables: &Variables) -> Result<Option<Url>, ServiceError> {
    let Some(text) = variables.get(POD_IDENTITY) else {
        return Ok(None);
    };
    match Url::parse(text) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) => Ok(Some(url)),
        _ => {
            let text = format!("{POD_IDENTITY} is `{text}`, which is not an http or https URL");
            Err(ServiceError::new(ErrorKind::Authentication, text))
        }
    }
}

/// Why there is no managed identity; none if there seems to be one.
///
/// App Service, Functions and Container Apps set variables. A virtual machine has nothing but the metadata
/// service, so that one is asked, once and shortly. Documented: it refuses a request without its header with
/// 400, which the metadata services of other clouds do not.
pub(super) async fn missing(
    variables: &Variables,
    network: &Network,
) -> Option<MissingRequirement> {
    let method = SignInMethod::ManagedIdentity;
    let what = unavailable(variables, network).await?;
    Some(MissingRequirement { method, what })
}

async fn unavailable(variables: &Variables, network: &Network) -> Option<String> {
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
    match probe(host, network).await {
        Some(StatusCode::BAD_REQUEST | StatusCode::OK) => None,
        Some(status) => Some(format!(
            "requires an Azure metadata service; {host} responded {}",
            status.as_u16()
        )),
        None => Some(format!(
            "requires an Azure metadata service; {host} does not respond"
        )),
    }
}

async fn probe(host: &str, network: &Network) -> Option<StatusCode> {
    let http = HttpClient::new(&HttpSettings {
        user_agent: USER_AGENT,
        timeout: PROBE,
        connect_timeout: PROBE,
        hosts: HostPolicy::LocalHttp,
        max_response_bytes: MAX_PROBE_BYTES,
        network,
    });
    let url = Url::parse(&format!("{host}/metadata/identity/oauth2/token")).ok()?;
    let response = http
        .ok()?
        .send_once(&HttpRequest::new(Method::GET, url))
        .await;
    Some(response.ok()?.status)
}
