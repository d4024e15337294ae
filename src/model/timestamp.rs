//! Points in time as the service writes them.

use serde::{Deserialize, Serialize};

/// Digits of a second that are kept; the service writes up to seven (observed).
const FRACTION: usize = 9;

/// A point in time in UTC, in one form, so that the order of the texts is the order of the times.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(String);

impl Timestamp {
    /// The time in a text such as `2024-10-09T05:40:31.2875642Z`; `None` for any other form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Without an offset, .NET services mean UTC.
        let text = ["Z", "z", "+00:00"]
            .iter()
            .find_map(|offset| text.strip_suffix(offset))
            .unwrap_or(text);
        let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let has_form = seconds.len() == 19
            && seconds.bytes().enumerate().all(|(i, byte)| match i {
                4 | 7 => byte == b'-',
                10 => byte == b'T',
                13 | 16 => byte == b':',
                _ => byte.is_ascii_digit(),
            });
        let is_time = has_form && is_digits(fraction) && fraction.len() <= FRACTION;
        is_time.then(|| Self(format!("{seconds}.{fraction:0<FRACTION$}Z")))
    }
}

impl Timestamp {
    /// The time without parts of a second, such as `2024-10-09T05:40:31Z`.
    #[must_use]
    pub fn to_seconds(&self) -> String {
        let (seconds, _) = self.0.split_once('.').unwrap_or((&self.0, ""));
        format!("{seconds}Z")
    }
}

impl TryFrom<String> for Timestamp {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not a time in UTC"))
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> Self {
        time.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_compare_whatever_the_number_of_their_digits() {
        let times = [
            "2024-10-09T05:40:31Z",
            "2024-10-09T05:40:31.0000001Z",
            "2024-10-09T05:40:31.2+00:00",
            "2024-10-09T05:40:31.25",
            "2024-10-09T05:40:32Z",
            "2025-01-01T00:00:00.0Z",
        ];
        let parsed: Vec<Timestamp> = times.iter().filter_map(|t| Timestamp::parse(t)).collect();
        assert_eq!(parsed.len(), times.len());
        assert!(parsed.is_sorted());
        assert_eq!(
            Timestamp::parse("2024-10-09T05:40:31.20Z"),
            Timestamp::parse("2024-10-09T05:40:31.2Z")
        );
    }

    #[test]
    fn other_texts_are_no_times() {
        for text in [
            "",
            "yesterday",
            "2024-10-09",
            "2024-10-09T05:40:31+02:00",
            "2024-10-09 05:40:31Z",
            "2024-10-09T05:40:31.x",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
