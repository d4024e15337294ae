//! The three forges behind one face.

use super::azure_devops::AzureDevOps;
use super::client::{DryRunRequest, ForgeClient};
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
    /// If this is no pipeline of any of them.
    pub fn detect(environment: &CiEnvironment<'_>) -> Result<Self, ForgeError> {
        let is = |name| environment.get(&[name]).is_some();
        if is("GITHUB_ACTIONS") {
            return Ok(Self::GitHub);
        }
        if is("TF_BUILD") {
            let provider = environment.get(&["BUILD_REPOSITORY_PROVIDER"]);
            return Ok(match provider.as_deref() {
                Some("GitHub" | "GitHubEnterprise") => Self::GitHub,
                _ => Self::AzureDevOps,
            });
        }
        if is("GITLAB_CI") {
            return Ok(Self::GitLab);
        }
        Err(ForgeError::usage(
            "this is no pipeline of GitHub Actions, Azure Pipelines or GitLab CI",
        )
        .help("say which forge is meant: --forge github, azure-devops or gitlab"))
    }

    /// The most characters that a comment may have. Azure DevOps documents no limit; this one is known
    /// from practice.
    #[must_use]
    pub fn most_characters(self) -> usize {
        match self {
            Self::GitHub => 65_536,
            Self::AzureDevOps => 150_000,
            Self::GitLab => 1_000_000,
        }
    }

    /// The name that people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::AzureDevOps => "Azure DevOps",
            Self::GitLab => "GitLab",
        }
    }
}

/// A comment of ours that exists.
#[derive(Debug, Clone, Default)]
pub(super) struct Comment {
    /// Its number; later ones are larger.
    pub(super) id: u64,
    /// What locates it besides its id: the comment in its thread on Azure DevOps, the node on GitHub.
    pub(super) locator: String,
    pub(super) text: String,
    /// Whether it is minimised or its thread closed; `None` where the forge does not tell.
    pub(super) hidden: Option<bool>,
    pub(super) url: Option<String>,
}

/// The comments that begin with a marker.
#[derive(Debug, Default)]
pub(super) struct Comments {
    /// Written by us, newest first.
    pub(super) ours: Vec<Comment>,
    /// Written by somebody else.
    pub(super) by_others: usize,
}

impl Comments {
    /// Splits comments into ours and those of others.
    pub(super) fn sorted(all: impl IntoIterator<Item = (bool, Comment)>) -> Self {
        let mut comments = Self::default();
        for (is_ours, comment) in all {
            if is_ours {
                comments.ours.push(comment);
            } else {
                comments.by_others += 1;
            }
        }
        comments
            .ours
            .sort_by_key(|comment| std::cmp::Reverse(comment.id));
        comments
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

    /// Whether a dry run has no token, so that nothing can be read either.
    #[must_use]
    pub fn cannot_read(&self) -> bool {
        self.http().cannot_read()
    }

    /// What a dry run would have sent so far.
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

    /// A text as this forge must be given it.
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

    /// Gives a comment another text.
    pub(super) async fn update(&self, comment: &Comment, text: &str) -> Result<(), ForgeError> {
        match self {
            Self::GitHub(github) => github.update(comment, text).await,
            Self::AzureDevOps(azure) => azure.update(comment, text).await,
            Self::GitLab(gitlab) => gitlab.update(comment, text).await,
        }
    }

    /// Minimises a comment or closes its thread, or the reverse. GitLab knows neither for a plain note.
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
