//! The number of findings that exemptions accept, in words.

use crate::model::{ExemptedFinding, counted};

/// `3 findings exempted`; `None` if there is none.
#[must_use]
pub fn exempted_words(exempted: &[ExemptedFinding]) -> Option<String> {
    let count = exempted.len();
    (count > 0).then(|| format!("{} exempted", counted(count, "finding")))
}
