//! Definitions: the description files of a version.

use schemars::JsonSchema;
use serde_json::Value;

use super::API_VERSION;
use super::content::{Content, ContentForm, Presence};
use super::kind::Kind;
use super::location::Location;
use super::schema::{Known, meanings, schema_of, values};
use crate::model::{Address, Body, KindInfo, Prune, limit};

/// The kind `ApiDefinition`.
///
/// In canonical form `source` is the digest of the document, so that a document that differs is a
/// field that differs.
pub static API_DEFINITION: Kind = Kind {
    info: KindInfo {
        name: "ApiDefinition",
        slug: "definition",
        noun: "API definition",
        rank: 0,
        case_insensitive: &["specification.name"],
        retained_when_absent: &["specification", "source"],
        content_fields: &["specification", "source"],
        prune: Prune::Owned,
        limit: Some(limit::DEFINITIONS),
        ..KindInfo::PLAIN
    },
    location: Location::Child(&API_VERSION),
    collection: "definitions",
    content: Some(Content {
        field: "source",
        form: ContentForm::Document {
            format_field: "specification",
        },
        export_action: "exportSpecification",
        import_action: "importSpecification",
        // Observed: a definition has a specification as soon as it has a document.
        presence: |properties| match properties.get("specification") {
            None | Some(Value::Null) => Presence::Absent,
            Some(Value::Object(fields)) if fields.is_empty() => Presence::Unknown,
            Some(_) => Presence::Certain,
        },
        evidence: "its `specification` is set",
        changes_modified_time: true,
        readers_may_export: true,
    }),
    schema: schema_of!(ApiDefinitionSpec),
    example: r#"{"name": "openapi", "previously": ["swagger"], "title": "OpenAPI", "description": "For tools.",
        "specification": {"name": "openapi", "version": "3.0.3"}}"#,
    normalise,
    ..Kind::PLAIN
};

/// Formats of description files.
const FORMATS: &Known = &[
    ("openapi", "OpenAPI 3.x or Swagger 2.0, in YAML or JSON."),
    ("asyncapi", "AsyncAPI 2.x or 3.x, for messages and events."),
    ("graphql", "GraphQL schema language."),
    ("grpc", "Protocol buffers with services."),
    ("raml", "RESTful API Modeling Language."),
    ("wadl", "Web Application Description Language."),
    ("wsdl", "Web Services Description Language, for SOAP."),
    ("other", "Anything else: kept as it is."),
];

/// A definition: one description file of a version.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct ApiDefinitionSpec {
    /// Name within the version, part of its address: 1 to 90 letters, digits, dots and hyphens, such as
    /// `openapi`. Deployments name it as `VERSION/DEFINITION`.
    #[schemars(extend("x-resource-name" = true, "examples" = ["openapi"]))]
    pub name: String,
    /// Names that it had before, for a rename: what is there under one of them gets the present name with
    /// everything below it, instead of being deleted.
    #[schemars(inner(length(min = 1, max = 90)), extend("examples" = [["swagger"]]))]
    pub previously: Option<Vec<String>>,
    /// Name shown in the portal's list of definitions; 1 to 50 characters.
    #[schemars(length(min = 1, max = 50), extend("examples" = ["OpenAPI"]))]
    pub title: String,
    /// What the document is for.
    pub description: Option<String>,
    /// Format of the document. Leave it out: it is read from the document.
    pub specification: Option<SpecificationSpec>,
    /// Where the document comes from. Without it the definition stays without content, or keeps what
    /// others put there.
    pub source: Option<DefinitionSource>,
}

/// Format of a description file.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct SpecificationSpec {
    /// Name of the format, as the portal shows it.
    #[schemars(extend("x-known-values" = values(FORMATS), "x-known-descriptions" = meanings(FORMATS)))]
    pub name: Option<String>,
    /// Version of the format, such as `3.0.3`.
    #[schemars(extend("x-or-number" = true, "examples" = ["3.0.3"]))]
    pub version: Option<String>,
}

/// Where a document comes from: exactly one of these.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
#[schemars(extend("x-exclusive" = ["file", "inline", "url", "apiManagement"], "x-one-required" = true))]
pub(super) struct DefinitionSource {
    /// Path of a file of this repository, relative to the manifest; at most 3 MB. It is imported byte
    /// for byte.
    #[schemars(extend("examples" = ["./openapi.yaml"]))]
    pub file: Option<String>,
    /// The document itself, as a block of text; at most 3 MB.
    pub inline: Option<String>,
    /// Address from which the service fetches the document. It must be reachable for the service.
    #[schemars(extend("examples" = ["https://contoso.com/openapi.json"]))]
    pub url: Option<String>,
    /// An API in API Management, which exports the document whenever a plan is made.
    pub api_management: Option<ApiManagementSource>,
}

/// An API in API Management.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct ApiManagementSource {
    /// ARM id of the instance, or of one of its workspaces. The identity that plans needs the role API
    /// Management Service Reader on it.
    #[schemars(
        regex(pattern = "^/subscriptions/[^/]+/resource[Gg]roups/[^/]+/providers/[Mm]icrosoft\\.[Aa]pi[Mm]anagement/service/[^/]+(/workspaces/[^/]+)?$"),
        extend(
            "examples" = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-apim/providers/Microsoft.ApiManagement/service/contoso-apim"],
            "patternErrorMessage" = "Write the ARM id of an API Management instance."
        )
    )]
    pub resource_id: String,
    /// Name of the API there, as in its own id: not its display name.
    #[schemars(length(min = 1, max = 256), extend("examples" = ["orders-v2"]))]
    pub api: String,
}

/// A version that is empty says that there is none.
fn normalise(_: &Address, body: &mut Body) {
    if let Some(specification) = body
        .get_mut("specification")
        .and_then(|s| s.as_object_mut())
        && specification
            .get("version")
            .is_some_and(|version| version == "")
    {
        specification.shift_remove("version");
    }
}
