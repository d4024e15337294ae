//! What a pipeline has checked out, and where a browser shows it.

use serde_json::Value;

use super::host::Host;
use crate::http::Url;
use crate::model::url_path;

/// A thing of a forge and the address where a browser shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// The address, if it is known.
    pub url: Option<String>,
}

/// What a pipeline has checked out. What its variables do not say is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedOut {
    /// The repository.
    pub repository: Option<Place>,
    /// The commit: that of the branch, not the one that a forge makes to merge it.
    pub commit: Option<Place>,
    /// The branch or tag.
    pub branch: Option<Place>,
    /// The pull request.
    pub pull_request: Option<Place>,
    /// The address of a line of a file at the commit, with `{path}` and `{line}` in place of both.
    pub file: Option<String>,
}

impl CheckedOut {
    /// Reads the variables of a pipeline; everything is absent outside one.
    #[must_use]
    pub fn of(variable: &dyn Fn(&str) -> Option<String>, event: Option<&Value>) -> Self {
        let Ok(host) = Host::of_variables(variable) else {
            return Self::default();
        };
        let is_azure_pipelines = variable("TF_BUILD").is_some();
        let found = match host {
            Host::GitHub if !is_azure_pipelines => {
                of_github(variable, event.unwrap_or(&Value::Null))
            }
            Host::GitHub | Host::AzureDevOps => of_azure_pipelines(variable),
            Host::GitLab => of_gitlab(variable),
        };
        found.with_addresses(host)
    }
}

/// What the variables of a pipeline say.
#[derive(Debug, Default)]
struct Found {
    name: Option<String>,
    /// The repository's address, as a browser shows it.
    url: Option<String>,
    commit: Option<String>,
    branch: Option<String>,
    /// Where the branch is, if not in the repository.
    branch_url: Option<String>,
    number: Option<String>,
    /// The repository that the pull request is in, if not in this one.
    number_url: Option<String>,
}

