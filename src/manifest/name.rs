//! Resource names, and what to call a thing whose name is refused.

use crate::model::{Diagnostic, Diagnostics, Span, code};

/// Shortest and longest name that the service takes (documented pattern `^[a-zA-Z0-9-]{3,90}$`).
pub(crate) const LENGTHS: std::ops::RangeInclusive<usize> = 3..=90;

/// Reports a name that the service refuses, with one that it takes.
pub(super) fn check(name: &str, span: Span, diagnostics: &mut Diagnostics) {
    if is_valid(name) {
        return;
    }
    let why = if let Some(bad) = name.chars().find(|c| !is_allowed(*c)) {
        format!("`{bad}` is not allowed in a name")
    } else if name.len() < *LENGTHS.start() {
        "shorter than 3 characters".to_owned()
    } else {
        "longer than 90 characters".to_owned()
    };
    let mut diagnostic = Diagnostic::error(
        code::BAD_NAME,
        format!("the service refuses the name `{name}`"),
    )
    .at(span, why);
    let rule = "names are 3 to 90 letters, digits and hyphens";
    diagnostic = diagnostic.help(match suggestion(name) {
        Some(better) => format!("{rule}: write `{better}`"),
        None => rule.to_owned(),
    });
    diagnostics.push(diagnostic);
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn is_valid(name: &str) -> bool {
    LENGTHS.contains(&name.len()) && name.chars().all(is_allowed)
}

/// A valid name near a refused one: versions become `1-0-0`, other characters become hyphens.
pub(crate) fn suggestion(name: &str) -> Option<String> {
    let digits = name.strip_prefix(['v', 'V']).unwrap_or(name);
    let parts: Vec<&str> = digits.split(['.', '-', '_']).collect();
    let is_version = parts
        .iter()
        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()));
    if is_version && parts.len() <= 3 {
        let mut parts = parts;
        parts.resize(3, "0");
        return Some(parts.join("-")).filter(|better| is_valid(better));
    }
    let mut better = String::new();
    for c in name.chars() {
        let c = if is_allowed(c) { c } else { '-' };
        if c != '-' || !better.ends_with('-') {
            better.push(c);
        }
    }
    let better = better.trim_matches('-').to_owned();
    Some(better).filter(|better| is_valid(better))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_odd_characters_get_a_valid_suggestion() {
        for (name, better) in [
            ("v1", Some("1-0-0")),
            ("1.0", Some("1-0-0")),
            ("2", Some("2-0-0")),
            ("1.2.3", Some("1-2-3")),
            ("my_api v2", Some("my-api-v2")),
            ("ab", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(suggestion(name).as_deref(), better, "{name}");
        }
    }
}
