//! APIs: the entries of the catalogue.

use schemars::JsonSchema;
use serde_json::{Map, Value};

use super::api_version::ApiVersionSpec;
use super::custom_properties::{self, CustomProperties};
use super::deployment::DeploymentSpec;
use super::kind::{Child, Kind, Snippet};
use super::location::{API_CENTER, Location};
use super::schema::{Known, meanings, schema_of, values};
use super::{API_VERSION, DEPLOYMENT};
use crate::model::{KindInfo, Prune, Role, limit};

/// The kind `Api`.
pub static API: Kind = Kind {
    info: KindInfo {
        name: "Api",
        slug: "api",
        noun: "API",
        rank: 5,
        role: Role::Api,
        case_insensitive: &["kind"],
        prune: Prune::Owned,
        entity: Some("api"),
        limit: Some(limit::APIS),
        stage: Some("lifecycleStage"),
        ..KindInfo::PLAIN
    },
    location: Location::Workspace(&API_CENTER),
    collection: "apis",
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
        "customProperties": {"team": "orders"},
        "packages": [{"registry_name": "npm", "name": "@contoso/files", "version": "1.0.0", "runtime_hint": "npx"}],
        "remote": "https://files.contoso.com/mcp",
        "remoteType": "streamable-http",
        "vendor": "Contoso",
        "icon": "https://contoso.com/files.png",
        "useCases": [{"name": "Reading", "description": "Reads a file."}],
        "categories": ["files"],
        "supportContactInfo": {"name": "Files team", "email": "files@contoso.com"},
        "securitySchemes": {"oauth": {"type": "oauth2"}},
        "authSchemas": [{"name": "oauth"}],
        "audience": "internal"}"#,
    snippets: &[
        Snippet {
            label: "",
            description: "An API with a version and its description file",
            spec: r#"{"title": "${2:Title}",
                "kind": "${3|rest,graphql,grpc,soap,webhook,websocket,mcp|}",
                "summary": "${4:What it is for.}",
                "versions": [{
                    "name": "${5:1-0-0}", "title": "${6:v1}",
                    "lifecycleStage": "${7|design,development,testing,preview,production,deprecated,retired|}",
                    "definitions": [{"name": "${8:openapi}", "title": "${9:OpenAPI}",
                        "source": {"file": "${10:./openapi.yaml}"}}]}]}"#,
        },
        Snippet {
            label: "deployed",
            description: "An API with a version, its description file, and where it runs",
            spec: r#"{"title": "${2:Title}",
                "kind": "${3|rest,graphql,grpc,soap,webhook,websocket,mcp|}",
                "summary": "${4:What it is for.}",
                "versions": [{
                    "name": "${5:1-0-0}", "title": "${6:v1}",
                    "lifecycleStage": "${7|design,development,testing,preview,production,deprecated,retired|}",
                    "definitions": [{"name": "${8:openapi}", "title": "${9:OpenAPI}",
                        "source": {"file": "${10:./openapi.yaml}"}}]}],
                "deployments": [{"name": "${11:production}", "title": "${12:Production}",
                    "environment": "${13:production}", "definition": "${5:1-0-0}/${8:openapi}",
                    "server": {"runtimeUri": ["${14:https://api.example.com}"]}}]}"#,
        },
    ],
    is_one: is_api,
    references: |_, body| custom_properties::references(body),
    redirect: custom_properties::redirect,
    ..Kind::PLAIN
};

/// Assets that the data plane lists as APIs and that are types of their own in the resource manager, and how they
/// are declared. An API cannot be declared as one: it would not be read back.
const OTHER_ASSETS: [(&str, &str); 4] = [
    ("agent", "declare it as kind `Agent`"),
    (
        "model",
        "declare it as kind `Resource` with the type `models`",
    ),
    ("skill", "declare it as kind `Skill`"),
    ("plugin", "declare it as kind `Plugin`"),
];

