//! What a project is loaded with.

use std::path::PathBuf;

use jiff::civil::Date;

use super::settings::PlanFlags;
use crate::checks::Rules;
use crate::model::ForeignSchemas;

/// What is loaded of a project.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// The entry of `spec.targets`; `None` for the default target.
    pub target: Option<String>,
    /// Where the embedded emulator keeps its state, whatever the project says: a file anywhere.
    pub emulator_data: Option<PathBuf>,
    /// What the flags of the command change in a plan.
    pub flags: PlanFlags,
    /// The rules over manifests and plans.
    pub rules: Rules,
    /// Metadata schemas that another repository declares, as the service has them.
    pub foreign_schemas: ForeignSchemas,
    /// The current day in UTC, by which exemptions end; `None` if none has ended. Nothing below the command
    /// line reads a clock.
    pub today: Option<Date>,
}
