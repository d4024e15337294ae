//! The credentials of azure_identity, one for each way to sign in.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use azure_core::credentials::TokenCredential;
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzureDeveloperCliCredential,
    AzureDeveloperCliCredentialOptions, AzurePipelinesCredential, AzurePipelinesCredentialOptions,
    ClientAssertionCredential, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, Executor, ManagedIdentityCredential,
    ManagedIdentityCredentialOptions, UserAssignedId,
};
use futures::future::BoxFuture;

use super::advice;
use super::assertion::{Assertion, audience};
use super::managed;
use super::method::{self as names, Method};
use super::process::ProgramExecutor;
use super::requirement::MissingRequirement;
use super::transport::{Transport, wrapped};
use super::variables::Variables;
use crate::azure::claims::TokenOrigin;
use crate::azure::token::{AccessToken, Credential};
use crate::http::{Network, Secret, Url};
use crate::live::ErrorKind;
use crate::live::ServiceError;

/// The limit for a program; the Azure CLI takes some seconds (observed).
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(30);

/// A way to sign in with all that it requires.
#[derive(Debug)]
pub(super) struct AzureCredential {
    pub(super) method: Method,
    pub(super) variables: Variables,
    pub(super) authority: Url,
    pub(super) timeout: Duration,
    pub(super) connect_timeout: Duration,
    pub(super) network: Network,
    /// Whether the tokens are for a service on this machine.
    pub(super) is_local: bool,
    /// What `auto` found set up in part and skipped.
    pub(super) skipped: Vec<MissingRequirement>,
}

type Made = azure_core::Result<Arc<dyn TokenCredential>>;

impl AzureCredential {
    /// Built again for each token: there is one cache, and it is not that of azure_identity.
    fn make(&self) -> Made {
        match self.method {
            Method::ClientSecret => self.client_secret(),
            Method::WorkloadIdentity => {
                let path = self.text(names::TOKEN_FILE);
                let assertion = Assertion::File(PathBuf::from(path));
                self.client_assertion(assertion, &self.transport()?)
            }
            Method::GitHubOidc => {
                let transport = self.transport()?;
                let assertion = Assertion::GitHub {
                    transport: Arc::clone(&transport),
                    url: self.text(names::GITHUB_URL),
                    request_token: Secret::new(self.text(names::GITHUB_TOKEN)),
                    audience: audience(&self.authority),
                };
                self.client_assertion(assertion, &transport)
            }
            Method::AzurePipelines => self.azure_pipelines(),
            Method::AzureCli => Ok(AzureCliCredential::new(Some(AzureCliCredentialOptions {
                tenant_id: self.variables.first(names::TENANT).map(str::to_owned),
                executor: Some(self.executor("az")),
                ..AzureCliCredentialOptions::default()
            }))?),
            Method::AzureDeveloperCli => {
                let options = AzureDeveloperCliCredentialOptions {
                    tenant_id: self.variables.first(names::TENANT).map(str::to_owned),
                    executor: Some(self.executor("azd")),
                };
                Ok(AzureDeveloperCliCredential::new(Some(options))?)
            }
            Method::ManagedIdentity => self.managed_identity(),
        }
    }

    fn text(&self, names: names::Names) -> String {
        self.variables.text(names)
    }

    fn transport(&self) -> azure_core::Result<Arc<Transport>> {
        let (timeout, connect) = (self.timeout, self.connect_timeout);
        let transport = Transport::new(&self.authority, timeout, connect, &self.network);
        transport.map(Arc::new).map_err(wrapped)
    }

    fn executor(&self, program: &'static str) -> Arc<dyn Executor> {
        let timeout = self.timeout.min(PROGRAM_TIMEOUT);
        Arc::new(ProgramExecutor { program, timeout })
    }

    fn client_secret(&self) -> Made {
        let options = ClientSecretCredentialOptions {
            client_options: self.transport()?.options(),
        };
        Ok(ClientSecretCredential::new(
            &self.text(names::TENANT),
            self.text(names::CLIENT),
            self.text(names::CLIENT_SECRET).into(),
            Some(options),
        )?)
    }

    fn client_assertion(&self, assertion: Assertion, transport: &Arc<Transport>) -> Made {
        let options = ClientAssertionCredentialOptions {
            client_options: transport.options(),
        };
        let (tenant, client) = (self.text(names::TENANT), self.text(names::CLIENT));
        let options = Some(options);
        Ok(ClientAssertionCredential::new(
            tenant, client, assertion, options,
        )?)
    }

