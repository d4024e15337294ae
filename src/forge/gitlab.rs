//! GitLab: a note of a merge request. A plain note can neither be hidden nor resolved.

use serde_json::{Value, json};

use super::client::{ClientSettings, ForgeClient};
use super::comment::{Comment, Comments};
use super::environment::CiEnvironment;
use super::error::ForgeError;
use super::marker::Marker;
use crate::http::header::HeaderName;
use crate::http::{Method, Url};

const PAGE: &str = "100";

/// The most pages of notes that are read.
const MOST_PAGES: usize = 200;

const PERMISSION: &str = "GITLAB_TOKEN needs the scope `api` and at least the role Reporter in \
                          the project";

const JOB_PERMISSION: &str = "most GitLab instances let no CI_JOB_TOKEN write notes: make a project \
                              access token with the scope `api` and the role Reporter, and put it \
                              into the masked variable GITLAB_TOKEN";

/// A merge request on GitLab.
#[derive(Debug)]
pub struct GitLab {
    pub(super) http: ForgeClient,
    project: String,
    number: String,
    /// The user of a job's token; for other tokens GitLab is asked.
    user: Option<String>,
}

impl GitLab {
    pub(super) fn open(environment: &CiEnvironment<'_>) -> Result<Self, ForgeError> {
        const API: &str = "CI_API_V4_URL";
        let api = environment
            .get(&[API])
            .unwrap_or_else(|| "https://gitlab.com/api/v4".to_owned());
        let project = environment.need(&["CI_PROJECT_ID"], "the number of the project")?;
        let found = environment.get(&["CI_MERGE_REQUEST_IID"]);
        let number = environment.number(
            found,
            "CI_MERGE_REQUEST_IID is only set in merge request pipelines",
        )?;
        let own = environment.get(&["GITLAB_TOKEN"]);
        let is_job = own.is_none();
        let token = environment.token(
            &["GITLAB_TOKEN", "CI_JOB_TOKEN"],
            "make a project access token with the scope `api` and put it into the masked \
             variable GITLAB_TOKEN",
        )?;
        let header = if is_job { "job-token" } else { "private-token" };
        let http = ForgeClient::new(ClientSettings {
            base: (API, &api),
            token: token.map(|token| (HeaderName::from_static(header), "", token)),
            headers: &[],
            permission: if is_job { JOB_PERMISSION } else { PERMISSION },
            timeout: environment.timeout,
            network: environment.network,
            dry_run: environment.dry_run,
        })?;
        let user = environment.get(&["GITLAB_USER_ID"]);
        Ok(Self {
            http,
            project,
            number: number.to_string(),
            user: user.filter(|_| is_job),
        })
    }

    pub(super) async fn find(&self, marker: &Marker) -> Result<Comments, ForgeError> {
        let mut marked = Vec::new();
        let mut page = "1".to_owned();
        for _ in 0..MOST_PAGES {
            let query = [
                ("per_page", PAGE),
                ("page", page.as_str()),
                ("sort", "desc"),
                ("order_by", "created_at"),
            ];
            let response = self.http.get(&self.notes(&[], &query)).await?;
            let notes = response.body.as_array().ok_or_else(|| {
                ForgeError::failed("unexpected response from GitLab: not a list of notes")
            })?;
            let is_marked = |note: &&Value| {
                let text = note["body"].as_str();
                note["system"] != true && text.is_some_and(|text| marker.starts(text))
            };
            marked.extend(notes.iter().filter(is_marked).cloned());
            let next = response.headers.get("x-next-page");
            let next = next.and_then(|next| next.to_str().ok()).map(str::trim);
            match next.filter(|next| !next.is_empty() && *next != page) {
                Some(next) => page = next.to_owned(),
                None => break,
            }
        }
        if marked.is_empty() {
            return Ok(Comments::default());
        }
        let us = self.who().await;
        Ok(Comments::sorted(marked.iter().map(|note| {
            let author = note["author"]["id"].as_u64().map(|id| id.to_string());
            let is_ours = us.is_none() || author.is_none() || us == author;
            let read = Comment {
                id: note["id"].as_u64().unwrap_or_default(),
                text: note["body"].as_str().unwrap_or_default().to_owned(),
                ..Comment::default()
            };
            (is_ours, read)
        })))
    }

    /// Id of the token's user, if GitLab reports it.
    async fn who(&self) -> Option<String> {
        if self.user.is_some() {
            return self.user.clone();
        }
        let response = self.http.get(&self.http.url(&["user"], &[])).await;
        let body = response
            .map_err(|error| tracing::debug!(%error, "the user of the token is not known"))
            .ok()?
            .body;
        body["id"].as_u64().map(|id| id.to_string())
    }

    pub(super) async fn create(&self, text: &str) -> Result<Option<String>, ForgeError> {
        let body = json!({"body": text});
        let url = self.notes(&[], &[]);
        self.http.write(Method::POST, &url, &body).await?;
        Ok(None)
    }

    pub(super) async fn update(&self, comment: &Comment, text: &str) -> Result<(), ForgeError> {
        let url = self.notes(&[&comment.id.to_string()], &[]);
        let body = json!({"body": text});
        self.http.write(Method::PUT, &url, &body).await.map(drop)
    }

    fn notes(&self, below: &[&str], query: &[(&str, &str)]) -> Url {
        let mut steps = vec![
            "projects",
            self.project.as_str(),
            "merge_requests",
            &self.number,
            "notes",
        ];
        steps.extend(below);
        self.http.url(&steps, query)
    }
}

/// Escapes lines that begin with a slash, such as `/merge`: GitLab would run them as quick actions.
pub(super) fn escape_quick_actions(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let rest = line.trim_start();
        match rest.strip_prefix('/') {
            Some(_) => format!("{}\\{rest}", &line[..line.len() - rest.len()]),
            None => line.to_owned(),
        }
    });
    let lines: Vec<String> = lines.collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_actions_in_a_text_are_escaped() {
        assert_eq!(
            escape_quick_actions("a\n/merge\n  /close\n+ /x"),
            "a\n\\/merge\n  \\/close\n+ /x"
        );
    }
}
