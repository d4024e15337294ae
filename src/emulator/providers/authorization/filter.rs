//! `$filter` of role assignments and role definitions.

use axum::http::StatusCode;

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::{HandlerResponse, arm_error};

/// One condition; several are joined by `and`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RoleCondition {
    AtScope,
    AssignedTo(String),
    Equals { property: String, value: String },
}

/// The conditions of a filter. What is not documented is refused rather than ignored.
pub(super) fn conditions(filter: &str) -> HandlerResult<Vec<RoleCondition>> {
    let parts = split_and(filter);
    let read: Option<Vec<RoleCondition>> =
        parts.iter().map(|part| condition(part.trim())).collect();
    read.filter(|conditions| !conditions.is_empty())
        .ok_or_else(|| unsupported(filter).into())
}

/// The response to any other filter.
pub(super) fn unsupported(filter: &str) -> HandlerResponse {
    let message = format!("The filter '{filter}' is not supported.");
    arm_error(
        StatusCode::BAD_REQUEST,
        "InvalidFilterInQueryString",
        message,
    )
}

/// Splits at `and` outside of quotes.
fn split_and(filter: &str) -> Vec<&str> {
    let lower = filter.to_ascii_lowercase();
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, word) in lower.match_indices(" and ") {
        let quotes = filter[start..at].matches('\'').count();
        if quotes.is_multiple_of(2) {
            parts.push(&filter[start..at]);
            start = at + word.len();
        }
    }
    parts.push(&filter[start..]);
    parts
}

fn condition(text: &str) -> Option<RoleCondition> {
    if text.eq_ignore_ascii_case("atScope()") {
        return Some(RoleCondition::AtScope);
    }
    if let Some((function, rest)) = text.split_once('(') {
        let inside = rest.strip_suffix(')')?;
        return function
            .trim()
            .eq_ignore_ascii_case("assignedTo")
            .then(|| Some(RoleCondition::AssignedTo(unquoted(inside.trim())?)))?;
    }
    let (property, rest) = text.split_once(char::is_whitespace)?;
    let (operator, value) = rest.trim_start().split_once(char::is_whitespace)?;
    operator.eq_ignore_ascii_case("eq").then_some(())?;
    Some(RoleCondition::Equals {
        property: property.to_ascii_lowercase(),
        value: unquoted(value.trim())?,
    })
}

/// A quoted text; a doubled quote is one quote.
fn unquoted(text: &str) -> Option<String> {
    let inside = text.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inside.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::{RoleCondition, conditions};

    #[test]
    fn the_documented_filters_are_read() {
        let equals = |property: &str, value: &str| RoleCondition::Equals {
            property: property.to_owned(),
            value: value.to_owned(),
        };
        let read = |filter| conditions(filter).ok();
        assert_eq!(read("atScope()"), Some(vec![RoleCondition::AtScope]));
        assert_eq!(
            read("principalId eq 'P' and atScope()"),
            Some(vec![equals("principalid", "P"), RoleCondition::AtScope])
        );
        assert_eq!(
            read("assignedTo('P')"),
            Some(vec![RoleCondition::AssignedTo("P".to_owned())])
        );
        assert_eq!(
            read("roleName eq 'Rock and Roll''s'"),
            Some(vec![equals("rolename", "Rock and Roll's")])
        );
        for bad in ["", "principalId ne 'P'", "roleName eq P", "owner('P')"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
