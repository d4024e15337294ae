//! The pipelines of each forge.

use super::File;
use super::program::{Program, Steps};

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
        ".github/workflows/apicenter-program.yml",
        include_str!("github/program.yml"),
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
    (
        ".azure-pipelines/program.yml",
        include_str!("azure-pipelines/program.yml"),
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

    /// How the program is obtained there.
    fn steps(self) -> Steps {
        match self {
            Self::GitHub => Steps {
                build: include_str!("github/build.yml"),
                download: include_str!("github/download.yml"),
                attestation: include_str!("github/attestation.yml"),
            },
            Self::AzurePipelines => Steps {
                build: include_str!("azure-pipelines/build.yml"),
                download: include_str!("azure-pipelines/download.yml"),
                attestation: "",
            },
            Self::GitLab => Steps {
                build: include_str!("gitlab/build.yml"),
                download: include_str!("gitlab/download.yml"),
                attestation: "",
            },
        }
    }

    /// The file in which the program is pinned.
    pub(super) fn program_file(self) -> &'static str {
        match self {
            Self::GitHub => ".github/workflows/apicenter-program.yml",
            Self::AzurePipelines => ".azure-pipelines/program.yml",
            Self::GitLab => ".gitlab-ci.yml",
        }
    }

    /// A pipeline with a variable that allows a host to get credentials. Parts of pipelines have no variables
    /// of their own and stay as they are.
    fn allowing(self, host: &str, text: &str) -> String {
        let variable = format!("  APICENTER_ALLOWED_HOSTS: \"{host}\" # may get credentials\n");
        let (before, section) = match self {
            Self::GitHub => ("\njobs:\n", format!("\nenv:\n{variable}")),
            Self::AzurePipelines => ("\npool:\n", format!("\nvariables:\n{variable}")),
            Self::GitLab => ("\n.azure:\n", format!("\nvariables:\n{variable}")),
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

/// The pipelines, with the program that they run, and what has to be set up for them. `host` is the one of a
/// cloud of one's own.
pub(super) fn files(ci: Ci, program: &Program, host: Option<&str>) -> Vec<File> {
    let setup = File {
        path: "PIPELINES.md",
        text: format!("{}{}", include_str!("pipelines.md"), ci.setup())
            .replace("@PROGRAM_FILE@", ci.program_file()),
    };
    let templates = match ci {
        Ci::GitHub => GITHUB,
        Ci::AzurePipelines => AZURE_PIPELINES,
        Ci::GitLab => GITLAB,
    };
    let steps = program.fill(&ci.steps());
    let pipelines = templates.iter().map(|&(path, text)| {
        let text = match host {
            // Where the program is obtained, nothing signs in.
            Some(host) if !path.ends_with("program.yml") => ci.allowing(host, text),
            _ => text.to_owned(),
        };
        File {
            path,
            text: text.replace("@PROGRAM@\n", &steps),
        }
    });
    std::iter::once(setup).chain(pipelines).collect()
}
