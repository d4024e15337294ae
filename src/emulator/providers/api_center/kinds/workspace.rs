//! Workspaces: a service has one, `default`, from its first moment (observed).

use crate::emulator::core::field::{FieldRule, TEXT, TITLE, optional, required};
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::refused;
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::store::{Record, ServiceKey, View};

/// The workspace every service is born with.
pub(in crate::emulator) const DEFAULT: &str = "default";

pub(in crate::emulator) struct WorkspaceKind;

static FIELDS: &[FieldRule] = &[required("title", TITLE), optional("description", TEXT)];

impl ResourceKind for WorkspaceKind {
    fn type_path(&self) -> &'static str {
        "services/workspaces"
    }

    fn name_parameter(&self) -> &'static str {
        "WorkspaceName"
    }

    fn fields(&self) -> &'static [FieldRule] {
        FIELDS
    }

    fn most(&self) -> (u64, u64) {
        (1, 1)
    }

    /// Chosen here, not recorded: everything lives in it, so it stays.
    fn check_delete(
        &self,
        _view: View<'_>,
        _service: &ServiceKey,
        record: &Record,
    ) -> HandlerResult<()> {
        if record.name.eq_ignore_ascii_case(DEFAULT) {
            return Err(refused("The default workspace cannot be deleted.").into());
        }
        Ok(())
    }
}
