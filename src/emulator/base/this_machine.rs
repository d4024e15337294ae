//! Which host names mean the machine that the emulator runs on.

use std::net::IpAddr;

/// A host as it is compared: without brackets and the final dot, in lower case.
pub(in crate::emulator) fn plain_host(host: &str) -> String {
    let host = host.trim_matches(['[', ']']).trim_end_matches('.');
    host.to_ascii_lowercase()
}

/// Whether a plain host is `localhost` or a loopback address.
pub(in crate::emulator) fn is_this_machine(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host == "localhost",
    }
}
