//! What becomes of live fields that no kind models, in words.

use crate::plan::Change;

/// A line for what is kept and one for what goes away.
pub(super) fn unmodelled(change: &Change) -> Vec<String> {
    let fields = change.unmodelled_fields();
    let lost = if change.after().is_some() {
        "dropped together with what holds them, though not known to this program"
    } else {
        "lost, though not known to this program"
    };
    [
        ("kept, though not known to this program", fields.kept_paths),
        (lost, fields.dropped_paths),
    ]
    .into_iter()
    .filter(|(_, paths)| !paths.is_empty())
    .map(|(words, paths)| format!("{words}: {}", paths.join(", ")))
    .collect()
}
