//! Versions of an API.

use super::Kind;
use crate::emulator::core::field::{Field, TEXT, TITLE, required};

pub(super) struct Version;

static FIELDS: &[Field] = &[required("title", TITLE), required("lifecycleStage", TEXT)];

impl Kind for Version {
    fn collection(&self) -> &'static str {
        "versions"
    }

    fn parent(&self) -> &'static str {
        "apis"
    }

    fn type_path(&self) -> &'static str {
        "services/workspaces/apis/versions"
    }

    fn name_parameter(&self) -> &'static str {
        "VersionName"
    }

    fn fields(&self) -> &'static [Field] {
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
