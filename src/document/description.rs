//! What is known of a description: its format, version and title, or why it cannot be read.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::model::Specification;

/// What a document says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Its format and the version of the format that it states: `3.0.3` for OpenAPI, `1.1` for WSDL,
    /// `proto3` for a proto file. GraphQL and WADL state none.
    pub specification: Specification,
    /// The title that it gives itself.
    pub title: Option<String>,
    /// The version that it gives the API.
    pub stated_version: Option<String>,
    /// How it is written.
    pub format: Format,
}

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML that is not JSON.
    Yaml,
    /// XML.
    Xml,
    /// Anything else.
    Text,
}

/// Why a document is not what it claims to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct DocumentError {
    /// One sentence without a full stop.
    pub message: String,
    /// The bytes of the text to look at, where they are known.
    pub place: Option<Range<usize>>,
}

impl Description {
    pub(super) fn new(name: &str, version: Option<String>, format: Format) -> Self {
        Self {
            specification: Specification {
                name: name.to_owned(),
                version,
            },
            title: None,
            stated_version: None,
            format,
        }
    }

    pub(super) fn other(format: Format) -> Self {
        Self::new("other", None, format)
    }

    pub(super) fn titled(self, title: Option<String>) -> Self {
        let title = title.map(|title| title.trim().to_owned());
        Self {
            title: title.filter(|title| !title.is_empty()),
            ..self
        }
    }

    pub(super) fn stating(self, version: Option<String>) -> Self {
        let version = version.map(|version| version.trim().to_owned());
        Self {
            stated_version: version.filter(|version| !version.is_empty()),
            ..self
        }
    }
}

/// Characters of a library's message that are kept: it may quote a token of any length.
const LONGEST_MESSAGE: usize = 200;

impl DocumentError {
    /// An error of a parsing library; `place` may reach beyond the text or split a character.
    pub(super) fn of_parser(message: &str, text: &str, place: Range<usize>) -> Self {
        let start = text.floor_char_boundary(place.start);
        let end = text.ceil_char_boundary(place.end.max(start));
        Self::at(
            message.chars().take(LONGEST_MESSAGE).collect::<String>(),
            start..end,
        )
    }

    pub(super) fn at(message: impl Into<String>, place: Range<usize>) -> Self {
        Self {
            message: message.into(),
            place: Some(place),
        }
    }
}
