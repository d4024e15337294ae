//! The families of description formats: where they keep objects by name.

use super::fields::{ASYNCAPI_SECTIONS, Kind, OPENAPI_SECTIONS, Position};
use crate::yaml::Node;

/// How a description is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// OpenAPI 3.
    OpenApi,
    /// Swagger 2.
    Swagger,
    /// AsyncAPI 2.
    AsyncApi2,
    /// AsyncAPI 3.
    AsyncApi3,
    /// JSON Schema that keeps its definitions in `$defs`.
    JsonSchema,
    /// JSON Schema that keeps its definitions in `definitions`.
    OldJsonSchema,
}

impl Family {
    /// The family of a document; `None` for what is not bundled.
    pub(super) fn of(root: &Node) -> Option<Self> {
        let text = |key: &str| root.get(key).and_then(|node| node.scalar_text());
        if text("openapi").is_some() {
            return Some(Self::OpenApi);
        }
        if text("swagger").is_some() {
            return Some(Self::Swagger);
        }
        if let Some(version) = text("asyncapi") {
            let is_old = version.starts_with(['1', '2']);
            return Some(if is_old {
                Self::AsyncApi2
            } else {
                Self::AsyncApi3
            });
        }
        let dialect = text("$schema").filter(|dialect| dialect.contains("json-schema.org"))?;
        let is_draft = dialect.contains("/draft-0") || dialect.ends_with("/schema#");
        let has = |key: &str| root.entry(key).is_some();
        let is_old = has("definitions") || is_draft && !has("$defs");
        Some(if is_old {
            Self::OldJsonSchema
        } else {
            Self::JsonSchema
        })
    }

    /// What the whole document is.
    pub(super) fn root(self) -> Position {
        Position::One(match self {
            Self::OpenApi => Kind::OpenApi,
            Self::Swagger => Kind::Swagger,
            Self::AsyncApi2 | Self::AsyncApi3 => Kind::AsyncApi,
            Self::JsonSchema | Self::OldJsonSchema => Kind::Schema,
        })
    }

    pub(super) fn is_json_schema(self) -> bool {
        matches!(self, Self::JsonSchema | Self::OldJsonSchema)
    }

    /// Where objects of a kind are kept by name, as a pointer; `None` for a kind that has no such place.
    pub(super) fn section(self, position: Position) -> Option<&'static str> {
        let Position::One(kind) = position else {
            return None;
        };
        match (self, kind) {
            (Self::JsonSchema, Kind::Schema) => Some("/$defs"),
            (Self::OldJsonSchema | Self::Swagger, Kind::Schema) => Some("/definitions"),
            (Self::Swagger, Kind::Parameter) => Some("/parameters"),
            (Self::Swagger, Kind::Response) => Some("/responses"),
            (Self::OpenApi, _) => section_of(kind, &OPENAPI_SECTIONS),
            (Self::AsyncApi2, Kind::Channel | Kind::EventOperation | Kind::Reply) => None,
            (Self::AsyncApi2 | Self::AsyncApi3, Kind::Payload) => Some("/components/schemas"),
            (Self::AsyncApi2 | Self::AsyncApi3, _) => section_of(kind, &ASYNCAPI_SECTIONS),
            _ => None,
        }
    }

    /// Pointers to the mappings in which an object may be a reference and nothing else.
    pub(super) fn collections(self) -> Vec<&'static str> {
        let pointers = |sections: &[(&'static str, Kind)]| -> Vec<&'static str> {
            sections.iter().map(|(pointer, _)| *pointer).collect()
        };
        match self {
            Self::OpenApi => pointers(&OPENAPI_SECTIONS),
            Self::Swagger => vec!["/definitions", "/parameters", "/responses"],
            Self::AsyncApi2 => [&["/servers"], &*pointers(&ASYNCAPI_SECTIONS)].concat(),
            Self::AsyncApi3 => {
                let roots: &[&str] = &["/channels", "/operations", "/servers"];
                [roots, &pointers(&ASYNCAPI_SECTIONS)].concat()
            }
            Self::JsonSchema => vec!["/$defs"],
            Self::OldJsonSchema => vec!["/definitions"],
        }
    }
}

fn section_of(kind: Kind, sections: &[(&'static str, Kind)]) -> Option<&'static str> {
    let mut sections = sections.iter();
    sections
        .find(|(_, other)| *other == kind)
        .map(|(pointer, _)| *pointer)
}
