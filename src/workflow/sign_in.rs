//! Where the token for a target comes from: flag, environment, or what is set up on this machine.

use std::sync::Arc;
use std::time::Duration;

use super::failure::Failure;
use super::global::{Auth, GlobalArgs, auth};
use crate::azure::credential::{SignInOptions, credential_chain};
use crate::azure::{ClientOptions, Endpoint, StaticToken, TokenSource};
use crate::config::Environment;

/// The source of tokens for an endpoint. `APICENTER_ACCESS_TOKEN` wins over all.
pub(super) async fn of(
    endpoint: &Endpoint,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<Arc<dyn TokenSource>, Failure> {
    let of_environment = environment.auth.as_deref().map(auth).transpose();
    let of_environment =
        of_environment.map_err(|error| Failure::usage(format!("APICENTER_AUTH: {error}")))?;
    if let Some(token) = &environment.access_token {
        return Ok(Arc::new(StaticToken::new(token)?));
    }
    let method = match global.auth.or(of_environment) {
        None | Some(Auth::Auto) => None,
        Some(Auth::With(method)) => Some(method),
    };
    let mut timeout = ClientOptions::TIMEOUT;
    let mut connect_timeout = ClientOptions::CONNECT_TIMEOUT;
    limit(environment, &mut timeout, &mut connect_timeout);
    let programs = ["az", "azd"].into_iter();
    let sign_in = SignInOptions {
        method,
        variables: environment.credentials.iter().collect(),
        programs: programs
            .filter(|name| environment.has_program(name))
            .collect(),
        endpoint,
        timeout,
        connect_timeout,
    };
    credential_chain(sign_in).await.map_err(|none| {
        let failure = Failure::from(none);
        if endpoint.is_loopback() {
            failure.help("an emulator takes any token: APICENTER_ACCESS_TOKEN=local")
        } else {
            failure
        }
    })
}

/// Applies `APICENTER_HTTP_TIMEOUT`.
pub(super) fn limit(
    environment: &Environment,
    timeout: &mut Duration,
    connect_timeout: &mut Duration,
) {
    if let Some(chosen) = environment.http_timeout {
        *timeout = chosen;
        *connect_timeout = (*connect_timeout).min(chosen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::credential::Method;

    #[test]
    fn every_variable_that_a_way_to_sign_in_knows_is_read() {
        let read = Environment::CREDENTIALS.split_whitespace();
        let mut read: Vec<&str> = read.collect();
        read.retain(|name| !["AZURE_AUTHORITY_HOST", "MSI_ENDPOINT"].contains(name));
        let mut known: Vec<&str> = Method::known_variables().collect();
        known.sort_unstable();
        known.dedup();
        assert_eq!(read, known);
    }
}
