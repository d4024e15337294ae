//! The order in which ways to sign in are tried.

use std::sync::Arc;
use std::time::Duration;

use super::azure::AzureCredential;
use super::managed;
use super::method::Method;
use super::requirement::{MissingRequirement, missing_requirement};
use super::variables::Variables;
use crate::azure::endpoint::Endpoint;
use crate::azure::token::{Cached, TokenSource};
use crate::http::Network;

/// The settings for signing in.
#[derive(Debug)]
pub struct SignInOptions<'a> {
    /// The chosen way; none to try all.
    pub method: Option<Method>,
    /// The environment.
    pub variables: Variables,
    /// Which of the programs `az` and `azd` are on the PATH.
    pub programs: Vec<&'static str>,
    /// The resource manager that tokens are for, and the authority that issues them.
    pub endpoint: &'a Endpoint,
    /// The limit for one request.
    pub timeout: Duration,
    /// The limit for connecting.
    pub connect_timeout: Duration,
    /// The proxy and the certificates, as the environment names them.
    pub network: Network,
}

/// Why there is no credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCredential {
    /// A requirement of the chosen way is missing.
    Incomplete(MissingRequirement),
    /// A requirement of every way is missing; in the order in which they were tried.
    NoneFound(Vec<MissingRequirement>),
}

/// The credential for the chosen way to sign in, or for the first whose requirements are met. No token is
/// obtained yet.
///
/// # Errors
/// The missing requirements.
pub async fn credential_chain(
    sign_in: SignInOptions<'_>,
) -> Result<Arc<dyn TokenSource>, NoCredential> {
    let mut skipped = Vec::new();
    let method = match sign_in.method {
        Some(method) => match missing_requirement(method, &sign_in.variables, None) {
            Some(missing) => return Err(NoCredential::Incomplete(missing)),
            None => method,
        },
        None => first(&sign_in, &mut skipped).await?,
    };
    tracing::info!(%method, "signing in");
    skipped.retain(|missing| is_partly_set_up(missing.method, &sign_in.variables));
    let credential = AzureCredential {
        method,
        variables: sign_in.variables,
        authority: sign_in.endpoint.authority().clone(),
        timeout: sign_in.timeout,
        connect_timeout: sign_in.connect_timeout,
        network: sign_in.network,
        is_local: sign_in.endpoint.is_loopback(),
        skipped,
    };
    Ok(Arc::new(Cached::new(credential)))
}

async fn first(
    sign_in: &SignInOptions<'_>,
    skipped: &mut Vec<MissingRequirement>,
) -> Result<Method, NoCredential> {
    for method in Method::ALL {
        let by_settings = missing_requirement(method, &sign_in.variables, Some(&sign_in.programs));
        let missing = match by_settings {
            None if method == Method::ManagedIdentity => {
                managed::missing(&sign_in.variables, &sign_in.network).await
            }
            missing => missing,
        };
        let Some(missing) = missing else {
            return Ok(method);
        };
        tracing::debug!(%method, %missing, "skipped");
        skipped.push(missing);
    }
    Err(NoCredential::NoneFound(std::mem::take(skipped)))
}

/// Whether this way to sign in is set up in part, so that it may have been intended.
fn is_partly_set_up(method: Method, variables: &Variables) -> bool {
    let mark = method.mark();
    mark.is_some_and(|names| variables.first(names).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_known_is_never_printed() {
        let pairs = [
            ("AZURE_TENANT_ID", "t"),
            ("AZURE_CLIENT_ID", "c"),
            ("AZURE_CLIENT_SECRET", "s3cret"),
            ("SYSTEM_ACCESSTOKEN", "s3cret"),
        ];
        let endpoint = Endpoint::custom("https://arm.x.com", None, None).unwrap();
        let second = Duration::from_secs(1);
        let sign_in = SignInOptions {
            method: None,
            variables: pairs.into_iter().collect(),
            programs: Vec::new(),
            endpoint: &endpoint,
            timeout: second,
            connect_timeout: second,
            network: Network::default(),
        };
        let printed = format!("{sign_in:?}");
        assert!(printed.contains("AZURE_CLIENT_SECRET") && !printed.contains("s3cret"));
        let token = credential_chain(sign_in).await.unwrap();
        let origin = token.origin();
        assert_eq!(origin.source, "client-secret");
        assert!(!format!("{origin:?} {}", token.advice()).contains("s3cret"));
    }
}
