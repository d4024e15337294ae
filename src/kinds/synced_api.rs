//! What the catalogue adds to an API that an integration keeps.

use schemars::JsonSchema;
use serde_json::Value;

use super::INTEGRATION;
use super::api::{ExternalDocumentation, License, TermsOfService};
use super::custom_properties::{self, CustomProperties};
use super::kind::{Kind, Reference, Snippet};
use super::lifecycle::STAGES;
use super::schema::{meanings, schema_of, values};
use crate::model::{Address, Body, KindInfo, Prune, Role};

/// The kind `SyncedApi`.
///
/// It is not a resource of the service: planning finds the API that it is about by integration and title,
/// and turns it into changes of that API.
pub static SYNCED_API: Kind = Kind {
    info: KindInfo {
        name: "SyncedApi",
        slug: "synced-api",
        noun: "synchronised API",
        rank: 6,
        role: Role::SyncedApi,
        prune: Prune::Never,
        entity: Some("api"),
        ..KindInfo::PLAIN
    },
    collection: "syncedApis",
    schema: schema_of!(SyncedApiSpec),
    example: r#"{"match": {"integration": "apim-prod", "title": "Orders"},
        "summary": "Orders of customers.",
        "termsOfService": {"url": "https://contoso.com/terms"},
        "externalDocumentation": [{"title": "Guide", "description": "How to order.", "url": "https://contoso.com/docs"}],
        "license": {"name": "MIT", "identifier": "MIT"},
        "customProperties": {"team": "orders"},
        "versions": [{"title": "v1", "lifecycleStage": "production"}]}"#,
    snippets: &[Snippet {
        label: "",
        description: "What the catalogue adds to an API that an integration synchronises",
        spec: r#"{"match": {"integration": "${2:contoso-apim}", "title": "${3:Orders}"},
                "summary": "${4:What the API is for.}"}"#,
    }],
    references,
    ..Kind::PLAIN
};

/// What the catalogue adds to an API that an integration brought in and keeps. Everything else belongs
/// to the gateway.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
#[schemars(extend("x-not-settable" = {
    "title": "the gateway owns a synchronised API's title: change it there",
    "kind": "the gateway owns a synchronised API's kind: change it there",
    "description": "the gateway owns a synchronised API's description: change it there, or write a `summary`",
    "contacts": "nobody can set the contacts of a synchronised API",
    "deployments": "the gateway owns a synchronised API's deployments: change them there",
    "lifecycleStage": "the service derives an API's stage from its versions: set `lifecycleStage` on a version"
}))]
pub(super) struct SyncedApiSpec {
    /// Which API: its integration, and its title as the gateway has it.
    pub r#match: Match,
    /// One sentence about the API, for lists and search results of the portal; at most 200 characters.
    #[schemars(length(max = 200))]
    pub summary: Option<String>,
    /// Terms under which the API may be used: a link on its page in the portal.
    pub terms_of_service: Option<TermsOfService>,
    /// Links to further documentation on the API's page in the portal; at most 20.
    #[schemars(length(max = 20))]
    pub external_documentation: Option<Vec<ExternalDocumentation>>,
    /// Licence of the API, as shown on its page in the portal.
    pub license: Option<License>,
    /// The organisation's own metadata: a value per metadata schema that is assigned to `api`, by the
    /// schema's name.
    #[schemars(extend("x-custom-properties" = "api"))]
    pub custom_properties: Option<CustomProperties>,
    /// Stages of versions, each found by its title. A version that is not named stays as it is.
    pub versions: Option<Vec<SyncedVersion>>,
}

/// How a synchronised API is found: its name is generated, so nobody needs to know it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct Match {
    /// Name of the integration that brought it in, as in its manifest's `metadata.name`.
    #[schemars(extend("x-reference" = "integration"))]
    pub integration: String,
    /// Title of the API, as the gateway has it; upper and lower case count.
    #[schemars(length(min = 1), extend("examples" = ["Orders"]))]
    pub title: String,
}

/// The stage of a synchronised version.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct SyncedVersion {
    /// Title of the version, as the gateway has it.
    #[schemars(length(min = 1), extend("examples" = ["v1"]))]
    pub title: String,
    /// Stage of the version's life. The portal shows it, filters by it, and derives the API's own
    /// stage from it.
    #[schemars(extend("x-known-values" = values(STAGES), "x-known-descriptions" = meanings(STAGES)))]
    pub lifecycle_stage: String,
}

fn references(_: &Address, body: &Body) -> Vec<Reference> {
    let mut all = custom_properties::references(body);
    let integration = body.get("match").and_then(|found| found.get("integration"));
    if let Some(name) = integration.and_then(Value::as_str) {
        let target = Address::top(&INTEGRATION.info, name);
        all.push(Reference::new("match.integration", target));
    }
    all
}
