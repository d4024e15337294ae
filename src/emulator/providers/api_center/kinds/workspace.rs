//! Workspaces: a service has one, `default`, from its first moment (observed).

use super::Kind;
use crate::emulator::core::field::{Field, TEXT, TITLE, optional, required};
use crate::emulator::core::response::{Outcome, refused};
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::{Record, View};

/// The workspace every service is born with.
pub(in crate::emulator) const DEFAULT: &str = "default";

pub(super) struct Workspace;

static FIELDS: &[Field] = &[required("title", TITLE), optional("description", TEXT)];

impl Kind for Workspace {
    fn collection(&self) -> &'static str {
        "workspaces"
    }

    fn parent(&self) -> &'static str {
        ""
    }

    fn type_path(&self) -> &'static str {
        "services/workspaces"
    }

    fn name_parameter(&self) -> &'static str {
        "WorkspaceName"
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn most(&self) -> (u64, u64) {
        (1, 1)
    }

    /// Chosen here, not recorded: everything lives in it, so it stays.
    fn check_delete(&self, _view: View<'_>, _at: &At, record: &Record) -> Outcome<()> {
        if record.name.eq_ignore_ascii_case(DEFAULT) {
            return Err(refused("The default workspace cannot be deleted.").into());
        }
        Ok(())
    }
}
