//! JSON values as YAML that looks written by hand.

use std::collections::HashMap;

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::{Number, Value};
use serde_yaml::DoubleQuoted;

use crate::model::{foreign, same_number};

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
    let numbers = LongNumbers::of(value);
    let yaml = Yaml {
        value,
        numbers: &numbers,
    };
    // JSON is YAML too, should the writer ever refuse. It does not quote keys.
    let text = match serde_yaml::to_string_with_options(&yaml, options) {
        Ok(text) if !has_acting_key(value) => without_trailing_blanks(&numbers.put_in(text)),
        _ => format!("{value:#}\n"),
    };
    if acts(&text) { escaped(&text) } else { text }
}

fn has_acting_key(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_acting_key),
        Value::Object(entries) => entries
            .iter()
            .any(|(key, value)| acts(key) || has_acting_key(value)),
        _ => false,
    }
}

/// Whether a text would hide something on a terminal or be a command to a pipeline that shows it.
fn acts(text: &str) -> bool {
    let is_hidden = |c| foreign::is_hidden(c) && !matches!(c, '\n' | '\t');
    text.contains(is_hidden)
        || text
            .split('\n')
            .any(|line| !foreign::command_breaks(line).is_empty())
}

/// The same document without what acts, all of which is within double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let breaks = foreign::command_breaks(line);
        for (at, c) in line.char_indices() {
            let number = u32::from(c);
            let is_hidden = foreign::is_hidden(c) && !matches!(c, '\n' | '\t');
            match (is_hidden || breaks.contains(&at), number) {
                (false, _) => out.push(c),
                (true, 0..=0xff) => out.push_str(&format!("\\x{number:02x}")),
                (true, 0x100..=0xffff) => out.push_str(&format!("\\u{number:04x}")),
                (true, _) => out.push_str(&format!("\\U{number:08x}")),
            }
        }
    }
    out
}

/// Numbers that neither an integer of 64 bits nor a float holds, which the writer does not know: a
/// text that appears nowhere else holds the place of each until the rest is written.
#[derive(Default)]
struct LongNumbers {
    /// Each text once.
    texts: Vec<String>,
    /// Where in `texts` each is.
    places: HashMap<String, usize>,
    /// How the texts that hold a place begin; their index follows, and then [`END`].
    stand_in: String,
}

/// How a text ends that holds the place of a number.
const END: &str = "-end";

impl LongNumbers {
    fn of(value: &Value) -> Self {
        let mut numbers = Self::default();
        numbers.collect(value);
        if !numbers.texts.is_empty() {
            numbers.stand_in = unused(&value.to_string());
        }
        numbers
    }

