//! `$filter` over APIs, version sets and operations.

use serde_json::Value;

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::providers::api_management::errors::refused;
use crate::emulator::providers::api_management::records;
use crate::emulator::store::Record;

/// One condition; conditions are joined by `and`.
#[derive(Debug, PartialEq, Eq)]
struct Condition {
    property: String,
    test: Test,
    value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Equal,
    Different,
    Contains,
    StartsWith,
    EndsWith,
}

/// A filter that was read.
#[derive(Debug, Default)]
pub(super) struct Filter(Vec<Condition>);

impl Filter {
    /// Reads `property eq|ne value` and `contains|startswith|endswith(property, value)`, the
    /// documented forms that are in use; others are refused (chosen here).
    pub(super) fn read(text: Option<&str>) -> HandlerResult<Self> {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            return Ok(Self::default());
        };
        let read: Option<Vec<Condition>> = text.split(" and ").map(condition).collect();
        read.map(Self)
            .ok_or_else(|| refused("$filter", &format!("Cannot read '{text}'.")).into())
    }

    pub(super) fn allows(&self, record: &Record) -> bool {
        self.0.iter().all(|condition| holds(condition, record))
    }
}

fn condition(text: &str) -> Option<Condition> {
    let text = text.trim().trim_start_matches('(');
    let unquoted = |value: &str| value.trim().trim_matches('\'').replace("''", "'");
    let functions = [
        ("contains(", Test::Contains),
        ("startswith(", Test::StartsWith),
        ("endswith(", Test::EndsWith),
    ];
    for (start, test) in functions {
        if let Some(rest) = text.strip_prefix(start) {
            let (property, value) = rest.trim_end_matches(')').split_once(',')?;
            let property = property.trim().to_owned();
            return Some(Condition {
                property,
                test,
                value: unquoted(value),
            });
        }
    }
    let mut words = text.splitn(3, ' ');
    let property = words.next()?.to_owned();
    let test = match words.next()? {
        "eq" => Test::Equal,
        "ne" => Test::Different,
        _ => return None,
    };
    let value = unquoted(words.next()?.trim_end_matches(')'));
    Some(Condition {
        property,
        test,
        value,
    })
}

fn holds(condition: &Condition, record: &Record) -> bool {
    let property = condition.property.trim_start_matches("properties/");
    let value = match property {
        "name" => record.name.clone(),
        "isCurrent" => records::is_current(record).to_string(),
        other => match record.properties.get(other) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(value) => value.to_string(),
        },
    };
    let wanted = condition.value.as_str();
    match condition.test {
        Test::Equal => value == wanted,
        Test::Different => value != wanted,
        Test::Contains => value.contains(wanted),
        Test::StartsWith => value.starts_with(wanted),
        Test::EndsWith => value.ends_with(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, Test, condition};

    #[test]
    fn conditions_are_comparisons_and_functions() {
        let is = |property: &str, test, value: &str| {
            let (property, value) = (property.to_owned(), value.to_owned());
            Some(Condition {
                property,
                test,
                value,
            })
        };
        assert_eq!(
            condition("name eq 'it''s'"),
            is("name", Test::Equal, "it's")
        );
        assert_eq!(
            condition("isCurrent eq true"),
            is("isCurrent", Test::Equal, "true")
        );
        assert_eq!(
            condition("startswith(path, 'a')"),
            is("path", Test::StartsWith, "a")
        );
        assert_eq!(condition("path gt 1"), None);
    }
}
