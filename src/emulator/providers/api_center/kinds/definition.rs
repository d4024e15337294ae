//! Definitions of a version. Their document goes through `importSpecification` and
//! `exportSpecification`.

use axum::http::StatusCode;

use super::Kind;
use crate::emulator::core::field::{Field, TEXT, TITLE, optional, required};

pub(super) struct Definition;

/// `specification` is missing on purpose: read-only, written by an import and kept over a PUT
/// (observed).
static FIELDS: &[Field] = &[required("title", TITLE), optional("description", TEXT)];

/// Chosen here, not recorded: a definition that a deployment names may be deleted.
impl Kind for Definition {
    fn collection(&self) -> &'static str {
        "definitions"
    }

    fn parent(&self) -> &'static str {
        "versions"
    }

    fn type_path(&self) -> &'static str {
        "services/workspaces/apis/versions/definitions"
    }

    fn name_parameter(&self) -> &'static str {
        "DefinitionName"
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn source_owned(&self) -> &'static [&'static str] {
        &["title", "description"]
    }

    fn most(&self) -> (u64, u64) {
        (5, 5)
    }

    /// Observed: the one kind whose DELETE answers 200.
    fn deleted(&self) -> StatusCode {
        StatusCode::OK
    }
}
