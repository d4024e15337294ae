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

/// What is said of something removed if it is reserved; `None` if its number may be used again.
pub(super) fn words(reserved: &Reserved, number: i32, name: &str) -> Option<&'static str> {
    let has_name = reserved.names.contains(name);
    match (reserved.numbers.contains(number.into()), has_name) {
        (true, true) => Some("its number and its name are reserved"),
        (true, false) => Some("its number is reserved, its name is not"),
        (false, _) => None,
    }
}
