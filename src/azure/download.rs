//! Downloads from links that the service returns, such as those to large description files.

use super::client::ArmClient;
use super::counts::Counted;
use super::send::{ArmRequest, ArmResponse};
use crate::http::{Method, StatusCode, Url};
use crate::live::ErrorKind;
use crate::live::RequestInfo;
use crate::live::ServiceError;

/// The most redirects of a link that are followed.
const MOST_REDIRECTS: usize = 3;

impl ArmClient {
    /// Downloads the text at a link from a response. No token is sent: the link is signed.
    ///
    /// The link must be https; if the resource manager itself is on the loopback interface, so may be the link.
    /// The text is returned byte for byte.
    ///
    /// # Errors
    /// As described by [`ErrorKind`]; no message holds more of the link than its host.
    pub async fn download(&self, url: &str) -> Result<String, ServiceError> {
        let mut url = self.outside(Url::parse(url).ok())?;
        let info = RequestInfo {
            method: "GET".to_owned(),
            resource: format!("a link to {}", url.host_str().unwrap_or_default()),
            needs: None,
        };
        for _ in 0..=MOST_REDIRECTS {
            let request = ArmRequest {
                info: &info,
                method: Method::GET,
                url: url.clone(),
                body: None,
                idempotent: true,
                counted: Counted::Read,
                class: None,
                most_bytes: None,
            };
            let response = self.sender.send(&request).await?;
            match response.status() {
                StatusCode::OK => return text(response, &info),
                status if status.is_redirection() => {
                    let next = response
                        .header("location")
                        .and_then(|link| url.join(link).ok());
                    let next = self.outside(next);
                    url = next.map_err(|error| response.describe(error, &info))?;
                }
                // Not a response of the service: whatever it says, it is about the link.
                _ => return Err(refused(&response, &info)),
            }
        }
        Err(ServiceError::new(ErrorKind::Protocol, "the link redirects too often").about(&info))
    }

    /// A URL outside the resource manager that may be read.
    fn outside(&self, url: Option<Url>) -> Result<Url, ServiceError> {
        let hosts = self.sender.http.hosts();
        url.filter(|url| hosts.allows(url)).ok_or_else(|| {
            let text = "the service returned a link that is not https; it is not followed";
            ServiceError::new(ErrorKind::Protocol, text)
        })
    }
}

fn text(response: ArmResponse, info: &RequestInfo) -> Result<String, ServiceError> {
    let error = |text: &str| ServiceError::new(ErrorKind::Protocol, text).about(info);
    if response.http.body.is_empty() {
        return Err(error("the link leads to an empty document"));
    }
    String::from_utf8(response.http.body)
        .map_err(|_| error("the content of the link is not UTF-8 text"))
}

fn refused(response: &ArmResponse, info: &RequestInfo) -> ServiceError {
    let status = response.status();
    let (kind, text) = match status.as_u16() {
        401 | 403 | 404 | 410 => (ErrorKind::Refused, "the link is not valid or has expired"),
        429 => (ErrorKind::Throttled, "throttled by the host of the link"),
        500..=599 => (ErrorKind::Unavailable, "the host of the link failed"),
        _ => (ErrorKind::Refused, "the host of the link refused it"),
    };
    response.describe(ServiceError::new(kind, text), info)
}