fn of_github(variable: &dyn Fn(&str) -> Option<String>, event: &Value) -> Found {
    let name = variable("GITHUB_REPOSITORY");
    let server = variable("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".to_owned());
    let head = &event["pull_request"]["head"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let is_pull_request = head.is_object();
    Found {
        url: name
            .as_ref()
            .map(|name| format!("{}/{name}", server.trim_end_matches('/'))),
        commit: text(&head["sha"]).or_else(|| variable("GITHUB_SHA")),
        branch: text(&head["ref"])
            .or_else(|| variable("GITHUB_HEAD_REF"))
            .or_else(|| variable("GITHUB_REF_NAME")),
        branch_url: text(&head["repo"]["html_url"]).filter(|_| is_pull_request),
        number: event["pull_request"]["number"]
            .as_u64()
            .map(|number| number.to_string())
            .or_else(|| number_in(&variable("GITHUB_REF")?)),
        number_url: None,
        name,
    }
}

fn of_azure_pipelines(variable: &dyn Fn(&str) -> Option<String>) -> Found {
    let branch = |name: &str| variable(name).filter(|branch| number_in(branch).is_none());
    let is_known_provider = variable("BUILD_REPOSITORY_PROVIDER").is_none_or(|provider| {
        ["TfsGit", "GitHub", "GitHubEnterprise"].contains(&provider.as_str())
    });
    Found {
        name: variable("BUILD_REPOSITORY_NAME"),
        // Pages of other providers have addresses of their own.
        url: variable("BUILD_REPOSITORY_URI").filter(|_| is_known_provider),
        commit: variable("SYSTEM_PULLREQUEST_SOURCECOMMITID")
            .or_else(|| variable("BUILD_SOURCEVERSION")),
        branch: branch("SYSTEM_PULLREQUEST_SOURCEBRANCH").or_else(|| branch("BUILD_SOURCEBRANCH")),
        branch_url: None,
        // On GitHub the id is another number than the one that people know.
        number: variable("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER")
            .or_else(|| variable("SYSTEM_PULLREQUEST_PULLREQUESTID")),
        number_url: None,
    }
}

fn of_gitlab(variable: &dyn Fn(&str) -> Option<String>) -> Found {
    Found {
        name: variable("CI_PROJECT_PATH"),
        url: variable("CI_PROJECT_URL"),
        commit: variable("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")
            .or_else(|| variable("CI_COMMIT_SHA")),
        branch: variable("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME")
            .or_else(|| variable("CI_COMMIT_REF_NAME")),
        branch_url: variable("CI_MERGE_REQUEST_SOURCE_PROJECT_URL"),
        number: variable("CI_MERGE_REQUEST_IID"),
        // The pipeline of a fork runs in the fork.
        number_url: variable("CI_MERGE_REQUEST_PROJECT_URL"),
    }
}

/// The number in `refs/pull/N/merge`.
fn number_in(reference: &str) -> Option<String> {
    let rest = reference.strip_prefix("refs/pull/")?;
    Some(rest.split('/').next()?.to_owned())
}

impl Found {
    fn with_addresses(self, host: Host) -> CheckedOut {
        let url = self.url.as_deref().and_then(web_address);
        let branch_at = match &self.branch_url {
            Some(address) => web_address(address),
            None => url.clone(),
        };
        let commit = self.commit.filter(|commit| is_commit(commit));
        let number = self.number.filter(|number| is_number(number));
        let number_at = match &self.number_url {
            Some(address) => web_address(address),
            None => url.clone(),
        };
        let names = Addresses { host };
        let file = url.as_ref().zip(commit.as_ref());
        CheckedOut {
            file: file.map(|(url, commit)| names.file(url, commit)),
            commit: commit.map(|commit| Place {
                url: url.as_ref().map(|url| names.commit(url, &commit)),
                name: commit,
            }),
            branch: self.branch.map(|reference| Place {
                url: branch_at.map(|url| names.branch(&url, &reference)),
                name: short_name(&reference).to_owned(),
            }),
            pull_request: number.map(|number| Place {
                url: number_at.map(|url| names.pull_request(&url, &number)),
                name: names.of_pull_request(&number),
            }),
            repository: self.name.map(|name| Place { name, url }),
        }
    }
}

/// How a forge makes the addresses of its pages (documented, or observed in a browser).
#[derive(Debug, Clone, Copy)]
struct Addresses {
    host: Host,
}

impl Addresses {
    fn commit(self, url: &str, commit: &str) -> String {
        match self.host {
            Host::GitHub | Host::AzureDevOps => format!("{url}/commit/{commit}"),
            Host::GitLab => format!("{url}/-/commit/{commit}"),
        }
    }

    fn branch(self, url: &str, reference: &str) -> String {
        let kind = match reference.starts_with("refs/tags/") {
            true => "GT",
            false => "GB",
        };
        let branch = url_path(short_name(reference));
        match self.host {
            Host::GitHub => format!("{url}/tree/{branch}"),
            Host::AzureDevOps => format!("{url}?version={kind}{branch}"),
            Host::GitLab => format!("{url}/-/tree/{branch}"),
        }
    }

    fn pull_request(self, url: &str, number: &str) -> String {
        match self.host {
            Host::GitHub => format!("{url}/pull/{number}"),
            Host::AzureDevOps => format!("{url}/pullrequest/{number}"),
            Host::GitLab => format!("{url}/-/merge_requests/{number}"),
        }
    }

    fn of_pull_request(self, number: &str) -> String {
        match self.host {
            Host::GitHub => format!("#{number}"),
            Host::AzureDevOps | Host::GitLab => format!("!{number}"),
        }
    }

    fn file(self, url: &str, commit: &str) -> String {
        match self.host {
            Host::GitHub => format!("{url}/blob/{commit}/{{path}}#L{{line}}"),
            Host::AzureDevOps => format!(
                "{url}?path=/{{path}}&version=GC{commit}&line={{line}}&lineEnd={{line}}\
                 &lineStartColumn=1&lineEndColumn=1"
            ),
            Host::GitLab => format!("{url}/-/blob/{commit}/{{path}}#L{{line}}"),
        }
    }
}

/// The address without a name and password in it; `None` unless a browser opens it over HTTP.
fn web_address(text: &str) -> Option<String> {
    let mut url = Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    // What is in braces would be replaced.
    let is_plain = !url.as_str().contains(['{', '}']);
    let address = url.as_str().trim_end_matches('/');
    let address = address.strip_suffix(".git").unwrap_or(address);
    (is_web && is_plain).then(|| address.to_owned())
}

fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A branch or tag without `refs/heads/` in front.
fn short_name(reference: &str) -> &str {
    ["refs/heads/", "refs/tags/"]
        .iter()
        .find_map(|prefix| reference.strip_prefix(prefix))
        .unwrap_or(reference)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    fn origin(variables: &[(&str, &str)], event: Option<&Value>) -> CheckedOut {
        let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
        CheckedOut::of(&|name| variables.get(name).map(|v| (*v).to_owned()), event)
    }

    fn url(place: Option<&Place>) -> Option<&str> {
        place?.url.as_deref()
    }

    #[test]
    fn outside_a_pipeline_nothing_is_known() {
        assert_eq!(
            origin(&[("GITHUB_SHA", COMMIT)], None),
            CheckedOut::default()
        );
    }

    #[test]
    fn a_pull_request_of_github_is_about_its_branch() {
        let event = json!({"pull_request": {"number": 7, "head": {"sha": COMMIT, "ref": "new team",
            "repo": {"html_url": "https://github.com/fork/apis"}}}});
        let variables = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "contoso/apis"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_SHA", "ffffffffffffffffffffffffffffffffffffffff"),
            ("GITHUB_REF", "refs/pull/7/merge"),
            ("GITHUB_REF_NAME", "7/merge"),
        ];
        let found = origin(&variables, Some(&event));
        let base = "https://github.com/contoso/apis";
        assert_eq!(url(found.repository.as_ref()), Some(base));
        let commit = found.commit.unwrap();
        assert_eq!(commit.name, COMMIT);
        assert_eq!(commit.url, Some(format!("{base}/commit/{COMMIT}")));
        assert_eq!(
            url(found.branch.as_ref()),
            Some("https://github.com/fork/apis/tree/new%20team")
        );
        assert_eq!(found.pull_request.unwrap().name, "#7");
        let file = format!("{base}/blob/{COMMIT}/{{path}}#L{{line}}");
        assert_eq!(found.file, Some(file));
    }

    #[test]
    fn azure_pipelines_build_repositories_of_both_forges() {
        let common = [
            ("TF_BUILD", "True"),
            (
                "BUILD_SOURCEVERSION",
                "ffffffffffffffffffffffffffffffffffffffff",
            ),
            ("SYSTEM_PULLREQUEST_SOURCECOMMITID", COMMIT),
            ("SYSTEM_PULLREQUEST_SOURCEBRANCH", "refs/heads/feature/x"),
            ("BUILD_SOURCEBRANCH", "refs/pull/4/merge"),
            ("SYSTEM_PULLREQUEST_PULLREQUESTID", "4"),
        ];
        let own = [
            ("BUILD_REPOSITORY_PROVIDER", "TfsGit"),
            ("BUILD_REPOSITORY_NAME", "apis"),
            (
                "BUILD_REPOSITORY_URI",
                "https://contoso@dev.azure.com/contoso/My%20Project/_git/apis",
            ),
        ];
        let found = origin(&[common.as_slice(), &own].concat(), None);
        let base = "https://dev.azure.com/contoso/My%20Project/_git/apis";
        assert_eq!(
            url(found.pull_request.as_ref()),
            Some(format!("{base}/pullrequest/4").as_str())
        );
        assert_eq!(
            url(found.branch.as_ref()),
            Some(format!("{base}?version=GBfeature/x").as_str())
        );
        assert!(found.file.unwrap().starts_with(&format!(
            "{base}?path=/{{path}}&version=GC{COMMIT}&line={{line}}&"
        )));
        let github = [
            ("BUILD_REPOSITORY_PROVIDER", "GitHub"),
            ("BUILD_REPOSITORY_NAME", "contoso/apis"),
            (
                "BUILD_REPOSITORY_URI",
                "https://github.com/contoso/apis.git",
            ),
            ("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "12"),
        ];
        let found = origin(&[common.as_slice(), &github].concat(), None);
        assert_eq!(
            url(found.pull_request.as_ref()),
            Some("https://github.com/contoso/apis/pull/12")
        );
    }

    #[test]
    fn gitlab_names_the_commit_of_the_branch() {
        let variables = [
            ("GITLAB_CI", "true"),
            ("CI_PROJECT_PATH", "contoso/apis"),
            ("CI_PROJECT_URL", "https://gitlab.contoso.com/contoso/apis"),
            ("CI_COMMIT_SHA", COMMIT),
            ("CI_COMMIT_REF_NAME", "main"),
            ("CI_MERGE_REQUEST_IID", "9"),
        ];
        let found = origin(&variables, None);
        let pull_request = found.pull_request.unwrap();
        assert_eq!(pull_request.name, "!9");
        let base = "https://gitlab.contoso.com/contoso/apis/-";
        assert_eq!(pull_request.url, Some(format!("{base}/merge_requests/9")));
        assert_eq!(
            found.file,
            Some(format!("{base}/blob/{COMMIT}/{{path}}#L{{line}}"))
        );
    }

    #[test]
    fn what_is_no_address_for_a_browser_is_no_link() {
        for address in [
            "javascript:alert(1)",
            "git@github.com:contoso/apis.git",
            "ssh://git@github.com/contoso/apis",
            "file:///etc",
            "contoso",
        ] {
            assert_eq!(web_address(address), None, "{address}");
        }
        assert_eq!(
            web_address("https://user:secret@host/a.git?x=1#y").as_deref(),
            Some("https://host/a")
        );
        let variables = [
            ("GITLAB_CI", "true"),
            ("CI_PROJECT_URL", "javascript:alert(1)"),
            ("CI_PROJECT_PATH", "x"),
            ("CI_COMMIT_SHA", "--option"),
            ("CI_MERGE_REQUEST_IID", "1/../2"),
        ];
        let found = origin(&variables, None);
        assert_eq!(url(found.repository.as_ref()), None);
        assert_eq!(
            (found.commit, found.pull_request, found.file),
            (None, None, None)
        );
    }
}
