//! Values as people write them in YAML, on one line each.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::text::escape_control_chars;

/// What stands for an absent value.
pub(super) const ABSENT: &str = "(none)";

/// Between a value and the one that replaces it.
pub(super) const ARROW: char = '→';

/// Words that some readers of YAML take for something other than text.
pub(super) const RESERVED: [&str; 10] = [
    "true", "false", "null", "yes", "no", "on", "off", "y", "n", "~",
];

/// A value on one line; an absent one is "(none)".
pub(super) fn spelled(value: Option<&Value>) -> String {
    match value {
        None => ABSENT.to_owned(),
        Some(value) => spell(value),
    }
}

/// A value on lines of its own: an item of a list or a field of a mapping on each. A text keeps its lines.
pub(super) fn spelled_lines(value: Option<&Value>) -> String {
    let lines: Vec<String> = match value {
        None => return String::new(),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| format!("- {}", spell(item)))
            .collect(),
        Some(Value::Object(fields)) => fields
            .iter()
            .map(|(key, value)| format!("{}: {}", text(key, false), spell(value)))
            .collect(),
        Some(Value::String(text)) => return text.clone(),
        Some(scalar) => vec![scalar.to_string()],
    };
    lines.join("\n")
}

fn spell(value: &Value) -> String {
    match value {
        Value::String(value) => text(value, false).into_owned(),
        value => flow(value, text_in_flow, text_in_flow),
    }
}

/// How a key or a text is written.
type Writer = fn(&str) -> Cow<'_, str>;

/// A value in YAML's flow style, with its keys and its texts as these write them.
pub(super) fn flow(value: &Value, key: Writer, text: Writer) -> String {
    match value {
        Value::String(value) => text(value).into_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(item, key, text)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields: Vec<String> = fields
                .map(|(name, value)| format!("{}: {}", key(name), flow(value, key, text)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

fn text_in_flow(value: &str) -> Cow<'_, str> {
    text(value, true)
}

/// A text without quotes, unless they decide what it means.
fn text(text: &str, in_flow: bool) -> Cow<'_, str> {
    if is_plain(text) && !(in_flow && text.contains([',', '[', ']', '{', '}'])) {
        return Cow::Borrowed(text);
    }
    let quoted = Value::from(text).to_string();
    Cow::Owned(escape_control_chars(&quoted).into_owned())
}

fn is_plain(text: &str) -> bool {
    let starts_as_text = match text.chars().next() {
        None => false,
        Some('-' | '?' | ':') => !text[1..].starts_with(' ') && text.len() > 1,
        Some(first) => !",[]{}#&*!|>'\"%@`".contains(first),
    };
    starts_as_text
        && text.trim() == text
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !text.contains(ARROW)
        && text != ABSENT
        && escape_control_chars(text) == text
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str())
        && !looks_like_a_number(text)
}

fn looks_like_a_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']).replace('_', "");
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && (digits.parse::<f64>().is_ok() || digits.starts_with("0x") || digits.starts_with("0o"))
}

/// A value with its choices as the list that people write: `oneOf` with a `const` for each is `choices`.
pub(super) fn with_choices(value: &Value) -> Cow<'_, Value> {
    match value {
        Value::Array(items) => match choices(items) {
            Some(choices) => Cow::Owned(Value::Array(choices)),
            None if items.iter().any(has_choices) => {
                let items = items.iter().map(|item| with_choices(item).into_owned());
                Cow::Owned(Value::Array(items.collect()))
            }
            None => Cow::Borrowed(value),
        },
        Value::Object(fields) if fields.values().any(has_choices) => {
            let fields = fields.iter().map(|(key, value)| {
                let key = match value.as_array().and_then(|items| choices(items)) {
                    Some(_) => CHOICES.to_owned(),
                    None => key.clone(),
                };
                (key, with_choices(value).into_owned())
            });
            Cow::Owned(Value::Object(fields.collect::<Map<_, _>>()))
        }
        _ => Cow::Borrowed(value),
    }
}

/// The label of a list of choices.
pub(super) const CHOICES: &str = "choices";

/// Whether a value has choices somewhere.
fn has_choices(value: &Value) -> bool {
    match value {
        Value::Array(items) => choices(items).is_some() || items.iter().any(has_choices),
        Value::Object(fields) => fields.values().any(has_choices),
        _ => false,
    }
}

/// The choices of a list whose items are mappings with a `const`; one with a description has it behind.
fn choices(items: &[Value]) -> Option<Vec<Value>> {
    if items.is_empty() {
        return None;
    }
    items.iter().map(choice).collect()
}

/// One choice as a value.
pub(super) fn choice(item: &Value) -> Option<Value> {
    let fields = item.as_object()?;
    let value = fields.get("const")?;
    let mut others = fields.iter().filter(|(key, _)| *key != "const");
    match (others.next(), others.next()) {
        (None, _) => Some(value.clone()),
        (Some((key, Value::String(description))), None) if key == "description" => {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            Some(match description.as_str() {
                "" => value.into(),
                description => format!("{value} ({description})").into(),
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_have_quotes_only_where_they_decide() {
        for (value, expected) in [
            (json!("Order desk"), "Order desk"),
            (
                json!("https://contoso.com/a?b=c#d"),
                "https://contoso.com/a?b=c#d",
            ),
            (json!("1.0"), "\"1.0\""),
            (json!("1-0-0"), "1-0-0"),
            (json!("2026-11-26"), "2026-11-26"),
            (json!(1.5), "1.5"),
            (json!("true"), "\"true\""),
            (json!("No"), "\"No\""),
            (json!(true), "true"),
            (json!(""), "\"\""),
            (json!(" a"), "\" a\""),
            (json!("a\nb"), "\"a\\nb\""),
            (json!("a: b"), "\"a: b\""),
            (json!("a #b"), "\"a #b\""),
            (json!("- a"), "\"- a\""),
            (json!("-a"), "-a"),
            (json!("*a"), "\"*a\""),
            (json!("(none)"), "\"(none)\""),
            (json!("a → b"), "\"a → b\""),
            (json!("a, b"), "a, b"),
            (json!(["a, b", "c", 1]), "[\"a, b\", c, 1]"),
            (
                json!({"url": "https://a", "x": []}),
                "{url: https://a, x: []}",
            ),
            (json!(null), "null"),
            (json!("\u{202e}x"), "\"\\u{202e}x\""),
        ] {
            assert_eq!(spelled(Some(&value)), expected);
        }
        assert_eq!(spelled(None), "(none)");
    }

    #[test]
    fn lists_and_mappings_have_lines() {
        let lines = |value| spelled_lines(Some(&value));
        assert_eq!(lines(json!(["a", {"b": 1}])), "- a\n- {b: 1}");
        assert_eq!(lines(json!({"a": "x", "b": ["z"]})), "a: x\nb: [z]");
        assert_eq!(lines(json!("a\nb")), "a\nb");
        assert_eq!(spelled_lines(None), "");
    }

    #[test]
    fn choices_are_a_list() {
        let schema = json!({"type": "string", "oneOf": [
            {"const": "retail", "description": "Shops"}, {"const": "finance"}]});
        assert_eq!(
            spelled(Some(&with_choices(&schema))),
            "{type: string, choices: [retail (Shops), finance]}"
        );
        let list = json!({"items": {"oneOf": [{"const": 1}]}});
        assert_eq!(
            spelled(Some(&with_choices(&list))),
            "{items: {choices: [1]}}"
        );
        for other in [
            json!({"oneOf": []}),
            json!([{"const": 1, "x": 2}]),
            json!("a"),
        ] {
            assert_eq!(*with_choices(&other), other);
        }
    }
}
