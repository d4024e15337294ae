//! Which answers are worth another try, and after how long.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;

/// How often a request is sent, at most.
pub(super) const MOST_ATTEMPTS: u32 = 5;

/// The longest wait that a forge may ask for; a pipeline pays for every minute.
const LONGEST_ASKED: Duration = Duration::from_secs(120);

const BASE: Duration = Duration::from_millis(500);

/// How long to wait before a request is sent again; `None` if that cannot help.
///
/// `repeatable` is a request that does the same when it is carried out twice.
pub(super) fn wait_after(
    status: u16,
    headers: &HeaderMap,
    repeatable: bool,
    attempt: u32,
) -> Option<Duration> {
    let asked = asked(headers);
    let again = match status {
        429 => true,
        // GitHub's secondary limits, and a server that is being maintained.
        403 | 503 if asked.is_some() => true,
        408 | 500 | 502 | 503 | 504 => repeatable,
        _ => false,
    };
    let wait = asked.unwrap_or_else(|| backoff(attempt));
    (again && attempt < MOST_ATTEMPTS && wait <= LONGEST_ASKED).then_some(wait)
}

/// The wait of our own choosing after so many attempts: it doubles.
pub(super) fn backoff(attempt: u32) -> Duration {
    BASE * 2_u32.pow(attempt.clamp(1, 10) - 1)
}

/// `Retry-After`, in seconds or as a date, which counts from the date of the answer.
pub(super) fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let after = text("retry-after")?;
    if let Ok(seconds) = after.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let span = date(after)?.duration_since(date(text("date")?)?);
    Some(Duration::try_from(span).unwrap_or_default())
}

fn date(text: &str) -> Option<Timestamp> {
    let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text);
    parsed.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn waits_are_asked_for_or_double() {
        let none = HeaderMap::new();
        let asked = headers(&[("retry-after", "7")]);
        let seconds = |n| Some(Duration::from_secs(n));
        assert_eq!(wait_after(429, &asked, false, 1), seconds(7));
        assert_eq!(wait_after(403, &asked, false, 1), seconds(7));
        assert_eq!(wait_after(403, &none, true, 1), None);
        assert_eq!(wait_after(503, &none, true, 2), seconds(1));
        assert_eq!(wait_after(503, &none, false, 2), None);
        assert_eq!(wait_after(500, &none, true, MOST_ATTEMPTS), None);
        assert_eq!(wait_after(422, &none, true, 1), None);
    }

    #[test]
    fn a_date_counts_from_the_answers_own_and_an_hour_is_too_long() {
        let soon = headers(&[
            ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
            ("retry-after", "Wed, 21 Oct 2026 07:28:05 GMT"),
        ]);
        assert_eq!(asked(&soon), Some(Duration::from_secs(5)));
        let late = headers(&[("retry-after", "3600")]);
        assert_eq!(wait_after(429, &late, true, 1), None);
    }
}
