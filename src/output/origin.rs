//! Where a plan comes from, as far as the pipeline says.

use serde::Serialize;

/// A thing with a name and the address where a browser shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Linked {
    /// Its name.
    pub name: String,
    /// The address: https or http.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Where a plan comes from. What is not known is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanOrigin {
    /// Name of the project.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub project: String,
    /// The repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<Linked>,
    /// The commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<Linked>,
    /// The branch or tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<Linked>,
    /// The pull request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<Linked>,
    /// The address of a line of a file of the project at the commit, with `{path}` and `{line}` in place of both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}
