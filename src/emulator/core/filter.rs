//! `$filter` made of equalities.

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::refused;

/// One condition of a `$filter`: a property equals a text, case-sensitively (observed).
#[derive(Debug, PartialEq, Eq)]
pub(in crate::emulator) struct Condition {
    pub(in crate::emulator) property: String,
    pub(in crate::emulator) value: String,
}

/// Reads `property eq 'value'`, several joined by `and`. Anything else is refused rather than
/// ignored (chosen here).
pub(in crate::emulator) fn conditions(filter: &str) -> HandlerResult<Vec<Condition>> {
    let bad = || {
        refused(format!(
            "Invalid filter '{filter}'. Supported: property eq 'value' [and …]."
        ))
    };
    let mut conditions = Vec::new();
    let mut rest = filter.trim();
    loop {
        let (property, after) = rest.split_once(' ').ok_or_else(bad)?;
        let quoted = after.trim_start().strip_prefix("eq ").ok_or_else(bad)?;
        let quoted = quoted.trim_start().strip_prefix('\'').ok_or_else(bad)?;
        let (value, left) = unquoted(quoted).ok_or_else(bad)?;
        conditions.push(Condition {
            property: property.to_owned(),
            value,
        });
        rest = left.trim_start();
        if rest.is_empty() {
            return Ok(conditions);
        }
        rest = rest.strip_prefix("and ").ok_or_else(bad)?.trim_start();
    }
}

/// The text up to the closing quote (a doubled quote is one quote), and what follows.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != '\'' {
            value.push(letter);
        } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
            value.push('\'');
        } else {
            return Some((value, &text[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Condition, conditions};

    fn condition(property: &str, value: &str) -> Condition {
        Condition {
            property: property.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn filters_are_equalities() {
        let read = |filter| conditions(filter).ok();
        assert_eq!(read("name eq 'x'"), Some(vec![condition("name", "x")]));
        assert_eq!(
            read("kind eq 'rest' and title eq 'it''s'"),
            Some(vec![condition("kind", "rest"), condition("title", "it's")])
        );
        assert_eq!(read("name ne 'x'"), None);
        assert_eq!(read("name eq 'x"), None);
        assert_eq!(read("startswith(name,'x')"), None);
    }
}
