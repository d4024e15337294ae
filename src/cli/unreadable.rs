//! What the credentials of a command cannot see: one note for each scope.

use std::collections::BTreeMap;

use super::console::Console;
use crate::model::{Scope, Unreadable};

/// Names the scopes whose role assignments cannot be read, and what follows from that.
pub(super) fn note(unreadable: &BTreeMap<Scope, Unreadable>, consequence: &str, console: &Console) {
    for (scope, reason) in unreadable {
        console.hint(format!(
            "note: the role assignments at {scope} cannot be read from here ({}): {consequence}",
            reason.words()
        ));
    }
}

/// What follows for a plan.
pub(super) const NOT_CHECKED: &str = "roles that are missing there are not noticed";

/// What follows for an export.
pub(super) const NOT_EXPORTED: &str = "none of them is exported or noticed as deleted";
