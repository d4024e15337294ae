//! Versions of an API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api_definition::ApiDefinitionSpec;
use super::kind::{Child, Kind, Parent, as_is, no_references, unchanged};
use super::schema::schema_of;
use super::{API, API_DEFINITION};
use crate::model::{KindInfo, Prune};

/// The kind `ApiVersion`.
pub static API_VERSION: Kind = Kind {
    info: KindInfo {
        name: "ApiVersion",
        slug: "version",
        noun: "API version",
        rank: 0,
        folded: &["lifecycleStage"],
        immutable: &[],
        kept: &[],
        content: &[],
        prune: Prune::Owned,
        entity: None,
    },
    parent: Parent::Of(&API),
    collection: "versions",
    api_version: "2024-03-01",
    children: &[Child {
        field: "definitions",
        kind: &API_DEFINITION,
    }],
    server_owned: &[],
    schema: schema_of!(ApiVersionSpec),
    example: r#"{"name": "1-0-0", "title": "v1", "lifecycleStage": "production"}"#,
    references: no_references,
    normalise: as_is,
    read: unchanged,
    write: unchanged,
};

/// A version of an API.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ApiVersionSpec {
    /// Name within the API: 3 to 90 letters, digits and hyphens, such as `1-0-0`.
    #[schemars(extend("x-resource-name" = true))]
    pub name: String,
    /// Name shown in the portal, 1 to 50 characters, such as `v1`.
    #[schemars(length(min = 1, max = 50))]
    pub title: String,
    /// Stage of the version's life.
    #[schemars(extend("x-known-values" = [
        "design", "development", "testing", "preview", "production", "deprecated", "retired"]))]
    pub lifecycle_stage: String,
    /// Description files of the version.
    pub definitions: Option<Vec<ApiDefinitionSpec>>,
}
