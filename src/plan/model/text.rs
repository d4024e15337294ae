//! Parts of messages.

/// How many resources are named in a message.
const MOST_NAMED: usize = 5;

/// The first of some resources, and how many more there are.
pub(in crate::plan) fn first_of(all: impl ExactSizeIterator<Item = String>) -> String {
    let more = all.len().saturating_sub(MOST_NAMED);
    let shown: Vec<String> = all.take(MOST_NAMED).collect();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
