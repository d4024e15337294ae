//! The process' environment: the one place that reads it.

use std::collections::BTreeMap;
use std::time::Duration;

/// What the process' environment says.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `APICENTER_ACCESS_TOKEN`: a ready bearer token.
    pub access_token: Option<String>,
    /// `APICENTER_HTTP_TIMEOUT`: seconds that one request may take.
    pub http_timeout: Option<Duration>,
    /// `NO_COLOR`, set and not empty.
    pub no_color: bool,
    /// What the pipeline says about itself.
    pub pipeline: Pipeline,
    /// What could not be understood.
    pub problem: Option<String>,
}

/// Variables of GitHub Actions, Azure Pipelines and GitLab CI that some command asks for.
const PIPELINE: &str = "\
    AGENT_TEMPDIRECTORY BUILD_REPOSITORY_ID BUILD_REPOSITORY_NAME BUILD_REPOSITORY_PROVIDER \
    BUILD_SOURCESDIRECTORY CI_API_V4_URL CI_JOB_TOKEN CI_MERGE_REQUEST_IID CI_PROJECT_DIR \
    CI_PROJECT_ID GITHUB_ACTIONS GITHUB_API_URL GITHUB_EVENT_PATH GITHUB_GRAPHQL_URL \
    GITHUB_OUTPUT GITHUB_REF GITHUB_REPOSITORY GITHUB_STEP_SUMMARY GITHUB_TOKEN \
    GITHUB_WORKSPACE GITLAB_CI GITLAB_TOKEN GITLAB_USER_ID SYSTEM_ACCESSTOKEN \
    SYSTEM_COLLECTIONURI SYSTEM_PULLREQUEST_PULLREQUESTID \
    SYSTEM_PULLREQUEST_PULLREQUESTNUMBER SYSTEM_TEAMFOUNDATIONCOLLECTIONURI \
    SYSTEM_TEAMPROJECT SYSTEM_TEAMPROJECTID TF_BUILD";

/// What a pipeline says about itself. Some of it is secret, so it is never printed as a whole.
#[derive(Clone, Default)]
pub struct Pipeline(BTreeMap<&'static str, String>);

impl Pipeline {
    /// A variable that is set and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(
            PIPELINE.split(' ').any(|known| known == name),
            "{name} is not read"
        );
        self.0.get(name).map(String::as_str)
    }
}

impl Pipeline {
    /// Whether an agent reads along that acts on lines of the log.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.get("GITHUB_ACTIONS").is_some() || self.get("TF_BUILD").is_some()
    }
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Environment {
    /// Reads the process' environment.
    #[must_use]
    pub fn read() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the environment"
        )]
        let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let mut problem = None;
        let http_timeout = get("APICENTER_HTTP_TIMEOUT").and_then(|text| {
            match text
                .parse::<f64>()
                .ok()
                .filter(|s| *s > 0.0 && *s <= 86_400.0)
            {
                Some(seconds) => Some(Duration::from_secs_f64(seconds)),
                None => {
                    problem = Some(format!(
                        "APICENTER_HTTP_TIMEOUT is `{text}`; a number of seconds is expected"
                    ));
                    None
                }
            }
        });
        Self {
            access_token: get("APICENTER_ACCESS_TOKEN"),
            http_timeout,
            no_color: get("NO_COLOR").is_some(),
            pipeline: Pipeline(
                PIPELINE
                    .split(' ')
                    .filter_map(|name| Some((name, get(name)?)))
                    .collect(),
            ),
            problem,
        }
    }
}
