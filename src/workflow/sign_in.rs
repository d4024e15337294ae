//! Signing in: where the token for a target comes from.

use std::str::FromStr;
use std::sync::Arc;

use super::error::WorkflowError;
use crate::azure::credential::{Method, NoCredential, SignInOptions, credential_chain};
use crate::azure::{ClientOptions, Endpoint, StaticToken, TokenSource, may_receive};
use crate::config::Environment;

/// How to sign in to Azure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// With the first method that is set up.
    Auto,
    /// With this method only.
    With(Method),
}

impl Auth {
    /// The names of all methods, as the flag and `APICENTER_AUTH` accept them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ["auto"].into_iter().chain(Method::ALL.map(Method::name))
    }
}

impl FromStr for Auth {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("auto") {
            return Ok(Self::Auto);
        }
        text.parse().map(Self::With)
    }
}

/// The source of tokens for an endpoint. `APICENTER_ACCESS_TOKEN` takes precedence, then `auth`.
pub(super) async fn token_source(
    endpoint: &Endpoint,
    auth: Option<Auth>,
    environment: &Environment,
) -> Result<Arc<dyn TokenSource>, WorkflowError> {
    let of_environment = environment
        .auth
        .as_deref()
        .map(Auth::from_str)
        .transpose()
        .map_err(|error| WorkflowError::usage(format!("APICENTER_AUTH: {error}")))?;
    if let Some(token) = &environment.access_token {
        return Ok(Arc::new(static_token(token, endpoint)?));
    }
    let method = match auth.or(of_environment) {
        None | Some(Auth::Auto) => None,
        Some(Auth::With(method)) => Some(method),
    };
    let timeout = environment.http_timeout;
    let sign_in = SignInOptions {
        method,
        variables: environment.credentials.iter().collect(),
        programs: ["az", "azd"]
            .into_iter()
            .filter(|name| environment.has_program(name))
            .collect(),
        endpoint,
        timeout: timeout.unwrap_or(ClientOptions::TIMEOUT),
        connect_timeout: timeout.map_or(ClientOptions::CONNECT_TIMEOUT, |timeout| {
            timeout.min(ClientOptions::CONNECT_TIMEOUT)
        }),
        network: environment.network.clone(),
    };
    credential_chain(sign_in).await.map_err(|none| {
        if endpoint.is_loopback() {
            let help = "an emulator accepts any token: APICENTER_ACCESS_TOKEN=local";
            WorkflowError::SignIn {
                message: message(&none),
                help: help.to_owned(),
            }
        } else {
            none.into()
        }
    })
}

/// The token of the environment, unless it is for a service of Microsoft and the endpoint is something else.
fn static_token(token: &str, endpoint: &Endpoint) -> Result<StaticToken, WorkflowError> {
    let token = StaticToken::new(token)?;
    match token.audience() {
        Some(audience) if !may_receive(endpoint, &audience) => {
            let host = endpoint.resource_manager().host_str().unwrap_or_default();
            let help = match endpoint.is_loopback() {
                true => "an emulator accepts any token: APICENTER_ACCESS_TOKEN=local",
                false => "set APICENTER_ACCESS_TOKEN to a token that is for this resource manager",
            };
            Err(WorkflowError::SignIn {
                message: format!(
                    "the token in APICENTER_ACCESS_TOKEN is for a service of Microsoft; it is not sent to {host}"
                ),
                help: help.to_owned(),
            })
        }
        _ => Ok(token),
    }
}

impl From<NoCredential> for WorkflowError {
    fn from(none: NoCredential) -> Self {
        let help = match none {
            NoCredential::Incomplete(_) => {
                "set what is missing, or choose another method; docs/authentication.md has recipes"
            }
            NoCredential::NoneFound(_) => {
                "on your own machine, install the Azure CLI and run az login; in a pipeline, set the \
                 variables of one of these methods; or set APICENTER_ACCESS_TOKEN to a bearer token"
            }
        };
        Self::SignIn {
            message: message(&none),
            help: help.to_owned(),
        }
    }
}

fn message(none: &NoCredential) -> String {
    match none {
        NoCredential::Incomplete(missing) => {
            format!(
                "--auth {} cannot be used here: it {missing}",
                missing.method
            )
        }
        NoCredential::NoneFound(skipped) => {
            let width = skipped
                .iter()
                .map(|missing| missing.method.name().len())
                .max()
                .unwrap_or_default();
            let list: String = skipped
                .iter()
                .map(|missing| format!("\n  {:width$}  {missing}", missing.method.name()))
                .collect();
            format!("no credentials for this target{list}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
