//! One short text that stands for a whole document.

use std::fmt::Write as _;

use serde_json::{Number, Value};
use sha2::{Digest as _, Sha256};

use super::content;
use super::reading::Reading;
use super::structured::{claims_description, description_key};
use crate::model::Decimal;

/// `sha256:` and 64 hex digits.
///
/// JSON, and YAML that carries a description, count by meaning: layout, comments, the order of keys
/// and the notation do not matter, so a document is the same in JSON and in YAML. Whatever has more
/// than one meaning (a key that appears twice, a syntax error, several YAML documents) and every
/// other format count by text, without its line ends' form, a byte order mark and the last line ends.
#[must_use]
pub fn digest(text: &str) -> String {
    of_reading(&Reading::new(text))
}

/// The digest of a text that may have been read already.
pub(super) fn of_reading(reading: &Reading<'_>) -> String {
    let text = content::normalised(reading.text);
    let own;
    let value = if reading.strict().is_some() {
        reading.strict()
    } else if !claims_description(&text) {
        None
    } else if reading.yaml().diagnostics.is_empty() && reading.is_normal() {
        meaning_of(reading)
    } else {
        own = meaning(&text);
        own.as_ref()
    };
    let hash = match value {
        Some(value) => Sha256::digest(canonical(value)),
        None => Sha256::digest(text.as_bytes()),
    };
    let mut digest = String::from("sha256:");
    for byte in hash {
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}

/// What JSON, or YAML that carries a description, means; `None` for whatever counts by text.
pub(super) fn meaning(text: &str) -> Option<Value> {
    meaning_of(&Reading::new(text)).cloned()
}

/// As [`meaning`], of a text that is the same as its normalised form.
fn meaning_of<'r>(reading: &'r Reading<'_>) -> Option<&'r Value> {
    if let Some(value) = reading.strict() {
        return Some(value);
    }
    if !claims_description(reading.text) {
        return None;
    }
    let yaml = reading.yaml();
    let root = yaml.only_root().filter(|_| yaml.diagnostics.is_empty())?;
    description_key(root)?;
    reading.value()
}

/// One text per meaning.
pub(super) fn canonical(value: &Value) -> String {
    let mut canonical = String::new();
    write(&mut canonical, value);
    canonical
}

/// A text as JSON has it.
fn write_text(out: &mut String, text: &str) {
    let is_plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        let _ = write!(out, "{}", Value::from(text));
    }
}

/// Compact JSON with sorted keys and one notation per number.
fn write(out: &mut String, value: &Value) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { "," });
                write(out, item);
            }
            out.push(']');
        }
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (i, (key, value)) in entries.into_iter().enumerate() {
                out.push_str(if i == 0 { "" } else { "," });
                write_text(out, key);
                out.push(':');
                write(out, value);
            }
            out.push('}');
        }
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_text(out, text),
        scalar => {
            let _ = write!(out, "{scalar}");
        }
    }
}

