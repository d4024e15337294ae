//! Which host names the emulator serves.
//!
//! A page on the web can let its own name resolve to this machine (DNS rebinding); its requests then have that
//! name in `Host`. Only names that are known to mean this emulator are served.

use std::net::IpAddr;

use axum::extract::Request as HttpRequest;
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};

use crate::emulator::base::this_machine::{is_this_machine, plain_host};
use crate::emulator::core::response::{HandlerResponse, arm_error};

/// Why a request with this `Host` is refused; `None` if it is served. `further` are the names that are served
/// besides those of this machine and the address it listens on.
pub(in crate::emulator) fn refusal(
    request: &HttpRequest,
    listen: IpAddr,
    further: &[String],
) -> Option<HandlerResponse> {
    let headers = request.headers().get_all(header::HOST).into_iter();
    let hosts = headers.map(|host| host.to_str().unwrap_or_default());
    // Some requests have a whole URL in their first line.
    let target = request.uri().authority().map(Authority::as_str);
    let all: Vec<&str> = hosts.chain(target).collect();
    let problem = match all.iter().find(|host| !is_served(host, listen, further)) {
        None if !all.is_empty() => return None,
        None => "The request has no Host header.".to_owned(),
        Some(host) => {
            let host: String = host
                .chars()
                .filter(char::is_ascii_graphic)
                .take(100)
                .collect();
            format!("This emulator does not serve the host '{host}'.")
        }
    };
    let message = format!(
        "{problem} It serves localhost, loopback addresses and the address it listens on; start it with \
         --serve-host NAME to serve another name."
    );
    Some(arm_error(
        StatusCode::MISDIRECTED_REQUEST,
        "HostNotServed",
        message,
    ))
}

fn is_served(host: &str, listen: IpAddr, further: &[String]) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    if authority.as_str().contains('@') {
        return false;
    }
    let name = plain_host(authority.host());
    let is_same = |other: &String| {
        let other = plain_host(other);
        // An address can be spelt in several ways.
        match (other.parse::<IpAddr>(), name.parse::<IpAddr>()) {
            (Ok(other), Ok(name)) => other == name,
            _ => other == name,
        }
    };
    if further.iter().any(is_same) {
        return true;
    }
    let is_listened_on = name
        .parse::<IpAddr>()
        .is_ok_and(|address| address.to_canonical() == listen && !listen.is_unspecified());
    // Names below localhost never leave this machine (RFC 6761).
    is_listened_on || is_this_machine(&name) || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    fn served(host: &str, listen: IpAddr) -> bool {
        is_served(host, listen, &["Center.Internal".to_owned()])
    }

    #[test]
    fn hosts_of_this_machine_are_served_and_those_that_were_named() {
        let here = Ipv4Addr::LOCALHOST.into();
        for host in [
            "localhost",
            "LocalHost:8181",
            "localhost.",
            "a.localhost:1",
            "127.0.0.1:8181",
            "127.9.9.9",
            "[::1]",
            "[::1]:8181",
            "center.internal:80",
        ] {
            assert!(served(host, here), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example:8181",
            "127.0.0.1.evil.example",
            "127.0.0.1@evil.example",
            "evil.example@127.0.0.1",
            "10.0.0.1",
            "0.0.0.0",
            "[::]",
            "x.center.internal",
            "a b",
        ] {
            assert!(!served(host, here), "{host}");
        }
        let own: IpAddr = Ipv4Addr::new(10, 0, 0, 1).into();
        assert!(served("10.0.0.1:81", own) && !served("10.0.0.2:81", own));
        assert!(!served("10.0.0.1", Ipv4Addr::UNSPECIFIED.into()));
        assert!(!served("[::]", Ipv6Addr::UNSPECIFIED.into()));
    }
}
