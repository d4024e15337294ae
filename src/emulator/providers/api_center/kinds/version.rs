//! Versions of an API.

use crate::emulator::core::field::{FieldRule, TEXT, TITLE, required};
use crate::emulator::providers::api_center::kind::ResourceKind;

pub(in crate::emulator) struct VersionKind;

static FIELDS: &[FieldRule] = &[required("title", TITLE), required("lifecycleStage", TEXT)];

impl ResourceKind for VersionKind {
    fn type_path(&self) -> &'static str {
        "services/workspaces/apis/versions"
    }

    fn name_parameter(&self) -> &'static str {
        "VersionName"
    }

    fn fields(&self) -> &'static [FieldRule] {
        FIELDS
    }

    fn source_owned(&self) -> &'static [&'static str] {
        &["title"]
    }

    fn most(&self) -> (u64, u64) {
        (5, 100)
    }

    /// Observed for a creation. Chosen here for updates and deletes too: they can change the API's
    /// derived stage.
    fn touches_parent(&self) -> bool {
        true
    }
}
