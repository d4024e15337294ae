//! The ways to sign in, and what each of them requires.

use std::fmt;
use std::str::FromStr;

use super::variables::Variables;

/// Synonymous names of one variable; the first that is set counts.
pub(super) type Names = &'static [&'static str];

pub(super) const TENANT: Names = &["AZURE_TENANT_ID"];
pub(super) const CLIENT: Names = &["AZURE_CLIENT_ID"];
pub(super) const CLIENT_SECRET: Names = &["AZURE_CLIENT_SECRET"];
pub(super) const TOKEN_FILE: Names = &["AZURE_FEDERATED_TOKEN_FILE"];
pub(super) const GITHUB_URL: Names = &["ACTIONS_ID_TOKEN_REQUEST_URL"];
pub(super) const GITHUB_TOKEN: Names = &["ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
/// Documented: the tasks AzureCLI@2 and AzurePowerShell@5 set those that begin with `AZURESUBSCRIPTION_`.
pub(super) const PIPELINES_TENANT: Names = &["AZURESUBSCRIPTION_TENANT_ID", "AZURE_TENANT_ID"];
pub(super) const PIPELINES_CLIENT: Names = &["AZURESUBSCRIPTION_CLIENT_ID", "AZURE_CLIENT_ID"];
pub(super) const PIPELINES_CONNECTION: Names = &[
    "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
    "AZURE_SERVICE_CONNECTION_ID",
];
pub(super) const PIPELINES_URL: Names = &["SYSTEM_OIDCREQUESTURI"];
pub(super) const PIPELINES_TOKEN: Names = &["SYSTEM_ACCESSTOKEN"];
pub(super) const IDENTITY_ENDPOINT: &str = "IDENTITY_ENDPOINT";
pub(super) const IDENTITY_HEADER: &str = "IDENTITY_HEADER";
pub(super) const POD_IDENTITY: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// An application with a secret.
    ClientSecret,
    /// An application that trusts the token in a file, as Kubernetes writes it.
    WorkloadIdentity,
    /// An application that trusts the tokens of GitHub Actions.
    GitHubOidc,
    /// A service connection of Azure Pipelines with workload identity federation.
    AzurePipelines,
    /// Whoever is signed in to the Azure CLI.
    AzureCli,
    /// Whoever is signed in to the Azure Developer CLI.
    AzureDeveloperCli,
    /// The identity of the machine or service that this runs on.
    ManagedIdentity,
}

impl Method {
    /// All, in the order in which `auto` tries them.
    pub const ALL: [Self; 7] = [
        Self::ClientSecret,
        Self::WorkloadIdentity,
        Self::GitHubOidc,
        Self::AzurePipelines,
        Self::AzureCli,
        Self::AzureDeveloperCli,
        Self::ManagedIdentity,
    ];

    /// Its name in `--auth`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ClientSecret => "client-secret",
            Self::WorkloadIdentity => "workload-identity",
            Self::GitHubOidc => "github-oidc",
            Self::AzurePipelines => "azure-pipelines",
            Self::AzureCli => "azure-cli",
            Self::AzureDeveloperCli => "azure-developer-cli",
            Self::ManagedIdentity => "managed-identity",
        }
    }

    /// The variables without which it cannot be used.
    pub(super) fn variables(self) -> &'static [Names] {
        match self {
            Self::ClientSecret => &[TENANT, CLIENT, CLIENT_SECRET],
            Self::WorkloadIdentity => &[TENANT, CLIENT, TOKEN_FILE],
            Self::GitHubOidc => &[TENANT, CLIENT, GITHUB_URL, GITHUB_TOKEN],
            Self::AzurePipelines => &[
                PIPELINES_TENANT,
                PIPELINES_CLIENT,
                PIPELINES_CONNECTION,
                PIPELINES_URL,
                PIPELINES_TOKEN,
            ],
            Self::AzureCli | Self::AzureDeveloperCli | Self::ManagedIdentity => &[],
        }
    }

    /// The variables that any of them reads; some more than once.
    #[cfg(test)]
    pub fn known_variables() -> impl Iterator<Item = &'static str> {
        let needed = Self::ALL.into_iter().flat_map(Self::variables);
        let marks = Self::ALL.into_iter().filter_map(Self::mark);
        let names = needed.copied().chain(marks).flatten().copied();
        names.chain([IDENTITY_ENDPOINT, IDENTITY_HEADER, POD_IDENTITY])
    }

    /// The program that it runs.
    pub(super) fn program(self) -> Option<&'static str> {
        match self {
            Self::AzureCli => Some("az"),
            Self::AzureDeveloperCli => Some("azd"),
            _ => None,
        }
    }

    /// Variables of which one is set where this way to sign in may be intended.
    pub(super) fn mark(self) -> Option<Names> {
        match self {
            Self::ClientSecret => Some(CLIENT_SECRET),
            Self::WorkloadIdentity => Some(TOKEN_FILE),
            Self::GitHubOidc => Some(&["ACTIONS_ID_TOKEN_REQUEST_URL", "GITHUB_ACTIONS"]),
            Self::AzurePipelines => Some(PIPELINES_URL),
            Self::AzureCli | Self::AzureDeveloperCli | Self::ManagedIdentity => None,
        }
    }

    /// The tenant and the application that it signs in as, where variables say so.
    pub(super) fn identity(self, variables: &Variables) -> (Option<&str>, Option<&str>) {
        match self {
            Self::AzurePipelines => (
                variables.first(PIPELINES_TENANT),
                variables.first(PIPELINES_CLIENT),
            ),
            Self::AzureCli | Self::AzureDeveloperCli => (variables.first(TENANT), None),
            Self::ManagedIdentity => (None, variables.first(CLIENT)),
            _ => (variables.first(TENANT), variables.first(CLIENT)),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Method {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter();
        let mut found = known.filter(|method| method.name().eq_ignore_ascii_case(text));
        found.next().ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("`{text}` is not a way to sign in; the ways are auto, {names}")
        })
    }
}
