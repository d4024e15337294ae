//! Azure DevOps: a thread whose first comment is ours; the thread is closed when nothing changes.

use serde_json::{Value, json};

use super::client::{ClientSettings, ForgeClient};
use super::comment::{Comment, Comments};
use super::environment::CiEnvironment;
use super::error::ForgeError;
use super::marker::Marker;
use crate::http::header::AUTHORIZATION;
use crate::http::{Method, Url};

const VERSION: (&str, &str) = ("api-version", "7.1");

const PERMISSION: &str = "grant the build service (`PROJECT Build Service (ORGANISATION)`) \
                          \"Contribute to pull requests\" on the repository, and map the token in \
                          the step: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)";

/// A pull request on Azure DevOps.
#[derive(Debug)]
pub struct AzureDevOps {
    pub(super) http: ForgeClient,
    project: String,
    repository: String,
    number: String,
}

impl AzureDevOps {
    pub(super) fn open(environment: &CiEnvironment<'_>) -> Result<Self, ForgeError> {
        let names = ["SYSTEM_COLLECTIONURI", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"];
        let collection = environment.need(&names, "the address of the organisation")?;
        let project = environment.need(
            &["SYSTEM_TEAMPROJECT", "SYSTEM_TEAMPROJECTID"],
            "the name of the project",
        )?;
        let repository = environment.need(
            &["BUILD_REPOSITORY_ID", "BUILD_REPOSITORY_NAME"],
            "the repository",
        )?;
        let found = environment.get(&["SYSTEM_PULLREQUEST_PULLREQUESTID"]);
        let number = environment.number(found, "SYSTEM_PULLREQUEST_PULLREQUESTID is not set")?;
        let token = environment.token(
            &["SYSTEM_ACCESSTOKEN"],
            "map it in the step: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)",
        )?;
        let http = ForgeClient::new(ClientSettings {
            base: (names[0], &collection),
            token: token.map(|token| (AUTHORIZATION, "Bearer ", token)),
            // Without this header, an expired token gets a sign-in page instead of an error.
            headers: &[("x-tfs-fedauthredirect", "Suppress")],
            permission: PERMISSION,
            timeout: environment.timeout,
            network: environment.network,
            dry_run: environment.dry_run,
        })?;
        Ok(Self {
            http,
            project,
            repository,
            number: number.to_string(),
        })
    }

    pub(super) async fn find(&self, marker: &Marker) -> Result<Comments, ForgeError> {
        let response = self.http.get(&self.threads(&[])).await?;
        let threads = response.body["value"].as_array().ok_or_else(|| {
            ForgeError::failed("unexpected response from Azure DevOps: not a list of threads")
        })?;
        let marked: Vec<(&Value, &Value)> = threads
            .iter()
            .filter(|thread| thread["isDeleted"] != true)
            .filter_map(|thread| {
                let first = thread["comments"].as_array()?.first()?;
                let is_marked = first["isDeleted"] != true
                    && first["content"].as_str().is_some_and(|t| marker.starts(t));
                is_marked.then_some((thread, first))
            })
            .collect();
        if marked.is_empty() {
            return Ok(Comments::default());
        }
        let us = self.who().await;
        Ok(Comments::sorted(marked.into_iter().map(
            |(thread, comment)| {
                let author = comment["author"]["id"].as_str();
                let is_ours = match (&us, author) {
                    (Some(us), Some(author)) => us.eq_ignore_ascii_case(author),
                    _ => true,
                };
                let read = Comment {
                    id: thread["id"].as_u64().unwrap_or_default(),
                    locator: comment["id"].as_u64().unwrap_or(1).to_string(),
                    text: comment["content"].as_str().unwrap_or_default().to_owned(),
                    hidden: thread["status"]
                        .as_str()
                        .map(|status| !matches!(status, "active" | "pending" | "unknown")),
                    url: None,
                };
                (is_ours, read)
            },
        )))
    }

    /// Id of the token's account, if the service reports it.
    async fn who(&self) -> Option<String> {
        let url = self.http.url(&["_apis", "connectionData"], &[]);
        let response = self.http.get(&url).await;
        let body = response
            .map_err(|error| tracing::debug!(%error, "the account of the token is not known"))
            .ok()?
            .body;
        body["authenticatedUser"]["id"].as_str().map(str::to_owned)
    }

    pub(super) async fn create(&self, text: &str) -> Result<Option<String>, ForgeError> {
        let comment = json!({"parentCommentId": 0, "content": text, "commentType": "text"});
        let body = json!({"comments": [comment], "status": "active"});
        let url = self.threads(&[]);
        self.http.write(Method::POST, &url, &body).await?;
        Ok(None)
    }

    pub(super) async fn update(&self, comment: &Comment, text: &str) -> Result<(), ForgeError> {
        let thread = comment.id.to_string();
        let url = self.threads(&[&thread, "comments", &comment.locator]);
        let body = json!({"content": text});
        self.http.write(Method::PATCH, &url, &body).await.map(drop)
    }

    pub(super) async fn set_hidden(
        &self,
        comment: &Comment,
        hidden: bool,
    ) -> Result<(), ForgeError> {
        let status = if hidden { "closed" } else { "active" };
        let url = self.threads(&[&comment.id.to_string()]);
        let body = json!({"status": status});
        self.http.write(Method::PATCH, &url, &body).await.map(drop)
    }

    fn threads(&self, below: &[&str]) -> Url {
        let mut steps = vec![
            self.project.as_str(),
            "_apis",
            "git",
            "repositories",
            &self.repository,
            "pullRequests",
            &self.number,
            "threads",
        ];
        steps.extend(below);
        self.http.url(&steps, &[VERSION])
    }
}