    fn azure_pipelines(&self) -> Made {
        let mut options = AzurePipelinesCredentialOptions::default();
        options.credential_options.client_options = self.transport()?.options();
        Ok(AzurePipelinesCredential::new(
            self.text(names::PIPELINES_TENANT),
            self.text(names::PIPELINES_CLIENT),
            &self.text(names::PIPELINES_CONNECTION),
            self.text(names::PIPELINES_TOKEN),
            Some(options),
        )?)
    }

    fn managed_identity(&self) -> Made {
        let metadata = managed::metadata_host(&self.variables).map_err(wrapped)?;
        let transport = Transport::nearby(&self.authority, metadata, self.timeout, &self.network);
        let client = self.variables.first(names::CLIENT).map(str::to_owned);
        let options = ManagedIdentityCredentialOptions {
            user_assigned_id: client.map(UserAssignedId::ClientId),
            client_options: Arc::new(transport.map_err(wrapped)?).options(),
        };
        Ok(ManagedIdentityCredential::new(Some(options))?)
    }

    async fn obtain(&self, scope: &str) -> Result<AccessToken, ServiceError> {
        let obtained = async { self.make()?.get_token(&[scope], None).await };
        let token = obtained.await.map_err(|error| self.explain(&error))?;
        let secret = token.token.secret();
        if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(self.failed("the response contains no token"));
        }
        tracing::info!(method = %self.method, scope, "obtained a token");
        Ok(AccessToken {
            secret: Secret::new(secret),
            expires: token.expires_on.into(),
        })
    }

    /// The innermost error, without what azure_identity wraps around it.
    fn explain(&self, error: &azure_core::Error) -> ServiceError {
        let mut inner: &dyn Error = error;
        loop {
            if let Some(error) = inner.downcast_ref::<ServiceError>() {
                return self.advised(error.clone());
            }
            if inner.is::<serde_json::Error>() {
                // Its text may quote what was read, and that may be a token.
                let who = self.method.program();
                let who = who.map_or("the authority".to_owned(), |who| format!("`{who}`"));
                return self.failed(&format!(
                    "{who} responded with something that is not a token"
                ));
            }
            match inner.source() {
                Some(source) => inner = source,
                None => return self.failed(&line(&inner.to_string())),
            }
        }
    }

    fn failed(&self, text: &str) -> ServiceError {
        self.advised(ServiceError::new(ErrorKind::Authentication, text))
    }

    fn advised(&self, error: ServiceError) -> ServiceError {
        let (_, client) = self.method.identity(&self.variables);
        let mut help = match error.help() {
            // What is wrong with the network is known better there.
            Some(help) if self.method != Method::ManagedIdentity => help.to_owned(),
            _ => advice::help(self.method, error.detail(), client),
        };
        if error.help().is_some() && self.variables.get("AZURE_AUTHORITY_HOST").is_some() {
            help.push_str("; AZURE_AUTHORITY_HOST names the authority");
        }
        for missing in &self.skipped {
            help.push_str(&format!(
                "; {} was skipped, as it {missing}",
                missing.method
            ));
        }
        if self.is_local {
            help.push_str("; an emulator takes any token: APICENTER_ACCESS_TOKEN=local");
        }
        let start = format!("signing in with {} failed: ", self.method);
        error.with_prefix(&start).with_help(help)
    }
}

/// The line of a program's output that reports the error; there may be warnings around it.
fn line(text: &str) -> String {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let telling = lines().find(|line| line.contains("ERROR") || line.contains("AADSTS"));
    let line = telling.or_else(|| lines().next()).unwrap_or_default();
    let line = line.trim_start_matches("ERROR:").trim_start();
    advice::sentence(line).0
}

impl Credential for AzureCredential {
    fn obtain<'a>(&'a self, scope: &'a str) -> BoxFuture<'a, Result<AccessToken, ServiceError>> {
        Box::pin(self.obtain(scope))
    }

    fn origin(&self) -> TokenOrigin {
        let (tenant, client) = self.method.identity(&self.variables);
        TokenOrigin {
            source: self.method.name().to_owned(),
            tenant: tenant.map(str::to_owned),
            client: client.map(str::to_owned),
        }
    }

    fn advice(&self) -> String {
        advice::rejected(self.method)
    }
}
