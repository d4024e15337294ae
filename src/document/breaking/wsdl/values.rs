//! What texts of simple types stand for, and their facets.

use serde_json::{Map, Value, json};

use crate::model::Decimal;

/// What texts of a type are read as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Number,
    /// Numbers, and texts for what is not a number.
    Floating,
    Text,
    List,
    /// Dates and the like, whose bounds and lengths have no counterpart.
    Other,
}

pub(super) fn reading(base: &str) -> Reading {
    match base.strip_prefix("xs:").unwrap_or(base) {
        "float" | "double" => Reading::Floating,
        "decimal" | "byte" | "short" | "int" | "long" | "integer" | "unsignedByte"
        | "unsignedShort" | "unsignedInt" | "unsignedLong" | "nonNegativeInteger"
        | "positiveInteger" | "nonPositiveInteger" | "negativeInteger" => Reading::Number,
        "string" | "normalizedString" | "token" | "anyURI" | "language" | "Name" | "NCName"
        | "NMTOKEN" | "ID" | "IDREF" => Reading::Text,
        "IDREFS" | "ENTITIES" | "NMTOKENS" | "list" => Reading::List,
        _ => Reading::Other,
    }
}

/// Which of the values that are not numbers the bounds of a floating type leave.
pub(super) fn special_numbers(facets: &Map<String, Value>) -> Option<(String, Value)> {
    let has = |names: [&str; 2]| names.iter().any(|name| facets.contains_key(*name));
    let has_least = has(["minimum", "exclusiveMinimum"]);
    let has_most = has(["maximum", "exclusiveMaximum"]);
    let left = match (has_least, has_most) {
        (true, false) => json!({"type": "string", "pattern": "^INF$"}),
        (false, true) => json!({"type": "string", "pattern": "^-INF$"}),
        _ => Value::Bool(false),
    };
    let all = json!([{"anyOf": [{"type": "number"}, left]}]);
    (has_least || has_most).then(|| ("allOf".to_owned(), all))
}

/// A facet in the words of JSON Schema, where it has the like.
pub(super) fn bounds(
    name: &str,
    reading: Reading,
    base: &str,
    stated: &str,
) -> Option<Vec<(String, Value)>> {
    let is_number = matches!(reading, Reading::Number | Reading::Floating);
    let keys: &[&str] = match (name, reading) {
        ("length", Reading::Text) => &["minLength", "maxLength"],
        ("minLength", Reading::Text) => &["minLength"],
        ("maxLength", Reading::Text) => &["maxLength"],
        ("length", Reading::List) => &["minItems", "maxItems"],
        ("minLength", Reading::List) => &["minItems"],
        ("maxLength", Reading::List) => &["maxItems"],
        ("minInclusive", _) if is_number => &["minimum"],
        ("maxInclusive", _) if is_number => &["maximum"],
        ("minExclusive", _) if is_number => &["exclusiveMinimum"],
        ("maxExclusive", _) if is_number => &["exclusiveMaximum"],
        ("fractionDigits" | "totalDigits", Reading::Number) => {
            return digits(name, base, stated.trim().parse().ok()?);
        }
        _ => return None,
    };
    let value = value_of_text("xs:decimal", stated);
    let all = keys.iter().map(|key| ((*key).to_owned(), value.clone()));
    value.is_number().then(|| all.collect())
}

/// How many digits a number has.
fn digits(name: &str, base: &str, count: usize) -> Option<Vec<(String, Value)>> {
    const MOST_DIGITS: usize = 30;
    let number = |text: &str| serde_json::from_str::<Value>(text).ok();
    let pair = |key: &str, value: Value| (key.to_owned(), value);
    match (name, count) {
        (_, count) if count > MOST_DIGITS => None,
        ("fractionDigits", 0) => Some(vec![pair("type", "integer".into())]),
        ("fractionDigits", count) => {
            let step = format!("0.{}1", "0".repeat(count - 1));
            Some(vec![pair("multipleOf", number(&step)?)])
        }
        // Of decimals, the digits before and after the point share the number.
        (_, count) if base != "xs:decimal" && count > 0 => {
            let most = "9".repeat(count);
            Some(vec![
                pair("minimum", number(&format!("-{most}"))?),
                pair("maximum", number(&most)?),
            ])
        }
        _ => None,
    }
}

/// What a text stands for as a value of a type: `01` is the number 1.
pub(super) fn value_of_text(base: &str, text: &str) -> Value {
    let collapsed = || text.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = text.trim();
    match base.strip_prefix("xs:").unwrap_or(base) {
        "boolean" => match plain {
            "true" | "1" => true.into(),
            "false" | "0" => false.into(),
            other => other.into(),
        },
        name if matches!(reading(name), Reading::Number | Reading::Floating) => {
            let number = Decimal::parse(plain).map(|number| number.to_string());
            match number.and_then(|number| serde_json::from_str(&number).ok()) {
                Some(number) => number,
                None => plain.trim_start_matches('+').into(),
            }
        }
        "string" => text.into(),
        "normalizedString" => text.replace(['\t', '\n', '\r'], " ").into(),
        "hexBinary" => plain.to_ascii_uppercase().into(),
        "base64Binary" => text.split_whitespace().collect::<String>().into(),
        "dateTime" | "time" | "date" | "dateTimeStamp" => {
            let text = plain
                .strip_suffix("+00:00")
                .or(plain.strip_suffix("-00:00"));
            text.map_or_else(|| plain.into(), |text| format!("{text}Z").into())
        }
        _ => collapsed().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_values_of_their_types() {
        for (base, one, other) in [
            ("xs:int", "1", " +01 "),
            ("xs:decimal", "1.50", "01.5"),
            ("xs:double", "1E2", "100"),
            ("xs:double", "INF", "+INF"),
            ("xs:boolean", "1", "true"),
            ("xs:token", "a  b", " a b"),
            ("xs:hexBinary", "ab", "AB"),
            (
                "xs:dateTime",
                "2020-01-01T00:00:00Z",
                "2020-01-01T00:00:00+00:00",
            ),
        ] {
            assert_eq!(
                value_of_text(base, one),
                value_of_text(base, other),
                "{one}"
            );
        }
        for (base, one, other) in [("xs:string", "01", "1"), ("xs:string", "a", " a")] {
            assert_ne!(
                value_of_text(base, one),
                value_of_text(base, other),
                "{one}"
            );
        }
    }
}
