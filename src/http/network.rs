//! What the environment says about the network.

use std::ffi::OsString;

use super::certificates::Certificates;
use super::proxy::ProxySetting;

/// What the environment says about the network: the proxy of https requests, and whom to trust.
#[derive(Debug, Clone, Default)]
pub struct Network {
    pub(super) proxy: ProxySetting,
    pub(super) certificates: Certificates,
}

impl Network {
    /// Reads the variables that other programs know too. `get` returns the value of a variable that is set, also
    /// if it is empty.
    pub fn from_variables(get: impl Fn(&'static str) -> Option<OsString>) -> Self {
        Self {
            proxy: ProxySetting::from_variables(&get),
            certificates: Certificates {
                file: get("SSL_CERT_FILE").map(Into::into),
                folders: get("SSL_CERT_DIR").filter(|folders| !folders.is_empty()),
            },
        }
    }
}
