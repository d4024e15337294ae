//! APIs: the entries of the catalogue.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api_version::ApiVersionSpec;
use super::custom_properties::{self, CustomProperties};
use super::deployment::DeploymentSpec;
use super::kind::{Child, Kind, Parent, as_is, unchanged};
use super::schema::schema_of;
use super::{API_VERSION, DEPLOYMENT};
use crate::model::{KindInfo, Prune};

/// The kind `Api`.
pub static API: Kind = Kind {
    info: KindInfo {
        name: "Api",
        slug: "api",
        noun: "API",
        rank: 5,
        folded: &["kind"],
        immutable: &[],
        kept: &[],
        content: &[],
        prune: Prune::Owned,
        entity: Some("api"),
    },
    parent: Parent::Workspace,
    collection: "apis",
    api_version: "2024-03-01",
    children: &[
        Child {
            field: "versions",
            kind: &API_VERSION,
        },
        Child {
            field: "deployments",
            kind: &DEPLOYMENT,
        },
    ],
    server_owned: &["lifecycleStage"],
    schema: schema_of!(ApiSpec),
    example: r#"{"title": "Orders", "kind": "rest", "summary": "Orders of customers.",
        "description": "Place, read and cancel orders.",
        "termsOfService": {"url": "https://contoso.com/terms"},
        "externalDocumentation": [{"title": "Guide", "description": "How to order.", "url": "https://contoso.com/docs"}],
        "contacts": [{"name": "Orders team", "url": "https://contoso.com", "email": "orders@contoso.com"}],
        "license": {"name": "MIT", "identifier": "MIT"},
        "customProperties": {"team": "orders"}}"#,
    references: |_, body| custom_properties::references(body),
    normalise: as_is,
    read: unchanged,
    write: unchanged,
};

/// An API with its versions, definitions and deployments.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-not-settable" = {
    "lifecycleStage": "the service derives an API's stage from its versions: set `lifecycleStage` on a version"
}))]
pub(super) struct ApiSpec {
    /// Name shown in the portal, 1 to 50 characters.
    #[schemars(length(min = 1, max = 50))]
    pub title: String,
    /// Style of the API.
    #[schemars(extend("x-known-values" =
        ["rest", "graphql", "grpc", "soap", "webhook", "websocket", "mcp"]))]
    pub kind: String,
    /// One sentence for lists, at most 200 characters.
    #[schemars(length(max = 200))]
    pub summary: Option<String>,
    /// What the API does, in Markdown, at most 1,000 characters.
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// Terms under which the API may be used.
    pub terms_of_service: Option<TermsOfService>,
    /// Further documentation, at most 20 entries.
    #[schemars(length(max = 20))]
    pub external_documentation: Option<Vec<ExternalDocumentation>>,
    /// People and teams to turn to.
    pub contacts: Option<Vec<Contact>>,
    /// Licence of the API.
    pub license: Option<License>,
    /// Custom metadata by the name of its metadata schema.
    #[schemars(extend("x-custom-properties" = "api"))]
    pub custom_properties: Option<CustomProperties>,
    /// Versions of the API.
    pub versions: Option<Vec<ApiVersionSpec>>,
    /// Where versions of the API run.
    pub deployments: Option<Vec<DeploymentSpec>>,
}

/// Terms under which an API may be used.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TermsOfService {
    /// Address of the terms, at most 200 characters.
    #[schemars(length(max = 200))]
    pub url: String,
}

/// A page with further documentation.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExternalDocumentation {
    /// Title of the page, at most 50 characters.
    #[schemars(length(max = 50))]
    pub title: Option<String>,
    /// What the page is about, at most 500 characters.
    #[schemars(length(max = 500))]
    pub description: Option<String>,
    /// Address of the page, at most 200 characters.
    #[schemars(length(max = 200))]
    pub url: String,
}

/// Somebody to turn to.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Contact {
    /// Name of the person or team, at most 100 characters.
    #[schemars(length(max = 100))]
    pub name: Option<String>,
    /// Address of a page, at most 200 characters.
    #[schemars(length(max = 200))]
    pub url: Option<String>,
    /// Mail address, at most 100 characters.
    #[schemars(length(max = 100))]
    pub email: Option<String>,
}

/// Licence of an API: named by an SPDX identifier or by an address, not by both.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-exclusive" = ["identifier", "url"]))]
pub(super) struct License {
    /// Name of the licence, at most 100 characters.
    #[schemars(length(max = 100))]
    pub name: Option<String>,
    /// Address of the licence, at most 200 characters.
    #[schemars(length(max = 200))]
    pub url: Option<String>,
    /// SPDX identifier of the licence, at most 50 characters.
    #[schemars(length(max = 50))]
    pub identifier: Option<String>,
}
