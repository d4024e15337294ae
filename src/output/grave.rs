//! Warnings that are always shown.

use crate::model::Diagnostic;
use crate::model::code::{self, Code};

/// What the plan destroys or opens besides its changes.
const GRAVE: [&Code; 3] = [
    &code::CASCADE,
    &code::ANONYMOUS_ACCESS,
    &code::DANGLING_LINK,
];

/// Whether a warning is shown however many there are.
pub(super) fn is_grave(diagnostic: &Diagnostic) -> bool {
    GRAVE.contains(&&diagnostic.code)
}
