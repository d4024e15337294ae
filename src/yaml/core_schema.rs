//! What a scalar means: the core schema of YAML 1.2.

use serde_json::{Number, Value};

use super::scalar::Scalar;
use crate::model::{exact_float, exact_number};

/// The most digits of a hexadecimal or octal number, without leading zeros; a longer one stays text, as
/// the work to make it decimal grows with the square of this (chosen here).
const MOST_RADIX_DIGITS: usize = 256;

/// The value of a scalar. One whose tag does not fit its text stays text.
pub(super) fn resolve(scalar: &Scalar) -> Value {
    let text = scalar.text.as_str();
    let value = match scalar.tag.as_deref() {
        None if scalar.plain => plain(text),
        Some(tag) => tagged(tag, text),
        None => None,
    };
    value.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Whether a text fits one of the core schema's scalar tags; `None` for a tag it does not have.
pub(super) fn fits(tag: &str, text: &str) -> Option<bool> {
    match tag {
        "!!str" | "!" => Some(true),
        "!!null" | "!!bool" | "!!int" | "!!float" => Some(tagged(tag, text).is_some()),
        _ => None,
    }
}

fn tagged(tag: &str, text: &str) -> Option<Value> {
    match tag {
        "!!null" => is_null(text).then_some(Value::Null),
        "!!bool" => boolean(text).map(Value::Bool),
        "!!int" => integer(text).map(Value::Number),
        "!!float" => float(text).map(Value::Number),
        _ => None,
    }
}

/// What an unquoted text means; `None` for text.
fn plain(text: &str) -> Option<Value> {
    match text.as_bytes().first() {
        None | Some(b'~' | b'n' | b'N') => is_null(text).then_some(Value::Null),
        Some(b't' | b'T' | b'f' | b'F') => boolean(text).map(Value::Bool),
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => {
            if is_integer(text) {
                integer(text).map(Value::Number)
            } else {
                float(text).map(Value::Number)
            }
        }
        Some(_) => None,
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

fn is_integer(text: &str) -> bool {
    all_digits(unsigned(text)) || text.starts_with("0x") || text.starts_with("0o")
}

fn integer(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if !all_digits(unsigned(text)) {
        return None;
    }
    exact_number(&without_leading_zeros(text))
}

fn radix(digits: &str, radix: u32) -> Option<Number> {
    let plain = digits.bytes().all(|b| b.is_ascii_alphanumeric());
    let significant = digits.trim_start_matches('0');
    if !plain || digits.is_empty() || significant.len() > MOST_RADIX_DIGITS {
        return None;
    }
    // Decimal digits, lowest first.
    let mut decimal = vec![0_u32];
    for digit in significant.chars() {
        let mut carry = digit.to_digit(radix)?;
        for place in &mut decimal {
            let value = *place * radix + carry;
            (*place, carry) = (value % 10, value / 10);
        }
        while carry > 0 {
            decimal.push(carry % 10);
            carry /= 10;
        }
    }
    let text: String = decimal
        .iter()
        .rev()
        .filter_map(|digit| char::from_digit(*digit, 10))
        .collect();
    exact_number(&without_leading_zeros(&text))
}

fn without_leading_zeros(text: &str) -> String {
    let sign = if text.starts_with('-') { "-" } else { "" };
    match unsigned(text).trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => format!("{sign}{digits}"),
    }
}

fn float(text: &str) -> Option<Number> {
    let unsigned = unsigned(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => all_digits(fraction),
        Some((whole, fraction)) => {
            all_digits(whole) && (fraction.is_empty() || all_digits(fraction))
        }
        None => all_digits(mantissa),
    };
    let exponent = exponent.is_none_or(|exponent| all_digits(self::unsigned(exponent)));
    if !(mantissa && exponent) {
        return None;
    }
    exact_float(text)
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plainly(text: &str) -> Value {
        plain(text).unwrap_or_else(|| Value::String(text.to_owned()))
    }

    #[test]
    fn unquoted_text_means_what_the_core_schema_says() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plainly(text), Value::Null, "{text}");
        }
        for (text, value) in [
            ("true", json!(true)),
            ("False", json!(false)),
            ("0", json!(0)),
            ("-7", json!(-7)),
            ("+7", json!(7)),
            ("017", json!(17)),
            ("0o17", json!(15)),
            ("0x1f", json!(31)),
            ("18446744073709551615", json!(u64::MAX)),
            ("1.10", json!(1.1)),
            ("1e3", json!(1000.0)),
            (".5", json!(0.5)),
            ("5.", json!(5.0)),
            ("-1.5E-3", json!(-0.0015)),
        ] {
            assert_eq!(plainly(text), value, "{text}");
        }
    }

    #[test]
    fn everything_else_is_text() {
        for text in [
            "no",
            "yes",
            "on",
            "y",
            "tRUE",
            "nUll",
            "1_000",
            "12:30:45",
            "2024-01-01",
            "3.0.3",
            ".",
            "-",
            "+",
            "e3",
            "1e",
            "1e+",
            "0x",
            "0o8",
            "0x-1",
            "-0x1",
            "+0o7",
            ".inf",
            "-.inf",
            ".nan",
            "0b1",
            "1.2.3",
            "--1",
            "NaN",
            "inf",
        ] {
            assert_eq!(plainly(text), json!(text), "{text}");
        }
    }

    #[test]
    fn numbers_of_any_size_are_exact() {
        for (text, number) in [
            ("1e999", "1e+999"),
            ("99999999999999999999999", "99999999999999999999999"),
            ("-000018446744073709551617", "-18446744073709551617"),
            ("0x10000000000000001", "18446744073709551617"),
            ("0.123456789012345678", "0.123456789012345678"),
        ] {
            assert_eq!(plainly(text).to_string(), number);
        }
    }

    #[test]
    fn long_hexadecimal_and_octal_numbers_stay_text() {
        for (prefix, zeros, digits, is_number) in [
            ("0x", 0, MOST_RADIX_DIGITS, true),
            ("0o", 0, MOST_RADIX_DIGITS, true),
            ("0x", 60_000, MOST_RADIX_DIGITS, true),
            ("0x", 0, MOST_RADIX_DIGITS + 1, false),
            ("0o", 60_000, MOST_RADIX_DIGITS + 1, false),
        ] {
            let text = format!("{prefix}{}{}", "0".repeat(zeros), "7".repeat(digits));
            let value = plainly(&text);
            assert_eq!(value.is_number(), is_number, "{prefix} {zeros} {digits}");
            assert_eq!(value.is_string(), !is_number, "{prefix} {zeros} {digits}");
        }
        assert_eq!(plainly("0x000"), json!(0));
    }

    #[test]
    fn a_tag_decides_before_the_look() {
        let tagged = |tag: &str, text: &str| {
            resolve(&Scalar {
                text: text.to_owned(),
                plain: false,
                tag: Some(tag.to_owned()),
            })
        };
        assert_eq!(tagged("!!str", "1"), json!("1"));
        assert_eq!(tagged("!", "true"), json!("true"));
        assert_eq!(tagged("!!int", "3"), json!(3));
        assert_eq!(tagged("!!float", "3"), json!(3.0));
        assert_eq!(tagged("!!bool", "true"), json!(true));
        assert_eq!(tagged("!!null", ""), Value::Null);
        assert_eq!(tagged("!!int", "x"), json!("x"));
        assert_eq!(fits("!!int", "x"), Some(false));
        assert_eq!(fits("!!binary", "x"), None);
    }
}
