//! What a resource may be called.

use std::ops::RangeInclusive;

/// Shortest and longest name of a resource. The published rule is `^[a-zA-Z0-9-]{3,90}$`, but the service takes
/// `v1` (observed by others): only what nobody has seen it take is refused.
pub const NAME_LENGTHS: RangeInclusive<usize> = 1..=90;

/// The longest name that is known to be taken: a client that is tested against the service reports this limit.
const LONGEST_KNOWN: usize = 64;

/// The shortest name that every client takes.
const SHORTEST_KNOWN: usize = 3;

/// Whether a name may contain this character.
#[must_use]
pub const fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.')
}

/// Whether a resource may have this name. `.` and `..` are steps of an address, not names.
#[must_use]
pub fn is_resource_name(name: &str) -> bool {
    NAME_LENGTHS.contains(&name.len())
        && name.chars().all(is_name_character)
        && !matches!(name, "." | "..")
}

/// Why the service or a client may refuse this name, if one may.
#[must_use]
pub fn name_doubt(name: &str) -> Option<&'static str> {
    if name.contains('.') {
        Some("it contains a dot")
    } else if name.len() < SHORTEST_KNOWN {
        Some("it is shorter than 3 characters")
    } else if name.len() > LONGEST_KNOWN {
        Some("it is longer than 64 characters")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_refused_or_doubted() {
        let long = "a".repeat(90);
        for (name, is_valid, is_doubted) in [
            ("orders", true, false),
            ("1-0-0", true, false),
            ("v1", true, true),
            ("a", true, true),
            ("1.0", true, true),
            (&long[..64], true, false),
            (&long[..65], true, true),
            (&long, true, true),
            ("", false, true),
            (".", false, true),
            ("..", false, true),
            ("my_api", false, false),
            ("bücher", false, false),
        ] {
            assert_eq!(is_resource_name(name), is_valid, "{name}");
            assert_eq!(name_doubt(name).is_some(), is_doubted, "{name}");
        }
        assert!(!is_resource_name(&"a".repeat(91)));
    }
}
