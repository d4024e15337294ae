//! Numbers and names that must not be used again.

use super::model::Reserved;
use crate::document::breaking::findings::{DocumentPlace, Entry, Findings, Places, code, codes};

/// Reserved numbers and names may be given to something else once they are not reserved.
pub(super) fn compare(
    place: &str,
    (was, now): (&Reserved, &Reserved),
    (before, after): (&DocumentPlace, &DocumentPlace),
    findings: &mut Findings,
) {
    let numbers = was.numbers.without(&now.numbers);
    let names: Vec<&str> = was
        .names
        .difference(&now.names)
        .map(String::as_str)
        .collect();
    let mut parts = Vec::new();
    if !numbers.is_empty() {
        parts.push(code(&numbers.to_string()));
    }
    if !names.is_empty() {
        parts.push(codes(names));
    }
    if !parts.is_empty() {
        let words = format!("no longer reserves {}", parts.join(" and "));
        let entry = Entry::new("proto-reserved-removed", words);
        findings.add(place, entry.within(Places::changed(before, after)));
    }
}

/// What of something removed cannot be used again: bytes have its number, JSON has its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reserve {
    Nothing,
    Number,
    Name,
    Both,
}

impl Reserve {
    pub(super) fn of(reserved: &Reserved, number: i32, name: &str) -> Self {
        let has_name = reserved.names.contains(name);
        match (reserved.numbers.contains(number.into()), has_name) {
            (true, true) => Self::Both,
            (true, false) => Self::Number,
            (false, true) => Self::Name,
            (false, false) => Self::Nothing,
        }
    }

    /// The rest of what is said of something removed.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Number => "; its number is reserved, its name is not",
            Self::Name => "; its name is reserved, its number is not",
            Self::Both => "; its number and its name are reserved",
        }
    }
}
