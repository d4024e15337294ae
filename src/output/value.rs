//! Values in a plan: short, on one line, unmistakable.

use serde_json::Value;

use super::text::escape_control_chars;
use crate::document::look_alike;

/// Longest value that is shown on one line, in characters.
const LONGEST: usize = 60;

/// A value on one line; `None` is "(none)".
pub(super) fn short(value: Option<&Value>) -> String {
    match value {
        None => "(none)".to_owned(),
        Some(Value::String(text)) if is_digest(text) => {
            format!("{}…", text.chars().take(19).collect::<String>())
        }
        Some(value @ Value::String(text)) if is_address(text) => {
            escape_control_chars(&value.to_string()).into()
        }
        Some(value) => cut(&escape_control_chars(&value.to_string())),
    }
}

/// Whether a text is a resource id or an address of the web, whose end says more than its beginning.
fn is_address(text: &str) -> bool {
    ["/subscriptions/", "https://", "http://"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Whether a text is the digest of a document.
pub(super) fn is_digest(text: &str) -> bool {
    text.len() == 71 && text.starts_with("sha256:")
}

/// Texts that are better shown as a difference of lines: those of several lines, and all values that
/// look the same although they differ.
pub(super) fn long_texts(
    before: Option<&Value>,
    after: Option<&Value>,
) -> Option<(String, String)> {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let (is_text, before, after) = match (before?, after?) {
        (Value::String(before), Value::String(after)) => (true, before.clone(), after.clone()),
        (before, after) => (false, text(before), text(after)),
    };
    let is_long = |text: &str| text.contains(['\n', '\r']) || text.chars().count() > LONGEST;
    let is_better = is_text && (is_long(&before) || is_long(&after)) || look_alike(&before, &after);
    is_better.then_some((before, after))
}

/// Lists and mappings that do not fit on one line, an item or a field on each; an absent side is empty.
pub(super) fn structures(
    before: Option<&Value>,
    after: Option<&Value>,
) -> Option<(String, String)> {
    let is_structure = |value: &Value| value.is_array() || value.is_object();
    let sides = [before, after];
    let structured = sides.iter().flatten().all(|value| is_structure(value));
    let long = sides
        .iter()
        .flatten()
        .any(|value| value.to_string().chars().count() > LONGEST);
    let text = |value: Option<&Value>| match value {
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| format!("- {item}\n"))
            .collect::<String>(),
        Some(value) => format!("{value:#}"),
        None => String::new(),
    };
    (structured && long).then(|| (text(before), text(after)))
}

fn cut(text: &str) -> String {
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(LONGEST).collect();
    match chars.next() {
        None => head,
        Some(_) => format!("{head}…"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_does_not_fit_on_one_line_has_a_line_for_each_item() {
        let long = json!([{"const": "a".repeat(40)}, {"const": "b".repeat(40)}]);
        let (before, after) = structures(None, Some(&long)).unwrap();
        assert_eq!((before.as_str(), after.lines().count()), ("", 2));
        assert!(after.starts_with("- {\"const\":\"aaa"), "{after}");
        assert_eq!(structures(None, Some(&json!(["short"]))), None);
        assert_eq!(
            structures(Some(&json!("text".repeat(40))), Some(&long)),
            None
        );
    }

    #[test]
    fn values_are_quoted_cut_and_absent() {
        assert_eq!(short(None), "(none)");
        assert_eq!(short(Some(&json!("a\nb"))), "\"a\\nb\"");
        assert_eq!(
            short(Some(&json!("x".repeat(100)))).chars().count(),
            LONGEST + 1
        );
        assert_eq!(short(Some(&json!(["a", 1]))), "[\"a\",1]");
    }

    #[test]
    fn resource_ids_and_addresses_are_shown_to_their_end() {
        let id = format!("/subscriptions/{}/vaults/keys", "x".repeat(100));
        assert_eq!(short(Some(&json!(id))), format!("\"{id}\""));
    }
}