fn other_assets() -> Map<String, Value> {
    OTHER_ASSETS
        .iter()
        .map(|(style, help)| ((*style).to_owned(), Value::from(*help)))
        .collect()
}

/// Whether an item of the list is an API (not known of the resource manager: it may list other assets as well).
fn is_api(envelope: &Map<String, Value>) -> bool {
    let text = |value: Option<&Value>| Some(value?.as_str()?.to_ascii_lowercase());
    let style = envelope
        .get("properties")
        .and_then(|all| text(all.get("kind")));
    let own_type = text(envelope.get("type"));
    !OTHER_ASSETS.iter().any(|(other, _)| {
        let is_of_type = |own: &String| own.ends_with(&format!("/{other}s"));
        style.as_deref() == Some(*other) || own_type.as_ref().is_some_and(is_of_type)
    })
}

/// Styles of APIs; the service takes others too.
const STYLES: &Known = &[
    (
        "rest",
        "HTTP API with resources, usually described by OpenAPI.",
    ),
    ("graphql", "GraphQL endpoint, described by its schema."),
    (
        "grpc",
        "Remote procedure calls over HTTP/2, described by proto files.",
    ),
    ("soap", "SOAP service, described by WSDL."),
    (
        "webhook",
        "Calls that the API makes to its consumers when something happens.",
    ),
    (
        "websocket",
        "Two-way messages over one connection, usually described by AsyncAPI.",
    ),
    ("mcp", "Model Context Protocol server: tools for AI agents."),
];

/// An API with its versions, definitions and deployments: an entry of the catalogue.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
#[schemars(extend("x-not-settable" = {
    "lifecycleStage": "the service derives an API's stage from its versions: set `lifecycleStage` on a version"
}))]
pub(super) struct ApiSpec {
    /// Name shown in the portal's list of APIs and as the heading of its page; 1 to 50 characters.
    #[schemars(length(min = 1, max = 50), extend("examples" = ["Orders"]))]
    pub title: String,
    /// Style of the API: the portal shows it and filters by it. Another value than the known ones is
    /// accepted.
    #[schemars(extend("x-known-values" = values(STYLES), "x-known-descriptions" = meanings(STYLES), "x-other-kinds" = other_assets()))]
    pub kind: String,
    /// One sentence about the API, for lists and search results of the portal; at most 200 characters.
    #[schemars(length(max = 200), extend("examples" = ["Place an order, follow it and cancel it."]))]
    pub summary: Option<String>,
    /// What the API does, in Markdown, on its page in the portal; at most 1,000 characters.
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// Terms under which the API may be used: a link on its page in the portal.
    pub terms_of_service: Option<TermsOfService>,
    /// Links to further documentation on the API's page in the portal; at most 20.
    #[schemars(length(max = 20))]
    pub external_documentation: Option<Vec<ExternalDocumentation>>,
    /// People and teams to turn to, as listed on the API's page in the portal.
    pub contacts: Option<Vec<Contact>>,
    /// Licence of the API, as shown on its page in the portal.
    pub license: Option<License>,
    /// The organisation's own metadata: a value per metadata schema that is assigned to `api`, by the
    /// schema's name. The portal shows it on the API's page and can filter by it.
    #[schemars(extend("x-custom-properties" = "api"))]
    pub custom_properties: Option<CustomProperties>,
    /// Packages from which clients install an MCP server: registry, name, version, runtime hint and arguments, as the service spells them. For `mcp` APIs; passed on as it is.
    pub packages: Option<Value>,
    /// Address of a remote MCP server, or its details as the service spells them. For `mcp` APIs; passed on as it is.
    pub remote: Option<Value>,
    /// How a remote MCP server is reached, such as `streamable-http` or `sse`. For `mcp` APIs; passed on as it is.
    pub remote_type: Option<Value>,
    /// Who offers the MCP server. For `mcp` APIs; passed on as it is.
    pub vendor: Option<Value>,
    /// Address of an icon. For `mcp` APIs; passed on as it is.
    pub icon: Option<Value>,
    /// What the MCP server is good for. For `mcp` APIs; passed on as it is.
    pub use_cases: Option<Value>,
    /// Categories in which the MCP server is found. For `mcp` APIs; passed on as it is.
    pub categories: Option<Value>,
    /// Whom to ask for support. For `mcp` APIs; passed on as it is.
    pub support_contact_info: Option<Value>,
    /// How clients sign in to the MCP server. For `mcp` APIs; passed on as it is.
    pub security_schemes: Option<Value>,
    /// Further details of how clients sign in. For `mcp` APIs; passed on as it is.
    pub auth_schemas: Option<Value>,
    /// Who the MCP server is for. For `mcp` APIs; passed on as it is.
    pub audience: Option<Value>,
    /// Versions of the API, each with its own stage and definitions.
    pub versions: Option<Vec<ApiVersionSpec>>,
    /// Where definitions of the API run: one entry per environment and definition.
    pub deployments: Option<Vec<DeploymentSpec>>,
}