    fn collect(&mut self, value: &Value) {
        match value {
            Value::Number(number) if short_number(number).is_none() => {
                let text = number.as_str();
                if !self.places.contains_key(text) {
                    self.places.insert(text.to_owned(), self.texts.len());
                    self.texts.push(text.to_owned());
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Object(entries) => entries.values().for_each(|value| self.collect(value)),
            _ => {}
        }
    }

    fn stand_in(&self, number: &Number) -> String {
        let at = self.places.get(number.as_str()).copied();
        format!("{}{}{END}", self.stand_in, at.unwrap_or_default())
    }

    /// The written text with the numbers in their places.
    fn put_in(&self, text: String) -> String {
        if self.texts.is_empty() {
            return text;
        }
        let mut parts = text.split(&self.stand_in);
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let number = part
                .split_once(END)
                .and_then(|(at, rest)| Some((self.texts.get(at.parse::<usize>().ok()?)?, rest)));
            match number {
                Some((number, rest)) => whole.extend([number, rest]),
                None => whole.extend([&self.stand_in, part]),
            }
        }
        whole
    }
}

/// A text that does not appear in `text`.
fn unused(text: &str) -> String {
    const START: &str = "number-";
    const MORE: &str = "x-";
    let more_after = |rest: &str| (rest.len() - rest.trim_start_matches(MORE).len()) / MORE.len();
    let most = text
        .match_indices(START)
        .map(|(at, _)| 1 + more_after(&text[at + START.len()..]))
        .max();
    format!("{START}{}", MORE.repeat(most.unwrap_or_default()))
}

/// A number as the writer knows it.
enum ShortNumber {
    Signed(i64),
    Unsigned(u64),
    Float(f64),
}

fn short_number(number: &Number) -> Option<ShortNumber> {
    let signed = number.as_i64().map(ShortNumber::Signed);
    signed
        .or_else(|| number.as_u64().map(ShortNumber::Unsigned))
        .or_else(|| {
            let float = number.as_f64()?;
            let written = Number::from_f64(float)?;
            let is_exact = same_number(&written, number) && !ends_in_zero(number.as_str());
            is_exact.then_some(ShortNumber::Float(float))
        })
}

/// Whether the writer would drop a zero that somebody wrote: `1.10` may be a version.
fn ends_in_zero(number: &str) -> bool {
    let fraction = number.split_once('.').map_or("", |(_, fraction)| fraction);
    fraction.len() > 1 && fraction.ends_with('0') && fraction.bytes().all(|b| b.is_ascii_digit())
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

struct Yaml<'a> {
    value: &'a Value,
    numbers: &'a LongNumbers,
}

impl<'a> Yaml<'a> {
    fn inner(&self, value: &'a Value) -> Self {
        Self {
            value,
            numbers: self.numbers,
        }
    }
}

impl Serialize for Yaml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::String(text) if !suits_block_text(text) || acts(text) => {
                DoubleQuoted(text).serialize(serializer)
            }
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&self.inner(item))?;
                }
                list.end()
            }
            Value::Object(entries) => {
                let mut mapping = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    mapping.serialize_entry(key, &self.inner(value))?;
                }
                mapping.end()
            }
            Value::Number(number) => match short_number(number) {
                Some(ShortNumber::Signed(integer)) => integer.serialize(serializer),
                Some(ShortNumber::Unsigned(integer)) => integer.serialize(serializer),
                Some(ShortNumber::Float(float)) => float.serialize(serializer),
                None => self.numbers.stand_in(number).serialize(serializer),
            },
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
    use crate::model::{Diagnostics, Sources, settle_numbers};

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
    fn what_acts_on_a_terminal_or_a_pipeline_is_escaped_and_keeps_its_value() {
        let texts = [
            "a\n  ::error::b",
            "::error::b",
            "a ##vso[task.complete]",
            "\"a\\##[group]",
            "section_start:1:a\r\u{1b}[0K",
            "a\u{202e}b\u{e0041}c\u{85}d\u{7f}",
        ];
        for text in texts {
            let value = json!({"list": [text], "text": text, text: text});
            let written = emit(&value);
            assert!(!acts(&written), "{written}");
            let mut sources = Sources::default();
            let source = sources.add("a.yaml", written.as_str());
            let mut problems = Diagnostics::default();
            let back = crate::yaml::parse(source, &written, &mut problems);
            let root = back[0].root.as_ref().unwrap();
            assert_eq!(root.to_json(), value, "{written}");
            assert!(problems.is_empty(), "{written}");
        }
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
    fn long_numbers_keep_their_digits() {
        let text = r#"{"number-": "number-0-end", "a": [18446744073709551617, 1e400, 18446744073709551617], "b": 0.1234567890123456789}"#;
        let mut value: Value = serde_json::from_str(text).unwrap();
        settle_numbers(&mut value);
        assert_eq!(
            emit(&value),
            "number-: number-0-end\na:\n  - 18446744073709551617\n  - 1e+400\n  - 18446744073709551617\nb: 0.1234567890123456789\n"
        );
    }

    #[test]
    fn long_numbers_are_collected_once_and_put_in_their_places() {
        let number = |i: usize| format!("{}18446744073709551617", 1 + i % 12);
        let texts: Vec<String> = (0..40).map(number).collect();
        let mut value: Value = serde_json::from_str(&format!("[{}]", texts.join(","))).unwrap();
        settle_numbers(&mut value);
        let numbers = LongNumbers::of(&value);
        assert_eq!(numbers.texts, texts[..12]);
        assert_eq!(numbers.places.len(), 12);
        let lines: String = texts.iter().map(|text| format!("- {text}\n")).collect();
        assert_eq!(emit(&value), lines);
    }

    #[test]
    fn what_holds_the_place_of_a_number_appears_nowhere_else() {
        for (text, expected) in [
            ("", "number-"),
            ("number", "number-"),
            ("number-", "number-x-"),
            ("number-x-x-x- number-x-", "number-x-x-x-x-"),
        ] {
            assert_eq!(unused(text), expected);
            assert!(!text.contains(expected));
        }
        let keys = "number-0-end number-x-0-end";
        let mut value: Value =
            serde_json::from_str(&format!("{{\"{keys}\": 18446744073709551617}}")).unwrap();
        settle_numbers(&mut value);
        assert_eq!(emit(&value), format!("{keys}: 18446744073709551617\n"));
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
