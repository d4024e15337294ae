//! GitHub: comments of issues over REST, minimising over GraphQL, as REST cannot.

use serde_json::{Value, json};

use super::client::{ClientSettings, ForgeClient, ForgeResponse, base_url};
use super::comment::{Comment, Comments};
use super::environment::CiEnvironment;
use super::error::ForgeError;
use super::marker::Marker;
use crate::http::header::AUTHORIZATION;
use crate::http::{Method, Url};

/// Comments on a page; a full page may have another one after it.
const PAGE: usize = 100;

/// The most pages of comments that are read.
const MOST_PAGES: usize = 200;

const PERMISSION: &str = "the job needs `permissions: pull-requests: write` (and no token of a \
                          workflow that a fork started has it), or a token with that permission \
                          in GITHUB_TOKEN";

const WHO: &str = "query($ids: [ID!]!) { viewer { login } nodes(ids: $ids) { id ... on \
                   IssueComment { isMinimized viewerDidAuthor } } }";

const MINIMISE: &str = "mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: \
                        RESOLVED}) { minimizedComment { isMinimized } } }";

const SHOW: &str = "mutation($id: ID!) { unminimizeComment(input: {subjectId: $id}) { \
                    unminimizedComment { isMinimized } } }";

/// A pull request on GitHub.
#[derive(Debug)]
pub struct GitHub {
    pub(super) http: ForgeClient,
    graphql: Url,
    owner: String,
    repository: String,
    number: String,
    /// Whether the token is that of a workflow, which is never a person's.
    is_app: bool,
}

impl GitHub {
    pub(super) fn open(environment: &CiEnvironment<'_>) -> Result<Self, ForgeError> {
        const API: &str = "GITHUB_API_URL";
        let api = environment
            .get(&[API])
            .unwrap_or_else(|| "https://api.github.com".to_owned());
        let graphql = match environment.get(&["GITHUB_GRAPHQL_URL"]) {
            Some(url) => base_url("GITHUB_GRAPHQL_URL", &url)?,
            None => base_url(API, &graphql_of(&api))?,
        };
        let whole = environment.need(
            &["GITHUB_REPOSITORY", "BUILD_REPOSITORY_NAME"],
            "the repository as OWNER/NAME",
        )?;
        let Some((owner, repository)) = whole.split_once('/').filter(|(owner, name)| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            [owner, name].iter().all(|part| {
                !part.is_empty() && part.chars().all(plain) && !part.chars().all(|c| c == '.')
            })
        }) else {
            return Err(ForgeError::usage("GITHUB_REPOSITORY is not OWNER/NAME"));
        };
        let number = environment.number(
            number(environment),
            "neither the event in GITHUB_EVENT_PATH nor GITHUB_REF names one",
        )?;
        let token = environment.token(
            &["GITHUB_TOKEN"],
            "map it in the step: env: GITHUB_TOKEN: ${{ github.token }}",
        )?;
        let is_app = token
            .as_ref()
            .is_some_and(|token| token.expose().starts_with("ghs_"));
        let http = ForgeClient::new(ClientSettings {
            base: (API, &api),
            token: token.map(|token| (AUTHORIZATION, "Bearer ", token)),
            headers: &[
                ("accept", "application/vnd.github+json"),
                ("x-github-api-version", "2022-11-28"),
            ],
            permission: PERMISSION,
            timeout: environment.timeout,
            network: environment.network,
            dry_run: environment.dry_run,
        })?;
        Ok(Self {
            http,
            graphql,
            owner: owner.to_owned(),
            repository: repository.to_owned(),
            number: number.to_string(),
            is_app,
        })
    }

    pub(super) async fn find(&self, marker: &Marker) -> Result<Comments, ForgeError> {
        let mut marked = Vec::new();
        for page in 1..=MOST_PAGES {
            let response = self.page(page).await?;
            let comments = response.body.as_array().ok_or_else(|| {
                ForgeError::failed("unexpected response from GitHub: not a list of comments")
            })?;
            let is_ours = |comment: &&Value| {
                let text = comment["body"].as_str();
                text.is_some_and(|text| marker.starts(text))
            };
            marked.extend(comments.iter().filter(is_ours).cloned());
            if comments.len() < PAGE && !has_next(&response) {
                break;
            }
        }
        if marked.is_empty() {
            return Ok(Comments::default());
        }
        let who = self.who(&marked).await;
        Ok(Comments::sorted(marked.iter().map(|comment| {
            let node = who.node(comment);
            let read = Comment {
                id: comment["id"].as_u64().unwrap_or_default(),
                locator: text(&comment["node_id"]),
                text: text(&comment["body"]),
                hidden: node.and_then(|node| node["isMinimized"].as_bool()),
                url: comment["html_url"].as_str().map(str::to_owned),
            };
            (who.wrote(comment), read)
        })))
    }

    async fn page(&self, page: usize) -> Result<ForgeResponse, ForgeError> {
        let (size, page) = (PAGE.to_string(), page.to_string());
        let query = [("per_page", size.as_str()), ("page", page.as_str())];
        self.http.get(&self.comments(&query)).await
    }

    fn comments(&self, query: &[(&str, &str)]) -> Url {
        let Self {
            owner,
            repository,
            number,
            ..
        } = self;
        let steps = ["repos", owner, repository, "issues", number, "comments"];
        self.http.url(&steps, query)
    }

    /// Who we are and what is minimised. If the query fails, nothing of it is known.
    async fn who(&self, marked: &[Value]) -> Who {
        let ids: Vec<&str> = marked
            .iter()
            .filter_map(|comment| comment["node_id"].as_str())
            .take(PAGE)
            .collect();
        let question = json!({"query": WHO, "variables": {"ids": ids}});
        let response = self.http.query(&self.graphql, &question).await;
        let data = response.map(|mut response| response["data"].take());
        let data = data.unwrap_or_else(|error| {
            tracing::debug!(%error, "the user of the token is not known");
            Value::Null
        });
        Who {
            login: data["viewer"]["login"].as_str().map(str::to_owned),
            nodes: data["nodes"].as_array().cloned().unwrap_or_default(),
            is_app: self.is_app,
        }
    }

    pub(super) async fn create(&self, text: &str) -> Result<Option<String>, ForgeError> {
        let body = json!({"body": text});
        let made = self
            .http
            .write(Method::POST, &self.comments(&[]), &body)
            .await?;
        Ok(made["html_url"].as_str().map(str::to_owned))
    }

    pub(super) async fn update(&self, comment: &Comment, text: &str) -> Result<(), ForgeError> {
        let id = comment.id.to_string();
        let steps = [
            "repos",
            &self.owner,
            &self.repository,
            "issues",
            "comments",
            &id,
        ];
        let url = self.http.url(&steps, &[]);
        let body = json!({"body": text});
        self.http.write(Method::PATCH, &url, &body).await.map(drop)
    }

    pub(super) async fn set_hidden(
        &self,
        comment: &Comment,
        hidden: bool,
    ) -> Result<(), ForgeError> {
        let query = if hidden { MINIMISE } else { SHOW };
        let body = json!({"query": query, "variables": {"id": comment.locator}});
        let response = self.http.write(Method::POST, &self.graphql, &body).await?;
        match response["errors"][0]["message"].as_str() {
            None => Ok(()),
            Some(message) => Err(ForgeError::failed(message)),
        }
    }
}

