//! Values as they are written in an edit.

use serde_json::{Value, json};

use crate::model::foreign;
use crate::yaml::emit::emit;

/// A mapping or a list of one entry over several lines.
pub(super) fn block(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            // As the only value of a key, its indentation is known.
            let written = emit(&json!({ "k": items }));
            let lines = written.lines().skip(1);
            let lines: Vec<&str> = lines
                .map(|line| line.strip_prefix("  ").unwrap_or(line))
                .collect();
            lines.join("\n")
        }
        other => emit(other),
    }
}

/// A value on one line. JSON is YAML.
pub(super) fn flow(value: &Value) -> String {
    match value {
        Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", flow_key(key), flow(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// A key without quotes, if it is a plain word.
pub(super) fn flow_key(key: &str) -> String {
    let is_word = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphabetic());
    match is_word && is_text_everywhere(key) {
        true => key.to_owned(),
        false => Value::from(key).to_string(),
    }
}

/// Whether every YAML reader, old ones included, takes a word without quotes for a text.
fn is_text_everywhere(word: &str) -> bool {
    !matches!(
        word.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
    )
}

/// A text on one line in the quotes of the one that it replaces; without quotes only in brackets, as other places have
/// a writer of their own.
pub(super) fn as_before(old: &str, new: &str, is_in_brackets: bool) -> Option<String> {
    let acts = new.chars().any(foreign::is_hidden) || !foreign::command_breaks(new).is_empty();
    if new.is_empty() || acts || new.chars().any(char::is_control) {
        return None;
    }
    match old.as_bytes().first()? {
        b'\'' => Some(format!("'{}'", new.replace('\'', "''"))),
        b'"' => Some(Value::from(new).to_string()),
        b'|' | b'>' => None,
        _ if is_in_brackets => {
            let is_plain = |c: char| c.is_alphanumeric() || " .-_/:@+=?%~()".contains(c);
            let is_safe = new.starts_with(char::is_alphabetic)
                && new.chars().all(is_plain)
                && !new.contains(": ")
                && !new.ends_with([' ', ':'])
                && is_text_everywhere(new);
            is_safe.then(|| new.to_owned())
        }
        _ => None,
    }
}
