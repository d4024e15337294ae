//! What a project is loaded with.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::open_error::OpenError;
use super::settings::PlanFlags;
use super::target::{self, ResolvedTarget};
use crate::checks::Rules;
use crate::manifest::{KnownFacts, Project};
use crate::model::{Address, Diagnostics, ForeignSchemas};

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
    /// What is known of descriptions, so that no text is read twice.
    pub known_facts: Arc<KnownFacts>,
    /// Resources that files declare which are not listed: references to them are fine.
    pub elsewhere: BTreeSet<Address>,
    /// Whether only the project file is read. What the manifests declare is then known from
    /// [`LoadedProject::declared`](super::LoadedProject::declared) alone.
    pub settings_only: bool,
    /// The current day in UTC, by which exemptions end; `None` if none has ended. Nothing below the command
    /// line reads a clock.
    pub today: Option<Date>,
}

impl LoadOptions {
    /// Chooses and resolves the target.
    ///
    /// # Errors
    /// If there is none, or the options are not for it.
    pub(super) fn resolve(
        &self,
        settings: &Project,
        root: &Path,
        diagnostics: &mut Diagnostics,
    ) -> Result<ResolvedTarget, OpenError> {
        let (name, spec) =
            target::choose(settings, self.target.as_deref()).map_err(OpenError::Target)?;
        let data = self.emulator_data.as_deref();
        if data.is_some() && spec.emulator.is_none() {
            return Err(OpenError::Target(format!(
                "--emulator-data is for a target in the embedded emulator, and `{name}` is a service in Azure"
            )));
        }
        let entry = (name.as_str(), &spec);
        Ok(target::resolve(settings, root, entry, data, diagnostics))
    }
}
