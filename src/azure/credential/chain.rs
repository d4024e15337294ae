//! Which way to sign in is taken.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::azure::AzureCredential;
use super::managed;
use super::method::Method;
use super::variables::Variables;
use crate::azure::endpoint::Endpoint;
use crate::azure::token::{Cached, TokenSource};

/// What is known about how to sign in.
#[derive(Debug)]
pub struct SignIn<'a> {
    /// The way that was asked for; none to look for one.
    pub method: Option<Method>,
    /// The environment.
    pub variables: Variables,
    /// Those of the programs `az` and `azd` that are on the PATH.
    pub programs: Vec<&'static str>,
    /// Where tokens are for, and where they come from.
    pub endpoint: &'a Endpoint,
    /// How long one request may take.
    pub timeout: Duration,
    /// How long connecting may take.
    pub connect_timeout: Duration,
}

/// What a way to sign in lacks here; printed as the end of a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The way to sign in.
    pub method: Method,
    what: String,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// Why there is no credential at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCredential {
    /// The way that was asked for lacks something.
    Lacking(Lack),
    /// Every way lacks something; in the order in which they were looked at.
    Nothing(Vec<Lack>),
}

/// Takes the way to sign in that was asked for, or the first that has what it needs. Nothing is obtained yet.
///
/// # Errors
/// What is lacking.
pub async fn choose(sign_in: SignIn<'_>) -> Result<Arc<dyn TokenSource>, NoCredential> {
    let mut passed_over = Vec::new();
    let method = match sign_in.method {
        Some(method) => {
            let lack = lack(method, &sign_in.variables, None);
            lack.map_or(Ok(method), |lack| Err(NoCredential::Lacking(lack)))?
        }
        None => first(&sign_in, &mut passed_over).await?,
    };
    tracing::info!(%method, "signing in");
    passed_over.retain(|lack| is_half_there(lack.method, &sign_in.variables));
    let credential = AzureCredential {
        method,
        variables: sign_in.variables,
        authority: sign_in.endpoint.authority().clone(),
        timeout: sign_in.timeout,
        connect_timeout: sign_in.connect_timeout,
        is_local: sign_in.endpoint.is_loopback(),
        passed_over,
    };
    Ok(Arc::new(Cached::new(credential)))
}

async fn first(sign_in: &SignIn<'_>, lacks: &mut Vec<Lack>) -> Result<Method, NoCredential> {
    for method in Method::ALL {
        let lack = match lack(method, &sign_in.variables, Some(&sign_in.programs)) {
            None if method == Method::ManagedIdentity => managed::lack(&sign_in.variables)
                .await
                .map(|what| Lack { method, what }),
            lack => lack,
        };
        match lack {
            None => return Ok(method),
            Some(lack) => {
                tracing::debug!(%method, %lack, "passed over");
                lacks.push(lack);
            }
        }
    }
    Err(NoCredential::Nothing(std::mem::take(lacks)))
}

/// What can be told without asking anyone. Where no programs are given, running one will tell.
fn lack(method: Method, variables: &Variables, programs: Option<&[&str]>) -> Option<Lack> {
    let needed = method.variables().iter();
    // Of names that mean the same, the first is the one to set.
    let missing: Vec<&str> = needed
        .filter(|names| variables.first(names).is_none())
        .filter_map(|names| names.first().copied())
        .collect();
    let what = match (method.program(), programs) {
        (Some(program), Some(there)) if !there.contains(&program) => {
            format!("needs the program `{program}`, which is not on the PATH")
        }
        _ if missing.is_empty() => return None,
        _ => format!("lacks {}", missing.join(", ")),
    };
    Some(Lack { method, what })
}

/// Whether somebody may have meant this way to sign in.
fn is_half_there(method: Method, variables: &Variables) -> bool {
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
        let sign_in = SignIn {
            method: None,
            variables: pairs.into_iter().collect(),
            programs: Vec::new(),
            endpoint: &endpoint,
            timeout: second,
            connect_timeout: second,
        };
        let printed = format!("{sign_in:?}");
        assert!(printed.contains("AZURE_CLIENT_SECRET") && !printed.contains("s3cret"));
        let token = choose(sign_in).await.unwrap();
        let origin = token.origin();
        assert_eq!(origin.source, "client-secret");
        assert!(!format!("{origin:?} {}", token.advice()).contains("s3cret"));
    }
}
