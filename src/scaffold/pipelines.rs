//! The pipelines of each forge.

use super::File;

/// Which pipelines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ci {
    /// GitHub Actions.
    GitHub,
    /// Azure Pipelines.
    AzurePipelines,
    /// GitLab CI.
    GitLab,
}

type Template = (&'static str, &'static str);

const GITHUB: &[Template] = &[
    (
        ".github/actions/apicenter/action.yml",
        include_str!("github/action.yml"),
    ),
    (
        ".github/workflows/apicenter-apply.yml",
        include_str!("github/apply.yml"),
    ),
    (
        ".github/workflows/apicenter-drift.yml",
        include_str!("github/drift.yml"),
    ),
    (
        ".github/workflows/apicenter-plan.yml",
        include_str!("github/plan.yml"),
    ),
    (
        ".github/workflows/apicenter-snapshot.yml",
        include_str!("github/snapshot.yml"),
    ),
];

const AZURE_PIPELINES: &[Template] = &[
    (
        ".azure-pipelines/apicenter-apply.yml",
        include_str!("azure-pipelines/apply.yml"),
    ),
    (
        ".azure-pipelines/apicenter-drift.yml",
        include_str!("azure-pipelines/drift.yml"),
    ),
    (
        ".azure-pipelines/apicenter-plan.yml",
        include_str!("azure-pipelines/plan.yml"),
    ),
    (
        ".azure-pipelines/install.yml",
        include_str!("azure-pipelines/install.yml"),
    ),
];

const GITLAB: &[Template] = &[(".gitlab-ci.yml", include_str!("gitlab/gitlab-ci.yml"))];

impl Ci {
    /// What has to be set up for them.
    fn setup(self) -> &'static str {
        match self {
            Self::GitHub => include_str!("github/setup.md"),
            Self::AzurePipelines => include_str!("azure-pipelines/setup.md"),
            Self::GitLab => include_str!("gitlab/setup.md"),
        }
    }

    /// A pipeline with a variable that allows a host to get credentials. Parts of pipelines have no variables
    /// of their own and stay as they are.
    fn allowing(self, host: &str, text: &str) -> String {
        let variable = format!("  APICENTER_ALLOWED_HOSTS: \"{host}\" # may get credentials\n");
        let (before, section) = match self {
            Self::GitHub => ("\njobs:\n", format!("\nenv:\n{variable}")),
            Self::AzurePipelines => ("\npool:\n", format!("\nvariables:\n{variable}")),
            Self::GitLab => ("  APICENTER_VERSION:", variable),
        };
        text.replacen(before, &format!("{section}{before}"), 1)
    }

    pub(super) fn next_step(self) -> &'static str {
        match self {
            Self::GitHub => {
                "give GitHub the variables AZURE_TENANT_ID, AZURE_PLAN_CLIENT_ID and, in the \
                 environment apicenter-prod, AZURE_APPLY_CLIENT_ID (PIPELINES.md has the details)"
            }
            Self::AzurePipelines => {
                "create the pipelines, the service connections apicenter-plan and apicenter-apply, and \
                 the environment apicenter-prod (PIPELINES.md has the details)"
            }
            Self::GitLab => {
                "give GitLab the variables AZURE_TENANT_ID, AZURE_PLAN_CLIENT_ID, \
                 AZURE_APPLY_CLIENT_ID and GITLAB_TOKEN (PIPELINES.md has the details)"
            }
        }
    }
}

/// The pipelines, for this version of the program, and what has to be set up for them.
/// `host` is the one of a cloud of one's own.
pub(super) fn files(ci: Ci, host: Option<&str>) -> impl Iterator<Item = File> {
    let setup = File {
        path: "PIPELINES.md",
        text: format!("{}{}", include_str!("pipelines.md"), ci.setup()),
    };
    let templates = match ci {
        Ci::GitHub => GITHUB,
        Ci::AzurePipelines => AZURE_PIPELINES,
        Ci::GitLab => GITLAB,
    };
    let pipelines = templates.iter().map(move |&(path, text)| {
        let text = text.replace("@VERSION@", env!("CARGO_PKG_VERSION"));
        let text = match host {
            Some(host) => ci.allowing(host, &text),
            None => text,
        };
        File { path, text }
    });
    std::iter::once(setup).chain(pipelines)
}
