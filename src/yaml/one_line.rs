//! Scalars on one line, as they are written between brackets too.

use serde_json::{Value, json};

use super::emit::emit;
use super::node::Node;

/// A text on one line that every reader takes for that text, between brackets too.
#[must_use]
pub fn one_line(text: &str) -> String {
    let is_plain = !text.contains(['\n', '\r', ',', '[', ']', '{', '}']);
    let written = is_plain.then(|| emit(&json!([text])));
    let plain = written
        .as_deref()
        .and_then(|written| written.trim_end().strip_prefix("- "))
        .filter(|plain| !plain.contains('\n'));
    plain.map_or_else(|| Value::from(text).to_string(), str::to_owned)
}

/// A scalar on one line that means the same: as it is written, where that is possible.
#[must_use]
pub fn scalar_on_one_line(node: &Node) -> Option<String> {
    let scalar = node.scalar()?;
    let is_harmless = !scalar.text.contains(['\n', ',', '[', ']', '{', '}', '#']);
    Some(match scalar.plain && is_harmless {
        true => scalar.text.clone(),
        false => one_line(&scalar.text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_where_brackets_need_it() {
        for (text, written) in [
            ("orders", "orders"),
            ("https://a.b/c?d=e", "https://a.b/c?d=e"),
            ("a, b", r#""a, b""#),
            ("yes", r#""yes""#),
            ("apis/{a,b}.yaml", r#""apis/{a,b}.yaml""#),
            ("two\nlines", r#""two\nlines""#),
            ("*.yaml", r#""*.yaml""#),
            ("", r#""""#),
        ] {
            assert_eq!(one_line(text), written, "{text}");
        }
    }
}
