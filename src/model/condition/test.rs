//! What a condition asks of the values of a field.

use std::cmp::Ordering;

use serde_json::Value;

use crate::model::Decimal;

/// A test of the values of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// The field is set.
    Is,
    /// A value equals one of these texts.
    Equals(Vec<String>),
    /// A value contains this text.
    Contains(String),
    /// A value is ordered like this to the text.
    Compares(Vec<Ordering>, String),
    /// The other test is not met.
    Not(Box<Self>),
}

impl Test {
    pub(super) fn is_met_by(&self, values: &[Value]) -> bool {
        match self {
            Self::Is => !values.is_empty(),
            Self::Equals(wanted) => {
                let is_wanted = |value| wanted.iter().any(|text| equals(value, text));
                values.iter().any(is_wanted)
            }
            Self::Contains(part) => {
                let part = part.to_lowercase();
                let contains = |text: String| text.to_lowercase().contains(&part);
                values.iter().filter_map(plain).any(contains)
            }
            Self::Compares(orders, text) => {
                let order = |value| compare(value, text);
                let mut found = values.iter().filter_map(order);
                found.any(|order| orders.contains(&order))
            }
            Self::Not(test) => !test.is_met_by(values),
        }
    }
}

/// The text of a value that is not a list or a mapping.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Case does not matter: the service itself changes the case of many values.
fn equals(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Number(number) => {
            let number = Decimal::parse(&number.to_string());
            number.is_some() && number == Decimal::parse(wanted)
        }
        _ => plain(value).is_some_and(|text| text.to_lowercase() == wanted.to_lowercase()),
    }
}

/// Numbers by their value, texts as they are sorted; a text and a number have no order.
fn compare(value: &Value, other: &str) -> Option<Ordering> {
    match value {
        Value::Number(number) => {
            let number: f64 = number.to_string().parse().ok()?;
            number.partial_cmp(&other.parse().ok()?)
        }
        Value::String(text) if other.parse::<f64>().is_err() => {
            Some(text.to_lowercase().cmp(&other.to_lowercase()))
        }
        Value::String(text) => {
            let number: f64 = text.parse().ok()?;
            number.partial_cmp(&other.parse().ok()?)
        }
        _ => None,
    }
}
