//! Numbers as they are written, exactly: two texts are never compared as floats.

use std::cmp::Ordering;
use std::fmt::Write as _;

use serde_json::{Number, Value};

/// Digits of a number that is shown without an exponent, at most (chosen here).
const MOST_PLAIN_DIGITS: i128 = 60;

/// The value of a decimal number of any length and exponent.
///
/// `1.0`, `1.00` and `1e0` are one value; numbers that differ in any digit are two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    is_negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: String,
    /// The power of ten of the last digit.
    exponent: i128,
}

impl Decimal {
    /// Reads a number of JSON or of YAML's core schema (`+1`, `.5` and `5.` too).
    ///
    /// `None` for anything else, and for exponents of more than 37 digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let has_digits = !(whole.is_empty() && fraction.is_empty());
        if !has_digits || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let digits = format!("{whole}{fraction}");
        let without_end = digits.trim_end_matches('0');
        let significant = without_end.trim_start_matches('0');
        if significant.is_empty() {
            let sign = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            return (!sign.is_empty() && all_digits(sign)).then(|| Self {
                is_negative: false,
                digits: String::new(),
                exponent: 0,
            });
        }
        let dropped = i128::try_from(digits.len() - without_end.len()).ok()?;
        let exponent = exponent
            .parse::<i128>()
            .ok()?
            .checked_sub(i128::try_from(fraction.len()).ok()?)?
            .checked_add(dropped)?;
        Some(Self {
            is_negative,
            digits: significant.to_owned(),
            exponent,
        })
    }

    /// The value of a number of JSON; see [`Self::parse`].
    #[must_use]
    pub fn of(number: &Number) -> Option<Self> {
        Self::parse(number.as_str())
    }

    /// The one text of the value: an integer of 64 bits as such, everything else as `1.5e-7`.
    ///
    /// Digests of documents are made of it, so it never changes.
    #[must_use]
    pub fn canonical(&self) -> String {
        let text = self.plain().filter(|text| {
            let digits = text.strip_prefix('-').unwrap_or(text);
            digits.parse::<u64>().is_ok()
        });
        text.unwrap_or_else(|| self.scientific())
    }

    /// Whether it is more than zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        !self.is_negative && !self.digits.is_empty()
    }

    /// The power of ten before which the first digit is: 1 for `7`, 0 for `0.7`.
    fn magnitude(&self) -> i128 {
        let digits = i128::try_from(self.digits.len()).unwrap_or(i128::MAX);
        self.exponent.saturating_add(digits)
    }

    /// Without an exponent, if that is not too long.
    fn plain(&self) -> Option<String> {
        let magnitude = self.magnitude();
        let is_short = magnitude <= MOST_PLAIN_DIGITS && self.exponent >= -MOST_PLAIN_DIGITS;
        if !is_short {
            return None;
        }
        let mut text = String::from(if self.is_negative { "-" } else { "" });
        let zeros = |count: i128| "0".repeat(usize::try_from(count).unwrap_or_default());
        if self.digits.is_empty() {
            text.push('0');
        } else if self.exponent >= 0 {
            text.push_str(&self.digits);
            text.push_str(&zeros(self.exponent));
        } else if magnitude <= 0 {
            let _ = write!(text, "0.{}{}", zeros(-magnitude), self.digits);
        } else {
            let point = usize::try_from(magnitude).unwrap_or_default();
            let (whole, fraction) = self.digits.split_at(point);
            let _ = write!(text, "{whole}.{fraction}");
        }
        Some(text)
    }

    fn scientific(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        let (first, rest) = self.digits.split_at(1.min(self.digits.len()));
        let point = if rest.is_empty() { "" } else { "." };
        let exponent = self.magnitude().saturating_sub(1);
        format!("{sign}{first}{point}{rest}e{exponent}")
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // With a sign, as the JSON library writes exponents whenever it reads them.
        let signed = || match self.scientific().split_once("e") {
            Some((digits, exponent)) if !exponent.starts_with('-') => {
                format!("{digits}e+{exponent}")
            }
            _ => self.scientific(),
        };
        f.write_str(&self.plain().unwrap_or_else(signed))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let signs = sign(self).cmp(&sign(other));
        let sizes =
            (self.magnitude().cmp(&other.magnitude())).then_with(|| self.digits.cmp(&other.digits));
        signs.then(match sign(self) {
            0 => Ordering::Equal,
            1 => sizes,
            _ => sizes.reverse(),
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The number of a text (see [`Decimal::parse`]) in one of few notations: integers of 64 bits, floats
/// that are that very value, and everything else by its digits.
#[must_use]
pub fn exact_number(text: &str) -> Option<Number> {
    let text = text.strip_prefix('+').unwrap_or(text);
    if text != "-0" {
        if let Ok(integer) = text.parse::<i64>() {
            return Some(integer.into());
        }
        if let Ok(integer) = text.parse::<u64>() {
            return Some(integer.into());
        }
    }
    exact_float(text)
}

/// Like [`exact_number`], with a fraction also where there is none: `3` is `3.0`.
#[must_use]
pub fn exact_float(text: &str) -> Option<Number> {
    let Some(decimal) = Decimal::parse(text) else {
        // An absurd exponent: if this is a number of JSON, it counts by its text.
        return serde_json::from_str(text).ok();
    };
    let float = text.parse::<f64>().ok().filter(|float| {
        float.is_finite() && Decimal::parse(&format!("{float:e}")).as_ref() == Some(&decimal)
    });
    let float = float.and_then(Number::from_f64);
    Some(float.unwrap_or_else(|| Number::from_string_unchecked(decimal.to_string())))
}

/// Brings all numbers of a value to the notation of [`exact_number`].
pub fn settle_numbers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(exact) = exact_number(number.as_str()) {
                *number = exact;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle_numbers),
        Value::Object(entries) => entries.values_mut().for_each(settle_numbers),
        _ => {}
    }
}

/// Whether two numbers have the same value, however they are written.
#[must_use]
pub fn same_number(one: &Number, other: &Number) -> bool {
    one == other || Decimal::of(one).is_some_and(|one| Some(one) == Decimal::of(other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::FileFailurePersistence;

    use super::*;

    fn canonical(text: &str) -> String {
        Decimal::parse(text).unwrap().canonical()
    }

    #[test]
    fn the_canonical_text_is_the_same_forever() {
        for (text, expected) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("0e999999999999999999999999999999999999999999", "0"),
            ("1.00", "1"),
            ("1e3", "1000"),
            ("-12.50", "-1.25e1"),
            (".5", "5e-1"),
            ("5.", "5"),
            ("+7", "7"),
            ("18446744073709551615", "18446744073709551615"),
            ("-18446744073709551615", "-18446744073709551615"),
            ("18446744073709551616", "1.8446744073709551616e19"),
            ("1E+400", "1e400"),
            ("0.123456789012345678", "1.23456789012345678e-1"),
            ("52.3702157000000001", "5.23702157000000001e1"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
        for text in [
            "", "-", ".", "1e", "e1", "1e+", "1.2.3", "0x1", "--1", "1_0",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_that_a_float_holds_look_as_floats_do() {
        for (text, expected) in [
            ("1.10", "1.1"),
            ("1e10", "10000000000.0"),
            ("7", "7"),
            ("-0", "-0.0"),
            ("1e300", "1e+300"),
            ("18446744073709551617", "18446744073709551617"),
            ("9007199254740993.0", "9007199254740993"),
            ("0.10000000000000001", "0.10000000000000001"),
            ("1e400", "1e400"),
        ] {
            let number = exact_number(text).unwrap().to_string();
            assert_eq!(
                number.replace("e+", "e"),
                expected.replace("e+", "e"),
                "{text}"
            );
        }
        assert_eq!(exact_float("3").unwrap().to_string(), "3.0");
    }

    #[test]
    fn absurd_exponents_count_by_text() {
        let huge = format!("1e{}", "9".repeat(50));
        let number = exact_number(&huge).unwrap();
        assert_eq!(number.as_str().replace('+', ""), huge);
        assert_eq!(exact_number("1e"), None);
    }

    #[test]
    fn values_have_an_order() {
        let order = [
            "-1e400", "-2", "-1.5", "0", "1e-400", "0.9", "1", "1.05", "1.1", "10", "1e400",
        ];
        for (i, one) in order.iter().enumerate() {
            for (j, other) in order.iter().enumerate() {
                let (a, b) = (Decimal::parse(one).unwrap(), Decimal::parse(other).unwrap());
                assert_eq!(a.cmp(&b), i.cmp(&j), "{one} {other}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
            ..ProptestConfig::with_cases(1000)
        })]

        #[test]
        fn one_digit_makes_another_number(
            text in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,20})?",
            at: prop::sample::Index, digit in 1u8..10,
        ) {
            let mantissa = text.find(['e', 'E']).unwrap_or(text.len());
            let places: Vec<usize> = (0..mantissa).filter(|i| text.as_bytes()[*i].is_ascii_digit()).collect();
            let place = *at.get(&places);
            let mut other = text.clone().into_bytes();
            other[place] = b'0' + (other[place] - b'0' + digit) % 10;
            let other = String::from_utf8(other).unwrap();
            prop_assert_ne!(canonical(&text), canonical(&other));
            let (one, other) = (exact_number(&text).unwrap(), exact_number(&other).unwrap());
            prop_assert!(!same_number(&one, &other), "{} {}", one, other);
            prop_assert!(same_number(&one, &Number::from_string_unchecked(text)));
        }

        #[test]
        fn floats_keep_their_text(float: f64) {
            prop_assume!(float.is_finite());
            let number = Number::from_f64(float).unwrap();
            prop_assert_eq!(exact_number(number.as_str()).unwrap(), number);
            prop_assert_eq!(
                Decimal::parse(&format!("{float:e}")), Decimal::parse(&format!("{float}"))
            );
        }
    }
}