/// Terms under which an API may be used.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct TermsOfService {
    /// Address of the page with the terms; at most 200 characters.
    #[schemars(length(max = 200), extend("examples" = ["https://contoso.com/legal/api-terms"]))]
    pub url: String,
}

/// A page with further documentation.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct ExternalDocumentation {
    /// Text of the link; at most 50 characters.
    #[schemars(length(max = 50), extend("examples" = ["Getting started"]))]
    pub title: Option<String>,
    /// What the page is about; at most 500 characters.
    #[schemars(length(max = 500))]
    pub description: Option<String>,
    /// Address of the page; at most 200 characters.
    #[schemars(length(max = 200), extend("examples" = ["https://docs.contoso.com/orders"]))]
    pub url: String,
}

/// Somebody to turn to.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct Contact {
    /// Name of the person or team; at most 100 characters.
    #[schemars(length(max = 100), extend("examples" = ["Checkout team"]))]
    pub name: Option<String>,
    /// Address of a page about them, such as a team page; at most 200 characters.
    #[schemars(length(max = 200), extend("examples" = ["https://teams.contoso.com/checkout"]))]
    pub url: Option<String>,
    /// Mail address; at most 100 characters.
    #[schemars(length(max = 100), extend("examples" = ["checkout@contoso.com"]))]
    pub email: Option<String>,
}

/// Licence of an API: named by an SPDX identifier or by an address, not by both.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
#[schemars(extend("x-exclusive" = ["identifier", "url"]))]
pub(super) struct License {
    /// Name of the licence; at most 100 characters.
    #[schemars(length(max = 100), extend("examples" = ["MIT License"]))]
    pub name: Option<String>,
    /// Address of the licence's text; at most 200 characters. Not together with `identifier`.
    #[schemars(length(max = 200), extend("examples" = ["https://contoso.com/legal/api-licence"]))]
    pub url: Option<String>,
    /// SPDX identifier of the licence, such as `MIT` or `Apache-2.0`; at most 50 characters. Not
    /// together with `url`.
    #[schemars(length(max = 50), extend("examples" = ["MIT", "Apache-2.0"]))]
    pub identifier: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn type_and_style_say_whether_an_item_is_an_api() {
        const TYPE: &str = "Microsoft.ApiCenter/services/workspaces";
        for (style, of_type, is_one) in [
            (json!("rest"), json!(format!("{TYPE}/apis")), true),
            (json!("rest"), json!(format!("{TYPE}/APIs")), true),
            (json!(null), json!(null), true),
            (json!("mcp"), json!(null), true),
            // What is not known is not hidden.
            (json!("rest"), json!("x"), true),
            (json!("rest"), json!(format!("{TYPE}/agents")), false),
            (json!("Agent"), json!(format!("{TYPE}/apis")), false),
            (json!("model"), json!(null), false),
        ] {
            let item = json!({"type": of_type, "properties": {"kind": style}});
            assert_eq!(is_api(item.as_object().unwrap()), is_one, "{item}");
        }
    }
}
