//! Definitions of a version. Their document goes through `importSpecification` and
//! `exportSpecification`.

use axum::http::StatusCode;

use crate::emulator::core::field::{FieldRule, TEXT, TITLE, optional, required};
use crate::emulator::providers::api_center::kind::ResourceKind;

pub(in crate::emulator) struct DefinitionKind;

/// `specification` is missing on purpose: read-only, written by an import and kept over a PUT
/// (observed).
static FIELDS: &[FieldRule] = &[required("title", TITLE), optional("description", TEXT)];

/// Chosen here, not recorded: a definition that a deployment names may be deleted.
impl ResourceKind for DefinitionKind {
    fn type_path(&self) -> &'static str {
        "services/workspaces/apis/versions/definitions"
    }

    fn name_parameter(&self) -> &'static str {
        "DefinitionName"
    }

    fn fields(&self) -> &'static [FieldRule] {
        FIELDS
    }

    fn source_owned(&self) -> &'static [&'static str] {
        &["title", "description"]
    }

    fn most(&self) -> (u64, u64) {
        (5, 5)
    }

    /// Observed: the only kind whose DELETE returns 200.
    fn deleted(&self) -> StatusCode {
        StatusCode::OK
    }
}
