//! Errors of TLS in plain words.

use jiff::Timestamp;
use tokio_rustls::rustls::pki_types::UnixTime;
use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

use super::attempt::Attempt;
use super::error::{HttpError, HttpErrorKind};

/// The most names of a certificate that a message lists.
const MOST_NAMES: usize = 5;

/// Explains an error of TLS; `None` if there is nothing to add to its text.
pub(super) fn explain(
    error: &Error,
    attempt: &Attempt<'_>,
    is_for_proxy: bool,
    is_connect: bool,
) -> Option<HttpError> {
    let peer = match attempt.proxy {
        Some(proxy) if is_for_proxy => format!("the proxy {proxy}"),
        _ => attempt.place(),
    };
    let final_error = |text: String, help: &str| {
        Some(HttpError::new(HttpErrorKind::Unreachable, text).with_help(help))
    };
    match error {
        Error::InvalidCertificate(problem) => {
            Some(certificate(problem, attempt, &peer, is_for_proxy))
        }
        Error::InvalidMessage(_) if is_connect => final_error(
            format!("no connection to {peer}: it does not speak TLS"),
            "check the address, its port, and whether it must be http",
        ),
        Error::PeerIncompatible(_) if is_connect => final_error(
            format!("no connection to {peer}: {error}"),
            "TLS 1.2 or newer is required",
        ),
        Error::AlertReceived(
            AlertDescription::HandshakeFailure
            | AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity
            | AlertDescription::CertificateRequired
            | AlertDescription::UnrecognisedName
            | AlertDescription::AccessDenied,
        ) => final_error(
            format!("{peer} refused the TLS connection: {error}"),
            "check the address; servers that require a certificate of the client are not supported",
        ),
        _ => None,
    }
}

fn certificate(
    problem: &CertificateError,
    attempt: &Attempt<'_>,
    peer: &str,
    is_for_proxy: bool,
) -> HttpError {
    let (reason, mut help) = match problem {
        CertificateError::NotValidForName => (
            "it is for another name".to_owned(),
            format!("check the address; the certificate of {peer} must have the name that is used"),
        ),
        CertificateError::NotValidForNameContext { presented, .. } => (
            format!("it is {}", names(presented)),
            format!("check the address; the certificate of {peer} must have the name that is used"),
        ),
        CertificateError::Expired => ("it has expired".to_owned(), renew(None)),
        CertificateError::ExpiredContext { time, not_after } => (
            format!("it expired on {}", day(*not_after)),
            renew(Some(*time)),
        ),
        CertificateError::NotValidYet => ("it is not valid yet".to_owned(), renew(None)),
        CertificateError::NotValidYetContext { time, not_before } => (
            format!("it is not valid before {}", day(*not_before)),
            renew(Some(*time)),
        ),
        CertificateError::UnknownIssuer => (
            "it is signed by an unknown authority".to_owned(),
            attempt.network.certificates.advice(),
        ),
        // An authority that was made again has the same name and another key.
        CertificateError::BadSignature => (
            "an authority of the same name as a trusted one signed it, with another key".to_owned(),
            attempt.network.certificates.advice(),
        ),
        other => (other.to_string(), attempt.network.certificates.advice()),
    };
    if let (Some(proxy), false) = (attempt.proxy, is_for_proxy) {
        help.push_str(&format!(
            "; the request went through the proxy {proxy}, which may replace certificates by its own"
        ));
    }
    let text = format!("the certificate of {peer} is not trusted: {reason}");
    HttpError::new(HttpErrorKind::Certificate, text).with_help(help)
}

fn renew(now: Option<UnixTime>) -> String {
    let clock = now.map(|now| format!(", which shows {}", day(now)));
    format!(
        "those who run it must renew the certificate, unless the clock of this machine{} is wrong",
        clock.map_or(String::new(), |clock| format!("{clock},"))
    )
}

/// For which names a certificate is. The library writes them as `DnsName("x.example")`.
fn names(presented: &[String]) -> String {
    let plain = |name: &String| match name.split_once('"') {
        Some((_, rest)) => rest.split('"').next().unwrap_or_default().to_owned(),
        None => name.clone(),
    };
    match presented {
        [] => "for no name at all".to_owned(),
        _ => {
            let first = presented.iter().take(MOST_NAMES).map(plain);
            let rest = presented.len().saturating_sub(MOST_NAMES);
            let first = first.collect::<Vec<_>>().join(", ");
            match rest {
                0 => format!("for {first} only"),
                _ => format!("for {first} and {rest} more"),
            }
        }
    }
}

fn day(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).ok();
    let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or("an unknown day".to_owned(), |time| {
        time.strftime("%Y-%m-%d").to_string()
    })
}
