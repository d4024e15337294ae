//! Which kind of API a text describes, as far as such texts are compared.

use serde_json::Value;

use super::graphql::Source;
use super::{asyncapi, graphql, openapi};
use crate::document::describe::describe;
use crate::document::description::DocumentError;
use crate::document::structured;

/// A kind of description that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKind {
    /// OpenAPI 3.x or Swagger 2.0.
    OpenApi,
    /// AsyncAPI.
    AsyncApi,
    /// GraphQL, as a schema or as the result of its introspection.
    GraphQl,
    /// Protocol buffers.
    Protobuf,
    /// WSDL.
    Wsdl,
}

impl ApiKind {
    /// What such a text is, with its article.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::OpenApi => "an OpenAPI document",
            Self::AsyncApi => "an AsyncAPI document",
            Self::GraphQl => "a GraphQL schema",
            Self::Protobuf => "a proto file",
            Self::Wsdl => "a WSDL document",
        }
    }

    /// The name as in `specification` of a definition.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenApi => "openapi",
            Self::AsyncApi => "asyncapi",
            Self::GraphQl => "graphql",
            Self::Protobuf => "grpc",
            Self::Wsdl => "wsdl",
        }
    }
}

/// The kind of a text that is the tree, if it is one.
pub(super) fn kind_of(
    name: Option<&str>,
    text: &str,
    tree: Option<&Value>,
) -> Result<ApiKind, DocumentError> {
    if let Some(kind) = tree.and_then(of_tree) {
        return Ok(kind);
    }
    if text.trim().is_empty() {
        return Err(without_place("it is empty"));
    }
    // Without a tree, something is wrong with what claims to be one.
    let is_tree = structured::claims_description(text) && !structured::is_raml(text);
    if tree.is_none()
        && is_tree
        && let Some(problem) = structured::first_problem(text)
    {
        return Err(problem);
    }
    let described = describe(name, text)?;
    match described.specification.name.as_str() {
        "graphql" if graphql::is_schema(Source::Language(text)) => Ok(ApiKind::GraphQl),
        "graphql" => Err(without_place("it declares no types")),
        "grpc" => Ok(ApiKind::Protobuf),
        "wsdl" => Ok(ApiKind::Wsdl),
        "other" | "openapi" | "asyncapi" => Err(without_place("it describes no API")),
        name => Err(without_place(&format!(
            "descriptions in {} are not compared",
            name.to_uppercase()
        ))),
    }
}

fn of_tree(tree: &Value) -> Option<ApiKind> {
    if openapi::is_openapi(tree) {
        Some(ApiKind::OpenApi)
    } else if asyncapi::is_asyncapi(tree) {
        Some(ApiKind::AsyncApi)
    } else {
        graphql::is_schema(Source::Introspection(tree)).then_some(ApiKind::GraphQl)
    }
}

fn without_place(message: &str) -> DocumentError {
    DocumentError {
        message: message.to_owned(),
        place: None,
    }
}
