//! JSON that must not be ambiguous.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};

use crate::model::exact_number;

/// The key under which the JSON library hands over a number's digits. A document that has it for
/// a key of its own could be taken for a number.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// Reads JSON in which no object has the same key twice; `None` for anything else.
#[must_use]
pub fn strict(text: &str) -> Option<Value> {
    if text.contains("$serde_json::") || text.contains("\\u0024serde") {
        return None;
    }
    let reading = Reading {
        levels: usize::MAX,
        unique_keys: true,
    };
    read(text, reading).ok()
}

/// How many levels of a JSON text are looked into (chosen here).
const OUTLINE_DEPTH: usize = 100;

/// Reads JSON of any depth: what is nested more than [`OUTLINE_DEPTH`] levels deep must be well-formed, and
/// becomes null. Needs no stack for it, whatever the depth.
pub(super) fn outline(text: &str) -> serde_json::Result<Value> {
    let reading = Reading {
        levels: OUTLINE_DEPTH,
        unique_keys: false,
    };
    read(text, reading)
}

fn read(text: &str, reading: Reading) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = reading.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Whether reading ended because of the reader's limit rather than a mistake.
pub(super) fn is_depth(error: &serde_json::Error) -> bool {
    error.is_syntax() && error.to_string().starts_with("recursion limit exceeded")
}

/// How a value is read.
#[derive(Clone, Copy)]
struct Reading {
    /// How many levels are kept; what is below them becomes null.
    levels: usize,
    /// Whether the same key twice in an object is an error; otherwise the last one counts.
    unique_keys: bool,
}

impl Reading {
    fn below(self) -> Self {
        Self {
            levels: self.levels - 1,
            ..self
        }
    }
}

impl<'de> DeserializeSeed<'de> for Reading {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.levels == 0 {
            return deserializer
                .deserialize_ignored_any(IgnoredAny)
                .map(|IgnoredAny| Value::Null);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reading {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.below())? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if key == NUMBER_KEY {
                let digits = entries.next_value::<String>()?;
                let number = exact_number(&digits);
                return number
                    .map(Value::Number)
                    .ok_or_else(|| A::Error::custom("not a number"));
            }
            let value = entries.next_value_seed(self.below())?;
            if object.insert(key, value).is_some() && self.unique_keys {
                return Err(A::Error::custom("the same key twice"));
            }
        }
        Ok(object.into())
    }
}

/// The byte offset at which a JSON error was noticed.
pub(crate) fn offset(text: &str, error: &serde_json::Error) -> usize {
    let lines = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1));
    let start: usize = lines.map(str::len).sum();
    let mut offset = (start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_outline_keeps_numbers_and_the_upper_levels() {
        let text = r#"{"swagger": 2.0, "n": 12345678901234567890123, "a": 1, "a": 2}"#;
        let read = outline(text).unwrap();
        assert!(read["swagger"].is_number() && read["n"].is_number());
        assert_eq!(read["a"], 2);
        let deep = format!("{}1{}", "[".repeat(150), "]".repeat(150));
        assert!(outline(&deep).unwrap().is_array());
    }

    #[test]
    fn the_same_key_twice_is_refused_at_any_depth() {
        assert_eq!(
            strict(r#"{"a": [1, {"b": null}]}"#),
            Some(json!({"a": [1, {"b": null}]}))
        );
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"[{"b":{"a":1,"\u0061":2}}]"#,
            "{",
            "{} x",
            "",
        ] {
            assert_eq!(strict(text), None, "{text}");
        }
    }

    #[test]
    fn an_outline_needs_no_stack_and_finds_mistakes_at_any_depth() {
        let deep = |levels: usize, inner: &str| {
            format!("{}{inner}{}", "[".repeat(levels), "]".repeat(levels))
        };
        assert_eq!(
            outline("{\"a\": [1, \"b\"]}").unwrap(),
            json!({"a": [1, "b"]})
        );
        for levels in [127, 128, 1_000_000] {
            assert!(outline(&deep(levels, "{}")).is_ok(), "{levels}");
            assert!(outline(&deep(levels, "{]")).is_err(), "{levels}");
            assert!(outline(&"[".repeat(levels)).is_err(), "{levels}");
            assert!(outline(&"{\"a\":".repeat(levels)).is_err(), "{levels}");
        }
        let error = serde_json::from_str::<Value>(&deep(200, "")).unwrap_err();
        assert!(is_depth(&error), "{error}");
    }

    #[test]
    fn offsets_point_at_the_place() {
        let text = "{\n  \"é\": tru\n}";
        let error = serde_json::from_str::<Value>(text).unwrap_err();
        let place = offset(text, &error);
        assert!((12..16).contains(&place), "{place} {error}");
        let text = "{\"é\": x}";
        let error = serde_json::from_str::<Value>(text).unwrap_err();
        assert_eq!(&text[offset(text, &error)..], "x}");
    }
}