/// One text per value; a number with an absurd exponent counts by its text.
fn write_number(out: &mut String, number: &Number) {
    match Decimal::of(number) {
        Some(decimal) => out.push_str(&decimal.canonical()),
        None => out.push_str(number.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::FileFailurePersistence;
    use serde_json::json;

    use super::*;
    use crate::yaml;

    #[test]
    fn json_counts_by_meaning() {
        let compact =
            r#"{"openapi":"3.0.3","info":{"title":"T","version":"1"},"x":[1,2.0,-0.0,1e3]}"#;
        let pretty = "\u{feff}{\r\n  \"x\": [1.0, 2, 0, 1000],\r\n  \"info\": {\"version\": \"1\", \"title\": \"\\u0054\"},\r\n  \"openapi\": \"3.0.3\"\r\n}\r\n";
        assert_eq!(digest(compact), digest(pretty));
        let as_yaml =
            "# comment\nopenapi: 3.0.3\ninfo: {title: T, version: '1'}\nx: [1, 2, 0, 1e3]\n";
        assert_eq!(digest(compact), digest(as_yaml));
        for other in [
            r#"{"openapi":"3.0.3","info":{"title":"T","version":"2"},"x":[1,2,0,1000]}"#,
            r#"{"openapi":"3.0.3","info":{"title":"T","version":1},"x":[1,2,0,1000]}"#,
            r#"{"openapi":"3.0.3","info":{"title":"T","version":"1"},"x":[2,1,0,1000]}"#,
            r#"{"openapi":"3.0.3","info":{"title":"T","version":"1","y":null},"x":[1,2,0,1000]}"#,
        ] {
            assert_ne!(digest(compact), digest(other), "{other}");
        }
    }

    #[test]
    fn the_digest_is_the_same_forever() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(""), empty);
        assert_eq!(digest("\u{feff}\r\n"), empty);
        let object = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(digest("{}"), object);
        assert_eq!(digest(" { } "), object);
    }

    #[test]
    fn text_counts_by_text() {
        assert_eq!(digest("# A\r\n\r\ntext\r\n"), digest("\u{feff}# A\n\ntext"));
        for (one, other) in [
            ("a: 1", "a:  1"),
            ("openapi: 3.0.3\na: 1\na: 2\n", "openapi: 3.0.3\na: 2\n"),
            (
                "openapi: 3.0.3\na: 1\na: 1\n",
                "openapi: 3.0.3\na:  1\na: 1\n",
            ),
            ("{\"a\":1,\"a\":1}", "{\"a\":1, \"a\":1}"),
            ("openapi: [\n", "openapi:  [\n"),
            (
                "openapi: 3.0.3\n---\nb: 1\n",
                "openapi: 3.0.3\n---\nb:  1\n",
            ),
            ("<a/>", "<a />"),
            ("\"x\"", " \"x\""),
        ] {
            assert_ne!(digest(one), digest(other), "{one}");
        }
    }

    #[test]
    fn large_numbers_are_the_same_in_both_notations() {
        for number in [
            "123456789012345678901234567890",
            "-99999999999999999999",
            "18446744073709551615",
            "1e300",
        ] {
            let json = format!(r#"{{"swagger":"2.0","n":{number}}}"#);
            let yaml = format!("swagger: \"2.0\"\nn: {number}\n");
            assert_eq!(digest(&json), digest(&yaml), "{number}");
        }
        assert_ne!(digest("[9007199254740993]"), digest("[9007199254740992]"));
        assert_eq!(
            digest("[18446744073709551615]"),
            digest("[18446744073709551615]")
        );
        assert_ne!(
            digest("[18446744073709551616]"),
            digest("[18446744073709551615]")
        );
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-9i64..9).prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[ -~éß\n]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec(("[ -~é]{0,6}", inner), 0..5)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    /// The places of a value, so that one can be changed.
    fn pointers(value: &Value, here: &str, all: &mut Vec<String>) {
        all.push(here.to_owned());
        let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
        match value {
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    pointers(item, &format!("{here}/{i}"), all);
                }
            }
            Value::Object(entries) => {
                for (key, item) in entries {
                    pointers(item, &format!("{here}/{}", escape(key)), all);
                }
            }
            _ => {}
        }
    }

    fn reversed(value: &Value) -> Value {
        match value {
            Value::Object(entries) => entries
                .iter()
                .rev()
                .map(|(key, value)| (key.clone(), reversed(value)))
                .collect(),
            Value::Array(items) => items.iter().map(reversed).collect(),
            scalar => scalar.clone(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::with_cases(500)
    })]

        #[test]
        fn the_notation_does_not_matter(inner in values()) {
            let value = json!({"openapi": "3.1.0", "x": inner});
            let expected = digest(&value.to_string());
            prop_assert_eq!(&digest(&serde_json::to_string_pretty(&reversed(&value)).unwrap()), &expected);
            let text = yaml::emit(&reversed(&value));
            prop_assert_eq!(&digest(&text), &expected, "{}", text);
            let crlf = text.replace('\n', "\r\n");
            prop_assert_eq!(&digest(&crlf), &expected, "{}", crlf);
        }

        #[test]
        fn any_change_of_a_value_changes_the_digest(inner in values(), other in values(), at: prop::sample::Index) {
            let before = json!({"openapi": "3.1.0", "x": inner});
            let mut places = Vec::new();
            pointers(&before["x"], "/x", &mut places);
            let mut after = before.clone();
            let place = after.pointer_mut(at.get::<String>(&places)).unwrap();
            let same = match (&*place, &other) {
                (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
                (a, b) => a == b,
            };
            prop_assume!(!same);
            *place = other;
            // A float and an integer of the same value may hide deeper: compare what was written.
            let written = |value: &Value| { let mut out = String::new(); write(&mut out, value); out };
            prop_assume!(written(&before) != written(&after));
            prop_assert_ne!(digest(&before.to_string()), digest(&after.to_string()));
        }

        #[test]
        fn a_shared_reading_gives_the_digest_of_the_normalised_text(
            end in r#"(x: (\|\+?|>-?|'a|a) ?\n? ?[ab]?|- b|#c|```)?[\r\n ]{0,4}"#,
        ) {
            let text = format!("openapi: 3.0.3\ninfo: {{}}\n{end}");
            let normalised = content::normalised(&text);
            let alone = match meaning(&normalised) {
                Some(value) => canonical(&value),
                None => normalised.to_string(),
            };
            let hash: String = Sha256::digest(alone).iter().map(|byte| format!("{byte:02x}")).collect();
            prop_assert_eq!(digest(&text), format!("sha256:{hash}"), "{:?}", text);
        }

        #[test]
        fn any_text_has_a_digest(text in r#"[-a:,\[\]{}#"' \r\n]{0,20}"#) {
            let framed = format!("\u{feff}{}\r\n", text.trim_end_matches('\r'));
            prop_assert_eq!(digest(text.trim_end_matches('\r')), digest(&framed));
        }
    }
}
