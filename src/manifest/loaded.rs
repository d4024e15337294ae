//! What the manifests of a project say, and what is wrong with them.

use super::exemption::ExemptionDocuments;
use super::left_out::LeftOutFile;
use crate::model::{DesiredState, Diagnostics};

/// What the files say, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The desired state; incomplete where there are errors.
    pub desired: DesiredState,
    /// Every problem, in no particular order.
    pub diagnostics: Diagnostics,
    /// Files that could be manifests by their names, and are not.
    pub left_out: Vec<LeftOutFile>,
    /// Findings that are accepted.
    pub exemptions: ExemptionDocuments,
    /// What need not be fixed and is good to know, one line each.
    pub notes: Vec<String>,
}