/// Who we are, and the state of the comments, from GraphQL.
struct Who {
    login: Option<String>,
    nodes: Vec<Value>,
    is_app: bool,
}

impl Who {
    fn node(&self, comment: &Value) -> Option<&Value> {
        let id = comment["node_id"].as_str()?;
        self.nodes.iter().find(|node| node["id"] == id)
    }

    /// Whether a comment is ours. REST names an app `x[bot]`, GraphQL sometimes without the suffix,
    /// under which a person may be registered.
    fn wrote(&self, comment: &Value) -> bool {
        let author = &comment["user"];
        let Some(login) = author["login"].as_str() else {
            return true;
        };
        let is_bot = author["type"] == "Bot";
        if self.is_app && !is_bot {
            return false;
        }
        let node = self.node(comment);
        if node.is_some_and(|node| node["viewerDidAuthor"] == true) {
            return true;
        }
        match &self.login {
            Some(ours) => {
                login == ours || (is_bot && login.strip_suffix("[bot]") == Some(ours.as_str()))
            }
            None => true,
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// GitHub Enterprise Server keeps GraphQL beside `/api/v3`, not below it.
fn graphql_of(api: &str) -> String {
    let api = api.trim_end_matches('/');
    match api.strip_suffix("/api/v3") {
        Some(root) => format!("{root}/api/graphql"),
        None => format!("{api}/graphql"),
    }
}

fn has_next(response: &ForgeResponse) -> bool {
    let link = response.headers.get("link");
    let link = link.and_then(|link| link.to_str().ok());
    link.is_some_and(|link| link.contains("rel=\"next\""))
}

/// The number of the pull request: from the event, the ref, or Azure Pipelines.
fn number(environment: &CiEnvironment<'_>) -> Option<String> {
    let event = environment.event.unwrap_or(&Value::Null);
    let issue = &event["issue"];
    let in_event = [
        &event["pull_request"]["number"],
        issue
            .get("pull_request")
            .map_or(&Value::Null, |_| &issue["number"]),
        &event["workflow_run"]["pull_requests"][0]["number"],
    ]
    .into_iter()
    .find_map(Value::as_u64);
    if let Some(number) = in_event {
        return Some(number.to_string());
    }
    let reference = environment.get(&["GITHUB_REF"]);
    let in_reference = reference.and_then(|reference| {
        let rest = reference.strip_prefix("refs/pull/")?;
        Some(rest.split('/').next()?.to_owned())
    });
    in_reference.or_else(|| environment.get(&["SYSTEM_PULLREQUEST_PULLREQUESTNUMBER"]))
}
