//! Content behind a link that the service hands out, such as a large description file.

use reqwest::{Method, StatusCode, Url};

use super::client::ArmClient;
use super::counts::Counted;
use super::endpoint::is_loopback;
use super::send::{Answer, Call};
use crate::live::ErrorKind;
use crate::live::ServiceError;
use crate::live::Subject;

/// How many redirects of a link are followed.
const MOST_REDIRECTS: usize = 3;

impl ArmClient {
    /// Reads the text behind a link that an answer contained. No token goes with it: the link is signed.
    ///
    /// The link must be https; if the resource manager itself is on the loopback interface, so may be the link.
    /// The text is returned byte for byte.
    ///
    /// # Errors
    /// As described by [`ErrorKind`]; no message holds more of the link than its host.
    pub async fn fetch(&self, url: &str) -> Result<String, ServiceError> {
        let mut url = self.outside(Url::parse(url).ok())?;
        let subject = Subject {
            method: "GET".to_owned(),
            resource: format!("a link to {}", url.host_str().unwrap_or_default()),
            needs: None,
        };
        for _ in 0..=MOST_REDIRECTS {
            let call = Call {
                subject: &subject,
                method: Method::GET,
                url: url.clone(),
                body: None,
                repeatable: true,
                counted: Counted::Read,
                class: None,
            };
            let answer = self.sender.send(&call).await?;
            match answer.status {
                StatusCode::OK => return text(answer, &subject),
                status if status.is_redirection() => {
                    let next = answer
                        .header("location")
                        .and_then(|link| url.join(link).ok());
                    let next = self.outside(next);
                    url = next.map_err(|error| answer.describe(error, &subject))?;
                }
                // Not the service's answer: whatever it says, it is about the link.
                _ => return Err(refused(&answer, &subject)),
            }
        }
        Err(ServiceError::new(ErrorKind::Protocol, "the link leads in circles").about(&subject))
    }

    /// A place outside the resource manager that may be visited.
    fn outside(&self, url: Option<Url>) -> Result<Url, ServiceError> {
        let allowed = |url: &Url| {
            url.scheme() == "https"
                || (url.scheme() == "http"
                    && is_loopback(url)
                    && self.sender.endpoint.is_loopback())
        };
        url.filter(allowed).ok_or_else(|| {
            let text = "the service hands out a link that is not https; it is not followed";
            ServiceError::new(ErrorKind::Protocol, text)
        })
    }
}

fn text(answer: Answer, subject: &Subject) -> Result<String, ServiceError> {
    String::from_utf8(answer.body).map_err(|_| {
        let text = "the content behind the link is not UTF-8 text";
        ServiceError::new(ErrorKind::Protocol, text).about(subject)
    })
}

fn refused(answer: &Answer, subject: &Subject) -> ServiceError {
    let status = answer.status;
    let (kind, text) = match status.as_u16() {
        401 | 403 | 404 | 410 => (ErrorKind::Refused, "the link is not valid, or not any more"),
        429 => (
            ErrorKind::Throttled,
            "the host of the link asks for fewer requests",
        ),
        500..=599 => (ErrorKind::Unavailable, "the host of the link failed"),
        _ => (ErrorKind::Refused, "the host of the link refuses it"),
    };
    answer.describe(ServiceError::new(kind, text), subject)
}
