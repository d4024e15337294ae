//! What to load.

use super::known_facts::KnownFacts;
use super::project::{Project, TargetSpec};
use super::source::ProjectFiles;
use crate::model::ForeignSchemas;

/// What to load.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The project.
    pub project: &'a Project,
    /// Its folder.
    pub files: &'a dyn ProjectFiles,
    /// The target's name.
    pub target_name: &'a str,
    /// The target: its variables and overlays count.
    pub target: &'a TargetSpec,
    /// Name of the target's service; empty where a Service document may have any name (the embedded
    /// emulator has one service, named after the project).
    pub service: &'a str,
    /// Metadata schemas that another repository declares, as the service has them.
    pub foreign_schemas: &'a ForeignSchemas,
    /// What is known of descriptions that were read before.
    pub known_facts: &'a KnownFacts,
}
