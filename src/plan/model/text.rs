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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_ends_with_a_number() {
        let list = |count: usize| first_of((0..count).map(|i| i.to_string()));
        assert_eq!(list(0), "");
        assert_eq!(list(5), "0, 1, 2, 3, 4");
        assert_eq!(list(7), "0, 1, 2, 3, 4 and 2 more");
    }
}
