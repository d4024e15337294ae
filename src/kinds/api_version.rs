//! Versions of an API.

use schemars::JsonSchema;

use super::api_definition::ApiDefinitionSpec;
use super::kind::{Child, Kind};
use super::lifecycle::STAGES;
use super::location::Location;
use super::schema::{meanings, schema_of, values};
use super::{API, API_DEFINITION};
use crate::model::{KindInfo, Prune, Role, limit};

/// The kind `ApiVersion`.
pub static API_VERSION: Kind = Kind {
    info: KindInfo {
        name: "ApiVersion",
        slug: "version",
        noun: "API version",
        rank: 0,
        role: Role::ApiVersion,
        case_insensitive: &["lifecycleStage"],
        prune: Prune::Owned,
        limit: Some(limit::VERSIONS),
        stage: Some("lifecycleStage"),
        ..KindInfo::PLAIN
    },
    location: Location::Child(&API),
    collection: "versions",
    children: &[Child {
        field: "definitions",
        kind: &API_DEFINITION,
    }],
    schema: schema_of!(ApiVersionSpec),
    example: r#"{"name": "1-0-0", "previously": ["1-0"], "title": "v1", "lifecycleStage": "production"}"#,
    ..Kind::PLAIN
};

/// A version of an API.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct ApiVersionSpec {
    /// Name within the API, part of its address: 1 to 90 letters, digits, dots and hyphens, such as
    /// `v1` or `1-0-0`.
    #[schemars(extend("x-resource-name" = true, "examples" = ["v1"]))]
    pub name: String,
    /// Names that it had before, for a rename: what is there under one of them gets the present name with
    /// everything below it, instead of being deleted.
    #[schemars(inner(length(min = 1, max = 90)), extend("examples" = [["v0"]]))]
    pub previously: Option<Vec<String>>,
    /// Name shown in the portal's list of versions; 1 to 50 characters, such as `v1`.
    #[schemars(length(min = 1, max = 50), extend("examples" = ["v1"]))]
    pub title: String,
    /// Stage of the version's life. The portal shows it, filters by it, and derives the API's own
    /// stage from it.
    #[schemars(extend("x-known-values" = values(STAGES), "x-known-descriptions" = meanings(STAGES)))]
    pub lifecycle_stage: String,
    /// Description files of the version; the portal renders them as documentation and offers them for
    /// download.
    pub definitions: Option<Vec<ApiDefinitionSpec>>,
}
