//! The process' environment. Nothing else reads it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use etcetera::BaseStrategy as _;

use crate::http::Network;

/// The environment variables that the program uses.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `APICENTER_ACCESS_TOKEN`: a ready bearer token.
    pub access_token: Option<String>,
    /// `APICENTER_CACHE_DIR`, or the platform's folder for caches: what is there may be deleted at any time, and
    /// is believed. So it is not a folder of the checkout, where a pull request could bring files.
    pub cache_folder: Option<PathBuf>,
    /// `APICENTER_ALLOWED_HOSTS`: hosts that may get credentials although only the project names them.
    pub allowed_hosts: Option<String>,
    /// `APICENTER_AUTH`: how to sign in.
    pub auth: Option<String>,
    /// Variables for credentials.
    pub credentials: Credentials,
    /// `APICENTER_HTTP_TIMEOUT`: the timeout of one request, in seconds.
    pub http_timeout: Option<Duration>,
    /// The proxy (`HTTPS_PROXY`, `NO_PROXY` and others) and the certificates (`SSL_CERT_FILE`, `SSL_CERT_DIR`).
    pub network: Network,
    /// `COLUMNS`: how wide the terminal is, where that cannot be asked for.
    pub columns: Option<usize>,
    /// `NO_COLOR`, set and not empty.
    pub no_color: bool,
    /// Whether `TERM` is `dumb`, or not set where every terminal sets it: then a terminal takes lines only, and no
    /// commands.
    pub is_dumb_terminal: bool,
    /// Variables of the pipeline.
    pub pipeline: Pipeline,
    /// A variable with an invalid value, as a message.
    pub problem: Option<String>,
    /// `PATH`.
    path: OsString,
}

/// Variables of GitHub Actions, Azure Pipelines and GitLab CI that some command asks for.
const PIPELINE: &str = "\
    AGENT_TEMPDIRECTORY BUILD_REPOSITORY_ID BUILD_REPOSITORY_NAME BUILD_REPOSITORY_PROVIDER \
    BUILD_REPOSITORY_URI BUILD_SOURCEBRANCH BUILD_SOURCESDIRECTORY BUILD_SOURCEVERSION \
    CI_API_V4_URL CI_COMMIT_REF_NAME CI_COMMIT_SHA CI_JOB_TOKEN \
    CI_MERGE_REQUEST_DIFF_BASE_SHA CI_MERGE_REQUEST_IID CI_MERGE_REQUEST_PROJECT_URL CI_MERGE_REQUEST_SOURCE_BRANCH_NAME \
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA CI_MERGE_REQUEST_SOURCE_PROJECT_URL \
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME CI_PROJECT_DIR CI_PROJECT_ID CI_PROJECT_PATH \
    CI_PROJECT_URL GITHUB_ACTIONS GITHUB_API_URL GITHUB_BASE_REF GITHUB_EVENT_PATH \
    GITHUB_GRAPHQL_URL GITHUB_HEAD_REF GITHUB_OUTPUT GITHUB_REF GITHUB_REF_NAME \
    GITHUB_REPOSITORY GITHUB_SERVER_URL GITHUB_SHA GITHUB_STEP_SUMMARY GITHUB_TOKEN \
    GITHUB_WORKSPACE GITLAB_CI GITLAB_TOKEN GITLAB_USER_ID SYSTEM_ACCESSTOKEN \
    SYSTEM_COLLECTIONURI SYSTEM_PULLREQUEST_PULLREQUESTID \
    SYSTEM_PULLREQUEST_PULLREQUESTNUMBER SYSTEM_PULLREQUEST_SOURCEBRANCH \
    SYSTEM_PULLREQUEST_SOURCECOMMITID SYSTEM_PULLREQUEST_TARGETBRANCH \
    SYSTEM_TEAMFOUNDATIONCOLLECTIONURI SYSTEM_TEAMPROJECT SYSTEM_TEAMPROJECTID TF_BUILD";

/// Variables for credentials. Some are secret, so their values are never printed.
#[derive(Clone, Default)]
pub struct Credentials(BTreeMap<&'static str, String>);

impl Credentials {
    /// A variable that is set and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All that are set, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Variables of a pipeline. Some are secret, so their values are never printed.
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

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Environment {
    /// Variables for credentials of Azure.
    pub const CREDENTIALS: &str = "\
        ACTIONS_ID_TOKEN_REQUEST_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL AZURESUBSCRIPTION_CLIENT_ID \
        AZURESUBSCRIPTION_SERVICE_CONNECTION_ID AZURESUBSCRIPTION_TENANT_ID AZURE_AUTHORITY_HOST \
        AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_FEDERATED_TOKEN_FILE \
        AZURE_POD_IDENTITY_AUTHORITY_HOST AZURE_SERVICE_CONNECTION_ID AZURE_TENANT_ID GITHUB_ACTIONS \
        IDENTITY_ENDPOINT IDENTITY_HEADER MSI_ENDPOINT SYSTEM_ACCESSTOKEN SYSTEM_OIDCREQUESTURI";

    /// Reads the process' environment.
    #[must_use]
    pub fn read() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the environment"
        )]
        let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let all = |names: &'static str| {
            let names = names.split(' ');
            names.filter_map(|name| Some((name, get(name)?))).collect()
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the environment"
        )]
        let get_os = |name: &'static str| std::env::var_os(name);
        let cache_folder = get_os("APICENTER_CACHE_DIR")
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from)
            .or_else(platform_cache);
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
                        "APICENTER_HTTP_TIMEOUT is `{text}`; it must be a number of seconds"
                    ));
                    None
                }
            }
        });
        Self {
            access_token: get("APICENTER_ACCESS_TOKEN"),
            allowed_hosts: get("APICENTER_ALLOWED_HOSTS"),
            http_timeout,
            columns: get("COLUMNS").and_then(|text| text.trim().parse().ok()),
            no_color: get("NO_COLOR").is_some(),
            is_dumb_terminal: get("TERM").map_or(cfg!(unix), |term| term == "dumb"),
            auth: get("APICENTER_AUTH"),
            cache_folder,
            credentials: Credentials(all(Self::CREDENTIALS)),
            pipeline: Pipeline(all(PIPELINE)),
            network: Network::from_variables(get_os),
            problem,
            path: get_os("PATH").unwrap_or_default(),
        }
    }

    /// Whether a program is on the `PATH`.
    #[must_use]
    pub fn has_program(&self, name: &str) -> bool {
        let ends: &[&str] = if cfg!(windows) {
            &[".exe", ".cmd", ".bat"]
        } else {
            &[""]
        };
        std::env::split_paths(&self.path).any(|folder| {
            let mut files = ends.iter().map(|end| folder.join(format!("{name}{end}")));
            !folder.as_os_str().is_empty() && files.any(|file| file.is_file())
        })
    }
}

/// The program's folder in the platform's folder for caches; `None` if there is no home folder.
fn platform_cache() -> Option<PathBuf> {
    let platform = etcetera::base_strategy::choose_native_strategy().ok()?;
    Some(platform.cache_dir().join("apicenter"))
}
