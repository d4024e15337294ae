//! The three forges behind one interface.

use super::azure_devops::AzureDevOps;
use super::client::{DryRunRequest, ForgeClient};
use super::comment::{Comment, Comments};
use super::environment::CiEnvironment;
use super::error::ForgeError;
use super::github::GitHub;
use super::gitlab::{GitLab, escape_quick_actions};
use super::marker::Marker;

/// Which forge it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// GitHub, in the cloud or an Enterprise Server.
    GitHub,
    /// Azure DevOps, Services or Server.
    AzureDevOps,
    /// GitLab, in the cloud or self-managed.
    GitLab,
}

impl Host {
    /// The forge whose pipeline this is. Azure Pipelines also build repositories that live on GitHub.
    ///
    /// # Errors
    /// If this is not a pipeline of any of them.
    pub fn detect(environment: &CiEnvironment<'_>) -> Result<Self, ForgeError> {
        Self::of_variables(environment.variable)
    }

    /// The same from the variables alone.
    pub(super) fn of_variables(
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ForgeError> {
        let is = |name| variable(name).is_some();
        if is("GITHUB_ACTIONS") {
            return Ok(Self::GitHub);
        }
        if is("TF_BUILD") {
            let provider = variable("BUILD_REPOSITORY_PROVIDER");
            return Ok(match provider.as_deref() {
                Some("GitHub" | "GitHubEnterprise") => Self::GitHub,
                _ => Self::AzureDevOps,
            });
        }
        if is("GITLAB_CI") {
            return Ok(Self::GitLab);
        }
        Err(ForgeError::usage(
            "this is not a pipeline of GitHub Actions, Azure Pipelines or GitLab CI",
        )
        .help("name the forge: --forge github, azure-devops or gitlab"))
    }

    /// The most characters of a comment. Azure DevOps documents no limit (observed).
    #[must_use]
    pub fn most_characters(self) -> usize {
        match self {
            Self::GitHub => 65_536,
            Self::AzureDevOps => 150_000,
            Self::GitLab => 1_000_000,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::AzureDevOps => "Azure DevOps",
            Self::GitLab => "GitLab",
        }
    }
}

/// A pull request on one of the forges.
#[derive(Debug)]
pub enum Forge {
    /// On GitHub.
    GitHub(GitHub),
    /// On Azure DevOps.
    AzureDevOps(AzureDevOps),
    /// On GitLab.
    GitLab(GitLab),
}

impl Forge {
    /// The pull request that a pipeline builds. Nothing is sent yet.
    ///
    /// # Errors
    /// If a variable or the token is missing, or an address is not https (loopback excepted).
    pub fn open(host: Host, environment: &CiEnvironment<'_>) -> Result<Self, ForgeError> {
        Ok(match host {
            Host::GitHub => Self::GitHub(GitHub::open(environment)?),
            Host::AzureDevOps => Self::AzureDevOps(AzureDevOps::open(environment)?),
            Host::GitLab => Self::GitLab(GitLab::open(environment)?),
        })
    }

    /// Which forge it is.
    #[must_use]
    pub fn host(&self) -> Host {
        match self {
            Self::GitHub(_) => Host::GitHub,
            Self::AzureDevOps(_) => Host::AzureDevOps,
            Self::GitLab(_) => Host::GitLab,
        }
    }

    /// Whether a dry run has no token, so that it can read nothing either.
    #[must_use]
    pub fn cannot_read(&self) -> bool {
        self.http().cannot_read()
    }

    /// The requests that a dry run did not send.
    pub(super) fn not_sent(&self) -> Vec<DryRunRequest> {
        self.http().not_sent()
    }

    fn http(&self) -> &ForgeClient {
        match self {
            Self::GitHub(github) => &github.http,
            Self::AzureDevOps(azure) => &azure.http,
            Self::GitLab(gitlab) => &gitlab.http,
        }
    }

    /// A text as this forge must receive it.
    pub(super) fn prepare(&self, text: &str) -> String {
        match self {
            Self::GitHub(_) | Self::AzureDevOps(_) => text.to_owned(),
            Self::GitLab(_) => escape_quick_actions(text),
        }
    }

    /// The comments that begin with a marker.
    pub(super) async fn find(&self, marker: &Marker) -> Result<Comments, ForgeError> {
        if self.cannot_read() {
            return Ok(Comments::default());
        }
        match self {
            Self::GitHub(github) => github.find(marker).await,
            Self::AzureDevOps(azure) => azure.find(marker).await,
            Self::GitLab(gitlab) => gitlab.find(marker).await,
        }
    }

    /// Adds a comment and returns its address.
    pub(super) async fn create(&self, text: &str) -> Result<Option<String>, ForgeError> {
        match self {
            Self::GitHub(github) => github.create(text).await,
            Self::AzureDevOps(azure) => azure.create(text).await,
            Self::GitLab(gitlab) => gitlab.create(text).await,
        }
    }

    /// Replaces the text of a comment.
    pub(super) async fn update(&self, comment: &Comment, text: &str) -> Result<(), ForgeError> {
        match self {
            Self::GitHub(github) => github.update(comment, text).await,
            Self::AzureDevOps(azure) => azure.update(comment, text).await,
            Self::GitLab(gitlab) => gitlab.update(comment, text).await,
        }
    }

    /// Hides a comment or shows it again: minimises it, or closes its thread. GitLab has neither for notes.
    pub(super) async fn set_hidden(
        &self,
        comment: &Comment,
        hidden: bool,
    ) -> Result<(), ForgeError> {
        match self {
            Self::GitHub(github) => github.set_hidden(comment, hidden).await,
            Self::AzureDevOps(azure) => azure.set_hidden(comment, hidden).await,
            Self::GitLab(_) => Ok(()),
        }
    }
}
