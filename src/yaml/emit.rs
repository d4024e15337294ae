//! JSON values as YAML that looks written by hand.

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;
use serde_yaml::DoubleQuoted;

/// Writes one document: two-space indentation, block texts for several lines, quotes only where
/// some YAML reader, old ones included, would otherwise read something else.
#[must_use]
pub fn emit(value: &Value) -> String {
    let options = serde_yaml::ser_options! {
        prefer_block_scalars: true,
        compact_list_indent: false,
        // Long lines stay lines: a folded text is hard to edit.
        folded_wrap_chars: usize::MAX,
        min_fold_chars: usize::MAX,
    };
    // JSON is YAML too, should the writer ever refuse.
    let Ok(text) = serde_yaml::to_string_with_options(&Yaml(value), options) else {
        return format!("{value}\n");
    };
    without_trailing_blanks(&text)
}

/// Empties lines of blanks, which the writer leaves where a block text has an empty line.
fn without_trailing_blanks(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let blank = line.trim_matches(' ') == "\n";
        lines.push_str(if blank { "\n" } else { line });
    }
    lines
}

struct Yaml<'a>(&'a Value);

impl Serialize for Yaml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) if !suits_block_text(text) => {
                DoubleQuoted(text).serialize(serializer)
            }
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Yaml(item))?;
                }
                list.end()
            }
            Value::Object(entries) => {
                let mut mapping = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    mapping.serialize_entry(key, &Yaml(value))?;
                }
                mapping.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

/// Readers disagree about block texts that begin blank or hold a line of blanks only.
fn suits_block_text(text: &str) -> bool {
    !text.starts_with(char::is_whitespace)
        && text
            .split('\n')
            .all(|line| line.is_empty() || !line.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn output_looks_written_by_hand() {
        let value = json!({
            "kind": "Api",
            "metadata": {"name": "orders"},
            "spec": {
                "title": "Orders: the API",
                "description": "First line.\n\nSecond paragraph, which is a good deal longer than what fits on a line of eighty characters.\n",
                "summary": "A single line that is a good deal longer than what fits on a line of eighty characters, and stays one.",
                "contacts": [{"name": "Ann", "email": "ann@example.com"}],
                "tags": ["a", "b"],
                "versions": [{"name": "1-0-0", "definitions": [{"name": "openapi", "note": "x\ny"}]}],
                "customProperties": {},
                "deployments": [],
                "ratio": 1.5,
                "count": 3,
                "public": true,
                "nothing": null,
                "url": "https://example.com/a?b=c#d"
            }
        });
        let expected = "\
kind: Api
metadata:
  name: orders
spec:
  title: \"Orders: the API\"
  description: |
    First line.

    Second paragraph, which is a good deal longer than what fits on a line of eighty characters.
  summary: A single line that is a good deal longer than what fits on a line of eighty characters, and stays one.
  contacts:
    - name: Ann
      email: ann@example.com
  tags:
    - a
    - b
  versions:
    - name: 1-0-0
      definitions:
        - name: openapi
          note: |-
            x
            y
  customProperties: {}
  deployments: []
  ratio: 1.5
  count: 3
  public: true
  nothing: null
  url: https://example.com/a?b=c#d
";
        assert_eq!(emit(&value), expected);
    }

    #[test]
    fn texts_that_old_readers_take_for_something_else_are_quoted() {
        for text in [
            "no",
            "yes",
            "on",
            "off",
            "y",
            "n",
            "1.10",
            "2024-01-01",
            "=",
            "<<",
            "~",
            "null",
            "0x1f",
            "3.0.3",
            "0o7",
            "017",
            "1_000",
            "12:30:45",
            "1e3",
            ".inf",
            "",
            " a",
            "a ",
            "- a",
            "a: b",
            "a #b",
            "true",
            "2001-12-14t21:59:43.10-05:00",
            "0b1",
            "@a",
            "`a`",
            "%a",
            "!a",
            "&a",
            "*a",
            "a\tb",
        ] {
            let value = emit(&json!({ "k": text }));
            assert!(value.starts_with("k: \""), "{value}");
            let key = emit(&json!({ text: 1 }));
            assert!(key.starts_with('"'), "{key}");
        }
        for text in [
            "orders",
            "1-0-0",
            "it's",
            "a b",
            "a:b",
            "ü",
            "${stage}-x",
            "x=y",
        ] {
            assert_eq!(emit(&json!({ "k": text })), format!("k: {text}\n"));
        }
    }

    #[test]
    fn blank_beginnings_and_blank_lines_are_quoted() {
        for text in [
            "\n",
            "\na",
            " a\nb",
            "\ta\nb",
            "a\n  \nb",
            "a\n\t",
            "\u{a0}\nx",
        ] {
            let yaml = emit(&json!({ "k": text }));
            assert!(yaml.starts_with("k: \""), "{yaml}");
        }
    }
}
