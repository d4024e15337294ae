//! Everything that a description says by itself, found in one reading.

use serde::{Deserialize, Serialize};

use super::bundle;
use super::conformance::{self, Oddity};
use super::describe;
use super::description::{Description, DocumentError};
use super::digest;
use super::imports::{self, Import};
use super::reading::Reading;

/// What a document is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentIdentity {
    /// Its [`digest`](super::digest()).
    pub digest: String,
    /// What it describes, or why it is not what it claims to be.
    pub described: Result<Description, DocumentError>,
}

/// What is known of a document from its text and the ending of its file's name alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFacts {
    /// What it is.
    pub identity: DocumentIdentity,
    /// What is odd about it: keys that it has twice, a version of its format that does not exist, and what the
    /// official schema of its format refuses; at most ten.
    pub oddities: Vec<Oddity>,
    /// The files that it imports, in the order of the text. Addresses, and what every reader of the format has, do not
    /// count.
    pub imports: Vec<Import>,
}

impl DocumentIdentity {
    /// Reads a text for what it is.
    #[must_use]
    pub fn of(name_hint: Option<&str>, text: &str) -> Self {
        Self::of_reading(name_hint, &Reading::new(text))
    }

    fn of_reading(name_hint: Option<&str>, reading: &Reading<'_>) -> Self {
        Self {
            digest: digest::of_reading(reading),
            described: describe::of_reading(name_hint, reading),
        }
    }
}

impl DocumentFacts {
    /// Reads a text for everything that it says by itself.
    #[must_use]
    pub fn of(name_hint: Option<&str>, text: &str) -> Self {
        Self::of_reading(name_hint, &Reading::new(text))
    }

    /// As [`of`](Self::of), for a text that may be a part of a description only; `None` if it may refer to other
    /// files.
    #[must_use]
    pub fn of_single(name_hint: Option<&str>, text: &str) -> Option<Self> {
        let reading = Reading::new(text);
        (!bundle::may_refer_outward(&reading)).then(|| Self::of_reading(name_hint, &reading))
    }

    fn of_reading(name_hint: Option<&str>, reading: &Reading<'_>) -> Self {
        let identity = DocumentIdentity::of_reading(name_hint, reading);
        let (oddities, imports) = match &identity.described {
            Ok(description) => (
                conformance::of_reading(reading, description),
                imports::of_reading(reading, description),
            ),
            Err(_) => (Vec::new(), Vec::new()),
        };
        Self {
            identity,
            oddities,
            imports,
        }
    }
}
